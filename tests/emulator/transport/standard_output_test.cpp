#include "emulator/transport/standard_output.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <future>

using namespace asaemu;
using namespace asaemu::test;

namespace {

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

Pipe make_pipe(int flags = O_CLOEXEC) {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), flags) == 0);
  return {FileDescriptor{ends[0]}, FileDescriptor{ends[1]}};
}

Destination to_standard_output() {
  return {Destination::Kind::kStandardOutput, {}, {}, true};
}

}  // namespace

TEST_CASE("lines come out of standard output as they went in") {
  for (const int flags : {O_CLOEXEC, O_CLOEXEC | O_NONBLOCK}) {
    auto ends = make_pipe(flags);
    fcntl(ends.reader.get(), F_SETFL, 0);
    auto received = std::async(std::launch::async, [&] { return read_stream(ends.reader); });
    StandardOutputTransport transport(to_standard_output(), ends.writer.get());
    REQUIRE(transport.open().empty());
    DestinationAccount account;
    offer(transport, account, 0, 5000);
    transport.close();
    ends.writer.close();
    CHECK((received.get() == lines(0, 5000)));
    CHECK(account.sent == 5000);
    CHECK(adds_up(account));
    CHECK(agrees(transport, account));
  }
}

TEST_CASE("a reader of standard output that leaves ends it without losing count") {
  auto ends = make_pipe();
  StandardOutputTransport transport(to_standard_output(), ends.writer.get());
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, 10);
  transport.flush();
  CHECK_FALSE(transport.failed());
  ends.reader.close();
  offer(transport, account, 10, 5000);
  transport.close();
  CHECK(account.sent == 10);
  CHECK(account.dropped_error == 4990);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
  CHECK(transport.failed());
  CHECK(transport.reader_left());
}
