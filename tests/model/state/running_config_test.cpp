#include "model/state/running_config.hpp"

#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

std::string arranged(std::string_view text, std::string_view section = {}) {
  return print_config(arrange_config(text), section);
}

}  // namespace

TEST_CASE("the running configuration separates commands that have lines below them") {
  CHECK(arranged("hostname fw\ninterface A\n nameif x\ninterface B\n nameif y\nroute x 0 0 1\n"
                 "logging enable\n") ==
        "!\nhostname fw\n!\ninterface A\n nameif x\n!\ninterface B\n nameif y\n!\nroute x 0 0 1\n"
        "logging enable\n!\n");
}

TEST_CASE("a command that is entered again goes on where it was") {
  CHECK(arranged("interface A\n nameif x\nlogging enable\ninterface A\n shutdown\n nameif x\n",
                 "interface") == "interface A\n nameif x\n shutdown\n");
}

TEST_CASE("a negated line takes away what it negates and stays if that is a default") {
  CHECK(arranged("a 1\na 2\nb\nno a 2\n", "a") == "a 1\n");
  CHECK(arranged("a 1\na 2 x\nno a\n", "a").empty());
  CHECK(arranged("ab\nno a\n", "ab") == "ab\n");
  CHECK(arranged("no logging message 401004\n", "no") == "no logging message 401004\n");
  CHECK(arranged("no x\nx\n", "no").empty());
  CHECK(arranged("no x\nno x\n", "no") == "no x\n");
  CHECK(arranged("interface A\n shutdown\ninterface A\n no shutdown\n", "interface") ==
        "interface A\n");
  CHECK(arranged("ip audit name a info\nip audit name b info\nclear configure ip audit\n", "ip")
            .empty());
  CHECK(arranged("p\n q\nno p\n r\n", "p").empty());
}

TEST_CASE("of a setting with one value the last one stays where the first one stood") {
  CHECK(arranged("hostname a\nx\nhostname b\n", "hostname") == "hostname b\n");
  CHECK(arranged("interface A\n ip address 10.0.0.1 255.0.0.0\ninterface A\n ip address 10.0.0.2 "
                 "255.0.0.0\n",
                 "interface") == "interface A\n ip address 10.0.0.2 255.0.0.0\n");
  CHECK(arranged("hostnames a\nhostname b\n", "hostnames") == "hostnames a\n");
}

TEST_CASE("comments and moves between modes are no configuration") {
  CHECK(arranged(": Saved\n! x\n\ninterface A\n nameif x\n exit\nend\n") ==
        "!\ninterface A\n nameif x\n!\n");
  CHECK(arranged(" stray\n") == "!\n");
}

TEST_CASE("show running-config prints what was configured and typed since") {
  asaemu::test::Bench bench("hostname fw\ninterface GigabitEthernet0/1\n nameif inside\n", {},
                            *Release::parse("9.8(2)32"));
  bench.commands({"configure terminal", "hostname edge", "interface GigabitEthernet0/1",
                  "security-level 90", "exit", "no logging message 401004", "end",
                  "show running-config"});
  const std::string text = bench.output();
  CHECK(text.starts_with(": Saved\n\n: \n: Hardware:   ASA5525"));
  CHECK(text.find("\n:\nASA Version 9.8(2)32 \n!\nhostname edge\n!\ninterface GigabitEthernet0/1\n"
                  " nameif inside\n security-level 90\n!\nno logging message 401004\n!\n"
                  "Cryptochecksum:") != std::string::npos);
  CHECK(text.ends_with("\n: end\n"));
  bench.command("show running-config interface GigabitEthernet0/1");
  CHECK(bench.output() == "interface GigabitEthernet0/1\n nameif inside\n security-level 90\n");
  bench.command("show running-config nothing");
  CHECK(bench.output().empty());
}

TEST_CASE("a running configuration is read again as the same") {
  asaemu::test::Bench bench;
  bench.command("show running-config");
  asaemu::test::Bench again(bench.output());
  CHECK(again.device().unmodelled().size() == 2);
  again.command("show running-config interface");
  const std::string interfaces = again.output();
  bench.command("show running-config interface");
  CHECK(interfaces == bench.output());
}

TEST_CASE("lines of a sub-mode of a sub-mode stay where they belong") {
  const std::string text =
      "policy-map p\n class a\n  inspect http\n class b\n  inspect http\n  set connection "
      "conn-max 5\n";
  CHECK(arranged(text, "policy-map") == text);
  CHECK(arranged(text + "policy-map p\n class a\n  no inspect http\n", "policy-map") ==
        "policy-map p\n class a\n class b\n  inspect http\n  set connection conn-max 5\n");
  CHECK(arranged(text + "policy-map p\n no class b\n", "policy-map") ==
        "policy-map p\n class a\n  inspect http\n");
}

