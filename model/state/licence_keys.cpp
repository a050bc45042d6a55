#include "model/state/licence_keys.hpp"

#include <algorithm>

namespace asaemu {

namespace {

bool exclude_each_other(const LicenceKey& a, const LicenceKey& b) {
  const bool are_temporary =
      a.form == LicenceKey::Form::kTemporary && b.form == LicenceKey::Form::kTemporary;
  return are_temporary || a.grant.shares_feature(b.grant);
}

}  // namespace

void LicenceKeys::issue(const ActivationKey& key, LicenceKey::Form form, std::uint64_t days,
                        LicensedFeature feature, std::uint32_t count) {
  Index index = find(key);
  if (index == kNone) {
    if (keys_.size() == kBound) return;
    index = keys_.size();
    LicenceKey issued;
    issued.key = key;
    issued.form = form;
    issued.days = days;
    issued.counter = DayCounter(days);
    keys_.push_back(issued);
  }
  keys_[index].grant[feature] = count;
}

LicenceKeys::Index LicenceKeys::find(const ActivationKey& key) const {
  for (Index i = 0; i < keys_.size(); ++i) {
    if (keys_[i].key == key) return i;
  }
  return kNone;
}

void LicenceKeys::activate(Index index, SimTime now, CalendarTime calendar) {
  for (Index i = 0; i < keys_.size(); ++i) {
    if (i != index && keys_[i].is_active && exclude_each_other(keys_[i], keys_[index])) {
      deactivate(i, now);
    }
  }
  LicenceKey& key = keys_[index];
  key.is_installed = key.is_active = true;
  key.counter.start(now, calendar);
}

void LicenceKeys::deactivate(Index index, SimTime now) {
  keys_[index].is_active = false;
  keys_[index].counter.halt(now);
}

void LicenceKeys::expire(Index index, SimTime now) {
  deactivate(index, now);
  keys_[index].is_expired = true;
}

LicenceKeys::Index LicenceKeys::successor(Index expired) const {
  for (Index i = 0; i < keys_.size(); ++i) {
    const LicenceKey& key = keys_[i];
    const bool is_waiting = key.is_installed && !key.is_active && !key.is_expired &&
                            key.form != LicenceKey::Form::kPermanent;
    if (is_waiting && key.grant.shares_feature(keys_[expired].grant)) return i;
  }
  return kNone;
}

void LicenceKeys::suspend(SimTime now) {
  for (LicenceKey& key : keys_) key.counter.suspend(now);
}

void LicenceKeys::resume(SimTime now, CalendarTime calendar) {
  for (LicenceKey& key : keys_) key.counter.resume(now, calendar);
}

bool LicenceKeys::gives(LicensedFeature feature, const FeatureValues& permanent_features) const {
  if (permanent_features[feature] != 0) return true;
  return std::any_of(keys_.begin(), keys_.end(), [feature](const LicenceKey& key) {
    return key.is_active && key.grant[feature] != 0;
  });
}

FeatureValues LicenceKeys::combined(const Platform& platform, FeatureValues permanent_features,
                                    bool has_security_plus) const {
  permanent_features[LicensedFeature::kSecurityPlus] = has_security_plus ? 1 : 0;
  FeatureValues values = with_permanent(platform, permanent_features);
  for (const LicenceKey& key : keys_) {
    if (!key.is_active) continue;
    FeatureValues grant = key.grant;
    grant[LicensedFeature::kSecurityPlus] = 0;
    values = with_timebased(platform, values, grant);
  }
  return values;
}

}  // namespace asaemu
