#include "model/state/modules.hpp"

#include <array>

namespace asaemu {

std::string_view module_status_name(ModuleStatus status) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"Up", "Init", "Reload", "Shutting Down", "Down", "Unresponsive", "Recover"});
  return kNames.at(static_cast<std::size_t>(status));
}

}  // namespace asaemu
