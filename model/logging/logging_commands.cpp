// The configuration commands of logging, without those for syslog servers.
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

/// Cannot be disabled (asa-behaviour A.1).
constexpr std::uint32_t kStartupCompleted = 199002;

constexpr auto kDestinations = std::to_array<std::string_view>(
    {"trap", "buffered", "console", "monitor", "history", "asdm", "mail"});

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    if (blank > 0) words.push_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return words;
}

}  // namespace

void Logging::set_enable(Context& context, const Arguments& arguments) {
  settings_.enabled = !arguments.has("no");
  reconsider(context, settings_.enabled ? Why::kServer : Why::kDisabled);
}

void Logging::set_flag(Context&, const Arguments& arguments) {
  static constexpr std::array<std::pair<std::string_view, bool Settings::*>, 6> kFlags{
      {{"standby", &Settings::standby},
       {"hide", &Settings::hide_username},
       {"debug-trace", &Settings::debug_trace},
       {"emblem", &Settings::emblem},
       {"flash-bufferwrap", &Settings::flash_wrap},
       {"ftp-bufferwrap", &Settings::ftp_wrap}}};
  for (const auto& [name, flag] : kFlags) {
    if (arguments.has(name)) settings_.*flag = !arguments.has("no");
  }
  refresh();
  renew_headers();
}

void Logging::set_permit_hostdown(Context& context, const Arguments& arguments) {
  settings_.permit_hostdown = !arguments.has("no");
  reconsider(context, Why::kPolicy);
}

void Logging::set_timestamp(Context&, const Arguments& arguments) {
  settings_.timestamp = arguments.has("rfc5424") ? Timestamp::kRfc5424 : Timestamp::kLegacy;
  renew_headers();
}

void Logging::clear_timestamp(Context&, const Arguments&) {
  settings_.timestamp = Timestamp::kNone;
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
  const bool is_default = arguments.has("no");
  settings_.facility =
      is_default ? 20 : static_cast<unsigned>(arguments.get<std::uint64_t>("facility"));
  renew_headers();
}

DestinationFilter* Logging::filter_named(std::string_view name) {
  const std::array<std::pair<std::string_view, DestinationFilter*>, 7> filters{
      {{"trap", &trap_},
       {"buffered", &buffered_.filter},
       {"console", &console_.filter},
       {"monitor", &monitor_.filter},
       {"history", &history_.filter},
       {"asdm", &asdm_.filter},
       {"mail", &mail_.filter}}};
  DestinationFilter* found = nullptr;
  for (const auto& [own, filter] : filters) {
    if (!own.starts_with(name)) continue;
    if (own == name) return filter;
    if (found != nullptr) return nullptr;
    found = filter;
  }
  return found;
}

void Logging::set_filter(Context& context, const Arguments& arguments) {
  DestinationFilter* filter = nullptr;
  for (const std::string_view name : kDestinations) {
    if (arguments.has(name)) filter = filter_named(name);
  }
  const auto* word = arguments.find<std::string>("level");
  if (arguments.has("no")) {
    filter->set_level(kNoLevel);
  } else if (const auto level = parse_severity(*word)) {
    filter->set_level(static_cast<int>(*level));
  } else if (lists_.contains(*word)) {
    filter->set_list(*word);
  } else {
    context.print(fmt::format("ERROR: {} is neither a level nor a logging list\n", *word));
  }
  refresh();
}

void Logging::set_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("class");
  if (!is_class(name)) {
    context.print(fmt::format("ERROR: Unknown message class {}\n", name));
    return;
  }
  const bool ends = arguments.has("no");
  const auto text = arguments.get_or<std::string>("levels", {});
  const std::vector<std::string_view> words = words_of(text);
  if (ends && words.empty()) {
    for (const std::string_view own : kDestinations) filter_named(own)->set_class(name, kNoLevel);
  }
  for (std::size_t at = 0; at < words.size(); ++at) {
    DestinationFilter* filter = filter_named(words[at]);
    const bool has_level = at + 1 < words.size();
    const auto level = has_level ? parse_severity(words[at + 1]) : std::nullopt;
    if (filter == nullptr || (!level && !ends)) {
      context.print(fmt::format("ERROR: {} is no destination with a level\n", words[at]));
      break;
    }
    filter->set_class(name, ends ? kNoLevel : static_cast<int>(*level));
    if (level) ++at;
  }
  refresh();
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

