// Control plane: the queues over which the data path hands work to the control point, and what happens
// when the control point cannot follow.
//
// Scope: events that packets to the device itself put into the identity-traffic queue, events that the
//   world event `dp-events` puts into any queue; message 447001; show asp event dp-cp.
// Limitations: every queue is served at the same rate, the option `cp-event-rate`; inspections do not
//   punt their packets through these queues yet. Names of the queues are those of a device, their limits
//   and the rate are inferred.
// State: one backlog a queue, bounded by its limit; no timers.
// Validation: the layout of show asp event dp-cp against the command reference.
// References: asa-behaviour F (447001); syslog guide 447001.
#include "messages/control_plane.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/event_backlog.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

struct Queue {
  std::string_view name;  ///< as `show asp event dp-cp` prints it
  std::string_view word;  ///< as scenarios name it
  std::uint64_t limit;
};

constexpr auto kQueues =
    std::to_array<Queue>({{"Punt Event Queue", "punt", 2048},
                          {"Identity-Traffic Event Queue", "identity-traffic", 4096},
                          {"General Event Queue", "general", 4096},
                          {"Syslog Event Queue", "syslog", 8192},
                          {"Non-Blocking Event Queue", "non-blocking", 4096},
                          {"Midpath High Event Queue", "midpath-high", 2048},
                          {"Midpath Norm Event Queue", "midpath-norm", 2048},
                          {"HA Event Queue", "ha", 4096}});
constexpr std::size_t kIdentityTraffic = 1;

class ControlPlane final : public Subsystem {
 public:
  explicit ControlPlane(Claims& claims) {
    const auto rate = claims.option<std::uint64_t>("cp-event-rate");
    for (std::size_t i = 0; i < kQueues.size(); ++i) {
      backlogs_.at(i) = EventBacklog(kQueues.at(i).limit, rate);
    }
  }

  static void declare(Declarations<ControlPlane>& declare) {
    static constexpr auto kWords = [] {
      std::array<std::string_view, kQueues.size()> words{};
      for (std::size_t i = 0; i < words.size(); ++i) words[i] = kQueues[i].word;
      return words;
    }();
    declare.option(FieldDef{.name = "cp-event-rate", .kind = FieldKind::kNumber}, "5000",
                   "events a second that the control point takes out of each queue (inferred)");
    declare.exec<&ControlPlane::show>("show asp event dp-cp",
                                      "Show the queues from data path to control point");
    declare.world<&ControlPlane::on_events>(
        "dp-events", "the data path makes work for the control point, all at once",
        {{FieldDef{.name = "dp-events", .kind = FieldKind::kNumber}, "how many events"},
         {FieldDef{.name = "queue", .kind = FieldKind::kOneOf, .choices = kWords},
          "which queue they go to"}});
    declare.stage<&ControlPlane::receive>(PathStage::kInspection);
  }

 private:
  void on_events(Context& context, const Arguments& arguments) {
    const auto& word = arguments.get<std::string>("queue");
    for (std::size_t i = 0; i < kQueues.size(); ++i) {
      if (kQueues.at(i).word == word) {
        enqueue(context, i, arguments.get<std::uint64_t>("dp-events"));
      }
    }
  }

  /// A packet to the device itself is work for the control point; without room it is lost.
  Verdict receive(Context& context, Packet& packet) {
    const Interface& interface = context.state().interfaces[packet.in];
    if (!interface.has_address || packet.destination != interface.address) return Verdict::kPass;
    return enqueue(context, kIdentityTraffic, 1) ? Verdict::kPass : Verdict::kDrop;
  }

  /// Whether all events found room.
  bool enqueue(Context& context, std::size_t queue, std::uint64_t events) {
    EventBacklog& backlog = backlogs_.at(queue);
    if (backlog.add(context.now(), events) == 0) return true;
    context.emit(msg::ControlPointQueueFull{.queue = kQueues.at(queue).name,
                                            .length = backlog.length(context.now()),
                                            .limit = backlog.limit()});
    return false;
  }

  void show(Context& context, const Arguments&) {
    context.print("DP-CP EVENT QUEUE                  QUEUE-LEN  HIGH-WATER\n");
    for (std::size_t i = 0; i < kQueues.size(); ++i) {
      context.print(fmt::format("{:<32} {:>11} {:>11}\n", kQueues.at(i).name,
                                backlogs_.at(i).length(context.now()),
                                backlogs_.at(i).high_water()));
    }
    context.print("\nEVENT-TYPE                         ENQUEUED    ENQ-FAIL\n");
    for (std::size_t i = 0; i < kQueues.size(); ++i) {
      context.print(fmt::format("{:<32} {:>11} {:>11}\n", kQueues.at(i).word,
                                backlogs_.at(i).enqueued(), backlogs_.at(i).failed()));
    }
  }

  std::array<EventBacklog, kQueues.size()> backlogs_;
};

}  // namespace

void register_control_plane(Registry& registry);
void register_control_plane(Registry& registry) {
  registry.add<ControlPlane>("control_plane");
}

}  // namespace asaemu
