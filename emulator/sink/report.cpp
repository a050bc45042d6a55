#include "emulator/sink/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

/// So many rows of a table are read; the rest is in the JSON.
constexpr std::size_t kRowsMax = 20;

std::string_view name_of(Collector::End end) {
  switch (end) {
    case Collector::End::kMessages:
      return "count";
    case Collector::End::kIdle:
      return "idle";
    case Collector::End::kDuration:
      return "duration";
    case Collector::End::kSignal:
      return "signal";
    case Collector::End::kOutput:
      break;
  }
  return "output";
}

/// `2026-11-20T08:00:00.000123Z`.
std::string stamp(CalendarTime time) {
  std::array<char, 32> text{};
  char* const end = write_rfc5424_stamp(text.data(), time);
  const auto fraction = time - std::chrono::floor<std::chrono::seconds>(time);
  const std::string_view seconds{text.data(), static_cast<std::size_t>(end - text.data() - 1)};
  return fmt::format("{}.{:06}Z", seconds, fraction.count() / 1000);
}

/// Seconds from the first message to the last.
double seconds(const Tally& tally) {
  if (!tally.first()) return 0;
  return std::chrono::duration<double>(*tally.last() - *tally.first()).count();
}

using Row = std::pair<std::string, std::uint64_t>;

/// Most messages first, then by name.
template <typename Map, typename Name>
std::vector<Row> rows(const Map& map, Name name) {
  std::vector<Row> result;
  result.reserve(map.size());
  for (const auto& [key, count] : map) result.emplace_back(name(key), count);
  std::sort(result.begin(), result.end(), [](const Row& a, const Row& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return result;
}

std::vector<Row> id_rows(const Tally& tally) {
  return rows(tally.by_id(), [](std::uint32_t id) { return fmt::format("{:06}", id); });
}

std::vector<Row> sender_rows(const Tally& tally) {
  return rows(tally.by_sender(), [](const std::string& name) { return name; });
}

nlohmann::json to_object(const std::vector<Row>& counts) {
  auto object = nlohmann::json::object();
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

void add_table(fmt::memory_buffer& out, std::string_view title, const std::vector<Row>& counts) {
  if (counts.empty()) return;
  fmt::format_to(std::back_inserter(out), "{:<24} {:>12}\n", title, "messages");
  const auto shown = std::min(counts.size(), kRowsMax);
  for (std::size_t i = 0; i < shown; ++i) {
    fmt::format_to(std::back_inserter(out), "{:<24} {:>12}\n", counts[i].first, counts[i].second);
  }
  if (shown < counts.size()) {
    fmt::format_to(std::back_inserter(out), "and {} more\n", counts.size() - shown);
  }
}

void add_problem(fmt::memory_buffer& out, std::uint64_t count, std::string_view what) {
  if (count > 0) fmt::format_to(std::back_inserter(out), "{} {}\n", count, what);
}

}  // namespace

std::string report_json(const Collector& collector, Collector::End end) {
  const auto& tally = collector.tally();
  nlohmann::json report;
  report["messages"] = tally.messages();
  report["bytes"] = tally.bytes();
  report["malformed"] = tally.malformed();
  report["cut"] = tally.cut();
  report["unfinished"] = tally.unfinished();
  report["first"] = nullptr;
  report["last"] = nullptr;
  if (tally.first()) {
    report["first"] = stamp(*tally.first());
    report["last"] = stamp(*tally.last());
  }
  report["seconds"] = seconds(tally);
  report["ended_by"] = name_of(end);
  report["by_id"] = to_object(id_rows(tally));
  report["by_sender"] = to_object(sender_rows(tally));
  report["listeners"] = nlohmann::json::array();
  for (const auto& listener : collector.listeners()) {
    report["listeners"].push_back({{"address", listener.address},
                                   {"connections", listener.connections},
                                   {"lost_by_kernel", listener.lost},
                                   {"refused", listener.refused}});
  }
  return report.dump(2) + "\n";
}

std::string report_table(const Collector& collector, Collector::End end) {
  const auto& tally = collector.tally();
  fmt::memory_buffer out;
  const double length = seconds(tally);
  fmt::format_to(std::back_inserter(out), "received {} messages, {} bytes", tally.messages(),
                 tally.bytes());
  if (length > 0) {
    fmt::format_to(std::back_inserter(out), " in {:.3f} s, {:.0f} per second", length,
                   static_cast<double>(tally.messages()) / length);
  }
  fmt::format_to(std::back_inserter(out), "; ended by {}\n", name_of(end));
  add_problem(out, tally.malformed(), "without a tag");
  add_problem(out, tally.cut(), "cut at 64 KiB");
  add_problem(out, tally.unfinished(), "unfinished at the end of their connection");
  for (const auto& listener : collector.listeners()) {
    add_problem(out, listener.refused, fmt::format("connections refused on {}", listener.address));
    add_problem(out, listener.lost,
                fmt::format("lost on {}: the kernel had no room for them", listener.address));
  }
  add_table(out, "id", id_rows(tally));
  add_table(out, "sender", sender_rows(tally));
  return fmt::to_string(out);
}

}  // namespace asaemu
