#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

Bench& type(Bench& bench, const std::string& line) {
  return bench.commands({"configure terminal", "key chain CORE", "key 12", line});
}

}  // namespace

TEST_CASE("key strings in clear and hidden ones are taken without a word") {
  Bench bench;
  type(bench, "key-string cisco").expect_nothing();
  type(bench, "key-string 0 cisco").expect_nothing();
  type(bench, "key-string 7 00071A150754").expect_nothing().command("show key chain");
  REQUIRE(bench.output() ==
          "Key-chain CORE:\n"
          "   key 12 -- text \"cisco\"\n"
          "      accept lifetime (always valid) - (always valid) [valid now]\n"
          "      send lifetime (always valid) - (always valid) [valid now]\n");
}

TEST_CASE("a key string of an unknown type is taken literally") {
  Bench bench;
  type(bench, "key-string 5 n3xt")
      .expect(408101, "KEYMAN : Type 5 encryption unknown. Interpreting keystring as literal.")
      .expect_nothing()
      .command("show key chain | include text");
  REQUIRE(bench.output() == "   key 12 -- text \"n3xt\"\n");
}

TEST_CASE("a hidden key string with a digit lost is useless") {
  Bench bench;
  type(bench, "key-string 7 00071A15075")
      .expect(408102, "KEYMAN : Bad encrypted keystring for key id 12.")
      .expect_nothing()
      .command("show key chain | include text");
  REQUIRE(bench.output() == "   key 12 -- text \"\"\n");
}

TEST_CASE("lifetimes are shown with their beginning and end") {
  Bench bench;
  type(bench, "send-lifetime 09:00:00 Nov 20 2026 duration 3600");
  type(bench, "accept-lifetime 00:00:00 1 January 2026 infinite").command("show key chain CORE");
  REQUIRE(bench.output() ==
          "Key-chain CORE:\n"
          "   key 12 -- text \"\"\n"
          "      accept lifetime (00:00:00 UTC Thu Jan 1 2026) - (infinite) [valid now]\n"
          "      send lifetime (09:00:00 UTC Fri Nov 20 2026) - (10:00:00 UTC Fri Nov 20 2026)\n");
  type(bench, "no send-lifetime").command("show key chain | include send");
  REQUIRE(bench.output() == "      send lifetime (always valid) - (always valid) [valid now]\n");
}

TEST_CASE("a lifetime that ends before it begins is refused, as is a day that does not exist") {
  Bench bench;
  type(bench, "send-lifetime 09:00:00 Nov 20 2026 08:00:00 Nov 20 2026");
  REQUIRE(bench.output() == "ERROR: Invalid lifetime\n");
  type(bench, "send-lifetime 09:00:00 Feb 30 2026 infinite");
  REQUIRE(bench.output() == "ERROR: Invalid lifetime\n");
}

TEST_CASE("keys and chains can be removed, and what is not there cannot") {
  Bench bench;
  type(bench, "key-string cisco");
  bench.commands({"configure terminal", "key chain CORE", "no key 12"}).command("show key chain");
  REQUIRE(bench.output() == "Key-chain CORE:\n");
  bench.commands({"configure terminal", "no key chain CORE"}).command("show key chain");
  REQUIRE(bench.output().empty());
  bench.commands({"configure terminal", "no key chain CORE"});
  REQUIRE(bench.output() == "ERROR: Key chain CORE does not exist\n");
}