void Logging::set_asdm_size(Context&, const Arguments& arguments) {
  asdm_size_ = arguments.has("no") ? kAsdmDefault : arguments.get<std::uint64_t>("messages");
  while (asdm_lines_.size() > asdm_size_) asdm_lines_.pop_front();
}

void Logging::clear_asdm(Context&, const Arguments&) {
  asdm_lines_.clear();
}

void Logging::set_flash(Context&, const Arguments& arguments) {
  const bool is_default = arguments.has("no");
  const auto size = arguments.get_or<std::uint64_t>("kilobytes", 0);
  if (arguments.has("flash-maximum-allocation")) {
    settings_.flash_allocation = is_default ? kFlashAllocation : size;
  } else {
    settings_.flash_minimum_free = is_default ? kFlashMinimumFree : size;
  }
}

void Logging::set_ftp_server(Context&, const Arguments& arguments) {
  settings_.ftp_server.reset();
  if (arguments.has("no")) return;
  settings_.ftp_server =
      FtpServer{arguments.get<IpAddress>("address"), arguments.get<std::string>("path"),
                arguments.get<std::string>("user")};
}

void Logging::set_from_address(Context&, const Arguments& arguments) {
  settings_.from_address = arguments.has("no") ? "" : arguments.get<std::string>("address");
}

void Logging::set_recipient(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<std::string>("address");
  auto& recipients = settings_.recipients;
  std::erase_if(recipients, [&](const Recipient& known) { return known.address == address; });
  if (arguments.has("no")) return;
  if (recipients.size() == kRecipientMax) {
    context.print(fmt::format("ERROR: At most {} recipients can be configured\n", kRecipientMax));
    return;
  }
  const auto* level = arguments.find<std::uint64_t>("level");
  recipients.push_back({address, level != nullptr ? static_cast<int>(*level) : kNoLevel});
}

/// Remembers only what is not as it was.
void Logging::change_message(std::uint32_t id, const Override& change) {
  if (change.disabled || change.level != kNoLevel) {
    overrides_[id] = change;
  } else {
    overrides_.erase(id);
  }
}

void Logging::set_message(Context&, const Arguments& arguments) {
  const auto id = static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id"));
  const auto known = overrides_.find(id);
  Override change = known == overrides_.end() ? Override{} : known->second;
  const auto* level = arguments.find<std::uint64_t>("level");
  change.level = arguments.has("no") || level == nullptr ? kNoLevel : static_cast<int>(*level);
  change_message(id, change);
}

void Logging::disable_message(Context& context, const Arguments& arguments) {
  const auto id = static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id"));
  if (id == kStartupCompleted) {
    context.print(fmt::format("ERROR: Message {} cannot be disabled\n", id));
    return;
  }
  overrides_[id].disabled = true;
}

void Logging::enable_message(Context&, const Arguments& arguments) {
  const auto id = static_cast<std::uint32_t>(arguments.get<std::uint64_t>("id"));
  const auto known = overrides_.find(id);
  if (known != overrides_.end()) change_message(id, {.level = known->second.level});
}

void Logging::clear_configuration(Context& context, const Arguments& arguments) {
  const bool levels = arguments.has("level");
  if (levels || arguments.has("disabled")) {
    for (const auto& [id, change] : std::map(overrides_)) {
      change_message(
          id, levels ? Override{.disabled = change.disabled} : Override{.level = change.level});
    }
    return;
  }
  rates_ = {};
  if (arguments.has("rate-limit")) return;
  for (const Host& host : hosts_) queue_.forget(*host.account);
  hosts_.clear();
  settings_ = {};
  device_id_ = DeviceId::kNone;
  overrides_.clear();
  lists_.clear();
  trap_ = {};
  for (Local* local : {&console_, &monitor_, &history_, &mail_, &buffered_, &asdm_}) {
    local->filter = {};
  }
  buffer_.set_size(LogBuffer::kSizeDefault);
  asdm_size_ = kAsdmDefault;
  queue_setting_ = LogQueue::kLimitDefault;
  queue_.set_limit(LogQueue::kLimitDefault);
  refresh();
  renew_headers();
  reconsider(context, Why::kDisabled);
}

}  // namespace asaemu
