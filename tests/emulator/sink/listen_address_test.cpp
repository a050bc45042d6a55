#include "emulator/sink/listen_address.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("where to listen is read and prints back, port zero included") {
  for (const auto* text :
       {"udp://127.0.0.1:5514", "tcp://[::]:0", "udp://localhost:0", "tls://127.0.0.1:6514"}) {
    std::string complaint;
    const auto read = ListenAddress::parse(text, complaint);
    INFO(text << ": " << complaint);
    REQUIRE(read);
    CHECK(to_string(*read) == text);
    CHECK(read->tcp == !std::string_view{text}.starts_with("udp"));
    CHECK(read->tls == std::string_view{text}.starts_with("tls"));
  }
}

TEST_CASE("what is no place to listen is told what would be right") {
  const auto complaint_about = [](std::string_view text) {
    std::string complaint;
    CHECK_FALSE(ListenAddress::parse(text, complaint));
    return complaint;
  };
  CHECK(complaint_about("5514") ==
        "listener '5514': expected udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT");
  CHECK(complaint_about("file:x") ==
        "listener 'file:x': expected udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT");
  CHECK(complaint_about("udp://127.0.0.1") ==
        "listener 'udp://127.0.0.1': the port is missing; expected 127.0.0.1:PORT");
  CHECK(complaint_about("tcp://h:70000") ==
        "listener 'tcp://h:70000': '70000' is not a port; expected a number from 0 to 65535");
}
