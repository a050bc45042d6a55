// Ground truth from outside: what stands in it, and what happens when it cannot be written.
#include "emulator/truth/line_hash.hpp"
#include "emulator/verify/line_source.hpp"
#include "test_paths.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace asaemu;
using namespace asaemu::test;
using Json = nlohmann::json;

namespace {

const std::string kScenario = R"(name: small
summary: A shun, a scan, a message that is disabled, and one below the level.
seed: 7
start: 2026-11-20T08:00:00Z
duration: 20s
devices:
  - name: fw-1
    config: |
      interface GigabitEthernet0/0
       nameif outside
       ip address 203.0.113.1 255.255.255.0
      interface GigabitEthernet0/1
       nameif inside
       ip address 10.0.0.1 255.255.255.0
      route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
      logging enable
      logging timestamp
      logging trap warnings
      logging host inside 10.0.0.50
      no logging message 401003
timeline:
  - {step: contain, at: 1s, cli: [shun 198.51.100.7, shun 198.51.100.8]}
  - step: scan
    attack: T1046
    at: 2s
    every: 1s
    count: 3
    packet: {in: outside, proto: tcp, src: 198.51.100.7, dst: 10.0.0.9, sport: 4711, dport: 22, flags: syn}
  - {step: undo, at: 8s, cli: no shun 198.51.100.7}
)";

struct Ran {
  Outcome outcome;
  std::vector<Json> truth;
  std::string sent;
};

std::vector<Json> records_of(const std::string& path) {
  LineSource source;
  REQUIRE(source.open(path).empty());
  std::vector<Json> records;
  while (const auto line = source.next()) records.push_back(Json::parse(*line));
  REQUIRE(source.error().empty());
  return records;
}

Ran run(const std::string& truth_name, const std::string& scenario = kScenario) {
  const ScenarioFiles files;
  files.write("t.yaml", scenario);
  Ran ran;
  ran.outcome = run_asaemu({"run", files.path("t.yaml"), "--speed", "max", "--quiet", "--to",
                            "file:" + files.path("sent.log"), "--truth", files.path(truth_name)});
  INFO(ran.outcome.err);
  REQUIRE(ran.outcome.exit_code == 0);
  ran.truth = records_of(files.path(truth_name));
  ran.sent = read_file(files.path("sent.log"));
  return ran;
}

/// The messages, those that account for commands left out.
std::vector<Json> messages_of(const std::vector<Json>& truth) {
  std::vector<Json> messages;
  for (const Json& record : truth) {
    if (record.at("record") == "message" && record.at("id").get<int>() / 1000 != 111) {
      messages.push_back(record);
    }
  }
  return messages;
}

std::string hash_of(const std::string& text) {
  std::string hash(16, ' ');
  write_hash(hash.data(), line_hash(text));
  return hash;
}

}  // namespace

