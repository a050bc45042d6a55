// Processes: signals to internal processes, the attributes of routes they own, the memory they share.
//
// Scope: the world events `process-signal` (a process is sent an event and handles it, if it can),
//   `route-attribute` (a routing client writes an attribute of a route) and `memory-leak`; messages 417001,
//   417004 and 417006; show processes, show memory.
// Limitations: which processes a device has, how many events each handles and what memory it needs is
//   ours; so are the names in 417004 and 417006. A process whose memory is short works with a reserve, as
//   the guide says of 417006, and gives all of it back when it is done. Routes are the static, learned and
//   connected ones, so their owners are `static` and `connected`.
// State: the memory that leaked, until the next boot; a counter a process.
// Validation: none against a device.
// References: syslog guide 417001 to 417006.
#include "messages/processes.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

struct Process {
  std::string_view name;
  std::uint64_t events;       ///< it handles 1 to this
  std::uint64_t bytes;        ///< it needs to handle one
  std::string_view purpose;   ///< of the memory
  std::string_view function;  ///< that asks for it
};

constexpr auto kProcesses =
    std::to_array<Process>({{"route_process", 12, 65'536, "route entry", "rib_update"},
                            {"arp_timer", 4, 4'096, "ARP entry", "arp_add"},
                            {"snmp", 8, 32'768, "response buffer", "snmp_encode"},
                            {"ssh_init", 6, 262'144, "session buffer", "ssh_session_start"},
                            {"tmatch_compile", 9, 4'194'304, "rule tree", "tmatch_compile_proc"}});

// Routing clients in the order in which they register; their place is their connection's number.
constexpr auto kClients =
    std::to_array<std::string_view>({"connected", "static", "rip", "ospf", "eigrp", "bgp"});

class Processes final : public Subsystem {
 public:
  explicit Processes(Claims& claims)
      : total_(claims.option<std::uint64_t>("memory-mb") << 20),
        used_at_boot_(
            total_ / 100 *
            std::min<std::uint64_t>(claims.option<std::uint64_t>("memory-used-percent"), 99)) {}

  static void declare(Declarations<Processes>& declare) {
    static constexpr auto kNames = [] {
      std::array<std::string_view, kProcesses.size()> names{};
      for (std::size_t i = 0; i < names.size(); ++i) names[i] = kProcesses[i].name;
      return names;
    }();
    static constexpr std::array<std::string_view, 4> kAttributes{"metric", "distance", "next-hop",
                                                                 "tag"};
    declare.option(FieldDef{.name = "memory-mb", .kind = FieldKind::kNumber}, "8192",
                   "memory of the device, in megabytes");
    declare.option(FieldDef{.name = "memory-used-percent", .kind = FieldKind::kNumber}, "25",
                   "part of it that is used after a boot");
    declare.exec<&Processes::show_memory>("show memory", "Show how much memory is free");
    declare.exec<&Processes::show_processes>("show processes", "Show the internal processes");
    declare.world<&Processes::on_signal>(
        "process-signal", "an internal process is sent an event",
        {{FieldDef{.name = "process-signal", .kind = FieldKind::kNumber}, "the event's number"},
         {FieldDef{.name = "process", .kind = FieldKind::kOneOf, .choices = kNames},
          "the process"}});
    declare.world<&Processes::on_attribute>(
        "route-attribute", "a routing client writes an attribute of a route",
        {{FieldDef{.name = "route-attribute", .kind = FieldKind::kOneOf, .choices = kAttributes},
          "the attribute"},
         {FieldDef{.name = "client", .kind = FieldKind::kOneOf, .choices = kClients}, "who writes"},
         {FieldDef{.name = "destination", .kind = FieldKind::kIp},
          "an address that the route leads to"}});
    declare.world<&Processes::on_leak>(
        "memory-leak", "a defect of the software loses memory until the next boot",
        {{FieldDef{.name = "memory-leak", .kind = FieldKind::kNumber}, "kilobytes"}});
  }

 private:
  [[nodiscard]] std::uint64_t free() const { return total_ - used_at_boot_ - leaked_; }

  void on_signal(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("process");
    const auto event = arguments.get<std::uint64_t>("process-signal");
    for (std::size_t i = 0; i < kProcesses.size(); ++i) {
      const Process& process = kProcesses.at(i);
      if (process.name != name) continue;
      if (event == 0 || event > process.events) {
        context.emit(msg::ProcessUnexpectedEvent{.event = event});
        return;
      }
      ++handled_.at(i);
      if (process.bytes <= free()) return;
      context.emit(
          msg::ProcessMemoryShort{.purpose = process.purpose, .function = process.function});
    }
  }

  void on_attribute(Context& context, const Arguments& arguments) {
    const auto& client = arguments.get<std::string>("client");
    const auto owner = owner_of(context, arguments.get<IpAddress>("destination"));
    if (owner.empty() || owner == client) return;
    const auto connection = static_cast<std::uint64_t>(
        std::find(kClients.begin(), kClients.end(), client) - kClients.begin() + 1);
    context.emit(
        msg::RouteFilterViolation{.connection = connection,
                                  .client = client,
                                  .attribute = arguments.get<std::string>("route-attribute"),
                                  .function = "rib_update"});
  }

  /// Whose route leads to the destination; empty if none does.
  static std::string_view owner_of(Context& context, const IpAddress& destination) {
    const auto& state = context.state();
    for (const Interface& interface : state.interfaces.all()) {
      const auto length = mask_length(interface.mask);
      if (!interface.has_address || !interface.line_up || !length) continue;
      if (IpPrefix(interface.address, *length).contains(destination)) return "connected";
    }
    const bool is_routed = state.routes.lookup(destination, state.interfaces) != kNoInterface;
    return is_routed ? "static" : "";
  }

  void on_leak(Context&, const Arguments& arguments) {
    leaked_ += std::min(free(), arguments.get<std::uint64_t>("memory-leak") << 10);
  }

  void show_memory(Context& context, const Arguments&) {
    const std::uint64_t used = total_ - free();
    const std::uint64_t used_percent = (used * 100 + total_ / 2) / total_;
    context.print(
        fmt::format("Free memory:        {:>12} bytes ({}%)\n"
                    "Used memory:        {:>12} bytes ({}%)\n"
                    "-------------     ------------------\n"
                    "Total memory:       {:>12} bytes (100%)\n",
                    free(), 100 - used_percent, used, used_percent, total_));
  }

  void show_processes(Context& context, const Arguments&) {
    context.print("    Events Process\n");
    for (std::size_t i = 0; i < kProcesses.size(); ++i) {
      context.print(fmt::format("{:>10} {}\n", handled_.at(i), kProcesses.at(i).name));
    }
  }

  std::uint64_t total_;
  std::uint64_t used_at_boot_;
  std::uint64_t leaked_ = 0;
  std::array<std::uint64_t, kProcesses.size()> handled_{};
};

}  // namespace

void register_processes(Registry& registry);
void register_processes(Registry& registry) {
  registry.add<Processes>("processes");
}

}  // namespace asaemu
