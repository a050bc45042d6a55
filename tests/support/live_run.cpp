#include "tests/support/live_run.hpp"

#include "test_paths.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <sstream>

namespace asaemu::test {

namespace {

using namespace std::chrono_literals;

std::vector<std::string> settings(unsigned per_second, unsigned seconds) {
  return {"--set", "per_second=" + std::to_string(per_second), "--set",
          "seconds=" + std::to_string(seconds) + "s", "--quiet"};
}

}  // namespace

const std::string kSteady = std::string(ASAEMU_SOURCE_DIR) + "/tests/integration/steady.yaml";

std::uint64_t number(const nlohmann::json& object, const char* key) {
  return object.at(key).get<std::uint64_t>();
}

nlohmann::json identities_of(const std::string& report_file) {
  auto report = nlohmann::json::parse(read_file(report_file));
  const auto& messages = report["messages"];
  CHECK(number(messages, "logged") == number(messages, "disabled") +
                                          number(messages, "rate_limited") +
                                          number(messages, "passed"));
  const auto& to = report["delivery"];
  CHECK(number(to, "seen") == number(to, "below_level") + number(to, "offered"));
  CHECK(number(to, "offered") == number(to, "sent") + number(to, "dropped_queue") +
                                     number(to, "dropped_error") + number(to, "pending"));
  return report;
}

LiveRun::LiveRun(const std::string& to, unsigned per_second, unsigned seconds,
                 std::vector<std::string> before)
    : per_second_(per_second), seconds_(seconds) {
  auto arguments = std::move(before);
  arguments.insert(arguments.end(), {program(), "run", kSteady, "--to", to, "--report",
                                     folder_.file("report.json")});
  const auto rest = settings(per_second, seconds);
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  process_ = std::make_unique<Process>(arguments, folder_.file("out"), folder_.file("err"));
}

void LiveRun::interrupt() const {
  process_->send_signal(SIGTERM);
}

bool LiveRun::ends_well() {
  const int code = wait();
  return code == 0 || (code == 1 && said().find("could not keep up") != std::string::npos);
}

nlohmann::json LiveRun::report() const {
  return identities_of(folder_.file("report.json"));
}

/// An interrupted run offered the first ones.
LineCounts LiveRun::offered() const {
  return first_lines(number(report().at("delivery"), "offered"), per_second_, seconds_);
}

/// One device offers its lines in their order.
LineCounts first_lines(std::uint64_t count, unsigned per_second, unsigned seconds) {
  auto left = count;
  const TemporaryFolder folder;
  std::vector<std::string> arguments{"run", kSteady, "--speed",
                                     "max", "--to",  "file:" + folder.file("lines")};
  const auto needed = static_cast<unsigned>(left / per_second + 1);
  const auto rest = settings(per_second, std::min(seconds, needed));
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  const auto run = run_asaemu(arguments);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  LineCounts counts;
  std::istringstream stream(read_file(folder.file("lines")));
  for (std::string line; left > 0 && std::getline(stream, line); --left) ++counts[line];
  CHECK(left == 0);
  return counts;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Arrived compare(const std::vector<std::string>& received, LineCounts offered) {
  Arrived arrived;
  std::vector<std::string> others;
  for (const auto& line : received) {
    const auto known = offered.find(line);
    if (known == offered.end() || known->second == 0) {
      others.push_back(line);
      continue;
    }
    --known->second;
    ++arrived.whole;
  }
  // The longest has the fewest lines that it can be the beginning of.
  const auto is_longer = [](const auto& a, const auto& b) { return a.size() > b.size(); };
  std::sort(others.begin(), others.end(), is_longer);
  for (const auto& line : others) {
    auto longer = offered.lower_bound(line);
    while (longer != offered.end() && longer->first.starts_with(line) &&
           (longer->second == 0 || longer->first == line)) {
      ++longer;
    }
    if (longer != offered.end() && longer->first.starts_with(line)) {
      --longer->second;
      ++arrived.cut;
    } else {
      UNSCOPED_INFO("foreign: " << line);
      ++arrived.foreign;
    }
  }
  return arrived;
}

Arrived check_received(const std::vector<std::string>& received, const LineCounts& offered,
                       const nlohmann::json& report) {
  const auto& to = report.at("delivery");
  const auto unacknowledged = number(report.at("destinations").at(0), "lines_unacknowledged");
  INFO(to.dump() << report.at("destinations").dump());
  const auto arrived = compare(received, offered);
  CHECK(arrived.foreign == 0);
  CHECK(arrived.whole + unacknowledged >= number(to, "sent"));
  CHECK(arrived.whole + arrived.cut <= number(to, "sent") + number(to, "dropped_error"));
  CHECK(arrived.cut <= unacknowledged + number(to, "dropped_error"));
  return arrived;
}

}  // namespace asaemu::test
