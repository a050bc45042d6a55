#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

TEST_CASE("a wrong word gets the caret under its first character, the prompt counted in") {
  Bench bench;
  bench.command("show cdp neighbors");
  // As captured from a device: the caret stands under the c of cdp.
  REQUIRE(bench.output() == "         ^\nERROR: % Invalid input detected at '^' marker.\n");
}

TEST_CASE("a command cut short is incomplete, a word that could be two is ambiguous") {
  Bench bench;
  bench.command("shun");
  REQUIRE(bench.output() == "ERROR: % Incomplete command\n");
  bench.command("sh");
  REQUIRE(bench.output() == "ERROR: % Ambiguous command:  \"sh\"\n");
}

TEST_CASE("any unambiguous prefix is enough") {
  Bench bench;
  bench.command("sh sh stat");
  REQUIRE(bench.output() == "outside=OFF, cnt=0\ninside=OFF, cnt=0\ndmz=OFF, cnt=0\n");
}

TEST_CASE("prompts show where the session is") {
  Bench bench;
  const auto result = bench.device().type_lines(
      bench.now(), {"show clock", "conf t", "interface gi0/0", "description uplink", "exit",
                    "hostname edge", "end", "exit"});
  REQUIRE(result.text ==
          "fw# show clock\n08:00:00.000 UTC Fri Nov 20 2026\n"
          "fw# conf t\n"
          "fw(config)# interface gi0/0\n"
          "fw(config-if)# description uplink\n"
          "fw(config-if)# exit\n"
          "fw(config)# hostname edge\n"
          "edge(config)# end\n"
          "edge# exit\n\nLogoff\n\n");
  REQUIRE_FALSE(result.has_fault);
}

TEST_CASE("a configuration command typed in a sub-mode leaves it") {
  Bench bench;
  const auto result =
      bench.device().type_lines(bench.now(), {"conf t", "int gi0/0", "hostname edge", "nameif x"});
  REQUIRE(
      result.text ==
      "fw# conf t\nfw(config)# int gi0/0\nfw(config-if)# hostname edge\n"
      "edge(config)# nameif x\n              ^\nERROR: % Invalid input detected at '^' marker.\n");
  REQUIRE(result.has_fault);
}

TEST_CASE("show and shun work in configuration mode") {
  Bench bench;
  bench.commands({"conf t", "shun 198.51.100.7"})
      .expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.commands({"conf t", "show shun"});
  REQUIRE(bench.output() == "shun (outside) 198.51.100.7 0.0.0.0 0 0 0\n");
}

TEST_CASE("output is filtered by include, exclude and begin") {
  Bench bench;
  bench.command("show interface ip brief | include 203.0");
  REQUIRE(bench.output() ==
          "GigabitEthernet0/0         203.0.113.1     YES CONFIG up                    up  \n");
  bench.command("show shun statistics | exclude side");
  REQUIRE(bench.output() == "dmz=OFF, cnt=0\n");
  bench.command("show shun statistics | begin inside");
  REQUIRE(bench.output() == "inside=OFF, cnt=0\ndmz=OFF, cnt=0\n");
}

TEST_CASE("a nameif that does not exist is invalid input where it stands") {
  Bench bench;
  bench.command("shun 198.51.100.7 interface nowhere");
  REQUIRE(bench.output() ==
          std::string(4 + 28, ' ') + "^\nERROR: % Invalid input detected at '^' marker.\n");
}

TEST_CASE("unknown configuration lines are listed with all that is indented below them") {
  Bench bench(
      ": Saved\n!\nASA Version 9.20(2)\nhostname fw\nrouter rip\n network 10.0.0.0 "
      "version 2\n"
      "interface GigabitEthernet0/0\n nameif outside\n rip send version 2\nhostname fw2\n");
  const auto& notes = bench.device().unmodelled();
  REQUIRE(notes.size() == 4);
  REQUIRE(notes[0].line == 3);
  REQUIRE(notes[0].text == "ASA Version 9.20(2)");
  REQUIRE(notes[1].text == "router rip");
  REQUIRE(notes[2].text == "network 10.0.0.0 version 2");
  REQUIRE(notes[3].line == 9);
  REQUIRE(notes[3].text == "rip send version 2");
  REQUIRE(bench.device().tables().identity.hostname == "fw2");
}

TEST_CASE("a configuration line that the device refuses is kept with its answer") {
  Bench bench("interface GigabitEthernet0/99\n nameif outside\n");
  REQUIRE(bench.device().refused().size() == 1);
  REQUIRE(bench.device().refused()[0].line == 1);
  REQUIRE(bench.device().refused()[0].answer ==
          "ERROR: GigabitEthernet0/99 does not exist on this platform\n");
}

TEST_CASE("a reload forgets what was not saved, and keeps what was") {
  Bench bench(asaemu::test::kBenchConfig, {{"boot-time", asaemu::SimDuration(1min)}});
  bench.commands({"conf t", "hostname lost", "end", "reload"}).advance(1min);
  REQUIRE(bench.device().tables().identity.hostname == "fw");
  bench.commands(
      {"conf t", "hostname kept", "interface gi0/3", "nameif extra", "end", "write memory"});
  REQUIRE(bench.output().starts_with("Building configuration...\nCryptochecksum: "));
  REQUIRE(bench.output().ends_with("bytes copied in 0.290 secs\n[OK]\n"));
  bench.command("reload").advance(1min);
  REQUIRE(bench.device().tables().identity.hostname == "kept");
  REQUIRE(bench.device().tables().interfaces.find_nameif("extra") != asaemu::kNoInterface);
}

TEST_CASE("nobody answers on the console of a device that boots") {
  Bench bench;
  bench.command("reload");
  const auto result = bench.device().type_lines(bench.now(), {"show clock"});
  REQUIRE(result.text.empty());
  REQUIRE(result.has_fault);
}

TEST_CASE("an inspection's parameters leave the commands of the modes above alone") {
  Bench bench;
  const std::vector<std::string> mode{"configure terminal", "policy-map type inspect dns m",
                                      "parameters"};
  const auto answer = [&](const std::string& line) {
    auto lines = mode;
    lines.push_back(line);
    return bench.commands(lines).output();
  };
  CHECK(answer("message-length maximum 512").empty());
  CHECK(answer("end").empty());
  CHECK(answer("exit").empty());
  CHECK(answer("show conn count") == "0 in use, 0 most used\n");
  CHECK(answer("sh conn count") == "0 in use, 0 most used\n");
  CHECK(answer("hostname fw2").empty());
  CHECK(answer("host fw3").find("ERROR: ") != std::string::npos);
  CHECK(bench.device().tables().identity.hostname == "fw2");
  CHECK(answer("frobnicate").find("ERROR: % Invalid input detected at '^' marker.") !=
        std::string::npos);
  bench.commands({"configure terminal", "policy-map type inspect sip m", "parameters", "end",
                  "show running-config policy-map type inspect sip"});
  CHECK(bench.output().find("end") == std::string::npos);
}
