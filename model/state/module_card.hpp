// What is really in the module's slot, whatever the device knows of it. Kept over reloads by the
// module_manager subsystem.
#pragma once

#include "model/state/module_models.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace asaemu {

/// A card, or a software module with its disk.
struct ModuleCard {
  /// Whether an image can be written onto it, and if not, for whose fault.
  enum class Flash : std::uint8_t { kGood, kBroken, kNoThread };

  std::string model;
  std::string serial;
  std::string application;
  std::uint64_t application_type = 0;
  std::string version;       ///< it runs
  std::string next_version;  ///< it has installed and runs from its next start on; empty if none
  std::string image;         ///< to recover it with: `tftp://10.0.0.60/x.img`; empty if none
  bool is_silent = false;    ///< it answers no heartbeats
  Flash flash = Flash::kGood;
  bool is_busy = false;  ///< with what it will not be interrupted in
  std::uint64_t task_error = 0;
  std::string task;

  /// A new one, without a serial number; empty but for its model if the platform does not know it.
  static ModuleCard delivered(const Platform& platform, std::string_view model) {
    ModuleCard card;
    card.model = model;
    if (const ModuleModel* known = find_module_model(platform, model)) {
      card.application = known->application;
      card.application_type = known->application_type;
      card.version = known->version;
    }
    return card;
  }
};

/// The slot.
struct ModuleSlot {
  bool is_fitted_out = false;  ///< what the device was delivered with has been put in
  std::optional<ModuleCard> card;
};

}  // namespace asaemu
