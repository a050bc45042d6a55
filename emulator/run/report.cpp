#include "emulator/run/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace asaemu {

namespace {

using Json = nlohmann::ordered_json;

double seconds(std::chrono::nanoseconds duration) {
  return static_cast<double>(duration.count()) / 1e9;
}

double rate(std::uint64_t count, std::chrono::nanoseconds duration) {
  return duration.count() > 0 ? static_cast<double>(count) / seconds(duration) : 0;
}

double microseconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1000;
}

struct Totals {
  LogAccount messages;
  DestinationAccount lines;
};

Totals total_of(const RunResult& result) {
  Totals total;
  for (const auto& [name, account] : result.devices) {
    total.messages.logged += account.logged;
    total.messages.disabled += account.disabled;
    total.messages.rate_limited += account.rate_limited;
    total.messages.passed += account.passed;
    for (const auto& destination : account.destinations) {
      total.lines.seen += destination.seen;
      total.lines.below_level += destination.below_level;
      total.lines.offered += destination.offered;
      total.lines.sent += destination.sent;
      total.lines.dropped_queue += destination.dropped_queue;
      total.lines.dropped_error += destination.dropped_error;
      total.lines.bytes += destination.bytes;
    }
  }
  return total;
}

Json account_json(const DestinationAccount& account) {
  return Json{{"seen", account.seen},
              {"below_level", account.below_level},
              {"offered", account.offered},
              {"sent", account.sent},
              {"dropped_queue", account.dropped_queue},
              {"dropped_error", account.dropped_error},
              {"pending", account.pending()},
              {"bytes", account.bytes}};
}

Json account_json(const LogAccount& account) {
  return Json{{"logged", account.logged},
              {"disabled", account.disabled},
              {"rate_limited", account.rate_limited},
              {"passed", account.passed}};
}

Json devices_json(const RunResult& result) {
  Json devices = Json::array();
  for (const auto& [name, account] : result.devices) {
    Json device{{"name", name}, {"messages", account_json(account)}};
    device["destinations"] = Json::array();
    for (const auto& destination : account.destinations) {
      Json entry{{"host", destination.name}};
      entry.update(account_json(destination));
      device["destinations"].push_back(std::move(entry));
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

Json destinations_json(const RunResult& result) {
  Json destinations = Json::array();
  for (const auto& destination : result.destinations) {
    Json entry{{"to", destination.name},
               {"lines_sent", destination.lines_sent},
               {"bytes_sent", destination.bytes_sent},
               {"lines_failed", destination.lines_failed},
               {"lines_unacknowledged", destination.lines_unacknowledged}};
    if (!destination.failure.empty()) entry["failure"] = destination.failure;
    destinations.push_back(std::move(entry));
  }
  return destinations;
}

std::string identity_fault(const std::string& device, const LogAccount& account) {
  if (account.logged != account.disabled + account.rate_limited + account.passed) {
    return fmt::format("{}: logged {} is not disabled {} + rate_limited {} + passed {}", device,
                       account.logged, account.disabled, account.rate_limited, account.passed);
  }
  for (const auto& to : account.destinations) {
    if (to.seen != to.below_level + to.offered || to.seen > account.passed) {
      return fmt::format("{} to {}: seen {} is not below_level {} + offered {}, of {} passed",
                         device, to.name, to.seen, to.below_level, to.offered, account.passed);
    }
    if (to.sent + to.dropped_queue + to.dropped_error > to.offered) {
      return fmt::format("{} to {}: more lines are accounted for than the {} offered", device,
                         to.name, to.offered);
    }
  }
  return {};
}

/// The wall time that the run was to take.
std::chrono::nanoseconds asked_time(const RunResult& result) {
  const double nanoseconds = static_cast<double>(result.simulated.count()) / result.speed;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds));
}

/// Stimuli a second of wall time: what was asked for, and what was done until the last one was.
double asked_rate(const RunResult& result) {
  return rate(result.stimuli.executed + result.stimuli.missed, asked_time(result));
}

double achieved_rate(const RunResult& result) {
  return rate(result.stimuli.executed, std::max(asked_time(result), result.sending));
}

void add_pace(Json& report, const RunResult& result) {
  const Histogram& lateness = result.pace.lateness();
  report["lateness_us"] = {{"p50", microseconds(lateness.percentile(0.5))},
                           {"p99", microseconds(lateness.percentile(0.99))},
                           {"p99.9", microseconds(lateness.percentile(0.999))},
                           {"max", microseconds(lateness.max())}};
  report["pace"] = {{"kept", !result.fell_behind},
                    {"asked_per_second", asked_rate(result)},
                    {"achieved_per_second", achieved_rate(result)},
                    {"worst_window_deviation", result.pace.worst_window(asked_time(result))},
                    {"late_over_1s", result.pace.late()}};
}

std::string pace_lines(const RunResult& result) {
  const Histogram& lateness = result.pace.lateness();
  if (!result.is_real_time || lateness.count() == 0) return {};
  return fmt::format(
      "  pace      {:.1f}/s achieved of {:.1f}/s asked; worst 10 s off by {:.2f} %\n"
      "  lateness  p50 {:.0f} us, p99 {:.0f} us, p99.9 {:.0f} us, max {:.0f} us\n",
      achieved_rate(result), asked_rate(result), result.pace.worst_window(asked_time(result)) * 100,
      microseconds(lateness.percentile(0.5)), microseconds(lateness.percentile(0.99)),
      microseconds(lateness.percentile(0.999)), microseconds(lateness.max()));
}

}  // namespace

