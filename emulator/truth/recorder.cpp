#include "emulator/truth/recorder.hpp"

#include "emulator/truth/field_json.hpp"
#include "emulator/truth/json_text.hpp"
#include "emulator/truth/message_content.hpp"
#include "emulator/truth/xxh64.hpp"
#include "model/base/assert.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace asaemu {

namespace {

/// Room for an outcome: `"dropped_queue"` and `1764547200.123456`, padded with blanks.
constexpr std::string_view kOutcomeRoom = "\"pending\"      ,\"sent\":null             }";
constexpr std::size_t kOutcomeSize = 15;
constexpr std::size_t kSentAt = kOutcomeSize + std::string_view(",\"sent\":").size();
constexpr std::size_t kSentSize = 17;

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, kPrintedValueMax> digits;
  out.append(digits.data(), write_decimal(digits.data(), value));
}

/// `digits` decimals of a number below ten to their power.
void append_fraction(std::string& out, std::uint64_t value, std::size_t digits) {
  const std::size_t at = out.size();
  out.append(digits, '0');
  for (std::size_t i = digits; i > 0; --i, value /= 10) {
    out[at + i - 1] = static_cast<char>('0' + value % 10);
  }
}

std::string_view outcome_text(bool sent, bool dropped) {
  if (sent) return "\"sent\"";
  return dropped ? "\"dropped_queue\"" : "\"dropped_error\"";
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
        fmt::format(",\"id\":{},\"name\":{},\"severity\":", type.id(), json_string(type.name())),
        {}};
    for (const FieldDef& field : type.fields())
      text.fields.push_back(json_string(field.name) + ':');
    types_.push_back(std::move(text));
  }
  for (const Step& step : plan.steps) {
    StepText text;
    if (!step.label.empty()) text.cause = fmt::format("\"step\":{},", json_string(step.label));
    text.cause += fmt::format("\"line\":{}", step.position.line);
    if (!step.attack.empty()) text.attack = fmt::format(",\"attack\":{}", json_string(step.attack));
    text.kind = kind_of(step.stimulus);
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
  std::string& out = text();
  out += later_;
  later_.clear();
  out += origin.head;
  append_number(out, origin.sequence);
  const auto due = static_cast<std::uint64_t>(message.at.time_since_epoch().count());
  out += ",\"due\":";
  append_number(out, due / 1'000'000'000);
  out += '.';
  append_fraction(out, due % 1'000'000'000, 9);
  append_time(origin, message.calendar);
  const auto& type = texts_.type(message.type->index());
  out += type.head;
  out += static_cast<char>('0' + message.severity);
  append_fields(message);
  append_cause(origin, cause, by_timer);
  has_content_ = false;
  has_outcome_ = false;
  if (message.fate == LoggedMessage::Fate::kPassed) {
    for (const auto& destination : origin.device->account().destinations) {
      Account& account = account_of(origin, destination);
      account.below = destination.below_level;
    }
  }
}

void Recorder::append_time(Origin& origin, CalendarTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (origin.stamp.empty() || second != origin.second) {
    origin.second = second;
    std::array<char, 64> stamp;
    char* const end = write_rfc5424_stamp(stamp.data(), second);
    origin.stamp.assign(",\"time\":\"");
    origin.stamp.append(stamp.data(), end - 1);  // Without its Z.
    origin.stamp += '.';
  }
  std::string& out = text();
  out += origin.stamp;
  append_fraction(out, static_cast<std::uint64_t>((time - second).count() / 1000), 6);
  out += "Z\"";
}

void Recorder::append_fields(const LoggedMessage& message) {
  std::string& out = text();
  out += ",\"fields\":{";
  const auto& names = texts_.type(message.type->index()).fields;
  const auto fields = message.type->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    out += names[i];
    append_field_json(out, fields[i], message.fields + message.type->offset(i));
  }
  out += '}';
}

void Recorder::append_cause(const Origin& origin, std::uint64_t cause, bool by_timer) {
  std::string& out = text();
  out += ",\"cause\":{\"kind\":\"";
  if (cause == 0) {
    out += by_timer ? "timer\",\"id\":0}" : "boot\",\"id\":0}";
    return;
  }
  const auto& step = texts_.step(Cause::step(cause));
  out += by_timer ? std::string_view("timer") : step.kind;
  // Names are quoted JSON: the number goes in before the closing quote.
  out += "\",\"id\":";
  out.append(origin.name_json, 0, origin.name_json.size() - 1);
  out += '/';
  append_number(out, Cause::number(cause));
  out += "\",";
  out += step.cause;
  out += '}';
  out += step.attack;
}

void Recorder::append_content(std::string_view content) {
  std::string& out = text();
  out += ",\"text\":";
  append_json_string(out, content);
  out += ",\"length\":";
  append_number(out, content.size());
  out += ",\"hash\":\"";
  std::array<char, 16> hash;
  out.append(hash.data(), write_hash(hash.data(), xxh64(content)));
  out += "\",\"to\":[";
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
  account.host = fmt::format("{{\"host\":{},\"from\":{}", account.name_json, from);
}

void Recorder::append_outcome_head(Account& account) {
  std::string& out = text();
  if (has_outcome_) out += ',';
  has_outcome_ = true;
  out += account.host;
}

void Recorder::offered(Origin& origin, const DestinationAccount& destination,
                       std::string_view line) {
  if (!has_content_) append_content(message_content(line, scratch_));
  Account& account = account_of(origin, destination);
  renew_host(origin, account, current_.at);
  append_outcome_head(account);
  std::string& out = text();
  out += ",\"line\":\"";
  std::array<char, 16> hash;
  out.append(hash.data(), write_hash(hash.data(), xxh64(line)));
  out += "\",\"outcome\":";
  account.waiting.push_back({blocks_.back().number, out.size(), origin.sequence});
  ++blocks_.back().open;
  ++counts_.pending;
  clock_is_stale_ = true;
  out += kOutcomeRoom;
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
  std::string& out = text();
  if (current_.fate == LoggedMessage::Fate::kPassed) {
    for (Account& account : origin.accounts) {
      const DestinationAccount& destination = *account.destination;
      if (destination.below_level == account.below) continue;
      renew_host(origin, account, current_.at);
      append_outcome_head(account);
      out += ",\"outcome\":\"below_level\"}";
      account.below = destination.below_level;
    }
    out += "]}\n";
    return;
  }
  out += current_.fate == LoggedMessage::Fate::kDisabled ? "],\"suppressed\":\"disabled\"}\n"
                                                         : "],\"suppressed\":\"rate_limited\"}\n";
}

/// Wall clock in seconds since 1970 with six decimals. Read once for all lines of a batch.
std::string_view Recorder::wall_seconds() {
  if (clock_is_stale_) {
    clock_is_stale_ = false;
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    wall_second_ = now / 1'000'000;
    wall_text_.clear();
    append_number(wall_text_, static_cast<std::uint64_t>(wall_second_));
    wall_text_ += '.';
    append_fraction(wall_text_, static_cast<std::uint64_t>(now % 1'000'000), 6);
    ASAEMU_ASSERT(wall_text_.size() <= kSentSize);
  }
  return wall_text_;
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
  if (line.block < blocks_.front().number) {
    follow_up(origin, account, line, outcome);
    return;
  }
  Block& block = blocks_[line.block - blocks_.front().number];
  char* const at = block.bytes.data() + line.at;
  std::fill_n(at, kOutcomeSize, ' ');
  std::ranges::copy(outcome_text(outcome == Outcome::kSent, outcome == Outcome::kDropped), at);
  if (outcome == Outcome::kSent) std::ranges::copy(wall_seconds(), at + kSentAt);
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
      sent ? wall_seconds() : std::string_view("null"));
}

void Recorder::begin_block() {
  Block block;
  block.bytes = file_.submit({});
  block.bytes.reserve(TruthFile::kBlockSize + Outlet::kLineMax * 4);
  block.number = next_block_++;
  blocks_.push_back(std::move(block));
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
  if (blocks_.back().bytes.empty()) return;
  begin_block();
  release_blocks();
}

void Recorder::close() {
  text() += later_;
  for (Block& block : blocks_) file_.submit(std::move(block.bytes));
  blocks_.clear();
}

}  // namespace asaemu
