// Activation keys: those on the device's flash, and what the vendor says each one unlocks.
#pragma once

#include "model/base/values.hpp"
#include "model/state/day_counter.hpp"
#include "model/state/licence_features.hpp"

#include <string>
#include <vector>

namespace asaemu {

/// A key as the vendor issued it and as the device uses it. To a reader it is five opaque words.
struct LicenceKey {
  enum class Form : std::uint8_t {
    kPermanent,
    kTimebased,  ///< adds features for some days; several can be active
    kTemporary   ///< the form before release 8.3; one can be active
  };
  ActivationKey key;
  Form form = Form::kPermanent;
  std::uint64_t days = 0;  ///< of the other forms
  FeatureValues grant;
  bool is_installed = false;  ///< on this device
  bool is_active = false;     ///< time-based and temporary keys
  bool is_expired = false;
  DayCounter counter;
};

/// The keys of one device. It survives reloads and power failures.
class LicenceKeys {
 public:
  /// Keys the vendor may issue to one device; further ones are unknown to it.
  static constexpr std::size_t kBound = 64;
  using Index = std::size_t;
  static constexpr Index kNone = kBound;

  ActivationKey permanent{};      ///< all zeros until the device has its first one
  FeatureValues permanent_grant;  ///< what it unlocks
  std::string serial;             ///< empty until first set

  /// Adds a feature to what `key` unlocks, and the key, if it is new. Form and days are those it was
  /// first issued with.
  void issue(const ActivationKey& key, LicenceKey::Form form, std::uint64_t days,
             LicensedFeature feature, std::uint32_t count);

  [[nodiscard]] Index find(const ActivationKey& key) const;
  [[nodiscard]] LicenceKey& operator[](Index index) { return keys_[index]; }
  [[nodiscard]] const LicenceKey& operator[](Index index) const { return keys_[index]; }
  [[nodiscard]] const std::vector<LicenceKey>& all() const { return keys_; }
  [[nodiscard]] Index size() const { return keys_.size(); }

  /// Makes the key count its days. Keys that can't be active beside it are halted: those with one of
  /// its features, and for a temporary key every other temporary one (asa-behaviour E.1).
  void activate(Index index, SimTime now, CalendarTime calendar);
  void deactivate(Index index, SimTime now);
  /// The key's days are over.
  void expire(Index index, SimTime now);
  /// The installed key that takes over when this one has expired: the first with days left that
  /// gives one of its features. kNone if there is none.
  [[nodiscard]] Index successor(Index expired) const;

  /// The device goes down, or has booted.
  void suspend(SimTime now);
  void resume(SimTime now, CalendarTime calendar);

  /// Whether the permanent grant or an active key gives this feature.
  [[nodiscard]] bool gives(LicensedFeature feature, const FeatureValues& permanent_features) const;
  /// What a permanent grant and all active keys give together, but with or without Security Plus as
  /// said: a device changes that only when it boots.
  [[nodiscard]] FeatureValues combined(const Platform& platform, FeatureValues permanent_features,
                                       bool has_security_plus) const;

 private:
  std::vector<LicenceKey> keys_;  ///< in the order of issue; never shorter, so that an Index holds
};

}  // namespace asaemu
