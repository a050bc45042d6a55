#include "emulator/transport/writing.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

using namespace asaemu;

TEST_CASE("a cancelled wait ends a write that nobody takes") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  const FileDescriptor reader{ends[0]};
  const FileDescriptor writer{ends[1]};
  const std::string much(1024 * std::size_t{1024}, 'x');
  Waiting waiting;
  waiting.cancel();
  const auto outcome = write_all(writer.get(), much, waiting);
  CHECK(outcome.error == ECANCELED);
  CHECK(outcome.written > 0);
  CHECK(outcome.written < much.size());
}

TEST_CASE("an error is told with what was written before it") {
  Waiting waiting;
  const auto outcome = write_all(-1, std::string_view{"x"}, waiting);
  CHECK(outcome.error == EBADF);
  CHECK(outcome.written == 0);
}
