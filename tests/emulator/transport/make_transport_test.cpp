#include "emulator/transport/transport.hpp"
#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace asaemu::test;

TEST_CASE("each destination gets a transport that knows where it goes") {
  for (const auto* text : {"udp://127.0.0.1:9", "tcp://127.0.0.1:9", "tls://127.0.0.1:9?tls=1.3",
                           "pcap:/dev/null", "file:/dev/null", "stdout:", "null:"}) {
    std::string complaint;
    const auto destination = Destination::parse(text, complaint);
    REQUIRE(destination);
    const auto transport = make_transport(*destination);
    REQUIRE(transport);
    CHECK(to_string(transport->destination()) == text);
  }
}

TEST_CASE("the null transport counts and sends nothing") {
  const auto transport = make_transport({Destination::Kind::kNull, {}, {}, true});
  REQUIRE(transport->open().empty());
  DestinationAccount account;
  offer(*transport, account, 0, 5000);
  CHECK(account.pending() > 0);
  transport->close();
  CHECK(account.sent == 5000);
  CHECK(account.bytes == lines(0, 5000).size());
  CHECK(adds_up(account));
  CHECK(agrees(*transport, account));
}

TEST_CASE("lines of several devices in one batch are counted for their own") {
  const auto transport = make_transport({Destination::Kind::kFile, {}, "/dev/full", true});
  REQUIRE(transport->open().empty());
  DestinationAccount one;
  DestinationAccount other;
  offer(*transport, one, 0, 3);
  offer(*transport, other, 3, 5);
  transport->close();
  CHECK(one.dropped_error == 3);
  CHECK(other.dropped_error == 2);
}
