// Finds devices by name or glob.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/scope.hpp"

#include <map>
#include <unordered_map>

namespace asaemu {

/// Whether `name` is of the pattern: `*` stands for any text, `?` for one character.
bool matches_glob(std::string_view pattern, std::string_view name);

/// The devices of a plan, which must not change meanwhile.
class DeviceSelector {
 public:
  using Indexes = std::vector<std::uint32_t>;  ///< into Plan::devices, rising

  /// `is_complete` is false if devices are missing because of faults: then nobody complains that
  /// none is selected.
  DeviceSelector(const Plan& plan, bool is_complete);

  /// The devices that a step's `device:` selects, a name, a glob or a list of them; all if it is
  /// null. Names and globs that select none are complained about.
  Indexes select(const Node* node, const Scope& scope);

  /// The devices of a name or glob; empty if there are none.
  const Indexes& find(const std::string& pattern);

 private:
  void select_one(const Node& pattern, const Scope& scope, Indexes& selected);
  [[nodiscard]] std::string suggestion(std::string_view pattern) const;

  const Plan& plan_;
  bool is_complete_;
  Indexes all_;
  std::unordered_map<std::string_view, std::uint32_t> by_name_;
  std::map<std::string, Indexes> found_;
};

}  // namespace asaemu
