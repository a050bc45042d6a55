// Port channel show: what an operator sees of EtherChannels and of the partners' LACP.
//
// Scope: show port-channel [N] [brief], show port-channel [N] summary, show lacp [N] neighbor, show
//   lacp sys-id.
// Limitations: no `detail`, `load-balance` or `show lacp internal`; port numbers are those of our
//   ports.
// State: none; it reads the tables of interfaces and of port channels.
// Validation: the summary against a captured layout (asa-behaviour D.3); the others follow the
//   layouts of the command reference from memory, and no device.
// References: asa-behaviour D.3; ASA command reference, `show port-channel`, `show lacp`.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/group_report.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

class PortChannelShow final : public Subsystem {
 public:
  explicit PortChannelShow(Claims&) {}

  static void declare(Declarations<PortChannelShow>& declare) {
    declare.exec<&PortChannelShow::show_brief>("show port-channel [<number:channel:1-48>] [brief]",
                                               "Show port channels");
    declare.exec<&PortChannelShow::show_summary>(
        "show port-channel [<number:channel:1-48>] summary", "Show a line a port channel");
    declare.exec<&PortChannelShow::show_neighbors>("show lacp [<number:channel:1-48>] neighbor",
                                                   "Show what partners said by LACP");
    declare.exec<&PortChannelShow::show_system>("show lacp sys-id",
                                                "Show this system's LACP identity");
  }

 private:
  /// The channels that a command asks for: one that exists, or all.
  static std::vector<Channel> asked(Context& context, const Arguments& arguments) {
    std::vector<Channel> channels = context.state().channels.channels();
    if (const auto* number = arguments.find<std::uint64_t>("channel")) {
      std::erase_if(channels, [&](const Channel& channel) { return channel.number != *number; });
    }
    return channels;
  }

  void show_brief(Context& context, const Arguments& arguments) {
    context.print(port_channel_brief(context.state(), asked(context, arguments),
                                     default_max_bundle(context.release())));
  }

  void show_summary(Context& context, const Arguments& arguments) {
    context.print(port_channel_summary(context.state(), asked(context, arguments)));
  }

  void show_neighbors(Context& context, const Arguments& arguments) {
    context.print(lacp_neighbors(context.state(), asked(context, arguments)));
  }

  void show_system(Context& context, const Arguments&) {
    const LacpSystem system = lacp_identity(context.state().channels, context.state().interfaces);
    std::array<char, kPrintedValueMax> mac;
    const char* const end = system.mac.write(mac.data());
    context.print(fmt::format("{},{}\n", system.priority, std::string_view(mac.data(), end)));
  }
};

}  // namespace

void register_port_channel_show(Registry& registry);
void register_port_channel_show(Registry& registry) {
  registry.add<PortChannelShow>("port_channel_show");
}

}  // namespace asaemu
