#include "model/base/time.hpp"

#include "model/base/characters.hpp"
#include "model/base/print.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

constexpr std::array<Unit, 8> kUnits{{{"w", 7 * kDay},
                                      {"d", kDay},
                                      {"h", 3'600 * kSecond},
                                      {"m", 60 * kSecond},
                                      {"s", kSecond},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

/// 100 Julian years; twice this still fits a SimDuration, so a sum can be checked after adding.
constexpr std::int64_t kLongest = 36'525 * kDay;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// Removes the letters at the front; the unit's place in kUnits, or kUnits.size() if they name
/// none.
std::size_t take_unit(std::string_view& text) {
  std::size_t letters = 0;
  while (letters < text.size() && is_lower(text[letters])) ++letters;
  const auto name = text.substr(0, letters);
  text.remove_prefix(letters);
  std::size_t unit = 0;
  while (unit < kUnits.size() && kUnits[unit].name != name) ++unit;
  return unit;
}

/// The digits behind a decimal point as a part of `unit` nanoseconds; nullopt if it is not a whole
/// number.
std::optional<std::int64_t> fraction_of(std::string_view digits, std::int64_t unit) {
  if (digits.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const char digit : digits) {
    if (unit % 10 != 0) return std::nullopt;
    unit /= 10;
    sum += (digit - '0') * unit;
  }
  return sum;
}

std::string_view take_digits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const auto digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

/// Exactly `width` digits with a value in [low, high].
bool take_fixed(std::string_view& text, std::size_t width, unsigned low, unsigned high,
                unsigned& value) {
  if (text.size() < width) return false;
  value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(width);
  return value >= low && value <= high;
}

struct CalendarParts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

CalendarParts split(CalendarTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  return {std::chrono::year_month_day{day},
          std::chrono::hh_mm_ss<std::chrono::seconds>{seconds - day}};
}

char* write_year(char* out, std::chrono::year year) {
  const auto value = static_cast<unsigned>(static_cast<int>(year));
  out = write_two_digits(out, value / 100 % 100);
  return write_two_digits(out, value % 100);
}

/// `Nov 20`.
char* write_month_day(char* out, std::chrono::year_month_day date) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = static_cast<unsigned>(date.month());
  out = write_text(out, kMonths.substr(3 * (month - 1), 3));
  *out++ = ' ';
  return write_two_digits(out, static_cast<unsigned>(date.day()));
}

/// `08:00:30`.
char* write_time_of_day(char* out, const std::chrono::hh_mm_ss<std::chrono::seconds>& time) {
  out = write_two_digits(out, static_cast<unsigned>(time.hours().count()));
  *out++ = ':';
  out = write_two_digits(out, static_cast<unsigned>(time.minutes().count()));
  *out++ = ':';
  return write_two_digits(out, static_cast<unsigned>(time.seconds().count()));
}

}  // namespace

std::optional<SimDuration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  bool fractional = false;
  while (!text.empty()) {
    const auto whole = take_digits(text);
    const bool has_point = take(text, '.');
    const auto fraction = has_point ? take_digits(text) : std::string_view{};
    const std::size_t unit = take_unit(text);
    if (whole.empty() || fractional || unit < next_unit || unit == kUnits.size()) {
      return std::nullopt;
    }
    const std::int64_t length = kUnits[unit].nanoseconds;
    std::int64_t amount = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), amount);
    if (error != std::errc{} || amount > kLongest / length) return std::nullopt;
    total += amount * length;
    if (has_point) {
      const auto part = fraction_of(fraction, length);
      if (!part) return std::nullopt;
      total += *part;
    }
    if (total > kLongest) return std::nullopt;
    fractional = has_point;
    next_unit = unit + 1;
  }
  return SimDuration{total};
}

std::string to_string(SimDuration duration) {
  if (duration == SimDuration::zero()) return "0s";
  std::string out;
  auto rest = static_cast<std::uint64_t>(duration.count());
  if (duration < SimDuration::zero()) {
    out = '-';
    rest = 0 - rest;
  }
  for (const auto& unit : kUnits) {
    const auto length = static_cast<std::uint64_t>(unit.nanoseconds);
    const bool weeks = unit.name == "w";
    if (rest < length || (weeks && rest % length != 0)) continue;
    out += std::to_string(rest / length);
    out += unit.name;
    rest %= length;
  }
  return out;
}

std::optional<CalendarTime> parse_calendar(std::string_view text) {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  const bool good =
      take_fixed(text, 4, 1970, 2200, year) && take(text, '-') &&
      take_fixed(text, 2, 1, 12, month) && take(text, '-') && take_fixed(text, 2, 1, 31, day) &&
      take(text, 'T') && take_fixed(text, 2, 0, 23, hour) && take(text, ':') &&
      take_fixed(text, 2, 0, 59, minute) && take(text, ':') && take_fixed(text, 2, 0, 59, second);
  if (!good) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (take(text, '.')) {
    const auto fraction = fraction_of(take_digits(text), kSecond);
    if (!fraction) return std::nullopt;
    nanoseconds = *fraction;
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{month}, std::chrono::day{day}};
  if (text != "Z" || !date.ok()) return std::nullopt;
  return CalendarTime{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} +
         std::chrono::nanoseconds{nanoseconds};
}

char* write_legacy_stamp(char* out, CalendarTime time) {
  const auto parts = split(time);
  out = write_month_day(out, parts.date);
  *out++ = ' ';
  out = write_year(out, parts.date.year());
  *out++ = ' ';
  return write_time_of_day(out, parts.time);
}

char* write_rfc5424_stamp(char* out, CalendarTime time) {
  const auto parts = split(time);
  out = write_year(out, parts.date.year());
  *out++ = '-';
  out = write_two_digits(out, static_cast<unsigned>(parts.date.month()));
  *out++ = '-';
  out = write_two_digits(out, static_cast<unsigned>(parts.date.day()));
  *out++ = 'T';
  out = write_time_of_day(out, parts.time);
  *out++ = 'Z';
  return out;
}

char* write_emblem_stamp(char* out, CalendarTime time, std::string_view zone) {
  const auto parts = split(time);
  out = write_month_day(out, parts.date);
  *out++ = ' ';
  out = write_time_of_day(out, parts.time);
  *out++ = ' ';
  return write_text(out, zone);
}

}  // namespace asaemu
