#include "model/logging/header.hpp"

namespace asaemu {

void HeaderCache::set_form(const HeaderForm& form) {
  form_ = form;
  for (unsigned severity = 0; severity < pri_.size(); ++severity) {
    char* const begin = pri_[severity].data();
    char* at = begin;
    *at++ = '<';
    at = write_decimal(at, form.facility * 8 + severity);
    *at++ = '>';
    pri_size_[severity] = static_cast<std::uint8_t>(at - begin);
  }
  second_ = std::chrono::sys_seconds::min();
}

/// With a device-id the separator is blank-colon-blank, without one colon-blank, without both
/// nothing (A.3).
void HeaderCache::renew(std::chrono::sys_seconds second) {
  second_ = second;
  std::array<char, 64> stamp;
  char* end = stamp.data();
  if (form_.timestamp != Timestamp::kNone) {
    const TimeZone::Local local =
        form_.zone != nullptr ? form_.zone->local(second) : TimeZone::Local{second, "UTC"};
    end = form_.emblem                             ? write_emblem_stamp(end, local.time, local.name)
          : form_.timestamp == Timestamp::kRfc5424 ? write_rfc5424_stamp(end, second)
                                                   : write_legacy_stamp(end, local.time);
  }
  const std::string_view time(stamp.data(), static_cast<std::size_t>(end - stamp.data()));
  middle_.clear();
  if (form_.emblem) {
    middle_ += ':';
    if (!time.empty()) middle_.append(time).append(": ");
  } else if (form_.device_id.empty()) {
    if (!time.empty()) middle_.append(time).append(": ");
  } else {
    if (!time.empty()) middle_.append(time).append(" ");
    middle_.append(form_.device_id).append(" : ");
  }
  middle_ += "%ASA-";
}

char* HeaderCache::write_tag(char* out, const MessageDef& message, unsigned severity) const {
  if (form_.emblem) {
    out = write_text(out, message.event_class);
    *out++ = '-';
  }
  *out++ = static_cast<char>('0' + severity);
  *out++ = '-';
  const std::uint32_t id = message.id;
  out = write_two_digits(out, id / 10000);
  out = write_two_digits(out, id / 100 % 100);
  out = write_two_digits(out, id % 100);
  *out++ = ':';
  *out++ = ' ';
  return out;
}

}  // namespace asaemu
