#include "emulator/scenario/device_selector.hpp"

#include "emulator/scenario/scope.hpp"

#include <algorithm>
#include <numeric>

namespace asaemu {

namespace {

/// Of more devices only the first are suggested.
constexpr std::size_t kSuggestedMax = 1000;

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view name) {
  // Where to go on if what follows the last `*` does not fit: that `*` takes one character more.
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t p = 0;
  std::size_t n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

DeviceSelector::DeviceSelector(const Plan& plan) : plan_(plan), all_(plan.devices.size()) {
  std::iota(all_.begin(), all_.end(), 0U);
  by_name_.reserve(plan.devices.size());
  for (const DeviceSpec& device : plan.devices) by_name_.emplace(device.name, device.index);
}

const DeviceSelector::Indexes& DeviceSelector::find(const std::string& pattern) {
  const auto [known, is_new] = found_.try_emplace(pattern);
  Indexes& found = known->second;
  if (!is_new) return found;
  if (pattern.find_first_of("*?") == std::string::npos) {
    const auto device = by_name_.find(pattern);
    if (device != by_name_.end()) found.push_back(device->second);
    return found;
  }
  for (const DeviceSpec& device : plan_.devices) {
    if (matches_glob(pattern, device.name)) found.push_back(device.index);
  }
  return found;
}

std::string DeviceSelector::suggestion(std::string_view pattern) const {
  std::vector<std::string_view> names;
  const std::size_t size = std::min(plan_.devices.size(), kSuggestedMax);
  for (std::size_t i = 0; i < size; ++i) names.emplace_back(plan_.devices[i].name);
  return suggest(pattern, names, "globs such as fw-* select several");
}

}  // namespace asaemu
