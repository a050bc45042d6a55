#include "emulator/truth/line_hash.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using asaemu::line_hash;

TEST_CASE("the hash of a line is what xxhsum H3 prints") {
  CHECK(line_hash("") == 0x2D06800538D394C2);
  CHECK(line_hash("abc") == 0x78AF5F94892F3950);
}

TEST_CASE("a hash is printed as sixteen digits") {
  std::array<char, 16> text{};
  CHECK(asaemu::write_hash(text.data(), 0x00BC2CF5AD770999) == text.data() + 16);
  CHECK(std::string(text.data(), 16) == "00bc2cf5ad770999");
}
