// The configuration commands of logging.
#include "model/logging/logging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace asaemu {

namespace {

/// The class words that messages of the catalogue can have (asa-behaviour A.8).
bool is_class(std::string_view word) {
  static constexpr auto kClasses = std::to_array<std::string_view>(
      {"auth", "bridge", "ca",    "config", "dap",   "e-mail", "ha",      "ip",   "ipaa",
       "ips",  "np",     "npssl", "ospf",   "rip",   "rm",     "session", "snmp", "svc",
       "sys",  "vpdn",   "vpn",   "vpnc",   "vpnfo", "vpnlb",  "webvpn"});
  return std::ranges::find(kClasses, word) != kClasses.end();
}

/// Whether the name begins with the first three letters of a level, which no list's name may.
bool begins_like_level(std::string_view name) {
  for (unsigned level = 0; level < 8; ++level) {
    if (name.starts_with(severity_name(level).substr(0, 3))) return true;
  }
  return false;
}

/// `401004` or `402114-402120`.
std::optional<std::pair<std::uint32_t, std::uint32_t>> parse_ids(std::string_view text) {
  const auto parse_id = [](std::string_view digits) -> std::uint32_t {
    std::uint32_t id = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    return whole && id >= 100000 && id <= 999999 ? id : 0;
  };
  const auto dash = text.find('-');
  const std::uint32_t first = parse_id(text.substr(0, dash));
  const std::uint32_t last =
      dash == std::string_view::npos ? first : parse_id(text.substr(dash + 1));
  if (first == 0 || last < first) return std::nullopt;
  return std::pair(first, last);
}

}  // namespace

void Logging::set_enable(Context&, const Arguments& arguments) {
  enabled_ = !arguments.has("no");
}

void Logging::set_timestamp(Context&, const Arguments& arguments) {
  timestamp_ = arguments.has("rfc5424") ? Timestamp::kRfc5424 : Timestamp::kLegacy;
  renew_headers();
}

void Logging::clear_timestamp(Context&, const Arguments&) {
  timestamp_ = Timestamp::kNone;
  renew_headers();
}

void Logging::set_device_id(Context& context, const Arguments& arguments) {
  if (arguments.has("no")) {
    device_id_ = DeviceId::kNone;
  } else if (arguments.has("hostname")) {
    device_id_ = DeviceId::kHostname;
  } else if (arguments.has("ipaddress")) {
    device_id_ = DeviceId::kAddress;
    device_id_value_ = arguments.get<std::string>("interface");
  } else if (arguments.has("string")) {
    const auto& text = arguments.get<std::string>("text");
    if (text.size() > 16) {  // asa-behaviour A.1: at most 16 characters, no white space
      context.print("ERROR: The string may have at most 16 characters\n");
      return;
    }
    device_id_ = DeviceId::kString;
    device_id_value_ = text;
  } else {
    device_id_ = arguments.has("cluster-id") ? DeviceId::kClusterId : DeviceId::kContextName;
  }
  renew_headers();
}

void Logging::set_facility(Context&, const Arguments& arguments) {
  facility_ = static_cast<unsigned>(arguments.get_or<std::uint64_t>("facility", 20));
  renew_headers();
}

DestinationFilter* Logging::filter_of(const Arguments& arguments) {
  if (arguments.has("trap")) return &trap_;
  if (arguments.has("buffered")) return &buffered_.filter;
  if (arguments.has("console")) return &console_.filter;
  return &monitor_.filter;
}

void Logging::set_filter(Context& context, const Arguments& arguments) {
  DestinationFilter& filter = *filter_of(arguments);
  const auto* word = arguments.find<std::string>("level");
  if (arguments.has("no")) {
    filter.set_level(kNoLevel);
  } else if (const auto level = parse_severity(*word)) {
    filter.set_level(static_cast<int>(*level));
  } else if (lists_.contains(*word)) {
    filter.set_list(*word);
  } else {
    context.print(fmt::format("ERROR: {} is neither a level nor a logging list\n", *word));
  }
}

void Logging::set_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("class");
  if (!is_class(name)) {
    context.print(fmt::format("ERROR: Unknown message class {}\n", name));
    return;
  }
  const auto* level = arguments.find<std::uint64_t>("level");
  const bool ends = arguments.has("no") || level == nullptr;
  filter_of(arguments)->set_class(name, ends ? kNoLevel : static_cast<int>(*level));
}

void Logging::add_to_list(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (begins_like_level(name)) {
    context.print("ERROR: A list name must not begin like the name of a level\n");
    return;
  }
  if (lists_.size() == kListsMax && !lists_.contains(name)) {
    context.print(fmt::format("ERROR: At most {} lists can be configured\n", kListsMax));
    return;
  }
  if (const auto* level = arguments.find<std::uint64_t>("level")) {
    const auto event_class = arguments.get_or<std::string>("class", {});
    if (!event_class.empty() && !is_class(event_class)) {
      context.print(fmt::format("ERROR: Unknown message class {}\n", event_class));
      return;
    }
    lists_[name].add_level(static_cast<unsigned>(*level), event_class);
    return;
  }
  const auto& ids = arguments.get<std::string>("ids");
  const auto range = parse_ids(ids);
  if (!range) {
    context.print(fmt::format("ERROR: {} is no message ID and no range of them\n", ids));
    return;
  }
  lists_[name].add_ids(range->first, range->second);
}

