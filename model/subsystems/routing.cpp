// Routing: static routes, and the question where a packet leaves.
//
// Scope: the `route` command and `show route`; connected networks come from the interface table.
// Limitations: IPv4 only; no dynamic routing protocol, no tracked routes, no equal-cost sharing (the
//   first of several equal routes is used).
// State: the static routes, at most RouteTable::kBound.
// Validation: none against a device; tests check that the longest prefix wins.
// References: ASA command reference, `route`; asa-behaviour G.2 for the console.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

class Routing final : public Subsystem {
 public:
  explicit Routing(Claims& claims) : routes_(claims.own(&DeviceState::routes)) {}

  static void declare(Declarations<Routing>& declare) {
    declare.config<&Routing::add>(
        "route <nameif:interface> <ip:network> <ip:mask> <ip:gateway> [<number:metric:1-255>]",
        "Add a static route");
    declare.config<&Routing::remove>(
        "no route <nameif:interface> <ip:network> <ip:mask> <ip:gateway> [<number:metric:1-255>]",
        "Remove a static route");
    declare.exec<&Routing::show>("show route", "Show the routing table");
  }

 private:
  static std::optional<Route> read(Context& context, const Arguments& arguments) {
    const auto length = mask_length(arguments.get<IpAddress>("mask"));
    if (!length) {
      context.print("ERROR: Invalid netmask\n");
      return std::nullopt;
    }
    const auto& interfaces = context.state().interfaces;
    return Route{IpPrefix(arguments.get<IpAddress>("network"), *length),
                 arguments.get<IpAddress>("gateway"),
                 interfaces.find_nameif(arguments.get<std::string>("interface")),
                 static_cast<std::uint8_t>(arguments.get_or<std::uint64_t>("metric", 1))};
  }

  void add(Context& context, const Arguments& arguments) {
    const auto route = read(context, arguments);
    if (route && !routes_.add(*route)) context.print("ERROR: Cannot add route, table is full\n");
  }

  void remove(Context& context, const Arguments& arguments) {
    const auto route = read(context, arguments);
    if (route && !routes_.remove(route->prefix, route->interface, route->gateway)) {
      context.print("ERROR: No matching route to delete\n");
    }
  }

  void show(Context& context, const Arguments&) {
    const auto& interfaces = context.state().interfaces;
    context.print(
        "\nCodes: C - connected, L - local, S - static\n"
        "       * - candidate default\n\n");
    for (const auto& route : routes_.all()) {
      const bool is_default = route.prefix.length() == 0;
      context.print(fmt::format("{}        {} {} [{}/0] via {}, {}\n", is_default ? "S*" : "S ",
                                to_string(route.prefix.network()),
                                to_string(ipv4_mask(route.prefix.length())), route.metric,
                                to_string(route.gateway), interfaces[route.interface].nameif));
    }
    for (const auto& interface : interfaces.all()) {
      if (!interface.has_address || !interface.line_up || interface.nameif.empty()) continue;
      const IpPrefix network(interface.address, mask_length(interface.mask).value_or(32));
      context.print(fmt::format("C         {} {} is directly connected, {}\n",
                                to_string(network.network()), to_string(interface.mask),
                                interface.nameif));
      context.print(fmt::format("L         {} 255.255.255.255 is directly connected, {}\n",
                                to_string(interface.address), interface.nameif));
    }
  }

  RouteTable& routes_;
};

}  // namespace

void register_routing(Registry& registry);
void register_routing(Registry& registry) {
  registry.add<Routing>("routing");
}

}  // namespace asaemu
