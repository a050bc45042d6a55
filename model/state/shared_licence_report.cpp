#include "model/state/shared_licence_report.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

std::string requests_line(std::string_view name, const SharedRequests& requests) {
  return fmt::format("    {:<19}: {} / {} / {}\n", name, requests.sent,
                     requests.sent - requests.failed, requests.failed);
}

std::string main_server_part(const SharedLicenceView& view) {
  const bool is_active = view.config.would_register_at(view.config.server);
  return fmt::format(
      "Primary License Server : {}\n"
      "  Version              : 1\n"
      "  Status               : {}\n\n",
      to_string(view.config.server), is_active ? "Active" : "Inactive");
}

std::string backup_part(const SharedLicenceView& view) {
  return fmt::format(
      "Backup License Server Info:\n\n"
      "Device ID              : {}\n"
      "Address                : {}\n"
      "Registered             : {}\n\n",
      view.backup_id, to_string(view.backup), view.is_backup_there ? "YES" : "NO");
}

std::string network_part(const SharedLicenceView& view) {
  // A participant knows of the pool only what it got itself.
  const std::uint32_t total = view.is_lending ? view.pool.capacity() : view.use.pool;
  const std::uint32_t used = view.is_lending ? view.pool.lent() : view.use.held;
  return fmt::format(
      "Shared license utilization:\n"
      "  SSLVPN:\n"
      "    Total for network  : {:>6}\n"
      "    Available          : {:>6}\n"
      "    Utilized           : {:>6}\n",
      total, total > used ? total - used : 0, used);
}

std::string device_part(const SharedLicenceView& view) {
  std::string text = fmt::format(
      "  This device:\n"
      "    Platform limit     : {:>6}\n"
      "    Current usage      : {:>6}\n"
      "    High usage         : {:>6}\n"
      "  Messages Tx/Rx/Error:\n",
      view.platform_limit, view.use.in_use, view.use.most_used);
  text += requests_line("Registration", view.use.registration);
  text += requests_line("Get", view.use.get);
  text += requests_line("Release", view.use.release);
  text += requests_line("Transfer", view.use.transfer);
  return text;
}

std::string clients_part(const SharedPool& pool) {
  std::string text = "\nClient Info:\n";
  for (const SharedClient& client : pool.clients()) {
    if (!client.is_registered) continue;
    text += fmt::format(
        "\nDevice ID              : {}\n"
        "SSLVPN:\n"
        "  Current usage        : {}\n"
        "  High                 : {}\n"
        "  Messages Tx/Rx/Error:\n",
        client.id, client.lent, client.most_lent);
    text += requests_line("Registration", client.registrations);
    text += requests_line("Get", client.gets);
    text += requests_line("Release", client.releases);
  }
  return text;
}

}  // namespace

std::string describe_shared_licence(const SharedLicenceView& view, bool detail) {
  std::string text;
  if (view.config.has_server()) text += main_server_part(view);
  if (detail && view.backup != IpAddress()) text += backup_part(view);
  text += network_part(view) + device_part(view);
  if (detail && view.is_lending) text += clients_part(view.pool);
  return text;
}

}  // namespace asaemu
