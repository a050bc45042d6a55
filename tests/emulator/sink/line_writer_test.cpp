#include "emulator/sink/line_writer.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

using namespace asaemu;
using namespace asaemu::test;

TEST_CASE("written lines end with exactly one line feed") {
  const TemporaryFolder folder;
  const auto path = folder.file("lines");
  const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  LineWriter writer(file.get(), path);
  writer.add("one");
  writer.add("");
  writer.add("two\r");
  CHECK(file_text(path).empty());
  writer.flush();
  writer.flush();
  CHECK(file_text(path) == "one\n\ntwo\r\n");
  CHECK(writer.error() == 0);
}

TEST_CASE("the first error of an output stays") {
  const FileDescriptor full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  LineWriter writer(full.get(), "/dev/full");
  writer.add("one");
  CHECK(writer.error() == 0);
  writer.flush();
  CHECK(writer.error() == ENOSPC);
  writer.add("two");
  writer.flush();
  CHECK(writer.error() == ENOSPC);
}
