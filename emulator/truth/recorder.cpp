#include "emulator/truth/recorder.hpp"

#include "emulator/truth/field_json.hpp"
#include "emulator/truth/json_text.hpp"
#include "emulator/truth/line_hash.hpp"
#include "emulator/truth/message_content.hpp"
#include "model/base/assert.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace asaemu {

namespace {

/// Room for an outcome: `"dropped_queue"` and `1764547200.123456`, padded with blanks.
constexpr std::string_view kOutcomeRoom = "\"pending\"      ,\"sent\":null             }";
constexpr std::string_view kSent = "\"sent\"         ";
constexpr std::string_view kDroppedError = "\"dropped_error\"";
constexpr std::string_view kDroppedQueue = "\"dropped_queue\"";
constexpr std::size_t kSentAt = kSent.size() + std::string_view(",\"sent\":").size();
/// Bytes for all of a record's numbers and what stands between them, with much to spare.
constexpr std::size_t kPartRoom = 512;

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

/// Six decimals; value below a million.
char* write_six_digits(char* out, std::uint64_t value) {
  const auto low = static_cast<unsigned>(value);
  out = write_two_digits(out, low / 10'000);
  out = write_two_digits(out, low / 100 % 100);
  return write_two_digits(out, low % 100);
}

/// Nine decimals; value below 10^9.
char* write_nine_digits(char* out, std::uint64_t value) {
  *out++ = static_cast<char>('0' + value / 100'000'000);
  value %= 100'000'000;
  out = write_six_digits(out, value / 100);
  return write_two_digits(out, static_cast<unsigned>(value % 100));
}

std::string_view outcome_text(bool sent, bool dropped) {
  if (sent) return kSent.substr(0, kSent.find(' '));
  return dropped ? kDroppedQueue : kDroppedError;
}

std::string_view kind_of(const Stimulus& stimulus) {
  constexpr std::array<std::string_view, std::variant_size_v<Stimulus>> kKinds{"cli", "packet",
                                                                               "world", "emit"};
  return kKinds.at(stimulus.index());
}

}  // namespace

TruthTexts::TruthTexts(const Plan& plan, const Catalogue& catalogue) {
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    const MessageType& type = catalogue.at(i);
    Type text{
        fmt::format("Z\",\"id\":{},\"name\":{},\"severity\":", type.id(), json_string(type.name())),
        {}};
    std::string before = ",\"fields\":{";
    for (const FieldDef& field : type.fields()) {
      text.fields.push_back(before + json_string(field.name) + ':');
      before = ",";
    }
    if (type.fields().empty())
      text.fields.push_back(before);
    else
      text.fields.emplace_back();
    text.fields.back() += "},\"cause\":{\"kind\":\"";
    types_.push_back(std::move(text));
  }
  for (const Step& step : plan.steps) {
    StepText text;
    text.kind = fmt::format("{}\",\"id\":\"", kind_of(step.stimulus));
    text.cause = "\",";
    if (!step.label.empty()) text.cause += fmt::format("\"step\":{},", json_string(step.label));
    text.cause += fmt::format("\"line\":{}}}", step.position.line);
    if (!step.attack.empty()) text.cause += fmt::format(",\"attack\":{}", json_string(step.attack));
    steps_.push_back(std::move(text));
  }
}

Recorder::Recorder(const TruthTexts& texts, TruthFile& file) : texts_(texts), file_(file) {
  begin_block();
}

Recorder::Origin Recorder::make_origin(const std::string& device) {
  Origin origin;
  origin.name_json = json_string(device);
  origin.head = fmt::format("{{\"record\":\"message\",\"device\":{},\"seq\":", origin.name_json);
  // Names are quoted JSON: the number goes in before the closing quote.
  origin.cause = origin.name_json.substr(1, origin.name_json.size() - 2) + '/';
  return origin;
}

void Recorder::begin(Origin& origin, const LoggedMessage& message, std::uint64_t cause,
                     bool by_timer) {
  if (text().size() >= TruthFile::kBlockSize) {
    begin_block();
    release_blocks();
  }
  current_ = message;
  ++counts_.messages;
  ++origin.sequence;
  const auto& type = texts_.type(message.type->index());
  char* out = text().room(later_.size() + origin.head.size() + type.head.size() + kPartRoom);
  if (!later_.empty()) [[unlikely]] {
    out = write_text(out, later_);
    later_.clear();
  }
  out = write_text(out, origin.head);
  out = write_decimal(out, origin.sequence);
  out = write_due(out, message.at);
  out = write_time(out, origin, message.calendar);
  out = write_text(out, type.head);
  *out++ = static_cast<char>('0' + message.severity);
  text().take(out);
  append_fields(message);
  const std::size_t cause_room =
      origin.cause.size() + (cause == 0 ? 0 : texts_.step(Cause::step(cause)).cause.size());
  text().take(write_cause(text().room(cause_room + kPartRoom), origin, cause, by_timer));
  has_content_ = false;
  has_outcome_ = false;
  if (message.fate == LoggedMessage::Fate::kPassed) {
    for (const auto& destination : origin.device->account().destinations) {
      Account& account = account_of(origin, destination);
      account.below = destination.below_level;
    }
  }
}

