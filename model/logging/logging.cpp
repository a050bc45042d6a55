#include "model/logging/logging.hpp"

#include "model/state/device_state.hpp"

#include <array>

namespace asaemu {

Logging::Logging(Claims& claims) : state_(claims.state()) {}

void Logging::look_at_collectors(Context& /*context*/) {}

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
  declare_destinations(declare);
  declare_messages(declare);
  declare.exec<&Logging::show>("show logging", "Show how and how much is logged");
  declare.exec<&Logging::show_message>("show logging message [<number:id:100000-999999>]",
                                       "Show messages whose level or state was changed");
  declare.exec<&Logging::show_queue>("show logging queue", "Show the queue of messages");
  declare.exec<&Logging::show_rate_limit>("show running-config logging rate-limit",
                                          "Show the configured rate limits");
  declare.exec<&Logging::clear_buffer>("clear logging buffer", "Empty the buffer");
  declare.on<&Logging::on_interface>();
  declare.on<&Logging::on_hostname>();
  declare.on<&Logging::on_booted>();
}

void Logging::declare_destinations(Declarations<Logging>& declare) {
  declare.config<&Logging::set_filter>(
      "logging {trap|buffered|console|monitor} <word:level>",
      "Send messages of this level and more severe ones, or of this list, to a destination");
  declare.config<&Logging::set_filter>("no logging {trap|buffered|console|monitor} [<word:level>]",
                                       "Send nothing to a destination");
  declare.config<&Logging::set_class>(
      "logging class <word:class> {trap|buffered|console|monitor} <level:level>",
      "Give a class of messages a level of its own at a destination");
  declare.config<&Logging::set_class>(
      "no logging class <word:class> {trap|buffered|console|monitor} [<level:level>]",
      "Treat a class as all others at a destination");
  declare.config<&Logging::add_to_list>(
      "logging list <word:name> {level <level:level> [class <word:class>]|message <word:ids>}",
      "Add to a list the messages of a level, of a class, or with some ids");
  declare.config<&Logging::remove_list>("no logging list <word:name>", "Remove a list");
  declare.config<&Logging::set_buffer_size>("logging buffer-size <number:bytes:4096-1048576>",
                                            "Set the size of the buffer in bytes");
  declare.config<&Logging::set_buffer_size>("no logging buffer-size [<number:bytes:4096-1048576>]",
                                            "Return to a buffer of 4096 bytes");
  declare.config<&Logging::set_queue>("logging queue <number:messages:0-8192>",
                                      "Set the length of the queue; 0 is the longest there is");
  declare.config<&Logging::set_queue>("no logging queue [<number:messages:0-8192>]",
                                      "Return to a queue of 512 messages");
  declare.config<&Logging::add_host>(
      "logging host <nameif:interface> <ip:address> [<word:protocol>] [format emblem]",
      "Send messages to a syslog server: udp/PORT (17/PORT) or tcp/PORT (6/PORT)");
  declare.config<&Logging::remove_host>(
      "no logging host <nameif:interface> <ip:address> [<word:protocol>] [format emblem]",
      "Remove a syslog server");
}

void Logging::declare_messages(Declarations<Logging>& declare) {
  declare.config<&Logging::set_message>(
      "logging message <number:id:100000-999999> level <level:level>", "Change a message's level");
  declare.config<&Logging::enable_message>("logging message <number:id:100000-999999>",
                                           "Enable a disabled message");
  declare.config<&Logging::disable_message>("no logging message <number:id:100000-999999>",
                                            "Disable a message");
  declare.config<&Logging::set_message>(
      "no logging message <number:id:100000-999999> level [<level:level>]",
      "Return a message to its own level");
  declare.config<&Logging::set_rate_limit>(
      "logging rate-limit {unlimited|<number:messages:1-2147483647> "
      "[<number:seconds:1-2147483647>]} "
      "{level <level:level>|message <number:id:100000-999999>}",
      "Let only so many messages of a level, or with an id, pass in so many seconds");
  declare.config<&Logging::clear_rate_limit>(
      "no logging rate-limit [unlimited|<number:messages:1-2147483647> "
      "[<number:seconds:1-2147483647>]] {level <level:level>|message <number:id:100000-999999>}",
      "Return to the limits that messages have of themselves");
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
  buffer_header_.set_form(
      {.facility = facility_, .timestamp = timestamp_, .device_id = device_id_text()});
  for (Host& host : hosts_) {
    host.form.facility = facility_;
    host.form.timestamp = timestamp_;
    host.form.device_id = device_id_text();
    host.header.set_form(host.form);
  }
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
  const auto tell = [&](LoggedMessage::Fate fate) {
    if (environment_.witness == nullptr) return;
    environment_.witness->logged({now, calendar, &type, &wording, severity, fields, fate});
  };
  if (disabled) {
    ++account.disabled;
    tell(LoggedMessage::Fate::kDisabled);
    return;
  }
  if (!rates_.admit(now, type.def(), severity)) {
    ++account.rate_limited;
    tell(LoggedMessage::Fate::kRateLimited);
    return;
  }
  tell(LoggedMessage::Fate::kPassed);
  ++account.passed;
  ++environment_.message_counts[message_index];
  const MessageDef& def = type.def();
  if (console_.filter.takes(def, severity, lists_)) ++console_.logged;
  if (monitor_.filter.takes(def, severity, lists_)) ++monitor_.logged;
  if (buffered_.filter.takes(def, severity, lists_)) {
    keep(calendar, wording, type, severity, fields);
  }
  const bool is_for_hosts = trap_.takes(def, severity, lists_);
  for (Host& host : hosts_) {
    ++host.account->seen;
    if (is_for_hosts) {
      deliver(host, calendar, wording, type, severity, fields);
    } else {
      ++host.account->below_level;
    }
  }
  if (is_for_hosts && !hosts_.empty()) ++trap_logged_;
  if (environment_.witness != nullptr) environment_.witness->finished();
}

/// Puts a line into the buffer, without the PRI that only the wire needs.
void Logging::keep(CalendarTime calendar, const Wording& wording, const MessageType& type,
                   unsigned severity, const std::byte* fields) {
  std::array<char, Outlet::kLineMax + kRenderSlack> line;
  char* end = buffer_header_.write(line.data(), calendar, type.def(), severity);
  end = render_text(wording, type, fields, end);
  const std::string_view text(line.data(), static_cast<std::size_t>(end - line.data()));
  buffer_.add(text.substr(text.find('>') + 1));
  ++buffered_.logged;
}

void Logging::deliver(Host& host, CalendarTime calendar, const Wording& wording,
                      const MessageType& type, unsigned severity, const std::byte* fields) {
  ++host.account->offered;
  char* const begin = host.outlet->begin_line();
  char* out = begin;
  out = host.header.write(out, calendar, type.def(), severity);
  out = render_text(wording, type, fields, out);
  if (environment_.witness != nullptr) {
    environment_.witness->offered(*host.account, {begin, static_cast<std::size_t>(out - begin)});
  }
  *out++ = '\n';
  host.outlet->end_line(out, *host.account);
}

}  // namespace asaemu
