#include "emulator/sink/tally.hpp"

#include "emulator/sink/line_header.hpp"

namespace asaemu {

void Tally::take(const ReceivedLine& line, CalendarTime now) {
  const auto header = read_header(line.text);
  ++messages_;
  bytes_ += line.bytes;
  cut_ += line.cut ? 1 : 0;
  unfinished_ += line.unfinished ? 1 : 0;
  if (!first_) first_ = now;
  last_ = now;
  if (header.id) {
    ++by_id_[*header.id];
  } else {
    ++malformed_;
  }
  const auto name = header.device.empty() ? line.peer : header.device;
  auto sender = by_sender_.find(name);
  if (sender == by_sender_.end()) {
    const auto known_as = by_sender_.size() < kSendersMax ? name : kOthers;
    sender = by_sender_.try_emplace(std::string{known_as}, 0).first;
  }
  ++sender->second;
}

}  // namespace asaemu
