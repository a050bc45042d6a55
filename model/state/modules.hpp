// The service module that looks at traffic beside the device: an IPS, content security (CSC), CX or
// FirePOWER (SFR) module, a card or software. Written by the module_manager subsystem.
#pragma once

#include "model/state/module_models.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

enum class ModuleStatus : std::uint8_t {
  kUp,
  kInit,          ///< it boots
  kReload,        ///< it stops in order to boot
  kShuttingDown,  ///< it stops
  kDown,
  kUnresponsive,
  kRecover,  ///< a new image is loaded onto it
};

/// `Up`, `Shutting Down`: as `show module` prints it.
std::string_view module_status_name(ModuleStatus status);

struct Module {
  std::string id;     ///< `1` of a card, by its slot; `ips`, `cxsc` or `sfr` of software
  std::string model;  ///< `ASA-SSM-10`; of software its id
  const ModuleModel* known = nullptr;  ///< null if this device does not know the model
  std::string serial;
  std::string application;  ///< what it runs, by its own account: `IPS`
  std::string version;      ///< of its software
  std::uint64_t application_type = 0;
  ModuleStatus status = ModuleStatus::kDown;
  bool has_data_plane = true;  ///< frames pass between the device and the module
  bool is_supported = true;    ///< the device works with what it runs

  /// Whether it can be shown packets.
  [[nodiscard]] bool takes_traffic() const {
    return status == ModuleStatus::kUp && has_data_plane && is_supported && known != nullptr;
  }
  [[nodiscard]] bool is_software() const { return known != nullptr && known->is_software; }
};

/// At most one module: a chassis has one slot for them, or runs one in software.
class ServiceModules {
 public:
  [[nodiscard]] Module* fitted() { return module_ ? &*module_ : nullptr; }
  [[nodiscard]] const Module* fitted() const { return module_ ? &*module_ : nullptr; }
  /// By its id; nullptr if it is not there.
  [[nodiscard]] const Module* find(std::string_view id) const {
    return module_ && module_->id == id ? &*module_ : nullptr;
  }
  /// The module of this kind; nullptr if there is none, or if the device does not know it.
  [[nodiscard]] const Module* find(ModuleKind kind) const {
    return module_ && module_->known != nullptr && module_->known->kind == kind ? &*module_
                                                                                : nullptr;
  }

  Module& fit(Module module) { return module_.emplace(std::move(module)); }
  void remove() { module_.reset(); }

 private:
  std::optional<Module> module_;
};

}  // namespace asaemu
