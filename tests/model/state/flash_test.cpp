#include "model/state/flash.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::CalendarTime;
using asaemu::Flash;
using asaemu::FlashResult;

namespace {

constexpr std::uint64_t kBlock = Flash::kBlock;
const CalendarTime kTime{};

Flash disk(std::uint64_t blocks) {
  Flash flash;
  flash.format(blocks * kBlock);
  return flash;
}

}  // namespace

TEST_CASE("a file takes whole blocks and gives them back") {
  Flash flash = disk(4);
  REQUIRE(flash.write("a", 1, kTime) == FlashResult::kDone);
  REQUIRE(flash.free_bytes() == 3 * kBlock);
  REQUIRE(flash.write("b", kBlock + 1, kTime) == FlashResult::kDone);
  REQUIRE(flash.free_bytes() == kBlock);
  REQUIRE(flash.remove_file("b") == FlashResult::kDone);
  REQUIRE(flash.free_bytes() == 3 * kBlock);
  REQUIRE(flash.find("b") == nullptr);
  REQUIRE(flash.find("a")->size == 1);
}

TEST_CASE("a disk is full at its last block, not one before") {
  Flash flash = disk(2);
  REQUIRE(flash.write("a", 2 * kBlock + 1, kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.write("a", ~std::uint64_t{0}, kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.write("a", 2 * kBlock, kTime) == FlashResult::kDone);
  REQUIRE(flash.write("b", 1, kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.make_directory("d", kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.write("b", 0, kTime) == FlashResult::kDone);
}

TEST_CASE("a file that is written again needs only the room of the new one") {
  Flash flash = disk(2);
  REQUIRE(flash.write("a", 2 * kBlock, kTime) == FlashResult::kDone);
  REQUIRE(flash.write("a", kBlock, kTime) == FlashResult::kDone);
  REQUIRE(flash.free_bytes() == kBlock);
  REQUIRE(flash.all().size() == 1);
  REQUIRE(flash.write("a", 3 * kBlock, kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.find("a")->size == kBlock);
}

TEST_CASE("a disk holds so many entries and no more") {
  Flash flash = disk(10000);
  for (std::size_t i = 0; i < Flash::kBound; ++i) {
    REQUIRE(flash.write(fmt::format("file{}", i), 1, kTime) == FlashResult::kDone);
  }
  REQUIRE(flash.write("one-more", 1, kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.write("file0", 2, kTime) == FlashResult::kDone);
}

TEST_CASE("a file needs its directory, and a directory goes only when it is empty") {
  Flash flash = disk(10);
  REQUIRE(flash.write("d/a", 1, kTime) == FlashResult::kNotFound);
  REQUIRE(flash.make_directory("d", kTime) == FlashResult::kDone);
  REQUIRE(flash.make_directory("d", kTime) == FlashResult::kExists);
  REQUIRE(flash.write("d/a", 1, kTime) == FlashResult::kDone);
  REQUIRE(flash.write("d/a/b", 1, kTime) == FlashResult::kNotFound);
  REQUIRE(flash.write("d", 1, kTime) == FlashResult::kIsDirectory);
  REQUIRE(flash.remove_file("d") == FlashResult::kIsDirectory);
  REQUIRE(flash.remove_directory("d") == FlashResult::kNotEmpty);
  REQUIRE(flash.remove_directory("d/a") == FlashResult::kNotDirectory);
  REQUIRE(flash.remove_file("d/a") == FlashResult::kDone);
  REQUIRE(flash.remove_directory("d") == FlashResult::kDone);
  REQUIRE(flash.remove_directory("d") == FlashResult::kNotFound);
  REQUIRE(flash.free_bytes() == flash.capacity());
}

TEST_CASE("nothing can be written before the disk is formatted") {
  Flash flash;
  REQUIRE_FALSE(flash.is_formatted());
  REQUIRE(flash.write("a", 0, kTime) == FlashResult::kNoSpace);
  REQUIRE(flash.make_directory("d", kTime) == FlashResult::kNoSpace);
}

TEST_CASE("both names of the disk mean the same file, other file systems none") {
  for (const char* text : {"flash:log/a", "disk0:/log/a", "disk0:log/a/", "/log/a", "log/a"}) {
    REQUIRE(Flash::parse_path(text) == "log/a");
  }
  REQUIRE(Flash::parse_path("flash:") == "");
  REQUIRE(Flash::parse_path("disk0:/") == "");
  REQUIRE_FALSE(Flash::parse_path("disk1:/log").has_value());
  REQUIRE_FALSE(Flash::parse_path("tftp://192.0.2.1/a").has_value());
}
