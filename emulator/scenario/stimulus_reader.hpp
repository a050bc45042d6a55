// Reads what a step does: cli, packet, world or emit.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/scope.hpp"

namespace asaemu {

// Each complains about every mistake, and returns nullopt then.

/// A line, a block of lines, or a list of both. Blank lines and comments (`!`) are left out.
std::optional<Stimulus> read_cli(const Node& node, const Scope& scope);

/// `{in: outside, proto: tcp, src: …, dst: …, …}`, every value tried on a packet.
std::optional<Stimulus> read_packet(const Node& node, const Scope& scope);

/// `{link: GigabitEthernet0/0, state: down}`: the first key names the event.
std::optional<Stimulus> read_world(const Node& node, const Scope& scope);

/// `{message: shunned_packet, fields: {…}}`.
std::optional<Stimulus> read_emit(const Node& node, const Scope& scope, const Catalogue& catalogue);

}  // namespace asaemu
