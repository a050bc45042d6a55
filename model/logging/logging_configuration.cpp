// Logging's part of the running configuration.
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

std::string Logging::host_line(const Host& host) const {
  std::string line = fmt::format("logging host {} {}", host.interface, to_string(host.address));
  // The protocol stands as its number; plain UDP is left out (asa-behaviour A.1).
  if (host.tcp || host.port != Port{514}) {
    line += fmt::format(" {}/{}", host.tcp ? 6 : 17, host.port.value);
  }
  if (host.form.emblem) line += " format emblem";
  if (host.own_timestamp) {
    line += host.own_timestamp == Timestamp::kLegacy ? " timestamp legacy" : " timestamp rfc5424";
  }
  if (host.secure) line += " secure";
  if (!host.reference_identity.empty()) line += " reference-identity " + host.reference_identity;
  return line;
}

std::vector<std::string> Logging::configuration() const {
  std::vector<std::string> lines;
  const auto add_if = [&](bool is_set, std::string line) {
    if (is_set) lines.push_back("logging " + std::move(line));
  };
  add_if(settings_.enabled, "enable");
  add_if(settings_.timestamp == Timestamp::kLegacy, "timestamp");
  add_if(settings_.timestamp == Timestamp::kRfc5424, "timestamp rfc5424");
  add_if(settings_.standby, "standby");
  if (!settings_.hide_username) lines.emplace_back("no logging hide username");
  add_if(settings_.emblem, "emblem");
  for (const auto& [name, list] : lists_) {
    for (const std::string& line : list.lines())
      add_if(true, fmt::format("list {} {}", name, line));
  }
  add_if(buffer_.size() != LogBuffer::kSizeDefault, fmt::format("buffer-size {}", buffer_.size()));
  add_if(asdm_size_ != kAsdmDefault, fmt::format("asdm-buffer-size {}", asdm_size_));
  const std::array<std::pair<std::string_view, const DestinationFilter*>, 7> filters{
      {{"console", &console_.filter},
       {"monitor", &monitor_.filter},
       {"buffered", &buffered_.filter},
       {"trap", &trap_},
       {"history", &history_.filter},
       {"asdm", &asdm_.filter},
       {"mail", &mail_.filter}}};
  for (const auto& [name, filter] : filters) {
    const std::string value = filter->value();
    add_if(!value.empty(), fmt::format("{} {}", name, value));
  }
  add_if(!settings_.from_address.empty(), "from-address " + settings_.from_address);
  for (const Recipient& recipient : settings_.recipients) {
    std::string line = "recipient-address " + recipient.address;
    if (recipient.level != kNoLevel) {
      line += fmt::format(" level {}", severity_name(static_cast<unsigned>(recipient.level)));
    }
    add_if(true, std::move(line));
  }
  add_if(settings_.facility != 20, fmt::format("facility {}", settings_.facility));
  add_if(queue_setting_ != LogQueue::kLimitDefault, fmt::format("queue {}", queue_setting_));
  add_if(device_id_ == DeviceId::kHostname, "device-id hostname");
  add_if(device_id_ == DeviceId::kAddress, "device-id ipaddress " + device_id_value_);
  add_if(device_id_ == DeviceId::kString, "device-id string " + device_id_value_);
  add_if(device_id_ == DeviceId::kContextName, "device-id context-name");
  add_if(device_id_ == DeviceId::kClusterId, "device-id cluster-id");
  for (const Host& host : hosts_) lines.push_back(host_line(host));
  add_if(settings_.debug_trace, "debug-trace");
  add_if(settings_.flash_minimum_free != kFlashMinimumFree,
         fmt::format("flash-minimum-free {}", settings_.flash_minimum_free));
  add_if(settings_.flash_allocation != kFlashAllocation,
         fmt::format("flash-maximum-allocation {}", settings_.flash_allocation));
  add_if(settings_.flash_wrap, "flash-bufferwrap");
  add_if(settings_.ftp_wrap, "ftp-bufferwrap");
  if (const auto& ftp = settings_.ftp_server) {
    add_if(true,
           fmt::format("ftp-server {} {} {} *****", to_string(ftp->address), ftp->path, ftp->user));
  }
  add_if(settings_.permit_hostdown, "permit-hostdown");
  for (const auto& [name, filter] : filters) {
    for (const auto& [event_class, level] : filter->classes()) {
      add_if(true, fmt::format("class {} {} {}", event_class, name,
                               severity_name(static_cast<unsigned>(level))));
    }
  }
  for (const auto& [id, change] : overrides_) {
    if (change.disabled) lines.push_back(fmt::format("no logging message {}", id));
    add_if(change.level != kNoLevel,
           fmt::format("message {} level {}", id,
                       severity_name(static_cast<unsigned>(change.level & 7))));
  }
  return lines;
}

void Logging::show_configuration(Context& context, const Arguments& arguments) {
  if (!arguments.has("rate-limit")) {
    for (const std::string& line : configuration()) context.print(line + "\n");
  }
  for (const std::string& line : rates_.lines()) context.print(line + "\n");
  if (!arguments.has("all")) return;
  // What the catalogue limits of itself, unless a command said otherwise.
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < environment_.catalogue->size(); ++i) {
    const MessageDef& message = environment_.catalogue->at(i).def();
    const bool is_news = message.id != last && !rates_.is_configured(message.id);
    last = message.id;
    if (!is_news || message.rate_limit.messages == 0) continue;
    context.print(fmt::format("logging rate-limit {} {} message {}\n", message.rate_limit.messages,
                              message.rate_limit.seconds, message.id));
  }
}

}  // namespace asaemu