char* Recorder::write_due(char* out, SimTime due) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto nanoseconds = static_cast<std::uint64_t>(due.time_since_epoch().count());
  if (nanoseconds / kSecond != due_second_) {
    due_second_ = nanoseconds / kSecond;
    due_ = fmt::format(",\"due\":{}.", due_second_);
  }
  return write_nine_digits(write_text(out, due_), nanoseconds % kSecond);
}

char* Recorder::write_time(char* out, Origin& origin, CalendarTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (second != origin.second) {
    origin.second = second;
    std::array<char, 64> stamp;
    char* const end = write_rfc5424_stamp(stamp.data(), second);
    origin.stamp.assign(",\"time\":\"");
    origin.stamp.append(stamp.data(), end - 1);  // Without its Z.
    origin.stamp += '.';
  }
  return write_six_digits(write_text(out, origin.stamp),
                          static_cast<std::uint64_t>((time - second).count() / 1000));
}

void Recorder::append_fields(const LoggedMessage& message) {
  const auto& before = texts_.type(message.type->index()).fields;
  const auto fields = message.type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::byte* const at = message.fields + message.type->offset(i);
    char* const out = text().room(before[i].size() + field_json_room(fields[i], at));
    text().take(write_field_json(write_text(out, before[i]), fields[i], at));
  }
  text().take(write_text(text().room(before.back().size()), before.back()));
}

char* Recorder::write_cause(char* out, const Origin& origin, std::uint64_t cause,
                            bool by_timer) const {
  if (cause == 0) {
    out = write_text(out, by_timer ? "timer\",\"id\":0}" : "boot\",\"id\":0}");
  } else {
    const auto& step = texts_.step(Cause::step(cause));
    out = write_text(out, by_timer ? std::string_view("timer\",\"id\":\"") : step.kind);
    out = write_text(out, origin.cause);
    out = write_decimal(out, Cause::number(cause));
    out = write_text(out, step.cause);
  }
  return write_text(out, ",\"text\":");
}

void Recorder::append_content(std::string_view content) {
  char* out = text().room(json_string_room(content) + kPartRoom);
  out = write_json_string(out, content);
  out = write_text(out, ",\"length\":");
  out = write_decimal(out, content.size());
  out = write_text(out, ",\"hash\":\"");
  out = write_hash(out, line_hash(content));
  text().take(write_text(out, "\",\"to\":["));
  has_content_ = true;
}

Recorder::Account& Recorder::account_of(Origin& origin, const DestinationAccount& destination) {
  for (Account& account : origin.accounts) {
    if (account.destination == &destination) return account;
  }
  Account& account = origin.accounts.emplace_back();
  account.destination = &destination;
  account.name_json = json_string(destination.name);
  return account;
}

/// The address that lines to this host come from may change while the device runs.
void Recorder::renew_host(const Origin& origin, Account& account, SimTime now) {
  if (account.looked != kNever && now - account.looked < std::chrono::seconds(1)) return;
  account.looked = now;
  const InterfaceTable& interfaces = origin.device->tables().interfaces;
  const std::string_view name(account.destination->name);
  const InterfaceId id = interfaces.find_nameif(name.substr(0, name.find(' ')));
  const std::string from = id != kNoInterface && interfaces[id].has_address
                               ? fmt::format("\"{}\"", to_string(interfaces[id].address))
                               : "null";
  account.host = fmt::format("{{\"host\":{},\"from\":{},", account.name_json, from);
}

/// Room for the rest of the outcome is left.
char* Recorder::begin_outcome(const Account& account) {
  char* out = text().room(account.host.size() + kPartRoom);
  if (has_outcome_) *out++ = ',';
  has_outcome_ = true;
  return write_text(out, account.host);
}

void Recorder::offered(Origin& origin, const DestinationAccount& destination,
                       std::string_view line) {
  if (!has_content_) append_content(message_content(line, scratch_));
  Account& account = account_of(origin, destination);
  renew_host(origin, account, current_.at);
  char* out = write_text(begin_outcome(account), "\"line\":\"");
  out = write_hash(out, line_hash(line));
  out = write_text(out, "\",\"outcome\":");
  const auto at = static_cast<std::size_t>(out - text().data());
  account.waiting.push_back({blocks_.back().number, at, origin.sequence});
  ++blocks_.back().open;
  ++counts_.pending;
  clock_is_stale_ = true;
  text().take(write_text(out, kOutcomeRoom));
}

