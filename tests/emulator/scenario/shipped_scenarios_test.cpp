// What every scenario of the library must keep to.
#include "emulator/scenario/sources.hpp"
#include "emulator/yaml/embedded.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"

using namespace asaemu;

namespace {

/// Words of a text that are addresses.
std::vector<IpAddress> addresses_in(std::string_view text) {
  constexpr std::string_view kLetters = "0123456789abcdefABCDEF.:";
  std::vector<IpAddress> addresses;
  while (!text.empty()) {
    const auto begin = text.find_first_of(kLetters);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    std::string_view word = text.substr(0, text.find_first_not_of(kLetters));
    text.remove_prefix(word.size());
    while (word.ends_with('.') || (word.ends_with(':') && !word.ends_with("::")))
      word.remove_suffix(1);
    if (const auto address = IpAddress::parse(word)) addresses.push_back(*address);
  }
  return addresses;
}

/// Whether an address may stand in a scenario: private, for documentation (RFC 5737, RFC 3849),
/// local, or a mask.
bool is_permitted(const IpAddress& address) {
  constexpr std::array<std::string_view, 13> kNetworks{
      "0.0.0.0/32",    "10.0.0.0/8",     "127.0.0.0/8",     "169.254.0.0/16", "172.16.0.0/12",
      "192.0.2.0/24",  "192.168.0.0/16", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
      "2001:db8::/32", "fc00::/7",       "fe80::/10"};
  return std::any_of(kNetworks.begin(), kNetworks.end(), [&](std::string_view network) {
    return IpPrefix::parse(network)->contains(address);
  });
}

}  // namespace

TEST_CASE(
    "every shipped scenario is right, on its devices too, and everything it configures is "
    "modelled") {
  REQUIRE_FALSE(shipped_names().empty());
  for (const auto name : shipped_names()) {
    INFO(name);
    Faults faults;
    std::vector<std::string> notes;
    const Plan plan = read_scenario(std::string(name), {}, test::catalogue(), faults);
    check_on_devices(plan, test::catalogue(), faults, notes);
    CHECK(faults.to_string().empty());
    CHECK(notes == std::vector<std::string>{});
    CHECK(plan.name == name);
    CHECK(plan.summary.size() <= 110);
    CHECK(plan.duration.has_value());
    CHECK_FALSE(plan.tags.empty());
    CHECK_FALSE(plan.expectations.empty());
  }
}

TEST_CASE("public addresses in shipped scenarios are for documentation") {
  for (const EmbeddedFile& file : embedded_scenarios()) {
    INFO(file.name);
    for (const IpAddress& address : addresses_in(file.text)) {
      INFO(to_string(address));
      CHECK(is_permitted(address));
    }
  }
}

TEST_CASE("the search for addresses finds them in their surroundings") {
  const auto found = addresses_in("udp://192.0.2.1:514, (2001:db8::1) 8.8.8.8. at 08:00:00");
  REQUIRE(found.size() == 2);
  CHECK(to_string(found[0]) == "2001:db8::1");
  CHECK_FALSE(is_permitted(found[1]));
}

TEST_CASE("shipped scenarios show behaviour, they do not emit messages") {
  for (const auto name : shipped_names()) {
    INFO(name);
    Faults faults;
    const Plan plan = read_scenario(std::string(name), {}, test::catalogue(), faults);
    for (const Step& step : plan.steps) {
      CHECK_FALSE(std::holds_alternative<EmitStimulus>(step.stimulus));
    }
  }
}
