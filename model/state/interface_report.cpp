#include "model/state/interface_report.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

std::string_view status_word(const Interface& interface) {
  if (!interface.admin_up) return "administratively down";
  return interface.link_up ? "up" : "down";
}

std::string rates(const Interface& interface, SimTime now, unsigned minutes) {
  const auto in = interface.traffic.rate(now, TrafficMeter::kInput, minutes);
  const auto out = interface.traffic.rate(now, TrafficMeter::kOutput, minutes);
  const auto dropped = interface.traffic.rate(now, TrafficMeter::kDropped, minutes);
  return fmt::format(
      "      {0} minute input rate {1} pkts/sec,  {2} bytes/sec\n"
      "      {0} minute output rate {3} pkts/sec,  {4} bytes/sec\n"
      "      {0} minute drop rate, {5} pkts/sec\n",
      minutes, in.packets, in.bytes, out.packets, out.bytes, dropped.packets);
}

std::string named_part(const Interface& interface, SimTime now) {
  const auto& in = interface.traffic.total(TrafficMeter::kInput);
  const auto& out = interface.traffic.total(TrafficMeter::kOutput);
  const auto& dropped = interface.traffic.total(TrafficMeter::kDropped);
  std::string text = fmt::format(
      "  Traffic Statistics for \"{}\":\n"
      "        {} packets input, {} bytes\n"
      "        {} packets output, {} bytes\n"
      "        {} packets dropped\n",
      interface.nameif, in.packets, in.bytes, out.packets, out.bytes, dropped.packets);
  text += rates(interface, now, 1);
  text += rates(interface, now, 5);
  if (interface.management_only) {
    text += "        Management-only interface. Blocked 0 through-the-device packets\n";
  }
  return text;
}

std::string address_part(const Interface& interface) {
  std::array<char, kPrintedValueMax> mac;
  std::string text = fmt::format(
      "        MAC address {}, MTU 1500\n",
      std::string_view(mac.data(),
                       static_cast<std::size_t>(interface.mac.write(mac.data()) - mac.data())));
  if (interface.has_address) {
    text += fmt::format("        IP address {}, subnet mask {}\n", to_string(interface.address),
                        to_string(interface.mask));
  } else {
    text += "        IP address unassigned\n";
  }
  return text;
}

/// `Auto-Duplex(Full-duplex), Auto-Speed(1000 Mbps)`; what is in brackets is known of a live link
/// only.
std::string link_line(const Interface& interface) {
  const std::string_view duplex = interface.configured.duplex == Duplex::kFull   ? "Full-Duplex"
                                  : interface.configured.duplex == Duplex::kHalf ? "Half-Duplex"
                                                                                 : "Auto-Duplex";
  const std::string speed = interface.configured.speed_mbps == 0
                                ? std::string("Auto-Speed")
                                : fmt::format("{} Mbps", interface.configured.speed_mbps);
  if (!interface.line_up) return fmt::format("        {}, {}\n", duplex, speed);
  return fmt::format("        {}({}-duplex), {}({} Mbps)\n", duplex,
                     interface.is_full_duplex ? "Full" : "Half", speed, interface.speed_mbps);
}

std::string hardware_part(const Interface& interface, const Platform& platform,
                          const GroupNotes& notes) {
  const auto& in = interface.traffic.total(TrafficMeter::kInput);
  const auto& out = interface.traffic.total(TrafficMeter::kOutput);
  const std::string_view chip = notes.hardware.empty() ? platform.port_chip : notes.hardware;
  std::string text =
      fmt::format("  Hardware is {}, BW {} Mbps, DLY 10 usec\n", chip, interface.speed_mbps);
  text += link_line(interface);
  text += "        Input flow control is unsupported, output flow control is off\n";
  if (!interface.description.empty()) {
    text += fmt::format("        Description: {}\n", interface.description);
  }
  if (!notes.member_of.empty()) {
    text += fmt::format("        {}\n", notes.member_of);
  } else if (interface.nameif.empty()) {
    text += "        Available but not configured via nameif\n";
  }
  text += address_part(interface);
  text += fmt::format(
      "        {} packets input, {} bytes, 0 no buffer\n"
      "        Received 0 broadcasts, 0 runts, 0 giants\n"
      "        0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort\n"
      "        0 pause input, 0 resume input\n"
      "        0 L2 decode drops\n"
      "        {} packets output, {} bytes, 0 underruns\n"
      "        0 pause output, 0 resume output\n"
      "        0 output errors, 0 collisions, {} interface resets\n"
      "        0 late collisions, 0 deferred\n"
      "        0 input reset drops, 0 output reset drops\n"
      "        input queue (blocks free curr/low): hardware (511/511)\n"
      "        output queue (blocks free curr/low): hardware (511/511)\n",
      in.packets, in.bytes, out.packets, out.bytes, interface.resets);
  return text;
}

}  // namespace

std::string describe_interface(const Interface& interface, const Platform& platform, SimTime now,
                               const GroupNotes& notes) {
  std::string text =
      fmt::format("Interface {} \"{}\", is {}, line protocol is {}\n", interface.hardware,
                  interface.nameif, status_word(interface), interface.line_up ? "up" : "down");
  if (interface.parent == kNoInterface) {
    text += hardware_part(interface, platform, notes);
  } else {
    text += fmt::format("  Hardware is {}, BW {} Mbps, DLY 10 usec\n        VLAN identifier {}\n",
                        platform.port_chip, interface.speed_mbps,
                        interface.vlan == 0 ? "none" : std::to_string(interface.vlan));
    if (interface.nameif.empty()) text += "        Available but not configured via nameif\n";
    text += address_part(interface);
  }
  if (!interface.nameif.empty()) text += named_part(interface, now);
  return text + notes.tail;
}

std::string interface_brief_header() {
  return "Interface                  IP-Address      OK? Method Status                Protocol\n";
}

std::string interface_brief_line(const Interface& interface) {
  const std::string address = interface.has_address ? to_string(interface.address) : "unassigned";
  const std::string_view method = !interface.has_address           ? "unset"
                                  : interface.address_from_startup ? "CONFIG"
                                                                   : "manual";
  return fmt::format("{:<27}{:<16}YES {:<7}{:<22}{:<4}\n", interface.hardware, address, method,
                     status_word(interface), interface.line_up ? "up" : "down");
}

}  // namespace asaemu