void Recorder::finish(Origin& origin) {
  if (!has_content_) {
    scratch_.resize(Outlet::kLineMax + kRenderSlack);
    const std::string tag = fmt::format("%ASA-{}-{:06}: ", current_.severity, current_.type->id());
    std::ranges::copy(tag, scratch_.begin());
    const char* const end = render_text(*current_.wording, *current_.type, current_.fields,
                                        scratch_.data() + tag.size());
    append_content({scratch_.data(), static_cast<std::size_t>(end - scratch_.data())});
  }
  if (current_.fate != LoggedMessage::Fate::kPassed) {
    const bool disabled = current_.fate == LoggedMessage::Fate::kDisabled;
    text().take(write_text(text().room(kPartRoom), disabled
                                                       ? "],\"suppressed\":\"disabled\"}\n"
                                                       : "],\"suppressed\":\"rate_limited\"}\n"));
    return;
  }
  for (Account& account : origin.accounts) {
    const DestinationAccount& destination = *account.destination;
    if (destination.below_level == account.below) continue;
    renew_host(origin, account, current_.at);
    text().take(write_text(begin_outcome(account), "\"outcome\":\"below_level\"}"));
    account.below = destination.below_level;
  }
  text().take(write_text(text().room(kPartRoom), "]}\n"));
}

/// Wall clock in seconds since 1970 with six decimals. Read once for all lines of a batch.
void Recorder::read_clock() {
  clock_is_stale_ = false;
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  wall_second_ = now / 1'000'000;
  std::array<char, kPrintedValueMax> text;
  char* end = write_decimal(text.data(), static_cast<std::uint64_t>(wall_second_));
  *end++ = '.';
  end = write_six_digits(end, static_cast<std::uint64_t>(now % 1'000'000));
  ASAEMU_ASSERT(static_cast<std::size_t>(end - text.data()) == wall_text_.size());
  std::copy_n(text.begin(), wall_text_.size(), wall_text_.begin());
}

void Recorder::settled(Origin& origin, const DestinationAccount& destination, bool sent) {
  Account& account = account_of(origin, destination);
  if (account.waiting.empty()) return;
  const Waiting line = account.waiting.front();
  account.waiting.pop_front();
  ++(sent ? counts_.sent : counts_.failed);
  settle(origin, account, line, sent ? Outcome::kSent : Outcome::kFailed);
}

void Recorder::dropped(Origin& origin, const DestinationAccount& destination) {
  Account& account = account_of(origin, destination);
  if (account.waiting.empty()) return;
  const Waiting line = account.waiting.back();
  account.waiting.pop_back();
  ++counts_.dropped;
  settle(origin, account, line, Outcome::kDropped);
}

void Recorder::settle(Origin& origin, const Account& account, const Waiting& line,
                      Outcome outcome) {
  --counts_.pending;
  if (clock_is_stale_) read_clock();
  if (line.block < blocks_.front().number) {
    follow_up(origin, account, line, outcome);
    return;
  }
  Block& block = blocks_[line.block - blocks_.front().number];
  char* const at = block.bytes.data() + line.at;
  if (outcome == Outcome::kSent) [[likely]] {
    std::memcpy(at, kSent.data(), kSent.size());
    std::memcpy(at + kSentAt, wall_text_.data(), wall_text_.size());
  } else {
    write_text(at, outcome == Outcome::kDropped ? kDroppedQueue : kDroppedError);
  }
  --block.open;
}

/// What became of a line whose record has left.
void Recorder::follow_up(const Origin& origin, const Account& account, const Waiting& line,
                         Outcome outcome) {
  const bool sent = outcome == Outcome::kSent;
  // Transports also tell while a record is being written.
  later_ += fmt::format(
      "{{\"record\":\"outcome\",\"device\":{},\"seq\":{},\"host\":{},\"outcome\":{},\"sent\":{}}}"
      "\n",
      origin.name_json, line.sequence, account.name_json,
      outcome_text(sent, outcome == Outcome::kDropped),
      sent ? std::string_view(wall_text_.data(), wall_text_.size()) : std::string_view("null"));
}

void Recorder::begin_block() {
  Block block;
  block.bytes = file_.submit({});
  block.bytes.room(TruthFile::kBlockSize + Outlet::kLineMax * 4);
  block.number = next_block_++;
  blocks_.push_back(std::move(block));
  text_ = &blocks_.back().bytes;
}

/// Hands over what is complete, and the oldest if too much is held.
void Recorder::release_blocks() {
  while (blocks_.size() > 1 && (blocks_.front().open == 0 || blocks_.size() > kOpenBlocksMax)) {
    file_.submit(std::move(blocks_.front().bytes));
    blocks_.pop_front();
  }
}

void Recorder::release_idle() {
  if (wall_second_ == released_) return;
  released_ = wall_second_;
  if (text().is_empty()) return;
  begin_block();
  release_blocks();
}

void Recorder::close() {
  text().take(write_text(text().room(later_.size()), later_));
  for (Block& block : blocks_) file_.submit(std::move(block.bytes));
  blocks_.clear();
}

}  // namespace asaemu
