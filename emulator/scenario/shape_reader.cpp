#include "emulator/scenario/shape_reader.hpp"

#include "emulator/scenario/diurnal.hpp"
#include "emulator/scenario/trace_file.hpp"
#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace asaemu {

namespace {

using Kind = Schedule::Kind;

constexpr std::array<std::string_view, 9> kShapes{"constant", "poisson", "ramp",   "step", "burst",
                                                  "sine",     "diurnal", "hawkes", "trace"};
constexpr std::array<std::string_view, 10> kShapesAndVolume{
    "constant", "poisson", "ramp", "step", "burst", "sine", "diurnal", "hawkes", "trace", "volume"};
/// Beside a shape's name.
constexpr std::array<std::string_view, 2> kManners{"arrivals", "per"};
/// Steps of a staircase.
constexpr double kStairsMax = 100'000;
constexpr double kDaySeconds = 86'400;
constexpr double kLineBytesMin = 20;
constexpr double kLineBytesMax = 8192;
/// Above this, a burst of occurrences would not die out for very long.
constexpr double kBranchingMax = 0.99;

double seconds_of(SimDuration duration) {
  return static_cast<double>(duration.count()) / 1e9;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

/// Reads one shape.
class RateReader {
 public:
  RateReader(const Source* source, Schedule& schedule, const Scope& scope)
      : source_(source), schedule_(schedule), scope_(scope) {}

  void read(std::string_view shape, const Node& node) {
    if (shape == "constant" || shape == "poisson") {
      if (const auto rate = read_rate(scope_, node, shape)) use_mean(shape, *rate);
    } else if (shape == "diurnal") {
      read_diurnal(node);
    } else if (shape == "trace") {
      read_trace(node);
    } else {
      read_mapping(shape, node);
    }
  }

 private:
  void use_mean(std::string_view shape, double rate) {
    if (shape == "diurnal") {
      use(diurnal_shape(rate, true), true);
      return;
    }
    schedule_.kind = shape == "poisson" ? Kind::kPoisson : Kind::kConstant;
    schedule_.per_second = rate;
  }

  void use(const Shape& shape, bool is_weekly = false) {
    schedule_.kind = Kind::kShape;
    schedule_.shape = std::make_shared<const Shape>(shape);
    schedule_.is_weekly = is_weekly;
  }

  void read_mapping(std::string_view shape, const Node& node) {
    MappingReader reader(node, shape, scope_.faults());
    if (shape == "ramp") {
      read_ramp(reader);
    } else if (shape == "step") {
      read_step(reader);
    } else if (shape == "burst") {
      read_burst(reader);
    } else if (shape == "sine") {
      read_sine(reader);
    } else if (shape == "hawkes") {
      read_hawkes(reader);
    } else {
      read_volume(reader);
    }
  }

  void read_ramp(MappingReader& reader) {
    const Node* const from = reader.required("from");
    const Node* const to = reader.required("to");
    const Node* const over = reader.required("over");
    reader.finish();
    const auto low = from_zero(from, "from");
    const auto high = from_zero(to, "to");
    const auto length = time(over, "over");
    if (!low || !high || !length) return;
    if (*low == 0 && *high == 0) {
      scope_.complain(*to, "a ramp from 0 to 0 is no load");
      return;
    }
    use(Shape::lines({{0, *low}, {*length, *high}}, false));
  }

  /// A staircase.
  void read_step(MappingReader& reader) {
    const Node* const from = reader.required("from");
    const Node* const by = reader.required("by");
    const Node* const every = reader.required("every");
    const Node* const to = reader.required("to");
    reader.finish();
    const auto low = from_zero(from, "from");
    const auto rise = above_zero(by, "by");
    const auto length = time(every, "every");
    const auto high = above_zero(to, "to");
    if (!low || !rise || !length || !high) return;
    const double stairs = std::ceil(std::abs(*high - *low) / *rise - 1e-9);
    if (stairs > kStairsMax) {
      scope_.complain(*by, fmt::format("this makes {:.0f} steps; at most {:.0f} are allowed",
                                       stairs, kStairsMax));
      return;
    }
    const double sign = *high < *low ? -1 : 1;
    std::vector<Shape::Point> points{{0, *low}};
    const auto count = static_cast<int>(stairs);
    for (int stair = 1; stair <= count; ++stair) {
      const double rate = stair < count ? *low + sign * stair * *rise : *high;
      points.push_back({stair * *length, points.back().rate});
      points.push_back({stair * *length, rate});
    }
    use(Shape::lines(points, false));
  }

  void read_burst(MappingReader& reader) {
    const Node* const base = reader.required("base");
    const Node* const peak = reader.required("peak");
    const Node* const every = reader.required("every");
    const Node* const length_node = reader.required("for");
    reader.finish();
    const auto low = from_zero(base, "base");
    const auto high = above_zero(peak, "peak");
    const auto period = time(every, "every");
    const auto length = time(length_node, "for");
    if (!low || !high || !period || !length) return;
    if (*length >= *period) {
      scope_.complain(*length_node, "a burst must be shorter than the time from one to the next");
      return;
    }
    use(Shape::lines({{0, *high}, {*length, *high}, {*length, *low}, {*period, *low}}, true));
  }

  void read_sine(MappingReader& reader) {
    const Node* const mean = reader.required("mean");
    const Node* const amplitude = reader.required("amplitude");
    const Node* const period = reader.required("period");
    reader.finish();
    const auto middle = above_zero(mean, "mean");
    const auto swing = from_zero(amplitude, "amplitude");
    const auto length = time(period, "period");
    if (!middle || !swing || !length) return;
    if (*swing > *middle) {
      scope_.complain(*amplitude,
                      "the amplitude can be at most the mean; a rate is never negative");
      return;
    }
    use(Shape::sine(*middle, *swing, *length));
  }

  void read_hawkes(MappingReader& reader) {
    const Node* const mean = reader.required("mean");
    const Node* const branching = reader.required("branching");
    const Node* const decay = reader.required("decay");
    reader.finish();
    const auto rate = above_zero(mean, "mean");
    const auto children = number(branching, "branching", 0, kBranchingMax);
    const auto length = time(decay, "decay");
    if (!rate || !children || !length) return;
    schedule_.kind = Kind::kHawkes;
    schedule_.per_second = *rate;
    schedule_.branching = *children;
    schedule_.decay = SimDuration(static_cast<std::int64_t>(*length * 1e9));
  }

  void read_diurnal(const Node& node) {
    if (!node.is_mapping()) {
      if (const auto rate = read_rate(scope_, node, "diurnal")) use_mean("diurnal", *rate);
      return;
    }
    MappingReader reader(node, "diurnal", scope_.faults());
    const Node* const mean = reader.required("mean");
    const Node* const spikes = reader.optional("spikes");
    reader.finish();
    const auto rate = above_zero(mean, "mean");
    const auto wanted = choice(spikes, "spikes", {"on", "off"});
    if (rate && wanted) use(diurnal_shape(*rate, *wanted == 0), true);
  }

  void read_volume(MappingReader& reader) {
    const Node* const per_day = reader.required("per-day");
    const Node* const line = reader.optional("line");
    const Node* const shape = reader.optional("shape");
    reader.finish();
    const auto text = per_day != nullptr ? scope_.text(*per_day, "per-day") : std::nullopt;
    const auto bytes = text ? parse_volume(*text) : std::nullopt;
    if (text && !bytes) {
      scope_.complain(*per_day,
                      fmt::format("per-day is {}; a volume is 500MB, 2.5GB or 1TB", shown(*text)));
    }
    const auto size = line == nullptr ? std::optional(kLineBytes)
                                      : number(line, "line", kLineBytesMin, kLineBytesMax);
    const auto kind = choice(shape, "shape", {"constant", "poisson", "diurnal"});
    if (!bytes || !size || !kind) return;
    const double rate = *bytes / *size / kDaySeconds;
    if (rate < kRateMin || rate > kRateMax) {
      scope_.complain(*per_day, fmt::format("this is {:.3g} lines a second; a rate is from once a "
                                            "year to {:.0f}/s",
                                            rate, kRateMax));
      return;
    }
    use_mean(kShapes[*kind == 2 ? 6 : *kind], rate);
  }

  void read_trace(const Node& node) {
    const Node* file = &node;
    double factor = 1;
    if (node.is_mapping()) {
      MappingReader reader(node, "trace", scope_.faults());
      file = reader.required("file");
      const Node* const scale = reader.optional("scale");
      reader.finish();
      if (scale != nullptr) factor = number(scale, "scale", 1e-9, 1e9).value_or(1);
      if (file == nullptr) return;
    }
    const auto name = scope_.text(*file, "trace");
    if (!name) return;
    if (source_ == nullptr || source_->is_shipped) {
      scope_.complain(*file, "a shipped scenario has no files beside it");
      return;
    }
    const auto shape = read_trace_file((source_->directory / *name).string(), *file, scope_);
    if (!shape) return;
    if (shape->highest_rate() * factor > kRateMax) {
      scope_.complain(*file, fmt::format("its highest rate is {:.0f}/s; a rate can be at most "
                                         "{:.0f}/s",
                                         shape->highest_rate() * factor, kRateMax));
      return;
    }
    use(shape->scaled(factor));
  }

  /// A rate, or 0.
  [[nodiscard]] std::optional<double> from_zero(const Node* node, std::string_view what) const {
    if (node == nullptr) return std::nullopt;
    if (node->is_scalar() && (node->text() == "0" || node->text() == "0/s")) return 0;
    return read_rate(scope_, *node, what);
  }

  [[nodiscard]] std::optional<double> above_zero(const Node* node, std::string_view what) const {
    if (node == nullptr) return std::nullopt;
    return read_rate(scope_, *node, what);
  }

  /// A duration in seconds, more than 0.
  [[nodiscard]] std::optional<double> time(const Node* node, std::string_view what) const {
    if (node == nullptr) return std::nullopt;
    const auto length = read_duration(scope_, *node, what);
    if (length && *length == SimDuration::zero()) {
      scope_.complain(*node, fmt::format("{} is 0s; it must be longer", what));
      return std::nullopt;
    }
    return length ? std::optional(seconds_of(*length)) : std::nullopt;
  }

  [[nodiscard]] std::optional<double> number(const Node* node, std::string_view what, double low,
                                             double high) const {
    if (node == nullptr) return std::nullopt;
    const auto text = scope_.text(*node, what);
    const auto value = text ? parse_number(*text) : std::nullopt;
    if (value && *value >= low && *value <= high) return value;
    if (text) {
      scope_.complain(*node, fmt::format("{} is {}; a number from {:g} to {:g} is expected", what,
                                         shown(*text), low, high));
    }
    return std::nullopt;
  }

  /// Which of the words stands there; the first if nothing does.
  [[nodiscard]] std::optional<std::size_t> choice(
      const Node* node, std::string_view what,
      std::initializer_list<std::string_view> words) const {
    if (node == nullptr) return 0;
    const auto text = scope_.text(*node, what);
    if (!text) return std::nullopt;
    const auto* const found = std::find(words.begin(), words.end(), *text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    scope_.complain(*node, fmt::format("{} is {}; one of {} is expected", what, shown(*text),
                                       fmt::join(words, ", ")));
    return std::nullopt;
  }

  const Source* source_;
  Schedule& schedule_;
  const Scope& scope_;
};

/// `arrivals: even` or `poisson`: how occurrences are spread where the shape does not say.
void read_arrivals(const Node& node, Schedule& schedule, const Scope& scope) {
  const auto text = scope.text(node, "arrivals");
  if (!text) return;
  if (*text != "even" && *text != "poisson") {
    scope.complain(node, fmt::format("arrivals is {}; even or poisson is expected", shown(*text)));
  } else if (schedule.kind != Kind::kShape) {
    scope.complain(node, "constant, poisson and hawkes say themselves how they arrive");
  }
  schedule.is_random = *text == "poisson";
}

/// `per: device` or `run`: whose rate it is.
void read_per(const Node& node, Schedule& schedule, const Scope& scope) {
  const auto text = scope.text(node, "per");
  if (!text) return;
  if (*text != "device" && *text != "run") {
    scope.complain(node, fmt::format("per is {}; device or run is expected", shown(*text)));
  }
  schedule.is_shared = *text == "run";
}

}  // namespace

std::span<const std::string_view> rate_shapes() {
  return kShapesAndVolume;
}

void read_rate_shape(const Node& node, const Source* source, Schedule& schedule,
                     const Scope& scope) {
  const Node::Entry* shape = nullptr;
  const Node* arrivals = nullptr;
  const Node* per = nullptr;
  std::size_t shapes = 0;
  for (const Node::Entry& entry : node.entries()) {
    const std::string_view key = entry.key->text();
    if (key == "arrivals") {
      arrivals = entry.value;
    } else if (key == "per") {
      per = entry.value;
    } else {
      shape = &entry;
      ++shapes;
    }
  }
  if (!node.is_mapping() || shapes != 1) {
    scope.complain(node,
                   fmt::format("rate must be one shape, such as {{constant: 20/s}}, found {}; "
                               "the shapes are {}",
                               node.is_mapping() ? fmt::format("{} of them", shapes) : shown(node),
                               fmt::join(kShapesAndVolume, ", ")));
    return;
  }
  const std::string_view name = shape->key->text();
  if (std::ranges::find(kShapesAndVolume, name) == kShapesAndVolume.end()) {
    std::vector<std::string_view> known(kShapesAndVolume.begin(), kShapesAndVolume.end());
    known.insert(known.end(), kManners.begin(), kManners.end());
    scope.complain(*shape->key,
                   fmt::format("unknown rate {}{}", quoted(name), suggest(name, known)));
    return;
  }
  const std::size_t faults_before = scope.faults().size();
  RateReader(source, schedule, scope).read(name, *shape->value);
  if (scope.faults().size() > faults_before) return;
  if (arrivals != nullptr) read_arrivals(*arrivals, schedule, scope);
  if (per != nullptr) read_per(*per, schedule, scope);
}

std::optional<double> parse_volume(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}}};
  for (const auto& [unit, bytes] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto value = parse_number(text.substr(0, text.size() - unit.size()));
    if (value && *value > 0 && *value * bytes < 1e24) return *value * bytes;
  }
  return std::nullopt;
}

void scale(Schedule& schedule, double factor) {
  schedule.per_second *= factor;
  if (schedule.shape)
    schedule.shape = std::make_shared<const Shape>(schedule.shape->scaled(factor));
}

}  // namespace asaemu
