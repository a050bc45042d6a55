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
