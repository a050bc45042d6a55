// All subsystems of the program with what they declared: commands, world events, packet stages,
// packet fields.
#pragma once

#include "model/contract/grammar.hpp"
#include "model/contract/packet_path.hpp"
#include "model/contract/subsystem.hpp"

#include <array>
#include <memory>

namespace asaemu {

/// A typed parameter of a world event.
struct WorldParameter {
  FieldDef field;
  std::string_view help;
  bool required = true;
  /// What a text parameter names, so that `asaemu check` can look it up on the device.
  enum class Names : std::uint8_t { kNothing, kHardwareInterface } names = Names::kNothing;
};

/// Something outside the operator's and the traffic's reach that can happen to a device. In a
/// scenario it is written with its first parameter: `world: {link: GigabitEthernet0/0, state:
/// down}` is event `link`.
struct WorldEvent {
  std::string_view name;
  std::string_view help;
  std::vector<WorldParameter> parameters;  ///< the first is named like the event
  std::uint16_t subsystem = 0;
  CommandHandler handler = nullptr;
  bool reaches_dark_device = false;  ///< happens to a device that is off or boots, too
};

/// A setting of the emulation that no ASA command stands for: timings and orders that no trace
/// settles, bounds. Written in a scenario under the device's `options:`.
struct OptionDef {
  FieldDef field;
  std::string_view otherwise;  ///< the default, as text
  std::string_view help;
};

using PacketHandler = Verdict (*)(Subsystem&, Context&, Packet&);
using EventHandler = void (*)(Subsystem&, Context&, const void*);

class Registry {
 public:
  struct Type {
    std::string_view name;
    std::unique_ptr<Subsystem> (*make)(Claims&) = nullptr;
    /// A copy; of a subsystem that holds what cannot be copied, nullptr.
    std::unique_ptr<Subsystem> (*copy)(const Subsystem&) = nullptr;
    bool can_copy = false;
  };
  struct Stage {
    PathStage stage;
    std::uint16_t subsystem;
    PacketHandler handler;
  };
  struct Listener {
    std::uint16_t subsystem;
    EventHandler handler;
  };

  Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Subsystem S, named as its file, with everything S::declare(Declarations<S>&) says. See
  /// declarations.hpp.
  template <class S>
  void add(std::string_view name);

  [[nodiscard]] const std::vector<Type>& types() const { return types_; }
  [[nodiscard]] const Grammar& grammar() const { return grammar_; }
  [[nodiscard]] const std::vector<WorldEvent>& world_events() const { return world_events_; }
  [[nodiscard]] const std::vector<OptionDef>& options() const { return options_; }
  [[nodiscard]] const WorldEvent* find_world_event(std::string_view name) const;
  /// The packet path: every declared stage handler, in kPacketPath's order.
  [[nodiscard]] const std::vector<Stage>& path() const { return path_; }
  [[nodiscard]] const std::vector<Listener>& listeners(EventKind kind) const {
    return listeners_[static_cast<std::size_t>(kind)];
  }
  /// Base fields first, then the subsystems' own.
  [[nodiscard]] const std::vector<PacketFieldDef>& packet_fields() const { return packet_fields_; }

 private:
  template <class S>
  friend class Declarations;

  void add_stage(const Stage& stage);

  std::vector<Type> types_;
  Grammar grammar_;
  std::vector<WorldEvent> world_events_;
  std::vector<OptionDef> options_;
  std::vector<Stage> path_;
  std::array<std::vector<Listener>, static_cast<std::size_t>(EventKind::kCount)> listeners_;
  std::vector<PacketFieldDef> packet_fields_;
};

/// The program's registry: every file of model/subsystems, sorted by name, and the device's own
/// commands. Built at first use, then const.
const Registry& registry();

}  // namespace asaemu
