// Finds devices by name or glob.
#pragma once

#include "emulator/scenario/plan.hpp"

#include <map>
#include <unordered_map>

namespace asaemu {

/// Whether `name` is of the pattern: `*` stands for any text, `?` for one character.
bool matches_glob(std::string_view pattern, std::string_view name);

/// The devices of a plan, which must not change meanwhile.
class DeviceSelector {
 public:
  using Indexes = std::vector<std::uint32_t>;  ///< into Plan::devices, rising

  explicit DeviceSelector(const Plan& plan);

  [[nodiscard]] const Indexes& all() const { return all_; }
  /// The devices of a name or glob; empty if there are none.
  const Indexes& find(const std::string& pattern);
  /// `; did you mean 'fw-edge'?`
  [[nodiscard]] std::string suggestion(std::string_view pattern) const;

 private:
  const Plan& plan_;
  Indexes all_;
  std::unordered_map<std::string_view, std::uint32_t> by_name_;
  std::map<std::string, Indexes> found_;
};

}  // namespace asaemu
