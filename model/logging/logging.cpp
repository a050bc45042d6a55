#include "model/logging/logging.hpp"

#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

Logging::Logging(Claims& claims) : state_(claims.state()) {}

std::uint16_t register_logging(Registry& registry) {
  const auto number = static_cast<std::uint16_t>(registry.types().size());
  registry.add<Logging>("logging");
  return number;
}

void Logging::declare(Declarations<Logging>& declare) {
  declare.config<&Logging::set_enable>("[no] logging {enable|on}", "Switch logging on");
  declare.config<&Logging::set_timestamp>("logging timestamp [rfc5424]",
                                          "Put the time into messages");
  declare.config<&Logging::clear_timestamp>("no logging timestamp [rfc5424]", "Leave the time out");
  declare.config<&Logging::set_device_id>(
      "logging device-id {hostname|ipaddress <nameif:interface> [system]|string <word:text>|"
      "context-name|cluster-id}",
      "Put the device's name or address into messages");
  declare.config<&Logging::set_device_id>("no logging device-id", "Leave the name out");
  declare.config<&Logging::set_facility>("logging facility <number:facility:16-23>",
                                         "Set the syslog facility");
  declare.config<&Logging::set_facility>("no logging facility", "Return to facility 20");
  declare.config<&Logging::set_trap>("logging trap <level:level>",
                                     "Send messages of this level and more severe ones to hosts");
  declare.config<&Logging::set_trap>("no logging trap", "Send nothing to hosts");
  declare.config<&Logging::add_host>(
      "logging host <nameif:interface> <ip:address> [<word:protocol>] [format emblem]",
      "Send messages to a syslog server: udp/PORT (17/PORT) or tcp/PORT (6/PORT)");
  declare.config<&Logging::remove_host>(
      "no logging host <nameif:interface> <ip:address> [<word:protocol>] [format emblem]",
      "Remove a syslog server");
  declare.config<&Logging::set_message>(
      "logging message <number:id:100000-999999> level "
      "<level:level>",
      "Change a message's level");
  declare.config<&Logging::enable_message>("logging message <number:id:100000-999999>",
                                           "Enable a disabled message");
  declare.config<&Logging::disable_message>("no logging message <number:id:100000-999999>",
                                            "Disable a message");
  declare.config<&Logging::set_message>(
      "no logging message <number:id:100000-999999> level "
      "[<level:level>]",
      "Return a message to its own level");
  declare.exec<&Logging::show>("show logging", "Show how and how much is logged");
  declare.exec<&Logging::show_message>("show logging message [<number:id:100000-999999>]",
                                       "Show messages whose level or state was changed");
  declare.on<&Logging::on_interface>();
  declare.on<&Logging::on_hostname>();
  declare.on<&Logging::on_booted>();
}

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

