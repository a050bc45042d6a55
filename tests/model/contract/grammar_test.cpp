#include "model/contract/grammar.hpp"

#include "model/contract/pattern.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

Grammar grammar_of(std::initializer_list<const char*> patterns) {
  Grammar grammar;
  for (const char* pattern : patterns) {
    grammar.add(Command{.mode = kConfigMode, .pattern = pattern, .help = "", .subsystem = 0});
  }
  return grammar;
}

std::string_view matched(const Grammar& grammar, std::string_view line) {
  const auto outcome = grammar.parse(kConfigMode, line, nullptr);
  const auto* parsed = std::get_if<ParsedCommand>(&outcome);
  return parsed == nullptr ? std::string_view() : parsed->command->pattern;
}

CommandFault fault(const Grammar& grammar, std::string_view line) {
  return std::get<CommandFault>(grammar.parse(kConfigMode, line, nullptr));
}

}  // namespace

TEST_CASE("optional parts and alternatives expand to all their sequences") {
  REQUIRE(expand_pattern("a [b] {c|d <ip:x>}").size() == 4);
  REQUIRE(expand_pattern("a [b [c]]").size() == 3);
  REQUIRE(expand_pattern("a {b").empty());
  REQUIRE(expand_pattern("a <ip>").empty());
  REQUIRE(expand_pattern("a <colour:x>").empty());
  REQUIRE(expand_pattern("a <number:x:1-b>").empty());
}

TEST_CASE("arguments come by name, keywords whole") {
  const Grammar grammar = grammar_of({"[no] log host <ip:address> [<port:port>] [fast]"});
  const auto outcome = grammar.parse(kConfigMode, "no lo ho 10.0.0.1 514 fa", nullptr);
  const auto& parsed = std::get<ParsedCommand>(outcome);
  REQUIRE(parsed.arguments.get<IpAddress>("address") == *IpAddress::parse("10.0.0.1"));
  REQUIRE(parsed.arguments.get<Port>("port") == Port{514});
  REQUIRE(parsed.arguments.has("no"));
  REQUIRE(parsed.arguments.has("fast"));
  REQUIRE_FALSE(parsed.arguments.has("fa"));
}

TEST_CASE("a number is taken at its bounds and not beyond") {
  const Grammar grammar = grammar_of({"vlan <number:vlan:1-4094>"});
  REQUIRE(matched(grammar, "vlan 0").empty());
  REQUIRE_FALSE(matched(grammar, "vlan 1").empty());
  REQUIRE_FALSE(matched(grammar, "vlan 4094").empty());
  REQUIRE(matched(grammar, "vlan 4095").empty());
  REQUIRE(matched(grammar, "vlan 12x").empty());
  REQUIRE(matched(grammar, "vlan -1").empty());
}

TEST_CASE("a whole keyword wins over a longer one that it begins") {
  const Grammar grammar = grammar_of({"show log", "show logging"});
  REQUIRE(matched(grammar, "show log") == "show log");
  REQUIRE(matched(grammar, "show logg") == "show logging");
  REQUIRE(fault(grammar, "show lo").kind == CommandFault::Kind::kAmbiguous);
  REQUIRE(fault(grammar, "show lo").token == "lo");
}

TEST_CASE("the fault is the one furthest to the right") {
  const Grammar grammar = grammar_of({"ip address <ip:a> <ip:m>", "ip audit <word:w>"});
  REQUIRE(fault(grammar, "ip address 10.0.0.1 mask").column == 20);
  REQUIRE(fault(grammar, "ip address 10.0.0.300").column == 11);
  REQUIRE(fault(grammar, "ip address 10.0.0.1").kind == CommandFault::Kind::kIncomplete);
  REQUIRE(fault(grammar, "ip audit one two").column == 13);
}

TEST_CASE("a line parameter takes the rest with its blanks") {
  const Grammar grammar = grammar_of({"description <line:text>"});
  const auto outcome = grammar.parse(kConfigMode, "desc  to  the ISP ", nullptr);
  REQUIRE(std::get<ParsedCommand>(outcome).arguments.get<std::string>("text") == "to  the ISP");
}

TEST_CASE("hardware names may be abbreviated and written with a blank") {
  REQUIRE(canonical_interface("gi0/1") == "GigabitEthernet0/1");
  REQUIRE(canonical_interface("GigabitEthernet0/1.100") == "GigabitEthernet0/1.100");
  REQUIRE(canonical_interface("m0/0") == "Management0/0");
  REQUIRE(canonical_interface("po1") == "Port-channel1");
  REQUIRE_FALSE(canonical_interface("t0/8").has_value());
  REQUIRE_FALSE(canonical_interface("outside").has_value());
  const Grammar grammar = grammar_of({"interface <interface:name>"});
  const auto outcome = grammar.parse(kConfigMode, "interface gigabitethernet 0/3", nullptr);
  REQUIRE(std::get<ParsedCommand>(outcome).arguments.get<std::string>("name") ==
          "GigabitEthernet0/3");
}

TEST_CASE("levels are read by number or by any unambiguous part of their name") {
  REQUIRE(parse_severity("4") == 4U);
  REQUIRE(parse_severity("warn") == 4U);
  REQUIRE(parse_severity("debugging") == 7U);
  REQUIRE_FALSE(parse_severity("e").has_value());
  REQUIRE_FALSE(parse_severity("8").has_value());
}

TEST_CASE("a parsed line has its keywords whole and its secrets hidden") {
  const Grammar grammar = grammar_of({"server <word:name> [key <word:key>] [fast]",
                                      "key <number:key:0-255>", "text <line:secret>"});
  const auto line = [&](std::string_view typed) {
    return std::get<ParsedCommand>(grammar.parse(kConfigMode, typed, nullptr)).line;
  };
  REQUIRE(line("  se  alpha  k  hush  fa ") == "server alpha key * fast");
  REQUIRE(line("key 7") == "key 7");
  REQUIRE(line("te one two") == "text *");
}

TEST_CASE("the configuration keeps a line with its interface in full and its secrets shown") {
  const Grammar grammar = grammar_of(
      {"interface <interface:name>", "server <word:name> <word:key>", "description <line:text>"});
  const auto parsed = [&](std::string_view typed) {
    return std::get<ParsedCommand>(grammar.parse(kConfigMode, typed, nullptr));
  };
  CHECK(parsed("int gi0/1").configuration == "interface GigabitEthernet0/1");
  CHECK(parsed("int gi 0/1").configuration == "interface GigabitEthernet0/1");
  CHECK(parsed("int gi 0/1").line == "interface GigabitEthernet0/1");
  CHECK(parsed("se a hush").configuration == "server a hush");
  CHECK(parsed("se a hush").line == "server a *");
  CHECK(parsed("desc two  blanks").configuration == "description two  blanks");
}
