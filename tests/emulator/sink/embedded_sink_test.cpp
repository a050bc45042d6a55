#include "emulator/sink/embedded_sink.hpp"

#include "emulator/sink/tally.hpp"
#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

using namespace asaemu;
using namespace asaemu::test;
using namespace std::chrono_literals;

TEST_CASE("the embedded collector prints all that was sent before it ends") {
  const TemporaryFolder folder;
  const auto path = folder.file("printed");
  const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  EmbeddedSink sink(file.get());
  REQUIRE(sink.start().empty());
  CHECK(sink.port() != 0);
  const auto transport = make_transport(sink.destination());
  REQUIRE(transport->open().empty());
  DestinationAccount account;
  for (std::size_t at = 0; at < 300; at += 100) {
    offer(*transport, account, at, at + 100);
    transport->flush();
  }
  transport->close();
  sink.finish(account.sent, 10s);
  CHECK((file_text(path) == lines(0, 300)));
  CHECK(sink.tally().messages() == 300);
  CHECK(sink.lost() == 0);
}

TEST_CASE("the embedded collector does not wait for ever for lines that never come") {
  const FileDescriptor null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  EmbeddedSink sink(null.get());
  REQUIRE(sink.start().empty());
  const auto begin = std::chrono::steady_clock::now();
  sink.finish(1, 30ms);
  const auto waited = std::chrono::steady_clock::now() - begin;
  CHECK(waited >= 30ms);
  CHECK(waited < 5s);
  CHECK(sink.tally().messages() == 0);
}

TEST_CASE("the embedded collector ends when it is let go") {
  const FileDescriptor null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  const EmbeddedSink never_started(null.get());
  EmbeddedSink sink(null.get());
  REQUIRE(sink.start().empty());
}

TEST_CASE("an embedded collector whose reader has left lets the run end") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const FileDescriptor writer{ends[1]};
  FileDescriptor{ends[0]}.close();
  EmbeddedSink sink(writer.get());
  REQUIRE(sink.start().empty());
  const auto transport = make_transport(sink.destination());
  REQUIRE(transport->open().empty());
  DestinationAccount account;
  offer(*transport, account, 0, 10);
  transport->close();
  sink.finish(1000, 10s);
  CHECK(sink.tally().messages() <= 10);
}
