// What a collector counts.
#pragma once

#include "emulator/sink/received_line.hpp"
#include "model/base/time.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace asaemu {

/// Finds string keys by view, so that counting a known sender allocates nothing.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

/// Counts lines by message id and by sender.
class Tally {
 public:
  /// Lines of further senders are counted under kOthers: senders' names come from the network.
  static constexpr std::size_t kSendersMax = 100'000;
  static constexpr std::string_view kOthers = "(others)";

  using ById = std::unordered_map<std::uint32_t, std::uint64_t>;
  using BySender = std::unordered_map<std::string, std::uint64_t, StringHash, std::equal_to<>>;

  /// The sender is the line's device-id if it has one, else the peer's address.
  void take(const ReceivedLine& line, CalendarTime now);

  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  /// On the wire: whole datagrams, and lines of streams with their LF.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Lines without a tag; they are messages too.
  [[nodiscard]] std::uint64_t malformed() const { return malformed_; }
  [[nodiscard]] std::uint64_t cut() const { return cut_; }
  [[nodiscard]] std::uint64_t unfinished() const { return unfinished_; }
  /// When the first and the last message were taken.
  [[nodiscard]] std::optional<CalendarTime> first() const { return first_; }
  [[nodiscard]] std::optional<CalendarTime> last() const { return last_; }
  [[nodiscard]] const ById& by_id() const { return by_id_; }
  [[nodiscard]] const BySender& by_sender() const { return by_sender_; }

 private:
  std::uint64_t messages_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t malformed_ = 0;
  std::uint64_t cut_ = 0;
  std::uint64_t unfinished_ = 0;
  std::optional<CalendarTime> first_;
  std::optional<CalendarTime> last_;
  ById by_id_;
  BySender by_sender_;
};

}  // namespace asaemu
