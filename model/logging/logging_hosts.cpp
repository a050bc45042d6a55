// The configuration commands for syslog servers and the queue before them.
#include "model/logging/logging.hpp"
#include "model/state/platform.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::uint16_t kUdpDefault = 514;
constexpr std::uint16_t kTcpDefault = 1470;
constexpr std::uint16_t kPortMin = 1025;  ///< of configured ports (asa-behaviour A.1)

struct HostProtocol {
  bool tcp = false;
  Port port{kUdpDefault};
};

/// `udp`, `tcp`, `udp/5514`, `tcp/1470`, `17/5514`, `6/1025`. Ports 1025 to 65535, or the protocol's
/// default.
std::optional<HostProtocol> parse_host_protocol(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view name = text.substr(0, slash);
  const bool tcp = name == "tcp" || name == "TCP" || name == "6";
  const bool udp = name == "udp" || name == "UDP" || name == "17";
  if (!tcp && !udp) return std::nullopt;
  HostProtocol protocol{tcp, Port{tcp ? kTcpDefault : kUdpDefault}};
  if (slash == std::string_view::npos) return protocol;
  const FieldDef port_field{.name = "port", .kind = FieldKind::kPort};
  const auto port = parse_field(port_field, text.substr(slash + 1));
  if (!port) return std::nullopt;
  const Port given = std::get<Port>(*port);
  if (given.value < kPortMin && given != protocol.port) return std::nullopt;
  protocol.port = given;
  return protocol;
}

}  // namespace

/// Older and smaller platforms have shorter queues (asa-behaviour A.1).
std::uint64_t Logging::queue_max(const Platform& platform) {
  return platform.name == "ASA5505" ? 1024 : kQueueMax;
}

void Logging::set_queue(Context& context, const Arguments& arguments) {
  const std::uint64_t longest = queue_max(context.platform());
  const auto wanted = arguments.has("no") ? std::uint64_t{LogQueue::kLimitDefault}
                                          : arguments.get<std::uint64_t>("messages");
  if (wanted > longest) {
    context.print(
        fmt::format("ERROR: The queue of this platform has at most {} messages\n", longest));
    return;
  }
  queue_setting_ = wanted;
  queue_.set_limit(wanted == 0 ? longest : wanted);
}

void Logging::add_host(Context& context, const Arguments& arguments) {
  Host host;
  host.interface = arguments.get<std::string>("interface");
  host.address = arguments.get<IpAddress>("address");
  if (const auto* word = arguments.find<std::string>("protocol")) {
    const auto protocol = parse_host_protocol(*word);
    if (!protocol) {
      context.print(
          fmt::format("ERROR: invalid protocol or port {}; ports are 1025-65535\n", *word));
      return;
    }
    host.tcp = protocol->tcp;
    host.port = protocol->port;
  }
  host.form.emblem = arguments.has("emblem");
  if (arguments.has("timestamp")) {
    host.own_timestamp = arguments.has("legacy") ? Timestamp::kLegacy : Timestamp::kRfc5424;
  }
  if (host.form.emblem && host.tcp) {
    context.print("ERROR: EMBLEM format is only supported for UDP syslog hosts\n");
    return;
  }
  host.secure = arguments.has("secure");
  host.reference_identity = arguments.get_or<std::string>("name", {});
  if (host.secure && (!host.tcp || host.address.is_v6())) {
    context.print("ERROR: secure is only supported for TCP syslog hosts with an IPv4 address\n");
    return;
  }
  for (const Host& known : hosts_) {
    if (known.address == host.address && known.interface == host.interface) {
      context.print("ERROR: Host already configured\n");
      return;
    }
  }
  if (hosts_.size() == kHostMax) {
    context.print(fmt::format("ERROR: At most {} syslog hosts can be configured\n", kHostMax));
    return;
  }
  // In old configurations the keyword stands here; the command is a global one.
  if (arguments.has("permit-hostdown")) settings_.permit_hostdown = true;
  host.number = next_host_++;
  host.account = &environment_.account->destination(
      fmt::format("{} {} {}/{}", host.interface, to_string(host.address), host.tcp ? "tcp" : "udp",
                  host.port.value));
  if (context.is_booting() && !host.reference_identity.empty()) {
    // What this name stands for may come later in the configuration: lines wait until it is read.
    host.flows = false;
  } else {
    find_outlet(host);
  }
  hosts_.push_back(std::move(host));
  renew_headers();
  if (!context.is_booting()) {
    connect(context, hosts_.back());
    reconsider(context, Why::kServer);
  }
}

void Logging::remove_host(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("address");
  const auto& interface = arguments.get<std::string>("interface");
  const auto host = std::ranges::find_if(hosts_, [&](const Host& known) {
    return known.address == address && known.interface == interface;
  });
  if (host == hosts_.end()) {
    context.print("ERROR: Host not configured\n");
    return;
  }
  queue_.forget(*host->account);
  hosts_.erase(host);
  look_at_queue();
  reconsider(context, Why::kRemoved);
}

}  // namespace asaemu