TEST_CASE("ground truth says of every message what it was and why", "[program]") {
  const Ran ran = run("truth.ndjson");
  CHECK(ran.truth.front()["record"] == "start");
  CHECK(ran.truth.front()["seed"] == 7);
  CHECK(ran.truth.front()["start"] == "2026-11-20T08:00:00Z");
  CHECK(ran.truth.back()["record"] == "end");
  CHECK(ran.truth.back()["messages"] == ran.truth.size() - 2);
  CHECK(ran.truth.back()["sent"] == 5);
  CHECK(ran.truth.back()["pending"] == 0);
  const auto messages = messages_of(ran.truth);
  REQUIRE(messages.size() == 6);
  for (std::size_t i = 1; i + 1 < ran.truth.size(); ++i) CHECK(ran.truth[i]["seq"] == i);
  const Json& packet = messages[3];
  CHECK(packet["device"] == "fw-1");
  CHECK(packet["due"] == 3.0);
  CHECK(packet["time"] == "2026-11-20T08:00:03.000000Z");
  CHECK(packet["id"] == 401004);
  CHECK(packet["name"] == "shunned_packet");
  CHECK(packet["severity"] == 4);
  CHECK(packet["fields"] ==
        Json{{"source", "198.51.100.7"}, {"destination", "10.0.0.9"}, {"interface", "outside"}});
  CHECK(packet["cause"]["kind"] == "packet");
  CHECK(packet["cause"]["step"] == "scan");
  CHECK(packet["attack"] == "T1046");
  CHECK(packet["to"][0]["host"] == "inside 10.0.0.50 udp/514");
  CHECK(packet["to"][0]["from"] == "10.0.0.1");
  CHECK(packet["to"][0]["outcome"] == "sent");
  CHECK(packet["to"][0]["sent"].get<double>() > 1'700'000'000);
}

TEST_CASE("messages of one cause share its number and others do not", "[program]") {
  const auto messages = messages_of(run("truth.ndjson").truth);
  CHECK(messages[0]["cause"] == messages[1]["cause"]);
  CHECK(messages[0]["cause"]["id"] == "fw-1/1");
  CHECK(messages[2]["cause"]["id"] != messages[3]["cause"]["id"]);
}

TEST_CASE("what a timer does belongs to the step that set it", "[program]") {
  const ScenarioFiles files;
  const auto outcome = run_asaemu({"run", "crypto-accelerator-fault", "--speed", "max", "--to",
                                   "null:", "--quiet", "--truth", files.path("t.ndjson")});
  REQUIRE(outcome.exit_code == 0);
  std::size_t later = 0;
  for (const Json& message : messages_of(records_of(files.path("t.ndjson")))) {
    later += message["cause"]["kind"] == "timer" && message["cause"].contains("step") ? 1 : 0;
  }
  CHECK(later > 0);
}

TEST_CASE("each line's hash is that of its bytes", "[program]") {
  const Ran ran = run("truth.ndjson");
  std::istringstream sent(ran.sent);
  std::size_t lines = 0;
  for (const Json& message : ran.truth) {
    if (message["record"] != "message" || message.contains("suppressed")) continue;
    const auto& copy = message["to"][0];
    if (copy["outcome"] != "sent") continue;
    std::string line;
    REQUIRE(std::getline(sent, line));
    CHECK(line.ends_with(message["text"].get<std::string>()));
    CHECK(copy["line"] == hash_of(line));
    ++lines;
  }
  CHECK(lines == 5);
}

TEST_CASE("a message that was disabled is in the truth and was not sent", "[program]") {
  const auto messages = messages_of(run("truth.ndjson").truth);
  CHECK(messages[5]["id"] == 401003);
  CHECK(messages[5]["suppressed"] == "disabled");
  CHECK(messages[5]["to"].empty());
}

TEST_CASE("a message below the trap level is in the truth with that outcome", "[program]") {
  std::string scenario = kScenario;
  scenario.replace(scenario.find("trap warnings"), 13, "trap errors");
  const auto messages = messages_of(run("truth.ndjson", scenario).truth);
  REQUIRE(messages.size() == 6);
  CHECK(messages[0]["to"][0]["outcome"] == "below_level");
  CHECK(messages[0]["text"].get<std::string>().starts_with("%ASA-4-401002: Shun added"));
}

TEST_CASE("ground truth is compressed by its name", "[program]") {
  const auto plain = messages_of(run("truth.ndjson").truth).size();
  CHECK(messages_of(run("truth.ndjson.gz").truth).size() == plain);
  CHECK(messages_of(run("truth.ndjson.zst").truth).size() == plain);
}

TEST_CASE("ground truth goes to standard output alone", "[program]") {
  const auto good = run_asaemu(
      {"run", "quickstart", "--speed", "max", "--to", "null:", "--quiet", "--truth", "-"});
  REQUIRE(good.exit_code == 0);
  CHECK(good.out.starts_with("{\"record\":\"start\""));
  const auto mixed = run_asaemu(
      {"run", "quickstart", "--speed", "max", "--to", "stdout:", "--quiet", "--truth", "-"});
  CHECK(mixed.exit_code == 2);
  CHECK(mixed.err.find("--truth") != std::string::npos);
}

TEST_CASE("a full disk under the truth ends the run with exit code 3", "[program]") {
  for (const char* to : {"null:", "file:/dev/null"}) {
    const auto outcome = run_asaemu(
        {"run", std::string(ASAEMU_SOURCE_DIR) + "/tests/benchmarks/one-device.yaml", "--speed",
         "max", "--duration", "100h", "--set", "seconds=100h", "--to", to, "--truth", "/dev/full"});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.find("/dev/full: No space left on device") != std::string::npos);
    CHECK(outcome.err.find("interrupted") != std::string::npos);
  }
}

TEST_CASE("a truth file that cannot be made is exit code 3 and nothing runs", "[program]") {
  const auto outcome = run_asaemu(
      {"run", "quickstart", "--speed", "max", "--to", "stdout:", "--truth", "/no/such/folder/t"});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.empty());
}
