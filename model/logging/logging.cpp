#include "model/logging/logging.hpp"

#include "model/state/device_state.hpp"

#include <array>

namespace asaemu {

Logging::Logging(Claims& claims)
    : line_limit_(claims.option<std::uint64_t>("syslog-line-limit")),
      state_(claims.state()),
      policy_(claims.own(&DeviceState::syslog)),
      servers_(claims.kept<LogServers>()),
      retry_interval_(std::max<SimDuration>(claims.option<SimDuration>("syslog-retry"),
                                            std::chrono::seconds(1))),
      dead_time_(claims.option<SimDuration>("syslog-dead-time")) {}

std::uint16_t register_logging(Registry& registry) {
  const auto number = static_cast<std::uint16_t>(registry.types().size());
  registry.add<Logging>("logging");
  return number;
}

void Logging::on_interface(Context& context, const InterfaceConfigured& event) {
  const std::string& nameif = context.state().interfaces[event.interface].nameif;
  for (Host& host : hosts_) {
    if (!nameif.empty() && host.interface == event.former_nameif) host.interface = nameif;
  }
  if (!nameif.empty() && device_id_ == DeviceId::kAddress &&
      device_id_value_ == event.former_nameif) {
    device_id_value_ = nameif;
  }
  renew_headers();
}
void Logging::on_hostname(Context&, const HostnameChanged&) {
  renew_headers();
}
void Logging::on_time_zone(Context&, const TimeZoneChanged&) {
  renew_headers();
}
/// A standby unit has no TCP servers (asa-behaviour A.1); one that ceases to be one finds out about
/// each of them.
void Logging::on_failover(Context& context, const FailoverRoleChanged&) {
  const bool was_standby = is_standby_;
  refresh();
  if (was_standby == is_standby_) return;
  if (is_standby_) {
    for (const Host& host : hosts_) {
      if (host.tcp) queue_.forget(*host.account);
    }
    reconsider(context, Why::kDisabled);
    return;
  }
  for (Host& host : hosts_) {
    host.is_lost = false;
    settle(context, host);
  }
}

/// Connects to the servers of the startup configuration.
void Logging::on_booted(Context& context, const Booted&) {
  refresh();
  renew_headers();
  for (Host& host : hosts_) {
    if (host.outlet == nullptr) find_outlet(host);
    connect(context, host);
  }
}

void Logging::on_shutdown(Context&, const ShuttingDown&) {
  queue_.clear();
}

/// What follows from settings and the failover role for the way of a message.
void Logging::refresh() {
  counted_.clear();
  for (Local* local : {&console_, &monitor_, &history_, &mail_}) {
    if (local->filter.is_on()) counted_.push_back(local);
  }
  is_standby_ = state_.failover.unit == FailoverRole::kStandby;
  sends_ = settings_.standby || !is_standby_;
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
  buffer_header_.set_form({.facility = settings_.facility,
                           .timestamp = settings_.timestamp,
                           .emblem = settings_.emblem,
                           .device_id = device_id_text(),
                           .zone = &state_.time_zone});
  for (Host& host : hosts_) {
    host.form.facility = settings_.facility;
    host.form.timestamp = host.own_timestamp.value_or(settings_.timestamp);
    host.form.device_id = device_id_text();
    host.form.zone = &state_.time_zone;
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
  bool disabled = !settings_.enabled;
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
  for (Local* local : counted_) {
    if (local->filter.takes(def, severity, lists_)) ++local->logged;
  }
  const bool is_for_buffer = buffered_.filter.takes(def, severity, lists_);
  if (is_for_buffer || asdm_.filter.takes(def, severity, lists_)) {
    keep(calendar, wording, type, severity, fields);
  }
  const bool is_for_hosts = sends_ && trap_.takes(def, severity, lists_);
  for (Host& host : hosts_) {
    ++host.account->seen;
    if (is_for_hosts && !(host.tcp && is_standby_)) {
      deliver(host, calendar, wording, type, severity, fields);
    } else {
      ++host.account->below_level;
      if (environment_.witness != nullptr) environment_.witness->below_level(*host.account);
    }
  }
  if (is_for_hosts && !hosts_.empty()) ++trap_logged_;
  if (environment_.witness != nullptr) environment_.witness->finished();
}

/// Puts a line into the buffer, the ASDM buffer or both, without the PRI that only the wire needs.
void Logging::keep(CalendarTime calendar, const Wording& wording, const MessageType& type,
                   unsigned severity, const std::byte* fields) {
  std::array<char, Outlet::kLineMax + kRenderSlack> line;
  char* end = buffer_header_.write(line.data(), calendar, type.def(), severity);
  end = render_text(wording, type, fields, end);
  std::string_view text(line.data(), static_cast<std::size_t>(end - line.data()));
  text = text.substr(text.find('>') + 1);
  if (buffered_.filter.takes(type.def(), severity, lists_)) {
    ++buffered_.logged;
    const std::size_t full = buffer_.add(text);
    if (full != 0 && (settings_.flash_wrap || settings_.ftp_wrap)) {
      full_bytes_ = full;
      full_at_ = calendar;
      has_news_ = true;
    }
  }
  if (!asdm_.filter.takes(type.def(), severity, lists_)) return;
  ++asdm_.logged;
  if (asdm_lines_.size() == asdm_size_) asdm_lines_.pop_front();
  asdm_lines_.emplace_back(text);
}

/// Where a line has to end, so that it keeps to the limit with its LF.
char* Logging::cut(char* begin, char* end) const {
  const auto size = static_cast<std::size_t>(end - begin);
  return line_limit_ == 0 || size < line_limit_ ? end : begin + line_limit_ - 1;
}

void Logging::deliver(Host& host, CalendarTime calendar, const Wording& wording,
                      const MessageType& type, unsigned severity, const std::byte* fields) {
  ++host.account->offered;
  std::array<char, Outlet::kLineMax + kRenderSlack> waiting;
  char* const begin = host.flows ? host.outlet->begin_line() : waiting.data();
  char* const text = host.header.write(begin, calendar, type.def(), severity);
  char* out = cut(begin, render_text(wording, type, fields, text));
  if (environment_.witness != nullptr) {
    environment_.witness->offered(*host.account, {begin, static_cast<std::size_t>(out - begin)},
                                  static_cast<std::size_t>(text - begin));
  }
  *out++ = '\n';
  if (host.flows) [[likely]] {
    host.outlet->end_line(out, *host.account, calendar, environment_.index);
  } else {
    hold(host, {begin, static_cast<std::size_t>(out - begin)});
  }
}

/// A line waits until its host is ready for it.
void Logging::hold(Host& host, std::string_view line) {
  if (host.tcp) ++(host.is_lost ? tcp_.all_down : tcp_.not_putable);
  if (queue_.hold(environment_.account->passed, *host.account, line)) return;
  if (host.tcp) ++tcp_.lost;
  // A lost server has been dealt with; a connected one that takes nothing has not.
  if (!host.is_lost && !queue_denies_) has_overflowed_ = has_news_ = true;
}

void Logging::attend(Context& context) {
  has_news_ = false;
  if (full_bytes_ != 0) {
    if (saves_.empty()) context.after(kSaveTime, kSave);
    if (saves_.size() < kSavesMax) saves_.push_back({full_at_, full_bytes_});
    full_bytes_ = 0;
  }
  if (!has_overflowed_) return;
  has_overflowed_ = false;
  if (!has_tcp_host()) return;
  queue_denies_ = true;
  reconsider(context, Why::kQueue);
}

}  // namespace asaemu
