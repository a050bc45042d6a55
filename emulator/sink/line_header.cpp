#include "emulator/sink/line_header.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::string_view kTag = "%ASA-";

/// A host name has at most 63 characters, an IPv6 address 39.
constexpr std::size_t kDeviceMax = 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The id in what follows `%ASA-`: `6-605005`, `session-6-302015`.
std::optional<std::uint32_t> read_id(std::string_view text) {
  constexpr std::size_t kDigits = 6;
  if (text.empty()) return std::nullopt;
  if (!is_digit(text.front())) {
    const auto dash = text.find('-');
    if (dash == 0 || dash == std::string_view::npos) return std::nullopt;
    const auto word = text.substr(0, dash);
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); };
    if (!std::all_of(word.begin(), word.end(), fits)) return std::nullopt;
    text.remove_prefix(dash + 1);
  }
  if (text.size() < 2 + kDigits || text[0] < '0' || text[0] > '7' || text[1] != '-') {
    return std::nullopt;
  }
  text.remove_prefix(2);
  std::uint32_t id = 0;
  for (const char c : text.substr(0, kDigits)) {
    if (!is_digit(c)) return std::nullopt;
    id = id * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (text.size() > kDigits && is_digit(text[kDigits])) return std::nullopt;
  return id;
}

/// `08:00:30`, which stands before ` : ` where a device has no device-id.
bool is_time_of_day(std::string_view word) {
  if (word.size() != 8) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i % 3 == 2 ? word[i] != ':' : !is_digit(word[i])) return false;
  }
  return true;
}

/// The device-id in what precedes the tag: `<164>HQ-FW : `, `<166>2018-06-27T12:17:46Z asa : `.
std::string_view read_device(std::string_view front) {
  constexpr std::string_view kEnd = " : ";
  if (!front.ends_with(kEnd)) return {};
  front.remove_suffix(kEnd.size());
  const auto begin = front.find_last_of(" >");
  const auto word = begin == std::string_view::npos ? front : front.substr(begin + 1);
  const auto prints = [](char c) { return c > ' ' && c < '\x7f'; };
  const bool good = word.size() <= kDeviceMax && !is_time_of_day(word) &&
                    std::all_of(word.begin(), word.end(), prints);
  return good ? word : std::string_view{};
}

}  // namespace

LineHeader read_header(std::string_view line) {
  for (auto at = line.find(kTag); at != std::string_view::npos; at = line.find(kTag, at + 1)) {
    const auto id = read_id(line.substr(at + kTag.size()));
    if (id) return {id, read_device(line.substr(0, at))};
  }
  return {};
}

}  // namespace asaemu
