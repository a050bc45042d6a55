#include "emulator/sink/report.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// Receives these datagrams, and no more.
void receive(Collector& collector, const std::vector<std::string>& payloads) {
  REQUIRE(collector.listen({false, {"127.0.0.1", 0}}).empty());
  const auto sender = loopback_socket(SOCK_DGRAM);
  std::string error;
  const auto address = resolve(collector.addresses().front().local, error).front();
  for (const auto& payload : payloads) {
    sendto(sender.get(), payload.data(), payload.size(), 0, address.data(), address.size);
  }
  collector.run({payloads.size(), std::chrono::seconds{10}, std::nullopt});
}

}  // namespace

TEST_CASE("the JSON report has every count") {
  Collector collector;
  receive(collector, {"<164>fw-a : %ASA-4-401004: x\n", "<164>fw-b : %ASA-4-401004: x\n",
                      "<164>fw-b : %ASA-4-402119: x\n", "hello"});
  const auto report = nlohmann::json::parse(report_json(collector, Collector::End::kMessages));
  CHECK(report["messages"] == 4);
  CHECK(report["bytes"] == 3 * 29 + 5);
  CHECK(report["malformed"] == 1);
  CHECK(report["cut"] == 0);
  CHECK(report["unfinished"] == 0);
  CHECK(report["ended_by"] == "count");
  CHECK(report["by_id"] == nlohmann::json{{"401004", 2}, {"402119", 1}});
  CHECK(report["by_sender"] == nlohmann::json{{"127.0.0.1", 1}, {"fw-a", 1}, {"fw-b", 2}});
  CHECK(report["listeners"][0]["address"] == to_string(collector.addresses().front()));
  CHECK(report["listeners"][0]["lost_by_kernel"] == 0);
  const auto first = report["first"].get<std::string>();
  CHECK(parse_calendar(first));
  CHECK(first.size() == std::string_view{"2026-11-20T08:00:00.000123Z"}.size());
  CHECK(first <= report["last"].get<std::string>());
}

TEST_CASE("a collector that received nothing reports no times") {
  Collector collector;
  const auto report = nlohmann::json::parse(report_json(collector, Collector::End::kIdle));
  CHECK(report["messages"] == 0);
  CHECK(report["first"].is_null());
  CHECK(report["last"].is_null());
  CHECK(report["seconds"] == 0.0);
  CHECK(report_table(collector, Collector::End::kIdle) ==
        "received 0 messages, 0 bytes; ended by idle\n");
}

TEST_CASE("the table shows the most frequent first and counts the rest") {
  Collector collector;
  std::vector<std::string> payloads(3, "<164>fw : %ASA-4-402119: x");
  for (int id = 401001; id <= 401021; ++id) {
    payloads.push_back(fmt::format("<164>fw : %ASA-4-{}: x", id));
  }
  receive(collector, payloads);
  const auto table = report_table(collector, Collector::End::kMessages);
  INFO(table);
  CHECK(table.find("received 24 messages, 624 bytes") == 0);
  CHECK(table.find("402119                              3\n401001") != std::string::npos);
  CHECK(table.find("401019                              1\nand 2 more\n") != std::string::npos);
  CHECK(table.find("fw                                 24\n") != std::string::npos);
  CHECK(table.find("without a tag") == std::string::npos);
}
