#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;

namespace {

Bench bench_with(const std::string& inspect) {
  return Bench(std::string(asaemu::test::kBenchConfig) +
               "snmp-map managed\n deny version 1\n deny version 2c\n"
               "class-map inspection_default\n match default-inspection-traffic\n"
               "policy-map global_policy\n class inspection_default\n  " +
               inspect + "\nservice-policy global_policy global\n");
}

Bench& ask(Bench& bench, const std::string& version,
           const std::vector<std::pair<std::string, std::string>>& more = {}) {
  std::vector<std::pair<std::string, std::string>> fields{
      {"proto", "udp"}, {"src", "10.0.0.5"}, {"dst", "198.51.100.8"},  {"sport", "50161"},
      {"dport", "161"}, {"length", "100"},   {"snmp-version", version}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}

std::string dropped(std::string_view version) {
  return fmt::format(
      "Dropped UDP SNMP packet from inside:10.0.0.5/50161 to outside:198.51.100.8/161; {}",
      version);
}

}  // namespace

TEST_CASE("an SNMP map drops the versions that it denies and no others") {
  auto bench = bench_with("inspect snmp managed");
  ask(bench, "1").expect(416001, dropped("1"));
  ask(bench, "2c").expect(416001, dropped("2c"));
  ask(bench, "2").expect_nothing();
  ask(bench, "3").expect_nothing();
  bench.command("show service-policy inspect snmp");
  CHECK(bench.output() == "      Inspect: snmp, packet 4, drop 2, reset-drop 0\n");
  bench.commands({"configure terminal", "snmp-map managed", "no deny version 2c", "deny version 2",
                  "deny version 3"});
  ask(bench, "2c").expect_nothing();
  ask(bench, "2").expect(416001, dropped("2"));
  ask(bench, "3").expect(416001, dropped("3"));
  bench.command("show running-config snmp-map");
  CHECK(bench.output() == "snmp-map managed\n deny version 1\n deny version 2\n deny version 3\n");
}

TEST_CASE("an SNMP message that does not fill its packet is malformed") {
  auto bench = bench_with("inspect snmp");
  ask(bench, "1").expect_nothing();
  ask(bench, "1", {{"snmp-length", "72"}}).expect_nothing();
  ask(bench, "2c", {{"snmp-length", "71"}}).expect(416001, dropped("2c"));
  ask(bench, "3", {{"snmp-length", "73"}}).expect(416001, dropped("3"));
}

TEST_CASE("SNMP traps are inspected too") {
  auto bench = bench_with("inspect snmp managed");
  bench.packet("inside", {{"proto", "udp"},
                          {"src", "10.0.0.5"},
                          {"dst", "198.51.100.8"},
                          {"sport", "50161"},
                          {"dport", "162"},
                          {"snmp-version", "1"}});
  bench.expect(416001,
               "Dropped UDP SNMP packet from inside:10.0.0.5/50161 to outside:198.51.100.8/162; 1");
}

TEST_CASE("SNMP passes where nothing inspects it and where the map does not exist") {
  Bench plain;
  ask(plain, "1", {{"snmp-length", "9"}}).expect_nothing();
  auto bench = bench_with("inspect snmp other");
  ask(bench, "1").expect_nothing();
}

TEST_CASE("an SNMP map that is used stays and one that is not can be removed") {
  auto bench = bench_with("inspect snmp managed");
  bench.commands({"configure terminal", "no snmp-map managed"});
  CHECK(bench.output() == "ERROR: snmp-map managed is being used\n");
  bench.commands({"configure terminal", "policy-map global_policy", "class inspection_default",
                  "no inspect snmp", "no snmp-map managed"});
  CHECK(bench.output().empty());
  bench.commands({"configure terminal", "no snmp-map managed"});
  CHECK(bench.output() == "ERROR: snmp-map managed does not exist\n");
}

TEST_CASE("there is room for 256 SNMP maps") {
  Bench bench;
  std::vector<std::string> lines{"configure terminal"};
  for (int i = 0; i < 256; ++i) lines.push_back(fmt::format("snmp-map m{}", i));
  bench.commands(lines);
  CHECK(bench.output().empty());
  bench.commands({"configure terminal", "snmp-map one-more"});
  CHECK(bench.output() == "ERROR: Maximum number of SNMP maps (256) reached\n");
}
