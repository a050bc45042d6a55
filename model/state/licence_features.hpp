// What licences unlock: the features, what each model has without any key, and how the keys of one
// device add up.
#pragma once

#include "model/state/platform.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asaemu {

/// In the order in which a device lists them.
enum class LicensedFeature : std::uint8_t {
  kSecurityPlus,  ///< no row of its own: it raises what the model can do
  kPhysicalInterfaces,
  kVlans,
  kInsideHosts,
  kFailover,
  kDes,
  kTripleDesAes,
  kContexts,
  kGtp,
  kPremiumPeers,
  kEssentials,
  kOtherVpnPeers,
  kTotalVpnPeers,
  kShared,
  kSharedPremiumPeers,
  kMobile,
  kVpnPhone,
  kEndpointAssessment,
  kUcProxySessions,
  kBotnetFilter,
  kMediaEngine,
  kIpsModule,
  kCluster,
  kCount
};

inline constexpr std::size_t kLicensedFeatureCount =
    static_cast<std::size_t>(LicensedFeature::kCount);

/// The value of a counted feature that has no limit.
inline constexpr std::uint32_t kUnlimited = ~std::uint32_t{0};

/// The largest shared pool the vendor sells.
inline constexpr std::uint32_t kMaxSharedSessions = 100'000;

/// A value for each feature: how many, or 1 for a feature that is merely there. 0 is none.
class FeatureValues {
 public:
  [[nodiscard]] std::uint32_t operator[](LicensedFeature feature) const {
    return values_[static_cast<std::size_t>(feature)];
  }
  std::uint32_t& operator[](LicensedFeature feature) {
    return values_[static_cast<std::size_t>(feature)];
  }
  /// True if both give some feature.
  [[nodiscard]] bool shares_feature(const FeatureValues& other) const;
  friend bool operator==(const FeatureValues&, const FeatureValues&) = default;

 private:
  std::array<std::uint32_t, kLicensedFeatureCount> values_{};
};

/// `AnyConnect Premium Peers`, as rows and messages call it.
std::string_view feature_name(LicensedFeature feature);
/// The features a key can carry, by name.
std::span<const std::string_view> grantable_features();
/// nullopt for a name that is not in grantable_features().
std::optional<LicensedFeature> find_grantable_feature(std::string_view name);
/// What a key that names this feature without a count gives: the feature, or as many as there are.
std::uint32_t whole_grant(LicensedFeature feature);
/// `Unlimited`, `Enabled`, `Active/Standby`, `250`.
std::string feature_value_text(LicensedFeature feature, std::uint32_t value);
/// `Botnet Traffic Filter, AnyConnect Premium Peers`: the features that the values give.
std::string feature_list(const FeatureValues& values);

/// What the model can do with a permanent key's features, and no time-based key.
FeatureValues with_permanent(const Platform& platform, const FeatureValues& permanent);
/// What an active time-based key adds to `values`: sessions and contexts are added up to what the
/// model can take, of all else the higher value counts (asa-behaviour E.1). The order of several
/// keys doesn't matter.
FeatureValues with_timebased(const Platform& platform, const FeatureValues& values,
                             const FeatureValues& timebased);

}  // namespace asaemu
