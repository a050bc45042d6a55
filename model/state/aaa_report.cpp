#include "model/state/aaa_report.hpp"

#include "model/base/calendar_text.hpp"

#include <fmt/format.h>

namespace asaemu {

std::string describe_aaa_server(const AaaServerGroup& group, const AaaServer& server,
                                std::uint64_t pending,
                                const std::function<CalendarTime(SimTime)>& calendar) {
  std::string status;
  if (server.is_failed) {
    status = "FAILED, Server disabled at " + show_time(calendar(server.failed_since));
  } else if (server.authentications + server.authorizations == 0) {
    status = "ACTIVE, Last transaction at unknown";
  } else {
    status = "ACTIVE, Last transaction at " + show_time(calendar(server.last_transaction));
  }
  return fmt::format(
      "Server Group:    {}\n"
      "Server Protocol: {}\n"
      "Server Address:  {}\n"
      "Server status:   {}\n"
      "Number of pending requests              {}\n"
      "Number of authentication requests       {}\n"
      "Number of authorization requests        {}\n"
      "Number of accepts                       {}\n"
      "Number of timeouts                      {}\n"
      "\n",
      group.name, group.protocol, to_string(server.address), status, pending,
      server.authentications, server.authorizations, server.accepts, server.timeouts);
}

}  // namespace asaemu
