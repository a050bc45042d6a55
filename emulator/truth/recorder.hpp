// Ground truth of one worker: a JSON line for every message, what became of it included.
//
// A record is written into a block with room left for outcomes, which are put in when the
// transports tell. Blocks leave in order once nothing in them is open; where a collector holds
// lines back for long, blocks leave with `pending` in them, and what became of those lines follows
// in records of its own.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/truth/field_json.hpp"
#include "emulator/truth/fragment.hpp"
#include "emulator/truth/truth_file.hpp"
#include "model/logging/witness.hpp"

#include <array>
#include <deque>

namespace asaemu {

/// Numbers causes: what a Witness carries along.
struct Cause {
  static constexpr unsigned kNumberBits = 44;
  static constexpr std::uint64_t make(std::size_t step, std::uint64_t number) {
    return (std::uint64_t{step} + 1) << kNumberBits | number;
  }
  /// Of a cause that is not zero: its place in Plan::steps.
  static constexpr std::size_t step(std::uint64_t cause) {
    return static_cast<std::size_t>((cause >> kNumberBits) - 1);
  }
  static constexpr std::uint64_t number(std::uint64_t cause) {
    return cause & ((std::uint64_t{1} << kNumberBits) - 1);
  }
};

/// What truth says of a line that left no other trace.
struct TruthCounts {
  std::uint64_t messages = 0;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint64_t dropped = 0;  ///< from queues
  std::uint64_t pending = 0;  ///< offered and not heard of again
};

/// JSON fragments that stay the same for a run.
class TruthTexts {
 public:
  TruthTexts(const Plan& plan, const Catalogue& catalogue);

  struct Type {
    Fragment head;  ///< `Z","id":401004,"name":"shunned_packet","severity":`
    FieldWriter fields;
  };
  [[nodiscard]] const Type& type(std::size_t index) const { return types_[index]; }
  struct StepText {
    Fragment kind;   ///< `packet","id":"`
    Fragment cause;  ///< `","step":"scan","line":31},"attack":"T1046","text":`
  };
  [[nodiscard]] const StepText& step(std::size_t index) const { return steps_[index]; }

 private:
  std::vector<Type> types_;
  std::vector<StepText> steps_;
};

class Recorder {
 public:
  /// Blocks that may be held open, each TruthFile::kBlockSize bytes.
  static constexpr std::size_t kOpenBlocksMax = 16;

  Recorder(const TruthTexts& texts, TruthFile& file);

  /// A line whose outcome is to come.
  struct Waiting {
    std::uint64_t block = 0;
    std::size_t at = 0;  ///< where the outcome goes
    std::uint64_t sequence = 0;
  };
  /// A logging host of a device.
  struct Account {
    const DestinationAccount* destination = nullptr;
    std::string name_json;  ///< `"inside 10.0.0.50 udp/514"`
    Fragment host;          ///< `{"host":…,"from":"10.0.0.1",`
    Fragment line;          ///< the same and `"line":"`
    SimTime looked = kNever;
    std::deque<Waiting> waiting;
  };
  /// One device's part in the records.
  struct Origin {
    static constexpr CalendarTime kNone = CalendarTime::max();

    const Device* device = nullptr;
    Fragment head;                ///< `{"record":"message","device":"fw-edge","seq":`
    std::string name_json;        ///< `"fw-edge"`
    Fragment cause;               ///< `fw-edge/`, what its causes' names begin with
    std::uint64_t sequence = 0;   ///< of the message that came last, from 1
    CalendarTime second = kNone;  ///< that `stamp` is of
    Fragment stamp;               ///< `,"time":"2026-11-20T08:00:31.`
    std::deque<Account> accounts{};
  };
  [[nodiscard]] static Origin make_origin(const std::string& device);

  /// A record begins, offered() and below_level() add to it, and finish() ends it. `cause` as of
  /// Witness; a timer's doing if `by_timer`.
  void begin(Origin& origin, const LoggedMessage& message, std::uint64_t cause, bool by_timer);
  void offered(Origin& origin, const DestinationAccount& account, std::string_view line,
               std::size_t text);
  void below_level(const DestinationAccount& account) { below_.push_back(&account); }
  void finish(Origin& origin);
  void settled(Origin& origin, const DestinationAccount& account, std::size_t lines, bool sent);
  void dropped(Origin& origin, const DestinationAccount& account);

  /// Hands over what is complete although the block is not full, at most once a second: call it
  /// when there is time, in real time.
  void release_idle();
  /// Everything that is still held goes to the file. Call once, at the end.
  void close();
  [[nodiscard]] const TruthCounts& counts() const { return counts_; }

 private:
  struct Block {
    ByteBlock bytes;
    std::uint64_t number = 0;
    std::size_t open = 0;  ///< lines in it that nothing was told of yet
  };
  [[nodiscard]] ByteBlock& text() { return *text_; }
  char* write_due(char* out, SimTime due);
  static char* write_time(char* out, Origin& origin, CalendarTime time);
  char* write_cause(char* out, const Origin& origin, std::uint64_t cause, bool by_timer) const;
  char* write_content(char* out, std::string_view content);
  char* write_comma(char* out);
  static Account& account_of(Origin& origin, const DestinationAccount& account);
  static void renew_host(const Origin& origin, Account& account, SimTime now);
  enum class Outcome : std::uint8_t { kSent, kFailed, kDropped };
  void settle(const Origin& origin, const Account& account, const Waiting& line, Outcome outcome);
  void follow_up(const Origin& origin, const Account& account, const Waiting& line,
                 Outcome outcome);
  void begin_block();
  void release_blocks();
  void read_clock();

  const TruthTexts& texts_;
  TruthFile& file_;
  std::deque<Block> blocks_;
  ByteBlock* text_ = nullptr;  ///< of the last block
  std::uint64_t next_block_ = 0;
  TruthCounts counts_;
  LoggedMessage current_{};
  bool has_content_ = false;
  bool has_outcome_ = false;
  bool clock_is_stale_ = true;
  std::string later_;  ///< records for the next gap between two others
  Fragment due_{",\"due\":0."};
  std::uint64_t due_second_ = 0;                  ///< that `due_` is of, in nanoseconds
  std::vector<const DestinationAccount*> below_;  ///< those that the message is not for
  static constexpr std::size_t kOutcomeRoom = 32;
  std::array<char, kOutcomeRoom> sent_text_{};  ///< `"sent","sent":1764547200.123456}`
  std::string scratch_;
  std::int64_t released_ = 0;  ///< wall seconds of the last release
  std::int64_t wall_second_ = 0;
};

}  // namespace asaemu
