// Holds what was received against what was sent, reading both once, in step.
//
// Messages are matched by their text (from `%ASA-` on) and, where the received line names it, by
// their device. Memory is bounded by the window: so many sent messages before and behind the one
// that was matched last are known at a time.
#pragma once

#include "emulator/run/histogram.hpp"
#include "emulator/verify/message_hash.hpp"
#include "emulator/verify/received_line.hpp"
#include "emulator/verify/truth_reader.hpp"

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace asaemu {

/// What became of a device's messages, or of all.
struct Verdicts {
  std::uint64_t sent = 0;       ///< copies that left
  std::uint64_t delivered = 0;  ///< of those, received as they were
  std::uint64_t lost = 0;
  std::uint64_t altered = 0;             ///< received with another text
  std::uint64_t truncated = 0;           ///< received with the end missing
  std::uint64_t duplicated = 0;          ///< received once more than sent
  std::uint64_t reordered = 0;           ///< received behind one that was sent later
  std::uint64_t reordered_furthest = 0;  ///< messages of the device between
  std::uint64_t unknown = 0;             ///< not known whether it left, and not received

  void add(const Verdicts& other);
};

/// Messages of a device lost one after the other.
struct LossRun {
  std::string device;
  std::uint64_t first = 0;  ///< sequence numbers
  std::uint64_t last = 0;
  std::uint64_t count = 0;
  std::int64_t from = 0;  ///< when they were due, nanoseconds since the scenario's start
  std::int64_t until = 0;
  std::map<std::uint32_t, std::uint64_t> ids;
};

/// A message that arrived changed.
struct Alteration {
  std::string device;
  std::uint64_t sequence = 0;
  bool is_truncated = false;
  std::string sent;
  std::string received;
};

struct VerifyOptions {
  static constexpr std::size_t kWindowDefault = 250'000;
  std::size_t window = kWindowDefault;  ///< messages, at least 1
  std::size_t examples = 10;            ///< of alterations and foreign lines
  std::size_t runs_max = 1000;          ///< of losses, kept for the report
};

class Verifier {
 public:
  explicit Verifier(const VerifyOptions& options) : options_(options) {}

  /// The next record of the truth, in its order.
  void sent(const TruthRecord& record);
  /// Whether more of the truth ought to be read before the next line is received.
  [[nodiscard]] bool wants_truth() const { return next_ < anchor_ + options_.window + slide_; }
  /// The next received line. Returns the place of the message it matched, or where the last one
  /// was.
  std::uint64_t received(const ReceivedMessage& line);
  /// Both have ended.
  void finish();

  [[nodiscard]] const Verdicts& total() const { return total_; }
  /// By device, in the order of their names.
  [[nodiscard]] std::map<std::string, Verdicts> devices() const;
  [[nodiscard]] const std::vector<LossRun>& loss_runs() const { return runs_; }
  [[nodiscard]] std::uint64_t loss_run_count() const { return run_count_; }
  [[nodiscard]] const std::map<std::uint32_t, std::uint64_t>& lost_ids() const { return lost_ids_; }
  [[nodiscard]] const std::vector<Alteration>& alterations() const { return alterations_; }
  [[nodiscard]] const std::vector<std::string>& foreign_examples() const { return foreign_; }
  [[nodiscard]] std::uint64_t foreign() const { return foreign_count_; }
  [[nodiscard]] std::uint64_t other_lines() const { return other_; }
  [[nodiscard]] std::uint64_t received_lines() const { return lines_; }
  [[nodiscard]] const Histogram& latency() const { return latency_; }
  /// Lines that were received before they were sent, by the two clocks.
  [[nodiscard]] std::uint64_t early() const { return early_; }
  [[nodiscard]] bool has_end() const { return ends_ > 0; }
  [[nodiscard]] std::size_t ends() const { return ends_; }

 private:
  static constexpr std::uint32_t kNoDevice = ~std::uint32_t{0};
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

  struct Device {
    std::string name;
    Verdicts verdicts;
    std::uint64_t highest = 0;  ///< sequence that was received
    bool has_run = false;       ///< the run of losses below still grows
    LossRun run;
  };
  /// A message of the window.
  struct Sent {
    std::uint32_t device = 0;
    std::uint32_t id = 0;
    std::uint64_t sequence = 0;
    std::uint64_t hash = 0;              ///< of the text
    std::uint64_t next_same = kNowhere;  ///< the next with this text
    std::int64_t due = 0;
    std::int64_t at = 0;
    std::uint16_t open = 0;      ///< copies that are to come
    std::uint16_t may_come = 0;  ///< copies of which it is not known
    std::string text;            ///< raw JSON
  };
  /// Messages of the window with one text.
  struct Chain {
    std::uint64_t first = kNowhere;
    std::uint64_t last = kNowhere;
  };
  /// A received line that is none of the window's messages.
  struct Stray {
    std::string content;
    std::uint64_t hash = 0;
    std::uint32_t id = 0;
    std::uint32_t device = kNoDevice;
    std::uint64_t anchor = 0;  ///< about where its message should be
    std::optional<std::int64_t> at;
    bool is_gone = false;  ///< its message was found after all
  };
  /// A message that did not come, until it is known whether a stray is what became of it.
  struct Missing {
    Sent message;
    std::uint64_t place = 0;
    bool is_claimed = false;
  };

  std::uint32_t device_number(std::string_view name);
  void know_address(std::string_view address, std::uint32_t device);
  [[nodiscard]] std::uint32_t device_of(const ReceivedMessage& line) const;
  [[nodiscard]] Sent& at(std::uint64_t place) { return window_[place - first_]; }
  void take_match(std::uint64_t place, std::optional<std::int64_t> received_at);
  void amend(const TruthRecord& record);
  void slide_to(std::uint64_t place);
  void retire(Sent& message, std::uint64_t place);
  void meet_strays(std::uint64_t place);
  void judge_stray(const Stray& stray);
  void lose_missing(std::uint64_t before);
  void lose(const Sent& message);
  void end_run(Device& device);
  void drop_strays(std::uint64_t before);
  void forget(const Stray& stray, std::uint64_t number);
  [[nodiscard]] std::uint64_t reach() const;

  VerifyOptions options_;
  std::deque<Sent> window_;
  std::uint64_t first_ = 0;  ///< the place of the window's front
  std::uint64_t next_ = 0;
  std::uint64_t anchor_ = 0;  ///< behind the furthest message that was received
  std::uint64_t slide_ = 0;   ///< how much further the window moved for want of matches
  std::uint64_t strays_since_match_ = 0;
  std::unordered_map<std::uint64_t, Chain> by_text_;
  std::vector<Device> devices_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::unordered_map<std::string, std::uint32_t> by_address_;
  std::deque<Stray> strays_;       ///< in the order they came
  std::uint64_t first_stray_ = 0;  ///< the number of the first of them
  std::unordered_multimap<std::uint64_t, std::uint64_t> strays_by_text_;  ///< their numbers
  std::deque<Missing> missing_;                                           ///< by place
  std::map<std::pair<std::uint32_t, std::uint64_t>, Sent> undecided_;

  Verdicts total_;
  std::vector<LossRun> runs_;
  std::uint64_t run_count_ = 0;
  std::map<std::uint32_t, std::uint64_t> lost_ids_;
  std::vector<Alteration> alterations_;
  std::vector<std::string> foreign_;
  std::uint64_t foreign_count_ = 0;
  std::uint64_t other_ = 0;
  std::uint64_t lines_ = 0;
  Histogram latency_;
  std::uint64_t early_ = 0;
  std::size_t ends_ = 0;
  MessageHash hash_;
  std::string scratch_;
};

}  // namespace asaemu
