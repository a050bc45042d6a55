#include "model/state/sla_operations.hpp"

#include "model/base/calendar_text.hpp"

#include <fmt/format.h>

namespace asaemu {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string describe_sla_configuration(const SlaOperation& operation, SimTime now) {
  const bool is_ahead = operation.begin && *operation.begin > now;
  const bool is_pending =
      operation.schedule && operation.schedule->start == SlaSchedule::Start::kPending;
  const bool is_endless = !operation.schedule || !operation.schedule->life;
  return fmt::format(
      "SA Agent, Infrastructure Engine-II\n"
      "Entry number: {}\n"
      "Owner: \n"
      "Tag: \n"
      "Type of operation to perform: echo\n"
      "Target address: {}\n"
      "Interface: {}\n"
      "Number of packets: {}\n"
      "Request size (ARR data portion): {}\n"
      "Operation timeout (milliseconds): {}\n"
      "Type Of Service parameters: 0x{:x}\n"
      "Verify data: No\n"
      "Operation frequency (seconds): {}\n"
      "Next Scheduled Start Time: {}\n"
      "Group Scheduled : FALSE\n"
      "Life (seconds): {}\n"
      "Entry Ageout (seconds): never\n"
      "Recurring (Starting Everyday): FALSE\n"
      "Status of entry (SNMP RowStatus): {}\n"
      "Enhanced History:\n\n",
      operation.number, to_string(operation.target), operation.interface, operation.packets,
      operation.size, duration_cast<milliseconds>(operation.timeout).count(), operation.tos,
      duration_cast<seconds>(operation.frequency).count(),
      is_ahead          ? "Start Time not passed"
      : operation.begin ? "Start Time already passed"
      : is_pending      ? "Pending trigger"
                        : "Not scheduled",
      is_endless ? "Forever"
                 : fmt::to_string(duration_cast<seconds>(*operation.schedule->life).count()),
      operation.is_active(now) ? "Active" : "notInService");
}

std::string describe_sla_state(const SlaOperation& operation, SimTime now, CalendarTime last,
                               std::optional<SimDuration> round_trip) {
  std::string text = fmt::format("Entry number: {}\n", operation.number);
  if (!operation.is_active(now)) {
    return text + fmt::format("Operational state of entry: {}\n\n",
                              operation.begin ? "Inactive" : "Pending");
  }
  const auto trip = duration_cast<milliseconds>(round_trip.value_or(SimDuration{})).count();
  const auto flag = [](bool is_true) { return is_true ? "TRUE" : "FALSE"; };
  return text + fmt::format(
                    "Number of operations attempted: {}\n"
                    "Number of operations skipped: 0\n"
                    "Operational state of entry: Active\n"
                    "Connection loss occurred: FALSE\n"
                    "Timeout occurred: {}\n"
                    "Over thresholds occurred: {}\n"
                    "Latest RTT (milliseconds): {}\n"
                    "Latest operation start time: {}\n"
                    "Latest operation return code: {}\n\n",
                    operation.probes(now), flag(!round_trip),
                    flag(round_trip && *round_trip > operation.threshold),
                    round_trip ? fmt::to_string(trip) : "NoConnection/Busy/Timeout",
                    show_time(last), round_trip ? "OK" : "Timeout");
}

}  // namespace asaemu
