// What happens to TCP syslog servers, and what the device makes of it (asa-behaviour A.5, A.6).
#include "messages/logging.hpp"
#include "messages/syslog_denial.hpp"
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"

#include <algorithm>

namespace asaemu {

bool Logging::has_tcp_host() const {
  return std::ranges::any_of(hosts_, &Host::tcp);
}

/// New connections may pass as long as one TCP server is there, and room in the queue.
bool Logging::must_deny() const {
  if (!settings_.enabled || settings_.permit_hostdown || is_standby_ || !has_tcp_host()) {
    return false;
  }
  const auto is_alive = [](const Host& host) { return host.tcp && !host.is_lost; };
  return queue_denies_ || std::ranges::none_of(hosts_, is_alive);
}

/// A full queue forbids new connections until all servers that are there take their lines again.
void Logging::look_at_queue() {
  const auto is_stuck = [](const Host& host) { return !host.is_lost && !host.flows; };
  queue_denies_ = queue_denies_ && std::ranges::any_of(hosts_, is_stuck);
}

/// Begins or ends the denial of new connections, if it is time, and says so.
void Logging::reconsider(Context& context, Why why) {
  const bool must = must_deny();
  if (must == policy_.denies_connections) return;
  policy_.denies_connections = must;
  if (must) {
    if (why == Why::kQueue) {
      context.emit(msg::SyslogQueueFull{});
    } else {
      context.emit(msg::NewConnectionsDisallowed{});
    }
    return;
  }
  switch (why) {
    case Why::kServer:
    case Why::kQueue:
      context.emit(msg::SyslogServerRestored{});
      return;
    case Why::kPolicy:
      context.emit(msg::SyslogHostdownPolicyChanged{});
      return;
    case Why::kRemoved:
      context.emit(msg::SyslogServerRemoved{});
      return;
    case Why::kDisabled:
      return;
  }
}

CollectorState Logging::state_of(const Host& host) const {
  if (!host.tcp) return CollectorState::kUp;
  const CollectorState state = servers_.collectors.of(host.address);
  const bool does_not_care = state == CollectorState::kCertificate && !host.secure;
  return does_not_care ? CollectorState::kUp : state;
}

/// A TCP server was configured, or the device has booted with it.
void Logging::connect(Context& context, Host& host) {
  if (!host.tcp) return;
  const CollectorState state = state_of(host);
  host.is_blocked = state == CollectorState::kBlocked;
  host.by_world = state != CollectorState::kUp && state != CollectorState::kBlocked;
  host.world = state;
  host.lost_since = context.calendar();
  // A transport that others use too, or that was there before a reload, knows its collector already.
  note_status(host);
  host.outlet_waits = !host.outlet->is_ready();
  host.announce_at = context.now() + kConnectTime;
  context.after(kConnectTime, kConnected, host.number);
  settle(context, host);
}

/// Draws the consequences of what is known of a server now.
void Logging::settle(Context& context, Host& host) {
  const bool lost = host.by_world || host.by_outlet;
  if (lost && !host.is_lost) {
    lose(context, host);
  } else if (!lost && host.is_lost) {
    restore(context, host);
  } else {
    resume(context, host);
  }
}

void Logging::lose(Context& context, Host& host) {
  host.is_lost = true;
  host.flows = false;
  host.lost_at = context.now();
  host.lost_since = context.calendar();
  host.is_announced = true;
  look_at_queue();
  if (is_standby_) return;
  const auto denied = must_deny() ? msg::SyslogServerNotResponding::Decision::kDenied
                                  : msg::SyslogServerNotResponding::Decision::kPermitted;
  context.emit(msg::SyslogServerNotResponding{.interface = InterfaceName{host.interface},
                                              .server = host.address,
                                              .port = host.port,
                                              .decision = denied});
  reconsider(context, Why::kServer);
}

void Logging::restore(Context& context, Host& host) {
  host.is_lost = false;
  resume(context, host);
  if (policy_.denies_connections) {
    reconsider(context, Why::kServer);
  } else if (settings_.permit_hostdown && !is_standby_) {
    context.emit(msg::SyslogServerConnected{
        .interface = InterfaceName{host.interface}, .server = host.address, .port = host.port});
  }
}

/// Says once that a server is connected, if that is what lets connections pass.
void Logging::announce(Context& context, Host& host) {
  const bool is_time = !host.is_announced && context.now() >= host.announce_at;
  if (!is_time || host.is_lost || host.is_connecting) return;
  host.is_announced = true;
  if (!settings_.permit_hostdown || is_standby_) return;
  context.emit(msg::SyslogServerConnected{
      .interface = InterfaceName{host.interface}, .server = host.address, .port = host.port});
}

/// Lets lines go straight to the host if it takes them. First of all it hears that a broken channel
/// is there again, then it gets what has waited.
void Logging::resume(Context& context, Host& host) {
  host.flows = !host.is_lost && !host.is_blocked && !host.outlet_waits && !host.is_connecting;
  if (!host.flows) return;
  if (host.channel_was_lost && !host.channel_down) {
    host.channel_was_lost = false;
    tell(
        context, host,
        msg::SyslogServerChannelRestored{
            .interface = InterfaceName{host.interface}, .server = host.address, .port = host.port});
  }
  release(context.calendar(), host);
  host.flows = !host.outlet_waits;
  if (!queue_denies_) return;
  look_at_queue();
  reconsider(context, Why::kQueue);
}

/// Hands over what has waited, as far as the host takes it.
void Logging::release(CalendarTime at, Host& host) {
  queue_.release(*host.account, [&](std::string_view line) {
    host.outlet_waits = !host.outlet->is_ready();
    if (host.outlet_waits) return false;
    char* const begin = host.outlet->begin_line();
    host.outlet->end_line(std::copy(line.begin(), line.end(), begin), *host.account, at,
                          environment_.index);
    return true;
  });
}

/// What the device has noticed stays so: a server that it takes for lost gets nothing.
std::size_t Logging::drain(CalendarTime at) {
  std::size_t left = 0;
  for (Host& host : hosts_) {
    if (queue_.is_empty()) break;
    const bool is_there = host.outlet->status().state != CollectorStatus::State::kDown;
    if (host.is_lost || host.is_blocked || !is_there) continue;
    release(at, host);
    left += queue_.waiting(*host.account);
  }
  return left;
}

template <class M>
void Logging::tell(Context& context, Host& host, const M& message) {
  LogAccount& account = *environment_.account;
  ++account.logged;
  const MessageType& type = environment_.catalogue->at(M::kIndex);
  const Wording& wording = type.wording(context.release());
  const auto change = overrides_.find(type.id());
  const bool is_changed = change != overrides_.end();
  const unsigned severity = is_changed && change->second.level != kNoLevel
                                ? static_cast<unsigned>(change->second.level)
                                : wording.severity();
  const auto* const fields = reinterpret_cast<const std::byte*>(&message);
  const auto tell_witness = [&](LoggedMessage::Fate fate) {
    if (environment_.witness == nullptr) return;
    environment_.witness->logged(
        {context.now(), context.calendar(), &type, &wording, severity, fields, fate});
  };
  if (!settings_.enabled || (is_changed && change->second.disabled)) {
    ++account.disabled;
    tell_witness(LoggedMessage::Fate::kDisabled);
    return;
  }
  if (!rates_.admit(context.now(), type.def(), severity)) {
    ++account.rate_limited;
    tell_witness(LoggedMessage::Fate::kRateLimited);
    return;
  }
  tell_witness(LoggedMessage::Fate::kPassed);
  ++account.passed;
  ++environment_.message_counts[M::kIndex];
  ++host.account->seen;
  if (!is_standby_ && trap_.takes(type.def(), severity, lists_)) {
    deliver(host, context.calendar(), wording, type, severity, fields);
    ++trap_logged_;
  } else {
    ++host.account->below_level;
  }
  if (environment_.witness != nullptr) environment_.witness->finished();
}

/// The device tries again at fixed times after the loss. Only a try that can succeed is worth a
/// timer: nothing polls.
void Logging::schedule_retry(Context& context, Host& host) {
  const auto since = context.now() - host.lost_at;
  const auto tries =
      std::max<SimDuration::rep>((since + retry_interval_ - SimDuration(1)) / retry_interval_, 1);
  context.cancel(host.retry);
  host.retry =
      context.after(host.lost_at + tries * retry_interval_ - context.now(), kRetry, host.number);
}

void Logging::on_collector(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("collector");
  const auto& state = arguments.get<std::string>("state");
  static constexpr std::array<std::pair<std::string_view, CollectorState>, 4> kLasting{
      {{"down", CollectorState::kDown},
       {"refused", CollectorState::kRefused},
       {"certificate", CollectorState::kCertificate},
       {"blocked", CollectorState::kBlocked}}};
  const auto lasting =
      std::ranges::find(kLasting, state, &std::pair<std::string_view, CollectorState>::first);
  const bool is_known = servers_.collectors.set(
      address, lasting == kLasting.end() ? CollectorState::kUp : lasting->second);
  if (!is_known || !context.is_running()) return;
  for (Host& host : hosts_) {
    if (host.tcp && host.address == address) apply(context, host, state);
  }
}

/// What the event does to a server's connection.
void Logging::apply(Context& context, Host& host, std::string_view event) {
  const CollectorState state = state_of(host);
  const CollectorState before = std::exchange(host.world, state);
  const bool answers = state == CollectorState::kUp || state == CollectorState::kBlocked;
  if (host.by_world) {
    if (answers) schedule_retry(context, host);
    return;
  }
  if (event == "channel-lost") {
    if (!host.channel_down) break_channel(context, host);
    return;
  }
  const bool is_silent = state == CollectorState::kDown;
  if (is_silent && before == state) return;
  context.cancel(host.give_up);
  // Nothing tells the device of a silent end; the lines that it sends are never acknowledged.
  if (is_silent) host.give_up = context.after(dead_time_, kGiveUp, host.number);
  host.is_blocked = is_silent || state == CollectorState::kBlocked;
  if (event == "closed" || (!answers && !is_silent)) break_off(host);
  settle(context, host);
  if (event == "closed") schedule_retry(context, host);
}

/// One of the channels breaks; the others carry the lines.
void Logging::break_channel(Context& context, Host& host) {
  ++tcp_.flaps;
  host.channel_was_lost = true;
  host.channel_down = true;
  host.lost_at = context.now();
  schedule_retry(context, host);
}

/// All channels break.
void Logging::break_off(Host& host) {
  ++tcp_.flaps;
  host.by_world = true;
  host.is_blocked = false;
  host.channel_was_lost = true;
  host.channel_down = false;
}

void Logging::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  if (tag == kSave) {
    save_buffers(context);
    return;
  }
  const auto found = std::ranges::find(hosts_, data, &Host::number);
  if (found == hosts_.end()) return;
  Host& host = *found;
  if (tag == kConnected) {
    announce(context, host);
    return;
  }
  if (tag == kGiveUp) {
    break_off(host);
  } else if (host.world == CollectorState::kUp || host.world == CollectorState::kBlocked) {
    host.by_world = false;
    host.channel_down = false;
    host.is_blocked = host.world == CollectorState::kBlocked;
  }
  settle(context, host);
}

