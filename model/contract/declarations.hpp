// How a subsystem says what it answers: commands, world events, stages of the packet path, events
// of others.
#pragma once

#include "model/contract/registry.hpp"

namespace asaemu {

namespace detail {

template <class Handler>
struct HandlerTraits;

template <class S, class Result, class Argument>
struct HandlerTraits<Result (S::*)(Context&, Argument)> {
  using Class = S;
  using ArgumentType = std::remove_cvref_t<Argument>;
};

}  // namespace detail

/// Handed to S::declare(). Strings given here must live for ever (literals).
template <class S>
class Declarations {
 public:
  Declarations(Registry& registry, std::uint16_t subsystem)
      : registry_(registry), subsystem_(subsystem) {}

  /// A command: `void S::handler(Context&, const Arguments&)`. Patterns as in Grammar.
  template <auto kHandler>
  void command(Mode mode, std::string_view pattern, std::string_view help) {
    registry_.grammar_.add(Command{mode, pattern, help, subsystem_, &call<kHandler>});
  }

  /// A show or exec command of privileged mode.
  template <auto kHandler>
  void exec(std::string_view pattern, std::string_view help) {
    command<kHandler>(kPrivilegedMode, pattern, help);
  }

  /// A configuration command.
  template <auto kHandler>
  void config(std::string_view pattern, std::string_view help) {
    command<kHandler>(kConfigMode, pattern, help);
  }

  /// A world event: `void S::handler(Context&, const Arguments&)`.
  template <auto kHandler>
  void world(std::string_view name, std::string_view help, std::vector<WorldParameter> parameters) {
    ASAEMU_ASSERT(registry_.find_world_event(name) == nullptr);
    ASAEMU_ASSERT(!parameters.empty() && parameters.front().field.name == name);
    registry_.world_events_.push_back(
        WorldEvent{name, help, std::move(parameters), subsystem_, &call<kHandler>});
  }

  /// A world event that also happens to a device that is off or boots. The subsystem is then the one
  /// of the boot before: only Claims::kept() and requests to the device last.
  template <auto kHandler>
  void world_always(std::string_view name, std::string_view help,
                    std::vector<WorldParameter> parameters) {
    world<kHandler>(name, help, std::move(parameters));
    registry_.world_events_.back().reaches_dark_device = true;
  }

  /// A device option, read with Claims::option() when the subsystem is made. `otherwise` must be of
  /// the type.
  void option(FieldDef field, std::string_view otherwise, std::string_view help) {
    ASAEMU_ASSERT(field_from_string(field, otherwise).has_value());
    for (const OptionDef& other : registry_.options_) ASAEMU_ASSERT(other.field.name != field.name);
    registry_.options_.push_back(OptionDef{field, otherwise, help});
  }

  /// A stage of the packet path: `Verdict S::handler(Context&, Packet&)`.
  template <auto kHandler>
  void stage(PathStage stage) {
    registry_.add_stage({stage, subsystem_, [](Subsystem& self, Context& context, Packet& packet) {
                           return (static_cast<S&>(self).*kHandler)(context, packet);
                         }});
  }

  /// An event of another subsystem: `void S::handler(Context&, const E&)`.
  template <auto kHandler>
  void on() {
    using E = typename detail::HandlerTraits<decltype(kHandler)>::ArgumentType;
    registry_.listeners_[static_cast<std::size_t>(E::kKind)].push_back(
        {subsystem_, [](Subsystem& self, Context& context, const void* event) {
           (static_cast<S&>(self).*kHandler)(context, *static_cast<const E*>(event));
         }});
  }

  /// A packet field of this subsystem's own, or one that several look at (packet_content.hpp): then
  /// all must declare the same, and it counts as the first one's. Returns its number, for
  /// Packet::find().
  std::uint16_t packet_field(FieldDef field, std::string_view help) {
    for (const PacketFieldDef& known : registry_.packet_fields_) {
      if (known.field.name != field.name) continue;
      ASAEMU_ASSERT(!known.subsystem.empty() && known.field.kind == field.kind &&
                    known.help == help);
      return known.extra;
    }
    const auto number = static_cast<std::uint16_t>(registry_.packet_fields_.size());
    registry_.packet_fields_.push_back(
        PacketFieldDef{field, help,
                       [](Packet& packet, const FieldValue& value, std::uint16_t extra) {
                         packet.extras.push_back({extra, value});
                         return true;
                       },
                       number, registry_.types_[subsystem_].name});
    return number;
  }

  /// A packet field that makes the packet something else than an IP packet, so that a packet with
  /// it needs no `proto`.
  std::uint16_t packet_kind(FieldDef field, std::string_view help) {
    const std::uint16_t number = packet_field(field, help);
    registry_.packet_fields_[number].replaces_protocol = true;
    return number;
  }

 private:
  template <auto kHandler>
  static void call(Subsystem& self, Context& context, const Arguments& arguments) {
    (static_cast<S&>(self).*kHandler)(context, arguments);
  }

  Registry& registry_;
  std::uint16_t subsystem_;
};

template <class S>
void Registry::add(std::string_view name) {
  const auto index = static_cast<std::uint16_t>(types_.size());
  const auto make = [](Claims& claims) -> std::unique_ptr<Subsystem> {
    return std::make_unique<S>(claims);
  };
  const auto copy = [](const Subsystem& subsystem) -> std::unique_ptr<Subsystem> {
    if constexpr (std::is_copy_constructible_v<S>) {
      return std::make_unique<S>(static_cast<const S&>(subsystem));
    } else {
      return nullptr;
    }
  };
  types_.push_back(Type{name, make, copy, std::is_copy_constructible_v<S>});
  Declarations<S> declarations(*this, index);
  S::declare(declarations);
}

}  // namespace asaemu
