#include "emulator/sink/line_splitter.hpp"

#include <algorithm>

namespace asaemu {

bool LineSplitter::feed(std::string_view chunk, LineConsumer& consumer) {
  for (;;) {
    const auto end = chunk.find('\n');
    if (end == std::string_view::npos) break;
    const auto text = chunk.substr(0, end);
    chunk.remove_prefix(end + 1);
    bool more = true;
    if (unfinished_.empty() && text.size() <= kLineMax) {
      more = hand_on(text, consumer, false);
    } else {
      keep(text);
      more = hand_on(unfinished_, consumer, false);
      unfinished_.clear();
      beyond_ = 0;
    }
    if (!more) return false;
  }
  keep(chunk);
  return true;
}

bool LineSplitter::finish(LineConsumer& consumer) {
  if (unfinished_.empty()) return true;
  const bool more = hand_on(unfinished_, consumer, true);
  unfinished_.clear();
  beyond_ = 0;
  return more;
}

bool LineSplitter::hand_on(std::string_view text, LineConsumer& consumer, bool unfinished) {
  const std::size_t bytes = text.size() + beyond_ + (unfinished ? 0 : 1);
  return consumer.take_line({text, peer_, bytes, beyond_ > 0, unfinished});
}

void LineSplitter::keep(std::string_view text) {
  const auto kept = text.substr(0, std::min(text.size(), kLineMax - unfinished_.size()));
  unfinished_ += kept;
  beyond_ += text.size() - kept.size();
}

}  // namespace asaemu
