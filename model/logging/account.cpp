#include "model/logging/account.hpp"

namespace asaemu {

DestinationAccount& LogAccount::destination(const std::string& name) {
  for (auto& known : destinations) {
    if (known.name == name) return known;
  }
  auto& added = destinations.emplace_back();
  added.name = name;
  return added;
}

}  // namespace asaemu
