// The bytes in front of a message's text: PRI, stamp, device-id and tag (asa-behaviour A.2 to A.4).
#pragma once

#include "model/base/message.hpp"
#include "model/state/time_zone.hpp"

#include <array>
#include <string>

namespace asaemu {

enum class Timestamp : std::uint8_t { kNone, kLegacy, kRfc5424 };

/// How one host's lines begin.
struct HeaderForm {
  unsigned facility = 20;  ///< 16 to 23; 20 is LOCAL4
  Timestamp timestamp = Timestamp::kNone;
  bool emblem = false;    ///< adds a colon, the class word and the zone; never the device-id
  std::string device_id;  ///< empty for none
  const TimeZone* zone = nullptr;  ///< UTC if null; outlives the header
};

/// Writes headers; keeps the stamp of the current second.
class HeaderCache {
 public:
  /// Longer device-ids are cut by the command that sets them.
  static constexpr std::size_t kHeaderMax = 192;

  void set_form(const HeaderForm& form);

  /// Everything up to the text: `<164>Jan 31 2020 17:24:03 fw : %ASA-4-402119: `. `out` has
  /// kHeaderMax bytes.
  char* write(char* out, CalendarTime time, const MessageDef& message, unsigned severity) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (second != second_) [[unlikely]] {
      renew(second);
    }
    std::memcpy(out, pri_[severity].data(), pri_[severity].size());
    out += pri_size_[severity];
    std::memcpy(out, middle_.data(), middle_.size());
    out += middle_.size();
    return write_tag(out, message, severity);
  }

 private:
  void renew(std::chrono::sys_seconds second);
  char* write_tag(char* out, const MessageDef& message, unsigned severity) const;

  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  std::string middle_;  ///< between PRI and `%ASA`, tag's begin included
  std::array<std::uint8_t, 8> pri_size_{};
  std::array<std::array<char, 8>, 8> pri_{};
  HeaderForm form_;
};

}  // namespace asaemu
