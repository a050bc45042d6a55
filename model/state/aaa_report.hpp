// What `show aaa-server` prints of a server.
#pragma once

#include "model/state/aaa_servers.hpp"

#include <functional>

namespace asaemu {

/// `calendar` turns an instant into the device's date and time.
std::string describe_aaa_server(const AaaServerGroup& group, const AaaServer& server,
                                std::uint64_t pending,
                                const std::function<CalendarTime(SimTime)>& calendar);

}  // namespace asaemu
