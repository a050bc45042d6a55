// What the show commands of logging print (asa-behaviour A.7, A.10).
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

std::string_view on_off(bool is_on) {
  return is_on ? "enabled" : "disabled";
}

/// `Tue, 28 Jun 2016 21:45:09 UTC`.
std::string loss_text(const TimeZone& zone, CalendarTime utc) {
  static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                         "Thu", "Fri", "Sat"};
  const TimeZone::Local local = zone.local(utc);
  std::array<char, kLegacyStampSize> stamp{};
  write_legacy_stamp(stamp.data(), local.time);
  const std::string_view text(stamp.data(), stamp.size());  // `Jun 28 2016 21:45:09`
  const auto day = std::chrono::floor<std::chrono::days>(local.time);
  return fmt::format("{}, {} {} {} {}", kDays.at(std::chrono::weekday(day).c_encoding()),
                     text.substr(4, 2), text.substr(0, 3), text.substr(7), local.name);
}

}  // namespace

/// Only a transport in real time writes in parts. Hosts that share one share its count.
std::uint64_t Logging::partial_writes() const {
  std::vector<const Outlet*> counted;
  std::uint64_t sum = 0;
  for (const Host& host : hosts_) {
    if (!host.tcp || std::ranges::find(counted, host.outlet) != counted.end()) continue;
    counted.push_back(host.outlet);
    sum += host.outlet->status().partial_writes;
  }
  return sum;
}

void Logging::show_hosts(Context& context) {
  for (const Host& host : hosts_) {
    const auto& account = *host.account;
    const std::string to =
        fmt::format("        Logging to {} {}", host.interface, to_string(host.address));
    if (!host.tcp) {
      // What the transport still gathers is on its way as far as a device can tell.
      const auto sent =
          account.offered - account.dropped_queue - account.dropped_error - queue_.waiting(account);
      context.print(fmt::format("{}, UDP TX:{} errors: {}  dropped: {}\n", to, sent,
                                account.dropped_error, account.dropped_queue));
      continue;
    }
    context.print(
        fmt::format("{} tcp/{}{} {}\n", to, host.port.value, host.secure ? " SECURE" : "",
                    host.is_lost || host.is_connecting
                        ? "Not connected since " + loss_text(state_.time_zone, host.lost_since)
                        : " Connected"));
  }
  constexpr unsigned kFirstWithCounters = 9;  // asa-behaviour A.10
  if (context.release().major < kFirstWithCounters) return;
  context.print(
      fmt::format("    Global TCP syslog stats::\n        NOT_PUTABLE: {}, ALL_CHANNEL_DOWN: {}\n"
                  "        CHANNEL_FLAP_CNT: {}, SYSLOG_PKT_LOSS: {}\n"
                  "        PARTIAL_REWRITE_CNT: {}\n",
                  tcp_.not_putable, tcp_.all_down, tcp_.flaps, tcp_.lost, partial_writes()));
}

void Logging::show(Context& context, const Arguments& arguments) {
  context.print(fmt::format(
      "Syslog logging: {}\n    Facility: {}\n    Timestamp logging: {}\n"
      "    Hide Username logging: {}\n    Standby logging: {}\n    Debug-trace logging: {}\n",
      on_off(settings_.enabled), settings_.facility,
      on_off(settings_.timestamp != Timestamp::kNone), on_off(settings_.hide_username),
      on_off(settings_.standby), on_off(settings_.debug_trace)));
  const auto print_local = [&](std::string_view name, const Local& local) {
    context.print(fmt::format("    {} logging: {}", name, local.filter.describe()));
    context.print(local.filter.is_on() ? fmt::format(", {} messages logged\n", local.logged)
                                       : "\n");
  };
  print_local("Console", console_);
  print_local("Monitor", monitor_);
  print_local("Buffer", buffered_);
  if (trap_.is_on()) {
    context.print(fmt::format("    Trap logging: {}, facility {}, {} messages logged\n",
                              trap_.describe(), settings_.facility, trap_logged_));
  } else {
    context.print("    Trap logging: disabled\n");
  }
  show_hosts(context);
  context.print(
      fmt::format("    Permit-hostdown logging: {}\n", on_off(settings_.permit_hostdown)));
  print_local("History", history_);
  context.print(fmt::format("    Device ID: {}\n", device_id_ == DeviceId::kNone
                                                       ? "disabled"
                                                       : fmt::format("'{}'", device_id_text())));
  print_local("Mail", mail_);
  print_local("ASDM", asdm_);
  if (arguments.has("setting")) return;
  for (const std::string& line : buffer_.lines()) context.print(line + "\n");
}

void Logging::show_asdm(Context& context, const Arguments&) {
  for (const std::string& line : asdm_lines_) context.print(line + "\n");
}

void Logging::show_queue(Context& context, const Arguments&) {
  context.print(
      fmt::format("        Logging Queue length limit : {} msg(s)\n"
                  "        {} msg(s) discarded due to queue overflow\n"
                  "        0 msg(s) discarded due to memory allocation failure\n"
                  "        Current {} msg on queue, {} msgs most on queue\n",
                  queue_.limit(), queue_.discarded(), queue_.size(), queue_.most()));
}

std::string Logging::describe_message(std::uint32_t id) const {
  const auto types = environment_.catalogue->find(id);
  const unsigned own = types.empty() ? 0 : types.front()->current().severity();
  std::string line = fmt::format("syslog {}: default-level {}", id, severity_name(own));
  const auto change = overrides_.find(id);
  const bool is_changed = change != overrides_.end();
  if (is_changed && change->second.level != kNoLevel) {
    line += fmt::format(", current-level {}",
                        severity_name(static_cast<unsigned>(change->second.level)));
  }
  return line + (is_changed && change->second.disabled ? " (disabled)\n" : " (enabled)\n");
}

void Logging::show_message(Context& context, const Arguments& arguments) {
  if (const auto* only = arguments.find<std::uint64_t>("id")) {
    const auto id = static_cast<std::uint32_t>(*only);
    const bool is_known = overrides_.contains(id) || !environment_.catalogue->find(id).empty();
    context.print(is_known ? describe_message(id)
                           : fmt::format("ERROR: Unknown syslog message ID {}\n", id));
    return;
  }
  if (!arguments.has("all")) {
    for (const auto& [id, change] : overrides_) context.print(describe_message(id));
    return;
  }
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < environment_.catalogue->size(); ++i) {
    const std::uint32_t id = environment_.catalogue->at(i).id();
    if (id != last) context.print(describe_message(id));
    last = id;
  }
}

}  // namespace asaemu