std::string pace_fault(const RunResult& result) {
  if (!result.fell_behind) return {};
  return fmt::format(
      "could not keep up: {:.1f}/s achieved of {:.1f}/s asked, {} stimuli missed, {} more than a "
      "second late",
      achieved_rate(result), asked_rate(result), result.stimuli.missed, result.pace.late());
}

std::string report_json(const Plan& plan, const Catalogue& catalogue, const RunResult& result) {
  const Totals total = total_of(result);
  Json report;
  report["scenario"] = plan.name;
  report["seed"] = plan.seed;
  report["simulated_seconds"] = seconds(result.simulated);
  report["wall_seconds"] = seconds(result.wall);
  report["interrupted"] = result.interrupted;
  report["peak_resident_kib"] = result.peak_resident_kib;
  report["stimuli"] = {{"scheduled", result.stimuli.executed + result.stimuli.missed},
                       {"executed", result.stimuli.executed},
                       {"missed", result.stimuli.missed}};
  report["threads"] = result.threads;
  if (result.shard.count > 1) {
    report["shard"] = {{"index", result.shard.index}, {"count", result.shard.count}};
  }
  if (result.is_real_time) add_pace(report, result);
  report["messages"] = account_json(total.messages);
  report["messages"]["per_second_wall"] = rate(total.messages.logged, result.wall);
  report["messages"]["per_second_simulated"] = rate(total.messages.logged, result.simulated);
  report["delivery"] = account_json(total.lines);
  if (result.has_received) report["received"] = result.received;
  report["by_id"] = Json::array();
  for (std::size_t i = 0; i < result.message_counts.size(); ++i) {
    if (result.message_counts[i] == 0) continue;
    const auto& type = catalogue.at(i);
    report["by_id"].push_back(
        {{"id", type.id()}, {"name", type.name()}, {"count", result.message_counts[i]}});
  }
  report["destinations"] = destinations_json(result);
  report["devices"] = devices_json(result);
  return report.dump(2) + "\n";
}

std::string report_table(const Plan& plan, const Catalogue& catalogue, const RunResult& result) {
  const Totals total = total_of(result);
  std::string text;
  if (const auto fault = pace_fault(result); !fault.empty()) {
    text = fmt::format("{} {}\n", plan.name, fault);
  }
  text +=
      fmt::format("{}{}: {:.3f} s simulated in {:.3f} s, seed {}, {} thread{}", plan.name,
                  result.interrupted ? " (interrupted)" : "", seconds(result.simulated),
                  seconds(result.wall), plan.seed, result.threads, result.threads == 1 ? "" : "s");
  if (result.shard.count > 1) {
    text += fmt::format(", shard {} of {}", result.shard.index, result.shard.count);
  }
  text += '\n';
  text += fmt::format("  stimuli   {} scheduled, {} executed, {} missed\n",
                      result.stimuli.executed + result.stimuli.missed, result.stimuli.executed,
                      result.stimuli.missed);
  text += pace_lines(result);
  text +=
      fmt::format("  messages  {} logged = {} disabled + {} rate-limited + {} passed; {:.0f}/s\n",
                  total.messages.logged, total.messages.disabled, total.messages.rate_limited,
                  total.messages.passed, rate(total.messages.logged, result.wall));
  text += fmt::format(
      "  delivery  {} below the trap level, {} offered = {} sent + {} dropped (queue) + {} dropped "
      "(error) + {} pending\n",
      total.lines.below_level, total.lines.offered, total.lines.sent, total.lines.dropped_queue,
      total.lines.dropped_error, total.lines.pending());
  if (result.has_received) {
    text += fmt::format("  received  {} by the embedded collector\n", result.received);
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < result.message_counts.size(); ++i) {
    if (result.message_counts[i] > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return result.message_counts[a] > result.message_counts[b];
  });
  for (const std::size_t i : order) {
    const auto& type = catalogue.at(i);
    text += fmt::format("  {:>12}  %ASA-{}-{}  {}\n", result.message_counts[i],
                        type.current().severity(), type.id(), type.name());
  }
  for (const auto& destination : result.destinations) {
    text += fmt::format("  to {}: {} lines, {} bytes", destination.name, destination.lines_sent,
                        destination.bytes_sent);
    if (destination.lines_failed > 0) text += fmt::format(", {} failed", destination.lines_failed);
    if (destination.lines_unacknowledged > 0) {
      text += fmt::format(", {} unacknowledged when their connections ended",
                          destination.lines_unacknowledged);
    }
    if (!destination.failure.empty()) text += fmt::format("; failed: {}", destination.failure);
    text += "\n";
  }
  return text;
}

std::string check_accounts(const RunResult& result) {
  for (const auto& [name, account] : result.devices) {
    if (auto fault = identity_fault(name, account); !fault.empty()) return fault;
  }
  return {};
}

}  // namespace asaemu
