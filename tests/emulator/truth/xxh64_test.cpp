#include "emulator/truth/xxh64.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using asaemu::xxh64;

TEST_CASE("XXH64 gives the values that its authors publish") {
  CHECK(xxh64("") == 0xEF46DB3751D8E999);
  CHECK(xxh64("a") == 0xD24EC4F1A98C6E5B);
  CHECK(xxh64("abc") == 0x44BC2CF5AD770999);
  CHECK(xxh64("Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1);
}

TEST_CASE("a hash is printed as sixteen digits") {
  std::array<char, 16> text{};
  CHECK(asaemu::write_hash(text.data(), 0x00BC2CF5AD770999) == text.data() + 16);
  CHECK(std::string(text.data(), 16) == "00bc2cf5ad770999");
}
