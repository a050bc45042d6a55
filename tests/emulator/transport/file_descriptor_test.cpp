#include "emulator/transport/file_descriptor.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

using namespace asaemu;

namespace {

FileDescriptor open_null() {
  return FileDescriptor{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
}

bool is_open(int number) {
  return fcntl(number, F_GETFD) != -1;
}

}  // namespace

TEST_CASE("a file descriptor is closed by whoever owns it last") {
  auto first = open_null();
  const int number = first.get();
  REQUIRE(first.is_open());
  {
    const FileDescriptor second = std::move(first);
    CHECK(second.get() == number);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("a descriptor that was given away is not closed") {
  int number = -1;
  {
    auto owner = open_null();
    number = owner.release();
    CHECK_FALSE(owner.is_open());
  }
  CHECK(is_open(number));
  ::close(number);
}
