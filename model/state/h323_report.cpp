#include "model/state/h323_report.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

/// The ends of a connection as these commands see them: local is the more secure side.
struct Ends {
  const Endpoint& local;
  const Endpoint& foreign;
};

Ends ends_of(const Connection& connection) {
  return connection.is_inbound ? Ends{connection.responder, connection.initiator}
                               : Ends{connection.initiator, connection.responder};
}

std::string socket_text(const Endpoint& end) {
  return fmt::format("{}/{}", to_string(end.address), end.port.value);
}

std::string media_text(const IpAddress& address, Port media, Port control) {
  return fmt::format("{} RTP {} RTCP {}", to_string(address), media.value, control.value);
}

/// The agreed channels of the call, the end of `local` second.
std::string channels_text(const H323Call& call, const IpAddress& local) {
  std::string text;
  for (const H323Channel& channel : call.channels) {
    if (channel.receiver_port == Port{}) continue;
    const Port opener_port{static_cast<std::uint16_t>(
        channel.opener_control == Port{} ? 0 : channel.opener_control.value - 1)};
    const std::string opener =
        media_text(channel.opener_media, opener_port, channel.opener_control);
    const std::string receiver =
        media_text(channel.receiver_media, channel.receiver_port, channel.receiver_control);
    const bool is_opened_here = channel.opener == local;
    text += fmt::format("        MEDIA: LCN {} Foreign {}\n", channel.number,
                        is_opened_here ? receiver : opener);
    text += fmt::format("                       Local   {}\n", is_opened_here ? opener : receiver);
  }
  return text;
}

}  // namespace

std::string h225_report(const H323Tables& tables, const ConnectionTable& connections) {
  std::string text = fmt::format("Total H.323 Calls: {}\n", tables.calls.size());
  for (auto at = tables.connections.begin(); at != tables.connections.end(); ++at) {
    const Connection* connection = connections.find(at.key());
    if (at->role != H323Role::kSignalling || connection == nullptr) continue;
    const Ends ends = ends_of(*connection);
    const std::string line = fmt::format("    Local:   {}   Foreign: {}\n", socket_text(ends.local),
                                         socket_text(ends.foreign));
    text += fmt::format("{} Concurrent Call(s) for\n{}", at->calls.size(), line);
    std::size_t number = 0;
    for (const std::uint16_t reference : at->calls) {
      text += fmt::format("    {}. CRV {}\n{}", ++number, reference, line);
    }
  }
  return text;
}

std::string h245_report(const H323Tables& tables, const ConnectionTable& connections) {
  std::string rows;
  std::size_t total = 0;
  for (auto at = tables.connections.begin(); at != tables.connections.end(); ++at) {
    const Connection* connection = connections.find(at.key());
    if (at->role != H323Role::kControl || connection == nullptr) continue;
    const Ends ends = ends_of(*connection);
    rows += fmt::format("{:<8}{:<24}0       {:<24}0\n", ++total, socket_text(ends.local),
                        socket_text(ends.foreign));
    if (const H323Call* call = tables.calls.find(at->call)) {
      rows += channels_text(*call, ends.local.address);
    }
  }
  return fmt::format("Total: {}\n        {:<24}TPKT    {:<24}TPKT\n{}", total, "LOCAL", "FOREIGN",
                     rows);
}

}  // namespace asaemu
