// Routing: static routes, and the question where a packet leaves.
//
// Scope: the `route` command and `show route`; connected networks come from the interface table,
//   default routes also from a PPPoE client; the counter of routes beside the table, which the world
//   event `route-counter` spoils and `clear ip route` puts right; message 408001; show route summary.
// Limitations: IPv4 only; no dynamic routing protocol, no tracked routes, no equal-cost sharing (the
//   first of several equal routes is used). The counter counts static and learned routes only. What
//   makes a real device miscount is a defect of its software, so the world says when it happens.
// State: the static and learned routes, at most RouteTable::kBound; one counter.
// Validation: none against a device; tests check that the longest prefix wins.
// References: ASA command reference, `route`; asa-behaviour G.2 for the console; syslog guide 408001.
#include "messages/routing.hpp"

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
    declare.exec<&Routing::show_summary>("show route summary", "Show how many routes there are");
    declare.exec<&Routing::recount>("clear ip route", "Count the routes anew");
    declare.on<&Routing::on_learned>();
    declare.world<&Routing::on_miscount>(
        "route-counter", "a defect of the software makes the counter of routes lose some",
        {{FieldDef{.name = "route-counter", .kind = FieldKind::kNumber}, "how many it loses"}});
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
    if (route && !enter(*route)) context.print("ERROR: Cannot add route, table is full\n");
  }

  void remove(Context& context, const Arguments& arguments) {
    const auto route = read(context, arguments);
    if (route && !withdraw(context, *route)) {
      context.print("ERROR: No matching route to delete\n");
    }
  }

  /// Adds a route and counts it, unless it replaces one.
  bool enter(const Route& route) {
    const std::size_t before = routes_.all().size();
    if (!routes_.add(route)) return false;
    count_ += routes_.all().size() - before;
    return true;
  }

  /// Removes a route and counts it out; the counter says so rather than fall below zero.
  bool withdraw(Context& context, const Route& route) {
    if (!routes_.remove(route.prefix, route.interface, route.gateway)) return false;
    if (count_ == 0) {
      context.emit(msg::IpRouteCounterNegative{});
    } else {
      --count_;
    }
    return true;
  }

  void on_learned(Context& context, const DefaultRouteLearned& event) {
    const Route route{IpPrefix(IpAddress(), 0), event.gateway, event.interface, event.distance};
    if (!event.present) {
      withdraw(context, route);
    } else {
      enter(route);  // A full table has no place for it, and no message of its own.
    }
  }

  void on_miscount(Context&, const Arguments& arguments) {
    count_ -= std::min(count_, arguments.get<std::uint64_t>("route-counter"));
  }

  void recount(Context&, const Arguments&) { count_ = routes_.all().size(); }

  void show_summary(Context& context, const Arguments&) {
    context.print(
        fmt::format("IP routing table maximum-paths is 8\nRoute Source    Networks\n"
                    "static          {}\n",
                    count_));
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
  std::uint64_t count_ = 0;
};

}  // namespace

void register_routing(Registry& registry);
void register_routing(Registry& registry) {
  registry.add<Routing>("routing");
}

}  // namespace asaemu
