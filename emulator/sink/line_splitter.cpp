#include "emulator/sink/line_splitter.hpp"

#include <algorithm>

namespace asaemu {

bool LineSplitter::feed(std::string_view chunk, LineConsumer& consumer) {
  while (!chunk.empty()) {
    if (framing_ == Framing::kUnknown) look_for_count(chunk);
    if (framing_ == Framing::kUnknown) return true;
    const bool more = framing_ == Framing::kCounted ? take_counted(chunk, consumer)
                                                    : take_line_feed(chunk, consumer);
    if (!more) return false;
  }
  return true;
}

/// What could be a count is kept like the beginning of a line until it is clear what it is.
void LineSplitter::look_for_count(std::string_view& chunk) {
  while (!chunk.empty()) {
    const char c = chunk.front();
    const bool is_digit = c >= (unfinished_.empty() ? '1' : '0') && c <= '9';
    if (is_digit && unfinished_.size() < kDigitsMax) {
      unfinished_ += c;
      chunk.remove_prefix(1);
      continue;
    }
    if (c != ' ' || unfinished_.empty()) {
      framing_ = Framing::kLineFeed;
      return;
    }
    chunk.remove_prefix(1);
    for (const char digit : unfinished_) {
      missing_ = missing_ * 10 + static_cast<std::size_t>(digit - '0');
    }
    header_ = unfinished_.size() + 1;
    unfinished_.clear();
    framing_ = Framing::kCounted;
    return;
  }
}

bool LineSplitter::take_line_feed(std::string_view& chunk, LineConsumer& consumer) {
  const auto end = chunk.find('\n');
  if (end == std::string_view::npos) {
    keep(chunk);
    chunk = {};
    return true;
  }
  const auto text = chunk.substr(0, end);
  chunk.remove_prefix(end + 1);
  bool more = true;
  if (unfinished_.empty() && text.size() <= kLineMax) {
    more = hand_on(text, consumer, false);
  } else {
    keep(text);
    more = hand_on(unfinished_, consumer, false);
  }
  begin_line();
  return more;
}

bool LineSplitter::take_counted(std::string_view& chunk, LineConsumer& consumer) {
  const auto text = chunk.substr(0, missing_);
  chunk.remove_prefix(text.size());
  missing_ -= text.size();
  bool more = true;
  if (missing_ == 0 && unfinished_.empty() && text.size() <= kLineMax) {
    more = hand_on(text, consumer, false);
  } else {
    keep(text);
    if (missing_ > 0) return true;
    more = hand_on(unfinished_, consumer, false);
  }
  begin_line();
  return more;
}

bool LineSplitter::finish(LineConsumer& consumer) {
  if (unfinished_.empty() && framing_ != Framing::kCounted) return true;
  const bool more = hand_on(unfinished_, consumer, true);
  begin_line();
  return more;
}

bool LineSplitter::hand_on(std::string_view text, LineConsumer& consumer, bool unfinished) {
  const std::size_t line_feed = unfinished || framing_ == Framing::kCounted ? 0 : 1;
  return consumer.take_line(
      {text, peer_, header_ + text.size() + beyond_ + line_feed, beyond_ > 0, unfinished});
}

void LineSplitter::keep(std::string_view text) {
  const auto kept = text.substr(0, std::min(text.size(), kLineMax - unfinished_.size()));
  unfinished_ += kept;
  beyond_ += text.size() - kept.size();
}

void LineSplitter::begin_line() {
  unfinished_.clear();
  beyond_ = 0;
  header_ = 0;
  missing_ = 0;
  framing_ = Framing::kUnknown;
}

}  // namespace asaemu
