// What the show commands of logging print (asa-behaviour A.7, A.10).
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

void Logging::show(Context& context, const Arguments&) {
  context.print(
      fmt::format("Syslog logging: {}\n    Facility: {}\n    Timestamp logging: {}\n"
                  "    Hide Username logging: enabled\n    Standby logging: disabled\n"
                  "    Debug-trace logging: disabled\n",
                  enabled_ ? "enabled" : "disabled", facility_,
                  timestamp_ == Timestamp::kNone ? "disabled" : "enabled"));
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
                              trap_.describe(), facility_, trap_logged_));
  } else {
    context.print("    Trap logging: disabled\n");
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
  for (const std::string& line : buffer_.lines()) context.print(line + "\n");
}

void Logging::show_queue(Context& context, const Arguments&) {
  std::uint64_t discarded = 0;
  for (const Host& host : hosts_) discarded += host.account->dropped_queue;
  context.print(
      fmt::format("        Logging Queue length limit : {} msg(s)\n"
                  "        {} msg(s) discarded due to queue overflow\n"
                  "        0 msg(s) discarded due to memory allocation failure\n"
                  "        Current 0 msg on queue, 0 msgs most on queue\n",
                  queue_limit_, discarded));
}

void Logging::show_rate_limit(Context& context, const Arguments&) {
  for (const std::string& line : rates_.lines()) context.print(line + "\n");
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

}  // namespace asaemu
