#include "emulator/run/limit.hpp"

#include "emulator/run/load.hpp"
#include "emulator/run/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <thread>

namespace asaemu {

namespace {

using WallClock = std::chrono::steady_clock;

/// How long nothing more must arrive for a receiver to be taken as drained, and how long that is
/// waited for.
constexpr std::chrono::milliseconds kSettled{1500};
constexpr std::chrono::seconds kDrainMax{60};
constexpr std::chrono::milliseconds kPoll{50};
/// A collector that holds the sender up for more than this part of the time pushes back.
constexpr double kHeldUpMax = 0.1;
/// Files up to this size may be counters; larger ones are logs.
constexpr std::streamoff kCounterMax = 1 << 20;

double seconds(std::chrono::nanoseconds duration) {
  return static_cast<double>(duration.count()) / 1e9;
}

std::optional<std::uint64_t> counter_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto last = text.find_last_not_of(" \t\r\n");
  if (last == std::string::npos) return std::nullopt;
  const char* const end = text.data() + last + 1;
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc{} && at == end) return number;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_object() && json.contains("messages") && json["messages"].is_number_unsigned()) {
    return json["messages"].get<std::uint64_t>();
  }
  return std::nullopt;
}

std::uint64_t count_lines(std::ifstream& file) {
  std::array<char, 65536> buffer{};
  std::uint64_t lines = 0;
  file.clear();
  file.seekg(0);
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
    lines += static_cast<std::uint64_t>(
        std::count(buffer.begin(), buffer.begin() + file.gcount(), '\n'));
  }
  return lines;
}

/// Waits until nothing more arrives. When the last of it came.
WallClock::time_point await_drain(const std::string& path, std::uint64_t wanted,
                                  std::uint64_t& received) {
  const auto begin = WallClock::now();
  auto last = begin;
  for (auto now = begin; now - last < kSettled && now - begin < kDrainMax; now = WallClock::now()) {
    const std::uint64_t count = read_received(path);
    if (count != received) last = now;
    received = count;
    if (received >= wanted) break;
    std::this_thread::sleep_for(kPoll);
  }
  return last;
}

struct Lines {
  std::uint64_t offered = 0;
  std::uint64_t sent = 0;
};

Lines lines_of(const RunResult& result) {
  Lines lines;
  for (const auto& [name, account] : result.devices) {
    for (const auto& destination : account.destinations) {
      lines.offered += destination.offered;
      lines.sent += destination.sent;
    }
  }
  return lines;
}

/// Tries one rate. False if it could not be tried, and then `result.error` says why.
bool try_rate(const Plan& plan, const Catalogue& catalogue, const LimitOptions& options,
              double rate, LimitStep& step, LimitResult& result) {
  Plan scaled = plan;
  scaled.duration = options.hold;
  result.error = scale_load(scaled, rate, scaled.start.value_or(wall_calendar()));
  if (!result.error.empty()) return false;
  const bool counts = !options.received_file.empty();
  const std::uint64_t before = counts ? read_received(options.received_file) : 0;
  Run run(scaled, catalogue, options.run);
  result.error = run.open();
  if (!result.error.empty()) return false;
  const RunResult came = run.execute();
  const auto end = WallClock::now();
  result.interrupted = came.interrupted;
  const Lines lines = lines_of(came);
  step.asked = rate;
  step.achieved = static_cast<double>(came.stimuli.executed) /
                  std::max(seconds(options.hold), seconds(came.sending));
  step.offered = lines.offered;
  step.delivered = came.has_received ? came.received : lines.sent;
  step.lateness_p99 = std::chrono::nanoseconds(came.pace.lateness().percentile(0.99));
  step.held_up = came.held_up;
  if (counts) {
    std::uint64_t received = before;
    const auto drained = await_drain(options.received_file, before + lines.sent, received);
    step.drain = std::max(WallClock::duration::zero(), drained - end);
    step.delivered = received > before ? received - before : 0;
  }
  step.trouble = limit_trouble(step, came, options);
  return true;
}

}  // namespace

