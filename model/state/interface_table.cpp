#include "model/state/interface_table.hpp"

#include <utility>

namespace asaemu {

InterfaceId InterfaceTable::find_hardware(std::string_view name) const {
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    if (interfaces_[i].hardware == name) return static_cast<InterfaceId>(i);
  }
  return kNoInterface;
}

InterfaceId InterfaceTable::find_nameif(std::string_view name) const {
  if (name.empty()) return kNoInterface;
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    if (interfaces_[i].nameif == name) return static_cast<InterfaceId>(i);
  }
  return kNoInterface;
}

InterfaceId InterfaceTable::add(Interface interface) {
  if (interfaces_.size() >= kBound) return kNoInterface;
  interfaces_.push_back(std::move(interface));
  return static_cast<InterfaceId>(interfaces_.size() - 1);
}

}  // namespace asaemu
