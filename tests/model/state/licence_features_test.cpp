#include "model/state/licence_features.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <rapidcheck.h>
#include <vector>

using namespace asaemu;
using Feature = LicensedFeature;

namespace {

const Platform& model(std::string_view name) {
  return *find_platform(name);
}

FeatureValues giving(Feature feature, std::uint32_t value) {
  FeatureValues values;
  values[feature] = value;
  return values;
}

FeatureValues arbitrary_grant() {
  FeatureValues grant;
  for (const Feature feature :
       {Feature::kContexts, Feature::kPremiumPeers, Feature::kUcProxySessions,
        Feature::kBotnetFilter, Feature::kSecurityPlus}) {
    if (*rc::gen::arbitrary<bool>()) continue;
    const auto most = whole_grant(feature) == 1 ? 2U : 5000U;
    grant[feature] = *rc::gen::inRange<std::uint32_t>(0, most);
  }
  return grant;
}

}  // namespace

TEST_CASE("every model has limits, and only the smallest limits its inside hosts") {
  for (const Platform& platform : platforms()) {
    const auto values = with_permanent(platform, {});
    REQUIRE(values[Feature::kVlans] > 0);
    REQUIRE((values[Feature::kInsideHosts] == kUnlimited) == (platform.name != "ASA5505"));
  }
}

TEST_CASE("Security Plus raises what the model can do") {
  const auto base = with_permanent(model("ASA5505"), {});
  const auto plus = with_permanent(model("ASA5505"), giving(Feature::kSecurityPlus, 1));
  REQUIRE(base[Feature::kVlans] == 3);
  REQUIRE(plus[Feature::kVlans] == 20);
  REQUIRE(feature_value_text(Feature::kFailover, base[Feature::kFailover]) == "Disabled");
  REQUIRE(feature_value_text(Feature::kFailover, plus[Feature::kFailover]) == "Active/Standby");
}

TEST_CASE("of peers the higher number counts, contexts and proxy sessions are added") {
  const Platform& platform = model("ASA5525");
  auto values = with_permanent(platform, giving(Feature::kPremiumPeers, 100));
  values = with_timebased(platform, values, giving(Feature::kPremiumPeers, 50));
  REQUIRE(values[Feature::kPremiumPeers] == 100);
  values = with_timebased(platform, values, giving(Feature::kPremiumPeers, 500));
  REQUIRE(values[Feature::kPremiumPeers] == 500);
  values = with_timebased(platform, values, giving(Feature::kContexts, 5));
  REQUIRE(values[Feature::kContexts] == 7);
  values = with_timebased(platform, values, giving(Feature::kUcProxySessions, 24));
  REQUIRE(values[Feature::kUcProxySessions] == 26);
}

TEST_CASE("the model's limit ends what keys can add") {
  const Platform& platform = model("ASA5525");
  auto values = with_permanent(platform, {});
  values = with_timebased(platform, values, giving(Feature::kContexts, 18));
  REQUIRE(values[Feature::kContexts] == 20);
  values = with_timebased(platform, values, giving(Feature::kContexts, 1));
  REQUIRE(values[Feature::kContexts] == 20);
  values = with_timebased(platform, values, giving(Feature::kPremiumPeers, kUnlimited));
  REQUIRE(values[Feature::kPremiumPeers] == 750);
}

TEST_CASE("features are found by the names a device prints") {
  for (const auto name : grantable_features()) {
    const auto feature = find_grantable_feature(name);
    REQUIRE(feature.has_value());
    REQUIRE(feature_name(*feature) == name);
  }
  REQUIRE_FALSE(find_grantable_feature("Encryption-DES").has_value());
  REQUIRE(feature_list(giving(Feature::kBotnetFilter, 1)) == "Botnet Traffic Filter");
}

TEST_CASE("the order of keys does not matter, and no key takes anything away") {
  REQUIRE(rc::check([] {
    const Platform& platform = model("ASA5525");
    const auto permanent = with_permanent(platform, arbitrary_grant());
    std::vector<FeatureValues> keys;
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) keys.push_back(arbitrary_grant());
    const auto combine = [&] {
      auto values = permanent;
      for (const auto& key : keys) {
        const auto more = with_timebased(platform, values, key);
        for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
          RC_ASSERT(more[static_cast<Feature>(i)] >= values[static_cast<Feature>(i)]);
        }
        values = more;
      }
      return values;
    };
    const auto forwards = combine();
    std::reverse(keys.begin(), keys.end());
    RC_ASSERT(combine() == forwards);
  }));
}
