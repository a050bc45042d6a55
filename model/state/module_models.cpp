#include "model/state/module_models.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

using Kind = ModuleKind;

constexpr std::string_view kSensor = "IPS";
constexpr std::string_view kContentSecurity = "CSC SSM";
constexpr std::string_view kCx = "ASA CX";
constexpr std::string_view kFirePower = "ASA FirePOWER";

// Cards by the vendor's hardware guides; how `show module` calls them after captured consoles, or after
// those (inferred). Versions are ones that were delivered; the oldest that a device works with and
// the numbers of applications are inferred.
constexpr auto kModels = std::to_array<ModuleModel>({
    {"ASA-SSM-10", Kind::kIps, false, 0, "ASA 5500 Series Security Services Module-10", kSensor,
     "7.0(8)E4", "5.1(1)S1", 1},
    {"ASA-SSM-20", Kind::kIps, false, 0, "ASA 5500 Series Security Services Module-20", kSensor,
     "7.0(8)E4", "5.1(1)S1", 1},
    {"ASA-SSM-40", Kind::kIps, false, 0, "ASA 5500 Series Security Services Module-40", kSensor,
     "7.0(8)E4", "6.0(4)E1", 1},
    {"ASA-SSM-CSC-10-K9", Kind::kCsc, false, 0, "ASA 5500 Series Content Security Services Mo",
     kContentSecurity, "6.6.1125.0", "6.1.1519.0", 2},
    {"ASA-SSM-CSC-20-K9", Kind::kCsc, false, 0, "ASA 5500 Series Content Security Services Mo",
     kContentSecurity, "6.6.1125.0", "6.1.1519.0", 2},
    {"ASA5585-SSP-IPS10", Kind::kIps, false, 10, "ASA 5585-X IPS Security Services Processor-1",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-IPS20", Kind::kIps, false, 20, "ASA 5585-X IPS Security Services Processor-2",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-IPS40", Kind::kIps, false, 40, "ASA 5585-X IPS Security Services Processor-4",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-IPS60", Kind::kIps, false, 60, "ASA 5585-X IPS Security Services Processor-6",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-P10K7", Kind::kIps, false, 10, "ASA 5585-X IPS Security Services Processor-1",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-P20K7", Kind::kIps, false, 20, "ASA 5585-X IPS Security Services Processor-2",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-P40K7", Kind::kIps, false, 40, "ASA 5585-X IPS Security Services Processor-4",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-P60K7", Kind::kIps, false, 60, "ASA 5585-X IPS Security Services Processor-6",
     kSensor, "7.1(8)E4", "7.1(6)E4", 1},
    {"ASA5585-SSP-CX10", Kind::kCx, false, 10, "ASA 5585-X CX Security Services Processor-10", kCx,
     "9.3.1.1", "9.0.1", 3},
    {"ASA5585-SSP-CX20", Kind::kCx, false, 20, "ASA 5585-X CX Security Services Processor-20", kCx,
     "9.3.1.1", "9.0.1", 3},
    {"ASA5585-SSP-SFR10", Kind::kSfr, false, 10, "ASA 5585-X FirePOWER SSP-10", kFirePower,
     "6.2.3-83", "5.3.1-152", 4},
    {"ASA5585-SSP-SFR20", Kind::kSfr, false, 20, "ASA 5585-X FirePOWER SSP-20", kFirePower,
     "6.2.3-83", "5.3.1-152", 4},
    {"ASA5585-SSP-SFR40", Kind::kSfr, false, 40, "ASA 5585-X FirePOWER SSP-40", kFirePower,
     "6.2.3-83", "5.3.1-152", 4},
    {"ASA5585-SSP-SFR60", Kind::kSfr, false, 60, "ASA 5585-X FirePOWER SSP-60", kFirePower,
     "6.2.3-83", "5.3.1-152", 4},
    {"ips", Kind::kIps, true, 0, "IPS Security Services Processor", kSensor, "7.1(8)E4", "7.1(4)E4",
     1},
    {"cxsc", Kind::kCx, true, 0, "CX Security Services Processor", kCx, "9.3.1.1", "9.1.1", 3},
    {"sfr", Kind::kSfr, true, 0, "FirePOWER Services Software Module", kFirePower, "6.2.3-83",
     "5.3.1-152", 4},
});

