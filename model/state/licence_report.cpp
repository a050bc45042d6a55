#include "model/state/licence_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using Feature = LicensedFeature;

// Up to release 8.2 a row had no third column, and temporary keys were not listed apart.
constexpr Release kTimebasedRelease{8, 3, 0, 0};

/// `646 days` for a value that time-based keys raise above the permanent one, as long as the first
/// of them lasts; else `perpetual`.
std::string duration_text(const LicenceView& view, Feature feature) {
  if (view.in_effect[feature] == view.permanent[feature]) return "perpetual";
  std::uint64_t days = DayCounter::kDaysMax;
  bool has_key = false;
  for (const LicenceKey& key : view.keys.all()) {
    if (!key.is_active || key.grant[feature] == 0) continue;
    has_key = true;
    days = std::min(days, key.counter.days_left(view.now));
  }
  return has_key ? fmt::format("{} days", days) : "perpetual";
}

std::string row(const LicenceView& view, Feature feature) {
  const std::string value = feature_value_text(feature, view.in_effect[feature]);
  const bool is_part = feature == Feature::kSharedPremiumPeers;
  const auto name = fmt::format("{}{}", is_part ? "  " : "", feature_name(feature));
  if (view.release < kTimebasedRelease) return fmt::format("{:<31}: {}\n", name, value);
  return fmt::format("{:<34}: {:<15}{}\n", name, value, duration_text(view, feature));
}

bool has_row(const LicenceView& view, Feature feature) {
  if (feature == Feature::kSecurityPlus) return false;
  return feature != Feature::kSharedPremiumPeers || view.in_effect[feature] != 0;
}

/// `a Base`, `an ASA 5525 Security Plus`.
std::string licence_kind(const LicenceView& view) {
  if (view.in_effect[Feature::kSecurityPlus] == 0) return "a Base";
  std::string model(view.platform.hardware);
  if (model.starts_with("ASA5")) model.insert(3, " ");
  return fmt::format("an {} Security Plus", model);
}

std::string describe_timebased(const LicenceView& view, bool is_active) {
  std::string text;
  for (const LicenceKey& key : view.keys.all()) {
    const bool is_listed = key.is_installed && !key.is_expired &&
                           key.form != LicenceKey::Form::kPermanent && key.is_active == is_active;
    if (!is_listed) continue;
    text += text.empty()
                ? fmt::format("\n{} Timebased Activation Key:\n", is_active ? "Active" : "Inactive")
                : std::string("\n");
    text += to_string(key.key) + " \n";
    for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
      const auto feature = static_cast<Feature>(i);
      if (key.grant[feature] == 0) continue;
      text += fmt::format("{:<34}: {:<15}{} days\n", feature_name(feature),
                          feature_value_text(feature, key.grant[feature]),
                          key.counter.days_left(view.now));
    }
  }
  return text;
}

}  // namespace

std::string to_string(const ActivationKey& key) {
  std::array<char, kPrintedValueMax> text;
  return {text.data(), key.write(text.data())};
}

std::string to_string(const Release& release) {
  std::string text = fmt::format("{}.{}", release.major, release.minor);
  if (release.maintenance != 0 || release.interim != 0) {
    text += fmt::format("({})", release.maintenance);
  }
  if (release.interim != 0) text += std::to_string(release.interim);
  return text;
}

std::string uptime_text(SimDuration uptime) {
  const auto seconds =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(uptime).count());
  struct Unit {
    std::uint64_t seconds;
    std::string_view name;
  };
  static constexpr std::array<Unit, 5> kUnits{
      {{31'536'000, "year"}, {86'400, "day"}, {3'600, "hour"}, {60, "min"}, {1, "sec"}}};
  std::size_t largest = 0;
  while (largest + 2 < kUnits.size() && seconds < kUnits[largest].seconds) ++largest;
  const auto amount = [](std::uint64_t count, std::string_view name) {
    return fmt::format("{} {}{}", count, name, count == 1 ? "" : "s");
  };
  const Unit& first = kUnits[largest];
  const Unit& second = kUnits[largest + 1];
  const std::string rest = amount(seconds % first.seconds / second.seconds, second.name);
  return seconds < first.seconds ? rest : amount(seconds / first.seconds, first.name) + " " + rest;
}

std::string describe_features(const LicenceView& view) {
  std::string text = "Licensed features for this platform:\n";
  for (std::size_t i = 0; i < kLicensedFeatureCount; ++i) {
    const auto feature = static_cast<Feature>(i);
    if (has_row(view, feature)) text += row(view, feature);
  }
  return text + fmt::format("\nThis platform has {} license.\n", licence_kind(view));
}

std::string running_keys_text(const LicenceView& view) {
  if (view.release < kTimebasedRelease) {
    return fmt::format("Running Activation Key: {} \n", to_string(view.running_key));
  }
  std::string text =
      fmt::format("Running Permanent Activation Key: {} \n", to_string(view.running_key));
  for (const LicenceKey& key : view.keys.all()) {
    if (!key.is_active) continue;
    text += fmt::format("Running Timebased Activation Key: {} \n", to_string(key.key));
  }
  return text;
}

std::string describe_keys(const LicenceView& view, bool detail) {
  const std::string_view permanent = view.release < kTimebasedRelease ? "" : "permanent ";
  std::string text =
      fmt::format("Serial Number:  {}\n{}\n", view.keys.serial, running_keys_text(view));
  text += describe_features(view);
  text += fmt::format("\nThe flash {0}activation key is {1}the SAME as the running {0}key.\n",
                      permanent, view.keys.permanent == view.running_key ? "" : "NOT ");
  text += describe_timebased(view, true);
  if (detail) text += describe_timebased(view, false);
  return text;
}

}  // namespace asaemu
