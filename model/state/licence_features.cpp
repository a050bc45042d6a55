#include "model/state/licence_features.hpp"

#include "model/base/assert.hpp"

#include <algorithm>

namespace asaemu {

namespace {

using Feature = LicensedFeature;

enum class Kind : std::uint8_t { kSwitch, kCount, kFailover };

struct FeatureInfo {
  std::string_view name;
  Kind kind = Kind::kSwitch;
  bool is_grantable = true;
  bool is_added = false;  ///< over several keys; else the higher value counts
};

// Names from captured `show version` output (asa-behaviour G.2); which are added: asa-behaviour E.1.
constexpr std::array<FeatureInfo, kLicensedFeatureCount> kFeatures{{
    {"Security Plus"},
    {"Maximum Physical Interfaces", Kind::kCount, false},
    {"Maximum VLANs", Kind::kCount, false},
    {"Inside Hosts", Kind::kCount},
    {"Failover", Kind::kFailover, false},
    {"Encryption-DES", Kind::kSwitch, false},
    {"Encryption-3DES-AES", Kind::kSwitch, false},
    {"Security Contexts", Kind::kCount, true, true},
    {"GTP/GPRS"},
    {"AnyConnect Premium Peers", Kind::kCount},
    {"AnyConnect Essentials"},
    {"Other VPN Peers", Kind::kCount, false},
    {"Total VPN Peers", Kind::kCount, false},
    {"Shared License"},
    {"Shared AnyConnect Premium Peers", Kind::kCount},
    {"AnyConnect for Mobile"},
    {"AnyConnect for Cisco VPN Phone"},
    {"Advanced Endpoint Assessment"},
    {"Total UC Proxy Sessions", Kind::kCount, true, true},
    {"Botnet Traffic Filter"},
    {"Intercompany Media Engine"},
    {"IPS Module"},
    {"Cluster"},
}};

constexpr std::size_t kGrantableCount = static_cast<std::size_t>(
    std::count_if(kFeatures.begin(), kFeatures.end(),
                  [](const FeatureInfo& feature) { return feature.is_grantable; }));

constexpr auto kGrantableNames = [] {
  std::array<std::string_view, kGrantableCount> names;
  auto next = names.begin();
  for (const auto& feature : kFeatures) {
    if (feature.is_grantable) *next++ = feature.name;
  }
  return names;
}();

constexpr std::uint32_t kNoFailover = 0;
constexpr std::uint32_t kActiveStandby = 1;
constexpr std::uint32_t kActiveActive = 2;

/// What a model can do; `plus_…` is what it is with Security Plus.
struct ModelLimits {
  std::string_view platform;
  std::uint32_t vlans;
  std::uint32_t plus_vlans;
  std::uint32_t inside_hosts;
  std::uint32_t failover;
  std::uint32_t plus_failover;
  std::uint32_t contexts;
  std::uint32_t max_contexts;
  std::uint32_t vpn_peers;
  std::uint32_t max_uc_sessions;
};

// From the vendor's licence tables of each model (release 9.x).
constexpr std::array<ModelLimits, 11> kModels{{
    {"ASA1000V", 200, 200, kUnlimited, kActiveStandby, kActiveStandby, 0, 0, 750, 1000},
    {"ASA5505", 3, 20, 10, kNoFailover, kActiveStandby, 0, 0, 25, 24},
    {"ASA5506", 5, 30, kUnlimited, kNoFailover, kActiveStandby, 0, 0, 50, 160},
    {"ASA5508", 50, 50, kUnlimited, kActiveActive, kActiveActive, 2, 5, 100, 320},
    {"ASA5515", 100, 100, kUnlimited, kActiveActive, kActiveActive, 2, 5, 250, 1000},
    {"ASA5516", 100, 100, kUnlimited, kActiveActive, kActiveActive, 2, 5, 300, 1000},
    {"ASA5520", 150, 150, kUnlimited, kActiveActive, kActiveActive, 2, 20, 750, 1000},
    {"ASA5525", 200, 200, kUnlimited, kActiveActive, kActiveActive, 2, 20, 750, 1000},
    {"ASA5545", 300, 300, kUnlimited, kActiveActive, kActiveActive, 2, 50, 2500, 2000},
    {"ASA5585", 1024, 1024, kUnlimited, kActiveActive, kActiveActive, 2, 100, 5000, 3000},
    {"ASAv", 200, 200, kUnlimited, kActiveStandby, kActiveStandby, 0, 0, 750, 1000},
}};

// Two premium peers and two UC proxy sessions come with every model.
constexpr std::uint32_t kFreePeers = 2;
constexpr std::uint32_t kFreeUcSessions = 2;

const ModelLimits& limits_of(const Platform& platform) {
  const auto* found = std::find_if(kModels.begin(), kModels.end(), [&](const ModelLimits& model) {
    return model.platform == platform.name;
  });
  ASAEMU_ASSERT(found != kModels.end());
  return *found;
}

constexpr Feature feature_at(std::size_t index) {
  return static_cast<Feature>(index);
}

const FeatureInfo& info(Feature feature) {
  return kFeatures[static_cast<std::size_t>(feature)];
}

/// The most of a feature that the model takes, however many keys there are.
std::uint32_t limit(const ModelLimits& model, Feature feature) {
  switch (feature) {
    case Feature::kContexts:
      return model.max_contexts;
    case Feature::kUcProxySessions:
      return model.max_uc_sessions;
    case Feature::kPremiumPeers:
      return model.vpn_peers;
    case Feature::kSharedPremiumPeers:
      return kMaxSharedSessions;
    default:
      return kUnlimited;
  }
}

FeatureValues without_keys(const ModelLimits& model) {
  FeatureValues values;
  values[Feature::kPhysicalInterfaces] = kUnlimited;
  values[Feature::kVlans] = model.vlans;
  values[Feature::kInsideHosts] = model.inside_hosts;
  values[Feature::kFailover] = model.failover;
  values[Feature::kDes] = 1;
  values[Feature::kTripleDesAes] = 1;
  values[Feature::kContexts] = model.contexts;
  values[Feature::kPremiumPeers] = kFreePeers;
  values[Feature::kOtherVpnPeers] = model.vpn_peers;
  values[Feature::kTotalVpnPeers] = model.vpn_peers;
  values[Feature::kUcProxySessions] = kFreeUcSessions;
  return values;
}

/// `values` with a key's features on top; `is_adding` decides for those that are added up.
FeatureValues with_key(const Platform& platform, FeatureValues values, const FeatureValues& key,
                       bool is_adding) {
  const ModelLimits& model = limits_of(platform);
  for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
    const Feature feature = feature_at(i);
    const std::uint64_t sum = std::uint64_t{values[feature]} + key[feature];
    const std::uint64_t wanted = is_adding && info(feature).is_added
                                     ? sum
                                     : std::uint64_t{std::max(values[feature], key[feature])};
    values[feature] =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, limit(model, feature)));
  }
  if (values[Feature::kSecurityPlus] != 0) {
    values[Feature::kVlans] = model.plus_vlans;
    values[Feature::kFailover] = model.plus_failover;
  }
  return values;
}

}  // namespace