void Logging::set_trap(Context&, const Arguments& arguments) {
  const auto* level = arguments.find<std::uint64_t>("level");
  trap_level_ = level == nullptr ? kNoLevel : static_cast<int>(*level);
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
  host.outlet = &environment_.outlets->outlet_for(
      environment_.device, LogHostSpec{host.interface, host.address, host.tcp, host.port});
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

void Logging::show(Context& context, const Arguments&) {
  const auto level = [](int value) {
    return value == kNoLevel ? std::string_view("disabled")
                             : severity_name(static_cast<unsigned>(value));
  };
  context.print(
      fmt::format("Syslog logging: {}\n    Facility: {}\n    Timestamp logging: {}\n"
                  "    Hide Username logging: enabled\n    Standby logging: disabled\n"
                  "    Debug-trace logging: disabled\n    Console logging: disabled\n"
                  "    Monitor logging: disabled\n    Buffer logging: disabled\n",
                  enabled_ ? "enabled" : "disabled", facility_,
                  timestamp_ == Timestamp::kNone ? "disabled" : "enabled"));
  if (trap_level_ == kNoLevel) {
    context.print("    Trap logging: disabled\n");
  } else {
    context.print(fmt::format("    Trap logging: level {}, facility {}, {} messages logged\n",
                              level(trap_level_), facility_, trap_logged_));
  }
  for (const Host& host : hosts_) {
    const auto& account = *host.account;
    if (host.tcp) {
      context.print(fmt::format("        Logging to {} {} tcp/{}\n", host.interface,
                                to_string(host.address), host.port.value));
    } else {
      context.print(fmt::format("        Logging to {} {}, UDP TX:{} errors: {}  dropped: {}\n",
                                host.interface, to_string(host.address), account.sent,
                                account.dropped_error, account.dropped_queue));
    }
  }
  const std::string id = device_id_text();
  context.print(
      fmt::format("    Permit-hostdown logging: disabled\n    History logging: disabled\n"
                  "    Device ID: {}\n    Mail logging: disabled\n"
                  "    ASDM logging: disabled\n",
                  device_id_ == DeviceId::kNone ? "disabled" : fmt::format("'{}'", id)));
}

void Logging::show_message(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::uint64_t>("id");
  for (const auto& [id, change] : overrides_) {
    if (only != nullptr && id != *only) continue;
    const auto types = environment_.catalogue->find(id);
    const unsigned own = types.empty() ? 0 : types.front()->current().severity();
    std::string line = fmt::format("syslog {}: default-level {}", id, severity_name(own));
    if (change.level != kNoLevel) {
      line += fmt::format(", current-level {}", severity_name(static_cast<unsigned>(change.level)));
    }
    context.print(line + (change.disabled ? " (disabled)\n" : " (enabled)\n"));
  }
  if (only == nullptr || overrides_.contains(static_cast<std::uint32_t>(*only))) return;
  const auto types = environment_.catalogue->find(static_cast<std::uint32_t>(*only));
  if (types.empty()) {
    context.print(fmt::format("ERROR: Unknown syslog message ID {}\n", *only));
    return;
  }
  context.print(fmt::format("syslog {}: default-level {} (enabled)\n", *only,
                            severity_name(types.front()->current().severity())));
}

void Logging::on_interface(Context&, const InterfaceConfigured&) {
  renew_headers();
}
void Logging::on_hostname(Context&, const HostnameChanged&) {
  renew_headers();
}
void Logging::on_booted(Context&, const Booted&) {
  renew_headers();
}

std::string Logging::device_id_text() const {
  switch (device_id_) {
    case DeviceId::kNone:
      return {};
    case DeviceId::kHostname:
      return state_.identity.hostname;
    case DeviceId::kString:
      return device_id_value_;
    // A device in single mode calls its one context so in `show shun` (asa-behaviour B.3).
    case DeviceId::kContextName:
      return "single_vf";
    case DeviceId::kClusterId:
      return "0";
    case DeviceId::kAddress:
      break;
  }
  const InterfaceId id = state_.interfaces.find_nameif(device_id_value_);
  if (id == kNoInterface || !state_.interfaces[id].has_address) return {};
  return to_string(state_.interfaces[id].address);
}

void Logging::renew_headers() {
  for (Host& host : hosts_) {
    host.form.facility = facility_;
    host.form.timestamp = timestamp_;
    host.form.device_id = device_id_text();
    host.header.set_form(host.form);
  }
}

bool Logging::is_within_rate(SimTime now, const MessageDef& message) {
  if (message.rate_limit.messages == 0) return true;
  RateWindow& window = windows_[message.id];
  if (window.messages == 0 ||
      now - window.begin >= std::chrono::seconds(message.rate_limit.seconds)) {
    window = {now, 0};
  }
  if (window.messages >= message.rate_limit.messages) return false;
  ++window.messages;
  return true;
}

void Logging::log(SimTime now, CalendarTime calendar, const Release& release,
                  std::size_t message_index, const std::byte* fields) {
  LogAccount& account = *environment_.account;
  ++account.logged;
  const MessageType& type = environment_.catalogue->at(message_index);
  const Wording& wording = type.wording(release);
  unsigned severity = wording.severity();
  bool disabled = !enabled_;
  if (!overrides_.empty()) {
    if (const auto change = overrides_.find(type.id()); change != overrides_.end()) {
      disabled = disabled || change->second.disabled;
      if (change->second.level != kNoLevel) severity = static_cast<unsigned>(change->second.level);
    }
  }
  if (disabled) {
    ++account.disabled;
    return;
  }
  if (!is_within_rate(now, type.def())) {
    ++account.rate_limited;
    return;
  }
  ++account.passed;
  ++environment_.message_counts[message_index];
  bool is_sent = false;
  for (Host& host : hosts_) {
    ++host.account->seen;
    if (static_cast<int>(severity) > trap_level_) {
      ++host.account->below_level;
      continue;
    }
    is_sent = true;
    deliver(host, calendar, wording, type, severity, fields);
  }
  if (is_sent) ++trap_logged_;
}

void Logging::deliver(Host& host, CalendarTime calendar, const Wording& wording,
                      const MessageType& type, unsigned severity, const std::byte* fields) {
  ++host.account->offered;
  char* out = host.outlet->begin_line();
  out = host.header.write(out, calendar, type.def(), severity);
  out = render_text(wording, type, fields, out);
  *out++ = '\n';
  host.outlet->end_line(out, *host.account);
}

}  // namespace asaemu