TEST_CASE("what is absent by default leaves nothing when it is negated") {
  CHECK(arranged("interface A\n speed 100\n speed auto\n duplex auto\n", "interface") ==
        "interface A\n");
  CHECK(arranged("no interface Port-channel1\n", "no").empty());
  CHECK(arranged("interface A\n no shutdown\n", "interface") == "interface A\n");
  CHECK(arranged("no logging hide username\n", "no") == "no logging hide username\n");
  CHECK(arranged("logging queue 100\nno logging queue 512\n", "logging").empty());
  CHECK(arranged("logging host inside 10.0.0.5 tcp/1470\nno logging host inside 10.0.0.5 6/1470\n",
                 "logging")
            .empty());
  CHECK(arranged("route a 0 0 1\nno route a 0 0 1 5\n", "route").empty());
  CHECK(arranged("access-list x extended permit ip any any\naccess-list y permit ip any any\nno "
                 "access-list y extended permit ip any any\n",
                 "access-list") == "access-list x extended permit ip any any\n");
  CHECK(
      arranged("class-map type inspect dns match-all x\nno class-map type inspect dns x\n", "class")
          .empty());
}

TEST_CASE("a negated operation takes its schedule along and a negated group its lines") {
  CHECK(arranged("sla monitor 5\n type echo\nsla monitor schedule 5 start-time now\nsla monitor "
                 "schedule 6 start-time now\nno sla monitor 5\n",
                 "sla") == "sla monitor schedule 6 start-time now\n");
  CHECK(arranged("tunnel-group t type ipsec-l2l\ntunnel-group t ipsec-attributes\n key\nno "
                 "tunnel-group t type ipsec-l2l\n",
                 "tunnel-group")
            .empty());
}

TEST_CASE("a message that is turned off and on again is no configuration and keeps its level") {
  CHECK(arranged("no logging message 401004\nlogging message 401004\n", "logging").empty());
  CHECK(arranged("logging message 401004 level 2\nno logging message 401004\n", "") ==
        "!\nlogging message 401004 level 2\nno logging message 401004\n!\n");
  CHECK(arranged("logging message 401004 level 2\nno logging message 401004\nclear configure "
                 "logging disabled\n",
                 "") == "!\nlogging message 401004 level 2\n!\n");
  CHECK(arranged("logging message 401004 level 2\nclear configure logging level\n", "") == "!\n");
}

TEST_CASE("keys and moves between modes are not shown") {
  CHECK(arranged("crypto key generate rsa modulus 2048\nrouter bgp 1\n address-family ipv4\n  "
                 "network 10.0.0.0\n exit-address-family\n") ==
        "!\nrouter bgp 1\n address-family ipv4\n  network 10.0.0.0\n!\n");
}

TEST_CASE("the lines that refer to an interface are found and get its new name") {
  const auto blocks = arrange_config(
      "interface A\n nameif out\nroute out 0 0 1\nroute in 0 0 1\naccess-group out in interface "
      "out\naccess-group out in interface outer\nstatic (in,out) 1 2\naaa-server g (out) host 1\n"
      "logging host out 1\nno arp out 1\n");
  const std::vector<std::string> expected{"route out 0 0 1", "access-group out in interface out",
                                          "static (in,out) 1 2", "aaa-server g (out) host 1",
                                          "logging host out 1"};
  std::vector<std::string> found;
  for (const ConfigBlock& block : blocks_about(blocks, "out")) found.push_back(block.line);
  CHECK(found == expected);
  CHECK(with_nameif("access-group out in interface out", "out", "wan") ==
        "access-group out in interface wan");
  CHECK(with_nameif("static (out,out) 1 2", "out", "wan") == "static (wan,wan) 1 2");
  CHECK(with_nameif("route out 0 0 1", "out", "wan") == "route wan 0 0 1");
}

TEST_CASE("a command without its arguments refers to nothing") {
  for (const char* line :
       {"route", "arp", "logging host", "vpdn enable", "static (", "a interface"}) {
    INFO(line);
    CHECK(blocks_about({{line, {}}}, "outside").empty());
  }
  CHECK(arranged("class-map a\nno class-map\n", "class-map").empty());
}

TEST_CASE("what is typed in short is kept in full") {
  asaemu::test::Bench bench("int gi0/1\n namei inside\n");
  bench.commands({"conf t", "int g0/1", "secu 90", "shut", "end", "show run interface"});
  CHECK(bench.output() ==
        "interface GigabitEthernet0/1\n nameif inside\n security-level 90\n shutdown\n");
  bench.commands({"conf t", "int g0/1", "no shut", "end", "show run interface"});
  CHECK(bench.output() == "interface GigabitEthernet0/1\n nameif inside\n security-level 90\n");
}

TEST_CASE("a saved configuration comes back the same after a reload") {
  asaemu::test::Bench bench;
  bench.commands({"conf t", "class-map c", "match any", "policy-map p", "class c",
                  "set connection conn-max 5", "class class-default", "set connection conn-max 5",
                  "crypto key generate rsa label k", "end", "write memory", "show running-config"});
  const std::string before = bench.output();
  CHECK(before.find("policy-map p\n class c\n  set connection conn-max 5\n class class-default\n"
                    "  set connection conn-max 5\n") != std::string::npos);
  bench.command("reload noconfirm").advance(std::chrono::minutes(3)).command("show running-config");
  CHECK(bench.output() == before);
  bench.command("show crypto key mypubkey rsa");
  CHECK(bench.output().find("k") != std::string::npos);
}
