#include "emulator/scenario/device_selector.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

Plan plan_with(const std::vector<std::string>& names) {
  Plan plan;
  for (const auto& name : names) {
    DeviceSpec spec;
    spec.name = name;
    spec.index = static_cast<std::uint32_t>(plan.devices.size());
    plan.devices.push_back(std::move(spec));
  }
  return plan;
}

}  // namespace

TEST_CASE("a glob's star stands for any text, its question mark for one character") {
  CHECK(matches_glob("fw-*", "fw-"));
  CHECK(matches_glob("fw-*", "fw-edge"));
  CHECK_FALSE(matches_glob("fw-*", "gw-edge"));
  CHECK(matches_glob("fw-?", "fw-1"));
  CHECK_FALSE(matches_glob("fw-?", "fw-"));
  CHECK_FALSE(matches_glob("fw-?", "fw-12"));
  CHECK(matches_glob("*-0*1", "fw-0001"));
  CHECK(matches_glob("*ab*ab", "abababab"));
  CHECK_FALSE(matches_glob("*ab*ab", "ab"));
  CHECK(matches_glob("**", ""));
  CHECK_FALSE(matches_glob("", "x"));
}

TEST_CASE("a star does not take for ever to fail") {
  const std::string name(63, 'a');
  CHECK_FALSE(matches_glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}

TEST_CASE("devices are found by name and by glob, in the plan's order") {
  const Plan plan = plan_with({"fw-b", "gw", "fw-a"});
  DeviceSelector selector(plan, true);
  CHECK(selector.find("gw") == DeviceSelector::Indexes{1});
  CHECK(selector.find("fw-*") == DeviceSelector::Indexes{0, 2});
  CHECK(selector.find("fw-c").empty());
}