void RateSearch::tell(bool held) {
  const double tried = next_.value_or(0);
  (held ? good_ : bad_) = tried;
  next_.reset();
  if (bad_ == 0) {
    const double higher = bounds_.by > 0 ? tried + bounds_.by : tried * bounds_.factor;
    if (tried < bounds_.to) next_ = std::min(higher, bounds_.to);
  } else if (good_ > 0 && halved_ < bounds_.halvings) {
    ++halved_;
    next_ = (good_ + bad_) / 2;
  }
}

std::uint64_t read_received(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return 0;
  const std::streamoff size = file.tellg();
  if (size <= kCounterMax) {
    std::string text(static_cast<std::size_t>(std::max<std::streamoff>(size, 0)), '\0');
    file.seekg(0);
    file.read(text.data(), size);
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (const auto counter = counter_in(text)) return *counter;
  }
  return count_lines(file);
}

std::string limit_trouble(const LimitStep& step, const RunResult& result,
                          const LimitOptions& options) {
  for (const auto& destination : result.destinations) {
    if (!destination.failure.empty()) return destination.failure;
  }
  const double allowed = options.loss * static_cast<double>(step.offered);
  if (static_cast<double>(step.lost()) > allowed) return fmt::format("{} lost", step.lost());
  if (result.stimuli.missed > 0 || result.fell_behind) return "the sender fell behind";
  if (seconds(step.held_up) > kHeldUpMax * seconds(options.hold) * result.threads) {
    return fmt::format("held up for {:.1f} s", seconds(step.held_up));
  }
  if (step.lateness_p99 > options.lateness) {
    return fmt::format("p99 {:.0f} ms late", seconds(step.lateness_p99) * 1000);
  }
  return {};
}

LimitResult find_limit(const Plan& plan, const Catalogue& catalogue, const LimitOptions& options,
                       const std::function<void(const LimitStep&)>& on_step) {
  LimitResult result;
  RateSearch search(options.bounds);
  while (const auto rate = search.next()) {
    LimitStep step;
    if (!try_rate(plan, catalogue, options, *rate, step, result) || result.interrupted) break;
    result.steps.push_back(step);
    on_step(step);
    search.tell(step.trouble.empty());
  }
  result.knee = search.knee();
  result.has_limit = search.has_limit();
  return result;
}

std::string limit_head() {
  return fmt::format("{:>12} {:>12} {:>12} {:>12} {:>10} {:>10} {:>9} {:>8}  {}\n", "asked/s",
                     "achieved/s", "offered", "delivered", "lost", "p99 late", "held up", "drain",
                     "verdict");
}

std::string limit_row(const LimitStep& step) {
  return fmt::format(
      "{:>12.0f} {:>12.0f} {:>12} {:>12} {:>10} {:>7.1f} ms {:>7.1f} s {:>6.1f} s  {}\n",
      step.asked, step.achieved, step.offered, step.delivered, step.lost(),
      seconds(step.lateness_p99) * 1000, seconds(step.held_up), seconds(step.drain),
      step.trouble.empty() ? "holds" : step.trouble);
}

std::string limit_conclusion(const LimitResult& result) {
  if (result.knee == 0) return "no rate held\n";
  if (!result.has_limit) {
    return fmt::format("{:.0f}/s held, and no higher rate was to be tried\n", result.knee);
  }
  return fmt::format("the knee is at {:.0f}/s\n", result.knee);
}

std::string limit_json(const Plan& plan, const LimitOptions& options, const LimitResult& result) {
  nlohmann::ordered_json json;
  json["scenario"] = plan.name;
  json["to"] = options.run.to ? to_string(*options.run.to) : "";
  json["hold_seconds"] = seconds(options.hold);
  json["interrupted"] = result.interrupted;
  json["steps"] = nlohmann::ordered_json::array();
  for (const LimitStep& step : result.steps) {
    json["steps"].push_back({{"asked_per_second", step.asked},
                             {"achieved_per_second", step.achieved},
                             {"offered", step.offered},
                             {"delivered", step.delivered},
                             {"lost", step.lost()},
                             {"lateness_p99_us", seconds(step.lateness_p99) * 1e6},
                             {"held_up_seconds", seconds(step.held_up)},
                             {"drain_seconds", seconds(step.drain)},
                             {"held", step.trouble.empty()},
                             {"trouble", step.trouble}});
  }
  json["knee_per_second"] = result.knee;
  json["has_limit"] = result.has_limit;
  return json.dump(2) + "\n";
}

}  // namespace asaemu
