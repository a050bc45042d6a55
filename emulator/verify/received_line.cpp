#include "emulator/verify/received_line.hpp"

#include "emulator/sink/line_header.hpp"
#include "emulator/truth/message_content.hpp"
#include "emulator/verify/json_line.hpp"
#include "model/base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

constexpr std::string_view kTag = "%ASA-";

/// Where the tag of an ASA message begins; npos if nowhere.
std::size_t find_tag(std::string_view text, std::uint32_t& id) {
  for (auto at = text.find(kTag); at != std::string_view::npos; at = text.find(kTag, at + 1)) {
    // A front part is enough to read the tag from.
    constexpr std::size_t kTagMax = 48;
    const auto header = read_header(text.substr(at, kTagMax));
    const bool is_here = header.id && text.substr(at + 1, kTagMax).find(kTag) > 8;
    if (!is_here) continue;
    id = *header.id;
    return at;
  }
  return std::string_view::npos;
}

bool is_separator(char c) {
  constexpr std::string_view kSeparators = " \t,;\"'<>[](){}=|";
  return kSeparators.find(c) != std::string_view::npos;
}

/// `+01:00` or `Z` at the end of a time, in minutes; taken off the text.
std::optional<int> take_zone(std::string_view& text) {
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
    return 0;
  }
  if (text.size() < 6) return std::nullopt;
  const auto zone = text.substr(text.size() - 6);
  if ((zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  int hours = 0;
  int minutes = 0;
  std::from_chars(zone.data() + 1, zone.data() + 3, hours);
  std::from_chars(zone.data() + 4, zone.data() + 6, minutes);
  text.remove_suffix(6);
  return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<std::int64_t> parse_receipt(std::string_view text) {
  constexpr std::int64_t kMicros = 1'000'000;
  if (text.find('T') == std::string_view::npos) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds < 1)
      return std::nullopt;
    return static_cast<std::int64_t>(seconds * static_cast<double>(kMicros));
  }
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  const auto calendar = parse_calendar(std::string(text) + 'Z');
  if (!calendar) return std::nullopt;
  return calendar->time_since_epoch() / std::chrono::microseconds(1) - *zone * 60 * kMicros;
}

std::string ReceivedParser::begin_csv(std::string_view header) {
  if (header.starts_with("\xEF\xBB\xBF")) header.remove_prefix(3);
  split_csv(header);
  const auto column_of = [this](const std::string& name) {
    const auto end = cells_.begin() + static_cast<std::ptrdiff_t>(cell_count_);
    return static_cast<std::size_t>(std::find(cells_.begin(), end, name) - cells_.begin());
  };
  message_column_ = column_of(form_.column);
  if (message_column_ == cell_count_) {
    return fmt::format(
        "there is no column '{}'; the first line has {}", form_.column,
        fmt::join(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(cell_count_), ", "));
  }
  if (form_.time.empty()) return {};
  time_column_ = column_of(form_.time);
  return time_column_ == cell_count_ ? fmt::format("there is no column '{}'", form_.time)
                                     : std::string();
}

const ReceivedMessage& ReceivedParser::parse(std::string_view line) {
  result_.content = {};
  result_.id = 0;
  result_.words.clear();
  result_.at.reset();
  if (is_csv()) {
    take_csv(line);
  } else if (line.starts_with('{')) {
    take_json(line);
  } else {
    if (form_.time == "start") result_.at = parse_receipt(line.substr(0, line.find(' ')));
    take_text(line);
  }
  return result_;
}

void ReceivedParser::take_text(std::string_view text) {
  const std::size_t tag = find_tag(text, result_.id);
  if (tag == std::string_view::npos) return;
  result_.content = message_content(text.substr(tag), plain_);
  add_words(text.substr(0, tag));
}

void ReceivedParser::take_json(std::string_view line) {
  JsonLine json(line);
  bool has_message = false;
  while (const auto member = json.next()) {
    if (member->key == "message") {
      if (auto text = json_string(member->raw)) {
        message_ = std::move(*text);
        has_message = true;
      }
    } else if (!form_.time.empty() && member->key == form_.time) {
      result_.at = parse_receipt(plain_string(member->raw));
    } else {
      add_words(plain_string(member->raw));
    }
  }
  if (has_message) take_text(std::string_view(message_).substr(0, message_.find('\n')));
  // A line that only looks like JSON.
  if (!has_message && !json.ok()) take_text(line);
}

void ReceivedParser::take_csv(std::string_view line) {
  split_csv(line);
  if (message_column_ >= cell_count_) return;
  for (std::size_t i = 0; i < cell_count_; ++i) {
    if (i == time_column_) {
      result_.at = parse_receipt(cells_[i]);
    } else if (i != message_column_) {
      add_words(cells_[i]);
    }
  }
  take_text(cells_[message_column_]);
}

void ReceivedParser::add_words(std::string_view text) {
  while (!text.empty()) {
    const auto begin = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_separator) - text.begin());
    text.remove_prefix(begin);
    const auto size = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(), is_separator) - text.begin());
    auto word = text.substr(0, size);
    text.remove_prefix(size);
    if (word.ends_with(':') && word.size() > 1) word.remove_suffix(1);
    if (!word.empty()) result_.words.push_back(word);
  }
}

/// RFC 4180: cells in quotes may hold commas, and quotes doubled.
void ReceivedParser::split_csv(std::string_view line) {
  cell_count_ = 0;
  std::size_t at = 0;
  do {
    if (cell_count_ == cells_.size()) cells_.emplace_back();
    std::string& cell = cells_[cell_count_++];
    cell.clear();
    if (at < line.size() && line[at] == '"') {
      for (++at; at < line.size(); ++at) {
        if (line[at] != '"') {
          cell += line[at];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          cell += line[++at];
        } else {
          break;
        }
      }
      at = std::min(line.find(',', at), line.size());
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      cell = line.substr(at, end - at);
      at = end;
    }
  } while (at++ < line.size());
}

}  // namespace asaemu
