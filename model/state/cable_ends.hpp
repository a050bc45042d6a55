// What is at the other ends of the ports' cables, as the world has set it up. It is outside the device:
// a reload does not change it.
#pragma once

#include "model/state/interface_table.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

struct CableEnd {
  std::optional<bool> has_carrier;  ///< unset while the world has said nothing
  LinkSettings settings;
};

/// By the port's hardware name. Ask at() for ports of the platform only, which bounds it.
class CableEnds {
 public:
  CableEnd& at(std::string_view port) { return ends_[std::string(port)]; }
  /// A far end of default settings if the world has said nothing about it.
  [[nodiscard]] CableEnd of(std::string_view port) const {
    const auto found = ends_.find(port);
    return found == ends_.end() ? CableEnd{} : found->second;
  }

 private:
  std::map<std::string, CableEnd, std::less<>> ends_;
};

}  // namespace asaemu
