#include "templates/names.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("snake case is lower-case words with single underscores") {
  CHECK(is_snake_case("a"));
  CHECK(is_snake_case("shunned_packet2"));
  CHECK(is_snake_case("a_1"));
  CHECK_FALSE(is_snake_case(""));
  CHECK_FALSE(is_snake_case("_a"));
  CHECK_FALSE(is_snake_case("a_"));
  CHECK_FALSE(is_snake_case("a__b"));
  CHECK_FALSE(is_snake_case("1a"));
  CHECK_FALSE(is_snake_case("aB"));
  CHECK_FALSE(is_snake_case("a-b"));
}

TEST_CASE("words of C++ are reserved, near misses are not") {
  for (const char* word : {"alignas", "and", "class", "default", "errno", "new", "xor_eq"}) {
    CHECK(is_reserved_in_cpp(word));
  }
  for (const char* word : {"interface", "type", "module", "final", "classes", ""}) {
    CHECK_FALSE(is_reserved_in_cpp(word));
  }
}

TEST_CASE("snake case becomes Pascal case") {
  CHECK(pascal_case("shunned_packet") == "ShunnedPacket");
  CHECK(pascal_case("a_1b_c") == "A1bC");
  CHECK(pascal_case("verdict") == "Verdict");
}

TEST_CASE("the words of one_of become enumerators") {
  CHECK(enumerator("Allowed") == "kAllowed");
  CHECK(enumerator("not allowed") == "kNotAllowed");
  CHECK(enumerator("TCP") == "kTcp");
  CHECK(enumerator("HMAC-SHA1") == "kHmacSha1");
  CHECK(enumerator("stateful-RC4") == "kStatefulRc4");
  CHECK(enumerator("IPv6") == "kIPv6");
  CHECK(enumerator("Received (no TSIG)") == "kReceivedNoTsig");
  CHECK(enumerator("3DES") == "kN3des");
  CHECK(enumerator("=> -").empty());
  CHECK(enumerator("").empty());
}