bool FeatureValues::shares_feature(const FeatureValues& other) const {
  for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
    if (values_[i] != 0 && other.values_[i] != 0) return true;
  }
  return false;
}

std::string_view feature_name(LicensedFeature feature) {
  return info(feature).name;
}

std::span<const std::string_view> grantable_features() {
  return kGrantableNames;
}

std::optional<LicensedFeature> find_grantable_feature(std::string_view name) {
  for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
    if (kFeatures[i].is_grantable && kFeatures[i].name == name) return feature_at(i);
  }
  return std::nullopt;
}

std::uint32_t whole_grant(LicensedFeature feature) {
  return info(feature).kind == Kind::kCount ? kUnlimited : 1;
}

std::string feature_value_text(LicensedFeature feature, std::uint32_t value) {
  switch (info(feature).kind) {
    case Kind::kSwitch:
      return value == 0 ? "Disabled" : "Enabled";
    case Kind::kFailover:
      return value == kNoFailover      ? "Disabled"
             : value == kActiveStandby ? "Active/Standby"
                                       : "Active/Active";
    case Kind::kCount:
      break;
  }
  return value == kUnlimited ? "Unlimited" : std::to_string(value);
}

std::string feature_list(const FeatureValues& values) {
  std::string text;
  for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
    if (values[feature_at(i)] == 0) continue;
    if (!text.empty()) text += ", ";
    text += kFeatures[i].name;
  }
  return text;
}

FeatureValues with_permanent(const Platform& platform, const FeatureValues& permanent) {
  return with_key(platform, without_keys(limits_of(platform)), permanent, false);
}

FeatureValues with_timebased(const Platform& platform, const FeatureValues& values,
                             const FeatureValues& timebased) {
  return with_key(platform, values, timebased, true);
}

}  // namespace asaemu
