#include "emulator/scenario/nearest_command.hpp"

#include "model/contract/registry.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace asaemu;

namespace {

std::string advice(std::string_view line) {
  constexpr std::array<Mode, 2> kModes{kPrivilegedMode, kExecMode};
  return command_advice(registry().grammar(), kModes, line);
}

}  // namespace

TEST_CASE("a misspelt keyword leads to the command that it begins") {
  CHECK(advice("shunn 192.0.2.1") ==
        "; the nearest command is 'shun <ip:source> [<ip:destination> <port:sport> <port:dport> "
        "[<protocol:protocol>]] [vlan <number:vlan:1-4094>|interface <nameif:interface>]'");
  CHECK(advice("show shuns") == "; the nearest command is 'show shun [<ip:source>]'");
  CHECK(advice("show shun statitics") == "; the nearest command is 'show shun statistics'");
  CHECK(advice("clear shnu") == "; the nearest command is 'clear shun'");
  CHECK(advice("no shunn 192.0.2.1").find("'no shun <ip:source>") != std::string::npos);
}

TEST_CASE("a configuration command typed too early is told so") {
  CHECK(advice("logging enable") ==
        "; it is a configuration command, type 'configure terminal' before it");
  constexpr std::array<Mode, 3> kModes{kConfigMode, kPrivilegedMode, kExecMode};
  CHECK(command_advice(registry().grammar(), kModes, "logging enabel") ==
        "; the nearest command is '[no] logging {enable|on}'");
}

TEST_CASE("a line like none gets the words that commands begin with") {
  const std::string words = advice("frobnicate the network");
  CHECK(words.starts_with("; commands here begin with activation-key, clear, clock, configure, "));
  CHECK(words.find(" interface,") == std::string::npos);
}

TEST_CASE("a long line costs no more than a short one") {
  std::string line = "show";
  for (int i = 0; i < 100'000; ++i) line += " x";
  CHECK(advice(line).starts_with("; "));
  CHECK(advice("").empty());
}

TEST_CASE("the more words a command has in common with the line the nearer it is") {
  constexpr std::array<Mode, 3> kModes{kConfigMode, kPrivilegedMode, kExecMode};
  const auto in_config = [&](std::string_view line) {
    return command_advice(registry().grammar(), kModes, line);
  };
  CHECK(advice("show interface ip breif") == "; the nearest command is 'show interface ip brief'");
  CHECK(in_config("no crypto map vpn").find("'no crypto map <word:map>") != std::string::npos);
  CHECK(in_config("no frobnicate").find("commands here begin with") != std::string::npos);
}

TEST_CASE("a command about an interface that there is not is told so") {
  CHECK(advice("clear mac-address-table nowhere") ==
        "; it names an interface (nameif) that there is not");
}
