// Who watches a device log: every message, the lines made of it, and what becomes of each. Floor 5
// derives ground truth and expectations from it.
#pragma once

#include "model/base/message.hpp"
#include "model/base/time.hpp"
#include "model/logging/account.hpp"

#include <string_view>

namespace asaemu {

/// A message as Logging sees it. Lives for the duration of one call.
struct LoggedMessage {
  enum class Fate : std::uint8_t {
    kPassed,
    kDisabled,  ///< `no logging message`, or logging is not enabled
    kRateLimited,
  };
  SimTime at;
  CalendarTime calendar;  ///< the device's clock
  const MessageType* type;
  const Wording* wording;
  unsigned severity;  ///< with `logging message ID level`
  const std::byte* fields;
  Fate fate;
};

/// Watches one device; used by the thread that runs the device.
class Witness : public DeliveryWatcher {
 public:
  /// A message was logged. One that passed is followed by its lines, if any, and by finished().
  virtual void logged(const LoggedMessage& message) = 0;
  /// A line of the message that passed last was offered to a destination: all its bytes but the LF.
  /// Its text, before it was cut, begins at `text`. What becomes of the line is told through
  /// settled() and dropped().
  virtual void offered(DestinationAccount& account, std::string_view line, std::size_t text) = 0;
  /// It is not for this destination: less severe than the trap level, or not on its list.
  virtual void below_level(DestinationAccount& account) = 0;
  virtual void finished() = 0;

  /// What the device does now was caused by this: zero for its boot, else a number that the run
  /// gives to each stimulus. Timers keep it.
  std::uint64_t cause = 0;
};

}  // namespace asaemu
