#include "emulator/scenario/device_selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace asaemu {

namespace {

/// Of more devices only the first are suggested.
constexpr std::size_t kSuggestedMax = 1000;
/// Most names and globs in a list.
constexpr std::size_t kPatternsMax = 1000;

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

DeviceSelector::DeviceSelector(const Plan& plan, bool is_complete)
    : plan_(plan), is_complete_(is_complete), all_(plan.devices.size()) {
  std::iota(all_.begin(), all_.end(), 0U);
  by_name_.reserve(plan.devices.size());
  for (const DeviceSpec& device : plan.devices) by_name_.emplace(device.name, device.index);
}

DeviceSelector::Indexes DeviceSelector::select(const Node* node, const Scope& scope) {
  if (node == nullptr) return all_;
  Indexes selected;
  if (!node->is_sequence()) {
    select_one(*node, scope, selected);
    return selected;
  }
  if (node->items().size() > kPatternsMax) {
    scope.complain(*node,
                   fmt::format("device lists more than {} names; a glob such as fw-* selects "
                               "several",
                               kPatternsMax));
    return selected;
  }
  if (node->items().empty()) {
    scope.complain(*node, "device is an empty list; leave it out to select all devices");
  }
  for (const Node* pattern : node->items()) select_one(*pattern, scope, selected);
  std::ranges::sort(selected);
  selected.erase(std::unique(selected.begin(), selected.end()), selected.end());
  return selected;
}

void DeviceSelector::select_one(const Node& pattern, const Scope& scope, Indexes& selected) {
  const auto text = scope.text(pattern, "device");
  if (!text) return;
  const Indexes& found = find(*text);
  selected.insert(selected.end(), found.begin(), found.end());
  if (!found.empty() || !is_complete_) return;
  const bool is_glob = text->find_first_of("*?") != std::string::npos;
  scope.complain(pattern, fmt::format("no device {} {}{}", is_glob ? "matches" : "is called",
                                      quoted(*text), suggestion(*text)));
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