constexpr auto kAllSoftware = std::to_array<std::string_view>({"ips", "cxsc", "sfr"});
constexpr auto kMainBoards = std::to_array<std::string_view>(
    {"ASA5585-SSP-10-K7", "ASA5585-SSP-20-K7", "ASA5585-SSP-40-K7", "ASA5585-SSP-60-K7",
     "ASA5585-SSP-10", "ASA5585-SSP-20", "ASA5585-SSP-40", "ASA5585-SSP-60"});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The next number of a version, which is consumed; nullopt behind the last one.
std::optional<std::uint64_t> next_number(std::string_view& text) {
  while (!text.empty() && !is_digit(text.front())) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::uint64_t number = 0;
  // Ten digits are more than any version has, and no overflow.
  for (int i = 0; i < 10 && !text.empty() && is_digit(text.front()); ++i) {
    number = number * 10 + static_cast<std::uint64_t>(text.front() - '0');
    text.remove_prefix(1);
  }
  return number;
}

bool is_restricted(std::string_view model) {
  return model.ends_with("K7");
}

}  // namespace

std::string_view module_feature(ModuleKind kind) {
  constexpr auto kFeatures = std::to_array<std::string_view>({"ips", "csc", "cxsc", "sfr"});
  return kFeatures.at(static_cast<std::size_t>(kind));
}

const ModuleModel* find_module_model(const Platform& platform, std::string_view name) {
  const auto* const found = std::ranges::find(kModels, name, &ModuleModel::name);
  if (found == kModels.end()) return nullptr;
  if (found->is_software) {
    const auto software = software_modules(platform);
    return std::ranges::find(software, name) == software.end() ? nullptr : found;
  }
  const bool is_for_5585 = found->ssp != 0;
  return has_module_slot(platform) && is_for_5585 == (platform.name == "ASA5585") ? found : nullptr;
}

std::span<const std::string_view> software_modules(const Platform& platform) {
  const std::span<const std::string_view> all(kAllSoftware);
  if (platform.name == "ASA5515" || platform.name == "ASA5525" || platform.name == "ASA5545") {
    return all;
  }
  // The smaller models came after IPS and CX.
  const bool has_only_sfr =
      platform.name == "ASA5506" || platform.name == "ASA5508" || platform.name == "ASA5516";
  return has_only_sfr ? all.last(1) : all.first(0);
}

bool has_module_slot(const Platform& platform) {
  return platform.name == "ASA5520" || platform.name == "ASA5585";
}

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
  for (;;) {
    const auto left = next_number(a);
    const auto right = next_number(b);
    if (left != right) return left <=> right;
    if (!left) return std::strong_ordering::equal;
  }
}

std::string image_version(std::string_view url) {
  const auto slash = url.find_last_of("/:");
  std::string_view name = slash == std::string_view::npos ? url : url.substr(slash + 1);
  for (const std::string_view ending : {".img", ".pkg", ".bin", ".SPA"}) {
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  }
  std::string_view version = "0";
  for (std::size_t dash = name.find('-'); dash != std::string_view::npos;
       dash = name.find('-', dash + 1)) {
    const std::string_view rest = name.substr(dash + 1);
    const std::string_view word = rest.substr(0, rest.find('-'));
    const bool is_version = !word.empty() && is_digit(word.front()) && word.find('.') != word.npos;
    if (is_version) version = rest;
  }
  // What stands in brackets has none in a file's name: 7.0-8-E4 is 7.0(8)E4.
  const std::size_t second = version.find("-E");
  const std::size_t first = version.find('-');
  if (second == version.npos || first == second) return std::string(version);
  std::string text(version.substr(0, first));
  return text.append("(")
      .append(version.substr(first + 1, second - first - 1))
      .append(")")
      .append(version.substr(second + 1));
}

std::span<const std::string_view> ssp_models() {
  return kMainBoards;
}

unsigned ssp_class(std::string_view model) {
  for (const auto& [digits, number] :
       {std::pair<std::string_view, unsigned>{"10", 10}, {"20", 20}, {"40", 40}, {"60", 60}}) {
    if (model.starts_with("ASA5585-SSP-") && model.substr(12).find(digits) != std::string::npos) {
      return number;
    }
  }
  return 0;
}

bool go_together(std::string_view main_board, std::string_view card) {
  return ssp_class(main_board) == ssp_class(card) &&
         is_restricted(main_board) == is_restricted(card);
}

}  // namespace asaemu
