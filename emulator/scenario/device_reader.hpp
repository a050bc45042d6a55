// Reads the entries of `devices:`.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/scope.hpp"
#include "emulator/scenario/sources.hpp"

#include <unordered_map>

namespace asaemu {

/// Most devices of a scenario.
inline constexpr std::size_t kDevicesMax = 100'000;
/// Most bytes of all devices' configurations together.
inline constexpr std::size_t kConfigBytesMax = std::size_t{4} << 30;

/// Adds devices to a plan, file by file. `plan.seed` must be known.
class DeviceReader {
 public:
  DeviceReader(Plan& plan, const Scope& scope) : plan_(plan), scope_(scope) {}

  /// Reads the list in `node`, which stands in `source`.
  void read(const Source& source, const Node& node);

  /// The names of all variables that any device has, each once.
  [[nodiscard]] std::vector<std::string> variable_names() const;

 private:
  /// An entry's `name:`; for a single device `suffix` and the numbers say nothing.
  struct Names {
    std::string prefix;
    std::string suffix;
    std::uint64_t first = 1;
    std::uint64_t last = 1;
    std::size_t width = 0;  ///< digits of a number, 0 for a single device
    [[nodiscard]] std::string name(std::uint64_t number) const;
  };
  /// An entry's configuration before `{n}` is replaced.
  struct Config {
    std::string text;
    Position position;
  };

  void read_entry(const Source& source, const Node& node);
  std::optional<Names> read_names(const Node& node);
  std::optional<Names> read_numbers(const Node& node, const std::string& text);
  void read_platform(const Node& node, DeviceSpec& spec);
  void read_release(const Node& node, DeviceSpec& spec);
  void read_options(const Node* node, DeviceSpec& spec);
  std::optional<Config> read_config_file(const Source& source, const Node& node);
  void add_devices(const Node& name, const Names& names, const DeviceSpec& common,
                   const Config& config, std::vector<DeviceVariable> variables, const Node* source);
  std::vector<DeviceVariable> read_variables(const Node& node);
  std::optional<Generator> read_variable(const Node& node, std::string_view name);
  void read_source(const Node& node, const std::string& text, const DeviceIdentity& device,
                   std::uint32_t index);

  Plan& plan_;
  Scope scope_;
  std::unordered_map<std::string, Position> taken_;  ///< names, and where they were given
  std::size_t config_bytes_ = 0;
  bool is_full_ = false;  ///< too many devices; said once
};

}  // namespace asaemu
