// The full buffer saved to flash or put on an FTP server.
#include "messages/logging.hpp"
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

constexpr std::string_view kFolder = "syslog";
constexpr std::uint64_t kKilobyte = 1024;

bool is_saved_log(const FlashEntry& entry) {
  return !entry.is_directory && Flash::parent_of(entry.path) == kFolder;
}

/// `LOG-2026-11-20-080030.TXT`, by the local clock.
std::string file_name(const TimeZone& zone, CalendarTime utc) {
  const CalendarTime time = zone.local(utc).time;
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("LOG-{:04}-{:02}-{:02}-{:02}{:02}{:02}.TXT", int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace

void Logging::clear_saves(Context&, const Arguments&) {
  saves_.clear();
}

void Logging::save_buffers(Context& context) {
  for (const Save& save : std::exchange(saves_, {})) {
    const std::string name = file_name(state_.time_zone, save.time);
    if (settings_.ftp_wrap && settings_.ftp_server) save_to_ftp(context, name);
    if (settings_.flash_wrap) save_to_flash(context, name, save.bytes);
  }
}

void Logging::save_to_ftp(Context& context, const std::string& name) {
  const IpAddress& server = settings_.ftp_server->address;
  const FtpServerState state = servers_.ftp.of(server);
  if (state == FtpServerState::kUp) return;
  const InterfaceId way = state_.routes.lookup(server, state_.interfaces);
  const std::string_view interface =
      way == kNoInterface ? std::string_view("unknown") : state_.interfaces[way].nameif;
  context.emit(msg::LogBufferFtpSaveFailed{.server = server,
                                           .filename = name,
                                           .interface = InterfaceName{interface},
                                           .reason = state == FtpServerState::kLoginRefused
                                                         ? "Invalid username or password"
                                                         : "Protocol error"});
}

/// Old logs make room for the new one, within what logs may take of flash and must leave free.
FlashResult Logging::save_to_flash(Context& context, const std::string& name, std::size_t bytes) {
  FlashResult result = FlashResult::kDone;
  if (state_.flash.find(kFolder) == nullptr) {
    context.publish(FlashWriteRequested{.path = kFolder, .is_directory = true, .result = result});
  }
  const auto fits = [&] {
    std::uint64_t taken = bytes;
    for (const FlashEntry& entry : state_.flash.all()) {
      if (is_saved_log(entry)) taken += entry.size;
    }
    return taken <= settings_.flash_allocation * kKilobyte &&
           state_.flash.free_bytes() >= bytes + settings_.flash_minimum_free * kKilobyte;
  };
  while (result == FlashResult::kDone && !fits()) {
    const auto& entries = state_.flash.all();
    const auto oldest = std::ranges::find_if(entries, is_saved_log);
    if (oldest == entries.end()) {
      result = FlashResult::kNoSpace;
      break;
    }
    const std::string path = oldest->path;
    context.publish(FlashRemoveRequested{.path = path, .result = result});
  }
  if (result == FlashResult::kDone) {
    const std::string path = fmt::format("{}/{}", kFolder, name);
    context.publish(FlashWriteRequested{.path = path, .size = bytes, .result = result});
  }
  if (result == FlashResult::kDone) return result;
  context.emit(msg::LogBufferFlashSaveFailed{
      .filename = name,
      .reason = result == FlashResult::kNoSpace ? "insufficient space" : "file system I/O error"});
  return result;
}

void Logging::save_log(Context& context, const Arguments& arguments) {
  const std::string name =
      arguments.get_or<std::string>("name", file_name(state_.time_zone, context.calendar()));
  if (save_to_flash(context, name, buffer_.bytes()) != FlashResult::kDone) {
    context.print("ERROR: Failed to save the logging buffer\n");
  }
}

}  // namespace asaemu
