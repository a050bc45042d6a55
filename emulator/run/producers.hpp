// Which shipped scenarios make a message happen by behaviour.
#pragma once

#include "model/base/catalogue.hpp"

#include <string>
#include <vector>

namespace asaemu {

/// Found by running every shipped scenario, at maximum speed and to nowhere; messages of `emit:`
/// steps do not count.
class Producers {
 public:
  explicit Producers(const Catalogue& catalogue);

  /// Names of scenarios, sorted.
  [[nodiscard]] const std::vector<std::string>& of(std::size_t message_index) const {
    return scenarios_[message_index];
  }

 private:
  std::vector<std::vector<std::string>> scenarios_;
};

}  // namespace asaemu
