#include "emulator/truth/recorder.hpp"

#include "emulator/truth/json_text.hpp"
#include "emulator/truth/line_hash.hpp"
#include "emulator/truth/message_content.hpp"
#include "model/base/assert.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace asaemu {

namespace {

constexpr char kOutcome[] = "\",\"outcome\":";
/// The outcomes that take the place of each other; blanks behind the shorter ones.
constexpr char kPending[] = "\"pending\",\"sent\":null}          ";
constexpr std::string_view kDroppedError = "\"dropped_error\",\"sent\":null}    ";
constexpr std::string_view kDroppedQueue = "\"dropped_queue\",\"sent\":null}    ";
constexpr std::string_view kText = ",\"text\":";
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

std::string_view kind_of(const Stimulus& stimulus) {
  constexpr std::array<std::string_view, std::variant_size_v<Stimulus>> kKinds{"cli", "packet",
                                                                               "world", "emit"};
  return kKinds.at(stimulus.index());
}

}  // namespace

TruthTexts::TruthTexts(const Plan& plan, const Catalogue& catalogue) {
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    const MessageType& type = catalogue.at(i);
    const auto head =
        fmt::format("Z\",\"id\":{},\"name\":{},\"severity\":", type.id(), json_string(type.name()));
    types_.push_back(
        {Fragment(head), FieldWriter(type, ",\"fields\":{", "},\"cause\":{\"kind\":\"")});
  }
  for (const Step& step : plan.steps) {
    StepText text;
    text.kind = Fragment(fmt::format("{}\",\"id\":\"", kind_of(step.stimulus)));
    std::string cause = "\",";
    if (!step.label.empty()) cause += fmt::format("\"step\":{},", json_string(step.label));
    cause += fmt::format("\"line\":{}}}", step.position.line);
    if (!step.attack.empty()) cause += fmt::format(",\"attack\":{}", json_string(step.attack));
    text.cause = Fragment(cause.append(kText));
    steps_.push_back(std::move(text));
  }
}

Recorder::Recorder(const TruthTexts& texts, TruthFile& file) : texts_(texts), file_(file) {
  begin_block();
}

Recorder::Origin Recorder::make_origin(const std::string& device) {
  Origin origin;
  origin.name_json = json_string(device);
  origin.head =
      Fragment(fmt::format("{{\"record\":\"message\",\"device\":{},\"seq\":", origin.name_json));
  // Names are quoted JSON: the number goes in before the closing quote.
  origin.cause = Fragment(origin.name_json.substr(1, origin.name_json.size() - 2) + '/');
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
  const std::size_t cause_room =
      origin.cause.size() + (cause == 0 ? 0 : texts_.step(Cause::step(cause)).cause.size());
  char* out = text().room(later_.size() + origin.head.size() + type.head.size() +
                          type.fields.room(message.fields) + cause_room + kPartRoom);
  if (!later_.empty()) [[unlikely]] {
    out = write_text(out, later_);
    later_.clear();
  }
  out = origin.head.write(out);
  out = write_decimal(out, origin.sequence);
  out = write_due(out, message.at);
  out = write_time(out, origin, message.calendar);
  out = type.head.write(out);
  *out++ = static_cast<char>('0' + message.severity);
  out = type.fields.write(out, message.fields);
  text().take(write_cause(out, origin, cause, by_timer));
  has_content_ = false;
  has_outcome_ = false;
}

char* Recorder::write_due(char* out, SimTime due) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto nanoseconds = static_cast<std::uint64_t>(due.time_since_epoch().count());
  // Mostly the second is the same: no need to divide.
  if (nanoseconds - due_second_ >= kSecond) {
    due_second_ = nanoseconds / kSecond * kSecond;
    due_ = Fragment(fmt::format(",\"due\":{}.", due_second_ / kSecond));
  }
  return write_nine_digits(due_.write(out), nanoseconds - due_second_);
}

char* Recorder::write_time(char* out, Origin& origin, CalendarTime time) {
  if (time < origin.second || time - origin.second >= std::chrono::seconds(1)) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    origin.second = second;
    std::array<char, 64> stamp;
    char* const end = write_rfc5424_stamp(stamp.data(), second);
    // Without its Z.
    origin.stamp =
        Fragment(fmt::format(",\"time\":\"{}.", std::string_view(stamp.data(), end - 1)));
  }
  return write_six_digits(origin.stamp.write(out),
                          static_cast<std::uint64_t>((time - origin.second).count()) / 1000);
}

char* Recorder::write_cause(char* out, const Origin& origin, std::uint64_t cause,
                            bool by_timer) const {
  if (cause == 0) {
    out = write_text(out, by_timer ? "timer\",\"id\":0}" : "boot\",\"id\":0}");
    return write_text(out, kText);
  }
  const auto& step = texts_.step(Cause::step(cause));
  out = by_timer ? write_text(out, "timer\",\"id\":\"") : step.kind.write(out);
  out = write_decimal(origin.cause.write(out), Cause::number(cause));
  return step.cause.write(out);
}

