#include "emulator/scenario/trace_file.hpp"

#include "emulator/yaml/text_file.hpp"
#include "model/base/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace asaemu {

namespace {

constexpr std::size_t kBytesMax = std::size_t{64} << 20;
/// After so many mistakes the rest of the file is not looked at.
constexpr std::size_t kFaultsMax = 20;
constexpr double kSecondsMax = 3.2e9;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  const bool good = error == std::errc{} && at == end && std::isfinite(value) && value >= 0;
  return good ? std::optional(value) : std::nullopt;
}

std::optional<double> seconds_of(std::string_view text) {
  if (const auto number = decimal(text)) return *number <= kSecondsMax ? number : std::nullopt;
  const auto duration = parse_duration(text);
  return duration ? std::optional(static_cast<double>(duration->count()) / 1e9) : std::nullopt;
}

std::optional<double> rate_of(std::string_view text) {
  const auto slash = text.find('/');
  const auto number = decimal(text.substr(0, slash));
  if (!number || slash == std::string_view::npos) return number;
  const std::string_view unit = text.substr(slash + 1);
  if (unit == "s") return *number;
  if (unit == "m") return *number / 60;
  if (unit == "h") return *number / 3600;
  return unit == "d" ? std::optional(*number / 86400) : std::nullopt;
}

class TraceReader {
 public:
  TraceReader(const std::string& path, Faults& faults) : path_(path), faults_(faults) {}

  void read(std::string_view text) {
    unsigned line = 0;
    while (!text.empty() && found_ < kFaultsMax) {
      const auto end = text.find('\n');
      read_line(trimmed(text.substr(0, end)), ++line);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  [[nodiscard]] bool has_faults() const { return found_ > 0; }
  [[nodiscard]] const std::vector<Shape::Point>& points() const { return points_; }

 private:
  void read_line(std::string_view line, unsigned number) {
    if (line.empty() || line.front() == '#') return;
    const auto comma = line.find(',');
    const std::string_view time_text = trimmed(line.substr(0, comma));
    const std::string_view rate_text =
        comma == std::string_view::npos ? std::string_view{} : trimmed(line.substr(comma + 1));
    const auto time = seconds_of(time_text);
    const auto rate = rate_of(rate_text);
    const bool is_title = points_.empty() && !seen_title_ && !time && !rate;
    seen_title_ = true;
    if (is_title && comma != std::string_view::npos) return;
    if (!time || !rate) {
      complain(number,
               fmt::format("{} is no line of a trace; 90,20 is: a time in seconds and a rate "
                           "a second",
                           quoted(line)));
    } else if (!points_.empty() && *time <= points_.back().at) {
      complain(number, fmt::format("time {} does not come after the line before", time_text));
    } else if (points_.size() >= 2 * kTraceLinesMax) {
      complain(number, fmt::format("more than {} lines", kTraceLinesMax));
      found_ = kFaultsMax;
    } else {
      add(*time, *rate);
    }
  }

  void add(double time, double rate) {
    if (points_.empty() && time > 0) points_.push_back({0, 0});
    if (!points_.empty()) points_.push_back({time, points_.back().rate});
    points_.push_back({time, rate});
  }

  void complain(unsigned line, std::string what) {
    faults_.add({path_, line, 1}, std::move(what));
    ++found_;
  }

  const std::string& path_;
  Faults& faults_;
  std::vector<Shape::Point> points_;
  std::size_t found_ = 0;
  bool seen_title_ = false;
};

}  // namespace

std::optional<Shape> read_trace_file(const std::string& path, const Node& node,
                                     const Scope& scope) {
  Faults found;
  const auto text = read_text_file(path, kBytesMax, found);
  for (const Fault& fault : found.sorted()) scope.complain(node, "trace: " + fault.what);
  if (!text) return std::nullopt;
  TraceReader reader(path, scope.faults());
  reader.read(*text);
  if (reader.has_faults()) return std::nullopt;
  if (reader.points().empty()) {
    scope.complain(node, "trace: the file has no lines");
    return std::nullopt;
  }
  return Shape::lines(reader.points(), false);
}

}  // namespace asaemu