void Logging::look_at_collectors(Context& context) {
  for (Host& host : hosts_) look_at(context, host);
}

void Logging::look_at(Context& context, Host& host) {
  const bool is_changed = note_status(host);
  const bool waits = !host.outlet->is_ready();
  if (!is_changed && waits == host.outlet_waits && (waits || host.flows)) return;
  host.outlet_waits = waits;
  settle(context, host);
  announce(context, host);
}

/// Takes over what the transport knows of a TCP server. False if it knows nothing new.
bool Logging::note_status(Host& host) {
  using State = CollectorStatus::State;
  const CollectorStatus status = host.outlet->status();
  if (!host.tcp || status.changes == host.seen_changes) return false;
  host.seen_changes = status.changes;
  const bool is_up = status.state == State::kUp;
  const bool is_complete = is_up && status.channels_up == status.channels;
  const bool has_answer = status.cause != CollectorStatus::Cause::kNone;
  host.by_outlet = !is_up && (status.state == State::kDown || has_answer);
  host.is_connecting = !is_up && !host.by_outlet;
  // Whatever has changed since all channels stood, one of them broke meanwhile.
  if (host.was_complete) {
    host.channel_was_lost = true;
    ++tcp_.flaps;
  }
  // A server that was lost is told of its return on the first channel that stands.
  host.channel_down = is_up && !is_complete && !host.is_lost;
  host.was_complete = is_complete;
  return true;
}

void Logging::on_ftp_server(Context&, const Arguments& arguments) {
  const auto& state = arguments.get<std::string>("state");
  servers_.ftp.set(arguments.get<IpAddress>("log-ftp-server"), state == "up" ? FtpServerState::kUp
                                                               : state == "down"
                                                                   ? FtpServerState::kDown
                                                                   : FtpServerState::kLoginRefused);
}

}  // namespace asaemu