void Logging::remove_list(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (lists_.erase(name) == 0) context.print(fmt::format("ERROR: There is no list {}\n", name));
}

void Logging::set_rate_limit(Context&, const Arguments& arguments) {
  const auto number = [&](std::string_view name, std::uint64_t otherwise) {
    return static_cast<std::uint32_t>(arguments.get_or<std::uint64_t>(name, otherwise));
  };
  const RateLimit limit = arguments.has("unlimited")
                              ? RateLimit{}
                              : RateLimit{number("messages", 0), number("seconds", 1)};
  if (const auto* level = arguments.find<std::uint64_t>("level")) {
    rates_.limit_level(static_cast<unsigned>(*level), limit);
  } else {
    rates_.limit_message(number("id", 0), limit);
  }
}

void Logging::clear_rate_limit(Context&, const Arguments& arguments) {
  if (const auto* level = arguments.find<std::uint64_t>("level")) {
    rates_.limit_level(static_cast<unsigned>(*level), {});
  } else {
    rates_.release_message(static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id")));
  }
}

void Logging::set_buffer_size(Context&, const Arguments& arguments) {
  const bool is_default = arguments.has("no");
  buffer_.set_size(is_default ? LogBuffer::kSizeDefault : arguments.get<std::uint64_t>("bytes"));
}

void Logging::clear_buffer(Context&, const Arguments&) {
  buffer_.clear();
}

void Logging::set_queue(Context&, const Arguments& arguments) {
  const auto wanted =
      arguments.has("no") ? kQueueDefault : arguments.get<std::uint64_t>("messages");
  queue_limit_ = wanted == 0 ? kQueueMax : wanted;
}

namespace {

struct HostProtocol {
  bool tcp;
  Port port;
};

/// `udp`, `tcp`, `udp/5514`, `tcp/1470`, `17/5514`, `6/1025`. Ports 1025 to 65535 (asa-behaviour
/// A.1), or the protocol's default.
std::optional<HostProtocol> parse_host_protocol(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view name = text.substr(0, slash);
  const bool tcp = name == "tcp" || name == "TCP" || name == "6";
  const bool udp = name == "udp" || name == "UDP" || name == "17";
  if (!tcp && !udp) return std::nullopt;
  HostProtocol protocol{tcp, Port{static_cast<std::uint16_t>(tcp ? 1470 : 514)}};
  if (slash == std::string_view::npos) return protocol;
  const FieldDef port_field{.name = "port", .kind = FieldKind::kPort};
  const auto port = parse_field(port_field, text.substr(slash + 1));
  if (!port) return std::nullopt;
  const Port given = std::get<Port>(*port);
  if (given.value < 1025 && given != protocol.port) return std::nullopt;
  protocol.port = given;
  return protocol;
}

}  // namespace

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
  if (host.form.emblem && host.tcp) {
    context.print("ERROR: EMBLEM format is only supported for UDP syslog hosts\n");
    return;
  }
  for (Host& known : hosts_) {
    if (known.address == host.address && known.interface == host.interface) {
      context.print("ERROR: Host already configured\n");
      return;
    }
  }
  if (hosts_.size() == kHostMax) {
    context.print(fmt::format("ERROR: At most {} syslog hosts can be configured\n", kHostMax));
    return;
  }
  host.account = &environment_.account->destination(
      fmt::format("{} {} {}/{}", host.interface, to_string(host.address), host.tcp ? "tcp" : "udp",
                  host.port.value));
  const InterfaceId via = state_.interfaces.find_nameif(host.interface);
  const bool has_source = via != kNoInterface && state_.interfaces[via].has_address;
  host.outlet = &environment_.outlets->outlet_for(
      environment_.device,
      LogHostSpec{host.interface, host.address, host.tcp, host.port,
                  has_source ? state_.interfaces[via].address : IpAddress{}, host.account});
  hosts_.push_back(std::move(host));
  renew_headers();
}

void Logging::remove_host(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("address");
  const auto& interface = arguments.get<std::string>("interface");
  const auto removed = std::erase_if(hosts_, [&](const Host& host) {
    return host.address == address && host.interface == interface;
  });
  if (removed == 0) context.print("ERROR: Host not configured\n");
}

void Logging::set_message(Context&, const Arguments& arguments) {
  Override& change = overrides_[static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id"))];
  const auto* level = arguments.find<std::uint64_t>("level");
  change.level = arguments.has("no") || level == nullptr ? kNoLevel : static_cast<int>(*level);
}

void Logging::disable_message(Context&, const Arguments& arguments) {
  overrides_[static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id"))].disabled = true;
}

void Logging::enable_message(Context&, const Arguments& arguments) {
  overrides_[static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id"))].disabled = false;
}

}  // namespace asaemu
