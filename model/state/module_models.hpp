// The service modules that a device knows: what each is called, what it runs, and which of them go
// together.
#pragma once

#include "model/state/platform.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asaemu {

enum class ModuleKind : std::uint8_t { kIps, kCsc, kCx, kSfr };

/// `ips`, `csc`, `cxsc`, `sfr`: the policy action that redirects to a module of this kind.
std::string_view module_feature(ModuleKind kind);

struct ModuleModel {
  std::string_view name;  ///< `ASA-SSM-10`; of software `ips`, `cxsc` or `sfr`
  ModuleKind kind = ModuleKind::kIps;
  bool is_software = false;
  unsigned ssp = 0;       ///< of a card for the second slot of an ASA5585: its class, 10 to 60
  std::string_view card;  ///< as `show module` describes it
  std::string_view application;  ///< that the device expects it to run
  std::string_view version;      ///< it is delivered with
  std::string_view oldest;       ///< version that the device works with
  std::uint64_t application_type = 0;
};

/// The model, if a device of this platform knows it; nullptr for any other.
const ModuleModel* find_module_model(const Platform& platform, std::string_view name);
/// The ids of software modules, in the order in which `show module` lists them.
std::span<const std::string_view> software_modules(const Platform& platform);
/// Whether the platform takes a card beside its main board.
bool has_module_slot(const Platform& platform);

/// The numbers in a version, `7.1(6)E4` being 7, 1, 6, 4; the first that differs decides.
std::strong_ordering compare_versions(std::string_view a, std::string_view b);
/// The version in an image's name, `6.2.3-4` of `disk0:/asasfr-5500x-boot-6.2.3-4.img`; `0` if it
/// names none.
std::string image_version(std::string_view url);

/// The main boards of an ASA5585.
std::span<const std::string_view> ssp_models();
/// The class of a main board or IPS card by its name: 20 for `ASA5585-SSP-20-K7`; 0 if it has none.
unsigned ssp_class(std::string_view model);
/// Whether both are of one class and both, or neither, restricted in encryption (K7).
bool go_together(std::string_view main_board, std::string_view card);

}  // namespace asaemu
