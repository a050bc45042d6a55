#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

std::string without_hashes(std::string text) {
  for (auto at = text.find(" 0x"); at != std::string::npos; at = text.find(" 0x")) {
    text.erase(at, 11);
  }
  return text;
}

}  // namespace

TEST_CASE("an access list shows its rules in order, with their hits") {
  Bench bench;
  bench.commands({"conf t", "access-list web extended permit tcp any host 192.0.2.1 eq www",
                  "access-list web deny ip any any", "access-list web remark nothing more",
                  "access-list web line 1 permit icmp any any", "show access-list web"});
  REQUIRE(without_hashes(bench.output()) ==
          "access-list web; 3 elements; name hash:\n"
          "access-list web line 1 extended permit icmp any any (hitcnt=0)\n"
          "access-list web line 2 extended permit tcp any host 192.0.2.1 eq www (hitcnt=0)\n"
          "access-list web line 3 extended deny ip any any (hitcnt=0)\n");
}

TEST_CASE("all access lists are shown below the flow log's header") {
  Bench bench;
  bench.commands({"conf t", "access-list a permit ip any any", "show access-list"});
  REQUIRE(without_hashes(bench.output()) ==
          "access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)\n"
          "            alert-interval 300\n"
          "access-list a; 1 elements; name hash:\n"
          "access-list a line 1 extended permit ip any any (hitcnt=0)\n");
}

TEST_CASE("a rule that is there already changes nothing") {
  Bench bench;
  bench.commands({"conf t", "access-list a permit ip any any",
                  "access-list a extended permit ip any any", "show access-list a"});
  REQUIRE(bench.output().find("a; 1 elements") != std::string::npos);
}

TEST_CASE("the last rule takes the access list with it") {
  Bench bench;
  bench.commands(
      {"conf t", "access-list a permit ip any any", "no access-list a extended permit ip any any"});
  REQUIRE(bench.output().empty());
  bench.commands({"conf t", "no access-list a permit ip any any"});
  REQUIRE(bench.output() == "ERROR: Specified access-list does not exist\n");
  bench.command("show access-list a");
  REQUIRE(bench.output() == "ERROR: access-list <a> does not exist\n");
}

TEST_CASE("access lists are cleared one by one or all") {
  Bench bench;
  bench.commands({"conf t", "access-list a permit ip any any", "access-list b permit ip any any",
                  "clear configure access-list a"});
  REQUIRE(bench.device().tables().access_lists.size() == 1);
  bench.commands({"conf t", "clear configure access-list a"});
  REQUIRE(bench.output() == "ERROR: access-list <a> does not exist\n");
  bench.commands({"conf t", "clear configure access-list"});
  REQUIRE(bench.device().tables().access_lists.empty());
}

TEST_CASE("a malformed access rule is refused") {
  Bench bench;
  bench.commands({"conf t", "access-list a permit tcp any any eq 70000"});
  REQUIRE(bench.output() == "ERROR: % Invalid input detected in the access rule\n");
  REQUIRE(bench.device().tables().access_lists.empty());
}

TEST_CASE("a rule may be logged, in every form that the command has") {
  for (const char* log : {"", " log", " log 4", " log warnings interval 600", " log interval 1",
                          " log disable", " log default"}) {
    INFO(log);
    CHECK(asaemu::AccessRule::parse(true, std::string("ip any any") + log).has_value());
  }
  for (const char* log :
       {" logs", " log interval 0", " log interval 601", " log interval", " log 8", " inactive"}) {
    INFO(log);
    CHECK_FALSE(asaemu::AccessRule::parse(true, std::string("ip any any") + log).has_value());
  }
}