char* Recorder::write_content(char* out, std::string_view content) {
  has_content_ = true;
  return write_literal(write_json_string(out, content), ",\"to\":[");
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
  const auto host = fmt::format("{{\"host\":{},\"from\":{},", account.name_json, from);
  account.host = Fragment(host);
  account.line = Fragment(host + "\"line\":\"");
}

/// Between two outcomes.
char* Recorder::write_comma(char* out) {
  if (has_outcome_) *out++ = ',';
  has_outcome_ = true;
  return out;
}

void Recorder::offered(Origin& origin, const DestinationAccount& destination, std::string_view line,
                       std::size_t text_at) {
  Account& account = account_of(origin, destination);
  renew_host(origin, account, current_.at);
  char* out = text().room(json_string_room(line) + account.line.size() + kPartRoom);
  if (!has_content_) out = write_content(out, message_content(line, text_at, scratch_));
  out = account.line.write(write_comma(out));
  out = write_hash(out, line_hash(line));
  out = write_literal(out, kOutcome);
  const auto at = static_cast<std::size_t>(out - text().data());
  account.waiting.push_back({blocks_.back().number, at, origin.sequence});
  ++blocks_.back().open;
  ++counts_.pending;
  clock_is_stale_ = true;
  text().take(write_literal(out, kPending));
}

void Recorder::finish(Origin& origin) {
  if (!has_content_) {
    scratch_.resize(Outlet::kLineMax + kRenderSlack);
    const std::string tag = fmt::format("%ASA-{}-{:06}: ", current_.severity, current_.type->id());
    std::ranges::copy(tag, scratch_.begin());
    const char* const end = render_text(*current_.wording, *current_.type, current_.fields,
                                        scratch_.data() + tag.size());
    const std::string_view content(scratch_.data(),
                                   static_cast<std::size_t>(end - scratch_.data()));
    text().take(write_content(text().room(json_string_room(content) + kPartRoom), content));
  }
  for (const DestinationAccount* const destination : below_) {
    Account& account = account_of(origin, *destination);
    renew_host(origin, account, current_.at);
    char* const out = text().room(account.host.size() + kPartRoom);
    text().take(write_text(account.host.write(write_comma(out)), "\"outcome\":\"below_level\"}"));
  }
  below_.clear();
  char* const out = text().room(kPartRoom);
  if (current_.fate == LoggedMessage::Fate::kPassed) [[likely]]
    text().take(write_literal(out, "]}\n"));
  else if (current_.fate == LoggedMessage::Fate::kDisabled)
    text().take(write_literal(out, "],\"suppressed\":\"disabled\"}\n"));
  else
    text().take(write_literal(out, "],\"suppressed\":\"rate_limited\"}\n"));
}

/// Wall clock in seconds since 1970 with six decimals. Read once for all lines of a batch.
void Recorder::read_clock() {
  clock_is_stale_ = false;
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  wall_second_ = now / 1'000'000;
  std::array<char, kPrintedValueMax> text;
  char* end = write_text(text.data(), "\"sent\",\"sent\":");
  end = write_decimal(end, static_cast<std::uint64_t>(wall_second_));
  *end++ = '.';
  end = write_six_digits(end, static_cast<std::uint64_t>(now % 1'000'000));
  *end++ = '}';
  ASAEMU_ASSERT(static_cast<std::size_t>(end - text.data()) == sent_text_.size());
  std::copy_n(text.begin(), sent_text_.size(), sent_text_.begin());
}

void Recorder::settled(Origin& origin, const DestinationAccount& destination, std::size_t lines,
                       bool sent) {
  Account& account = account_of(origin, destination);
  for (; lines > 0 && !account.waiting.empty(); --lines) {
    ++(sent ? counts_.sent : counts_.failed);
    settle(origin, account, account.waiting.front(), sent ? Outcome::kSent : Outcome::kFailed);
    account.waiting.pop_front();
  }
}

void Recorder::dropped(Origin& origin, const DestinationAccount& destination) {
  Account& account = account_of(origin, destination);
  if (account.waiting.empty()) return;
  const Waiting line = account.waiting.back();
  account.waiting.pop_back();
  ++counts_.dropped;
  settle(origin, account, line, Outcome::kDropped);
}

void Recorder::settle(const Origin& origin, const Account& account, const Waiting& line,
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
    std::memcpy(at, sent_text_.data(), sent_text_.size());
  } else {
    write_text(at, outcome == Outcome::kDropped ? kDroppedQueue : kDroppedError);
  }
  --block.open;
}

/// What became of a line whose record has left.
void Recorder::follow_up(const Origin& origin, const Account& account, const Waiting& line,
                         Outcome outcome) {
  // Transports also tell while a record is being written.
  const std::string_view text = outcome == Outcome::kSent
                                    ? std::string_view(sent_text_.data(), sent_text_.size())
                                : outcome == Outcome::kDropped ? kDroppedQueue
                                                               : kDroppedError;
  later_ += fmt::format(
      "{{\"record\":\"outcome\",\"device\":{},\"seq\":{},\"host\":{},\"outcome\":{}\n",
      origin.name_json, line.sequence, account.name_json, text.substr(0, text.find('}') + 1));
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
