#include "model/base/type7.hpp"

#include <catch2/catch.hpp>

using asaemu::hide_type7;
using asaemu::reveal_type7;

TEST_CASE("published type 7 passwords are revealed") {
  REQUIRE(reveal_type7("00071A150754") == "cisco");
  REQUIRE(reveal_type7("094F471A1A0A") == "cisco");
}

TEST_CASE("what was hidden is revealed, wherever the pad begins") {
  for (unsigned start = 0; start <= 15; ++start) {
    const std::string text = "a key of forty characters or a few more than that";
    REQUIRE(reveal_type7(hide_type7(text, start)) == text);
  }
}

TEST_CASE("odd lengths, other digits and starts beyond fifteen are not type 7") {
  for (const char* const text :
       {"", "00", "00071A15075", "0X071A150754", "000G1A150754", "16071A150754", "00FF"}) {
    REQUIRE_FALSE(reveal_type7(text).has_value());
  }
}
