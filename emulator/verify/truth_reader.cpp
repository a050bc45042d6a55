#include "emulator/verify/truth_reader.hpp"

#include "emulator/verify/json_line.hpp"

#include <charconv>

namespace asaemu {

namespace {

std::uint64_t number(std::string_view raw) {
  std::uint64_t value = 0;
  std::from_chars(raw.data(), raw.data() + raw.size(), value);
  return value;
}

/// `31.000000000` with `digits` decimals as a whole number of its last one.
std::int64_t fixed(std::string_view raw, std::size_t digits) {
  const std::size_t dot = raw.find('.');
  auto value = static_cast<std::int64_t>(number(raw.substr(0, dot)));
  const auto decimals = dot == std::string_view::npos ? std::string_view() : raw.substr(dot + 1);
  for (std::size_t i = 0; i < digits; ++i) {
    value = value * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  }
  return value;
}

/// Whether `inside 10.0.0.50 udp/514` is the logging host with this address.
bool is_host(std::string_view name, std::string_view address) {
  const std::size_t begin = name.find(' ');
  if (begin == std::string_view::npos) return false;
  const auto rest = name.substr(begin + 1);
  return rest.substr(0, rest.find(' ')) == address;
}

void count_copy(std::string_view raw, std::string_view host, TruthRecord& record) {
  JsonLine copy(raw);
  std::string_view outcome;
  std::string_view name;
  std::string_view from;
  std::int64_t at = 0;
  while (const auto member = copy.next()) {
    if (member->key == "outcome") outcome = plain_string(member->raw);
    if (member->key == "host") name = plain_string(member->raw);
    if (member->key == "from" && member->raw != "null") from = plain_string(member->raw);
    if (member->key == "sent" && member->raw != "null") at = fixed(member->raw, 6);
  }
  if (!host.empty() && !is_host(name, host)) return;
  if (outcome == "sent") {
    ++record.sent;
    if (record.sent_at == 0) record.sent_at = at;
  } else if (outcome == "pending") {
    ++record.pending;
  } else {
    return;
  }
  record.from = from;
}

}  // namespace

bool parse_truth(std::string_view line, std::string_view host, TruthRecord& record,
                 std::string& error) {
  record = {};
  JsonLine json(line);
  std::string_view outcome;
  std::string_view name;
  while (const auto member = json.next()) {
    const auto key = member->key;
    if (key == "record") {
      const auto kind = plain_string(member->raw);
      record.kind = kind == "message"   ? TruthRecord::Kind::kMessage
                    : kind == "outcome" ? TruthRecord::Kind::kOutcome
                    : kind == "end"     ? TruthRecord::Kind::kEnd
                                        : TruthRecord::Kind::kOther;
    } else if (key == "device") {
      record.device = plain_string(member->raw);
    } else if (key == "seq") {
      record.sequence = number(member->raw);
    } else if (key == "due") {
      record.due = fixed(member->raw, 9);
    } else if (key == "id") {
      record.id = static_cast<std::uint32_t>(number(member->raw));
    } else if (key == "text") {
      record.text = member->raw;
    } else if (key == "to") {
      std::size_t at = 0;
      while (const auto item = next_item(member->raw, at)) count_copy(*item, host, record);
    } else if (key == "host") {
      name = plain_string(member->raw);
    } else if (key == "outcome") {
      outcome = plain_string(member->raw);
    }
  }
  if (record.kind == TruthRecord::Kind::kOutcome) {
    const bool meant = host.empty() || is_host(name, host);
    record.sent = meant && outcome == "sent" ? 1 : 0;
    record.pending = meant ? 1 : 0;
  }
  if (json.ok()) return true;
  error = "a line is no JSON object";
  return false;
}

}  // namespace asaemu
