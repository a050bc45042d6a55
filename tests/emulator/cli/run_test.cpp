// The program from outside: what it prints, where, and with which exit code.
#include "test_paths.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <thread>

using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

const std::string kFlood = std::string(ASAEMU_SOURCE_DIR) + "/tests/integration/flood.yaml";
const std::string kBench = std::string(ASAEMU_SOURCE_DIR) + "/tests/benchmarks/one-device.yaml";

nlohmann::json report_of(const TemporaryFolder& folder) {
  return nlohmann::json::parse(read_file(folder.file("report.json")));
}

/// offered = sent + dropped + pending and the other identities, in total and for each device.
void require_identities(const nlohmann::json& report) {
  const auto hold = [](const nlohmann::json& messages, const nlohmann::json& to) {
    REQUIRE(messages["logged"].get<std::uint64_t>() ==
            messages["disabled"].get<std::uint64_t>() +
                messages["rate_limited"].get<std::uint64_t>() +
                messages["passed"].get<std::uint64_t>());
    REQUIRE(to["seen"].get<std::uint64_t>() ==
            to["below_level"].get<std::uint64_t>() + to["offered"].get<std::uint64_t>());
    REQUIRE(to["offered"].get<std::uint64_t>() ==
            to["sent"].get<std::uint64_t>() + to["dropped_queue"].get<std::uint64_t>() +
                to["dropped_error"].get<std::uint64_t>() + to["pending"].get<std::uint64_t>());
    REQUIRE(to["pending"] == 0);
  };
  hold(report["messages"], report["delivery"]);
  for (const auto& device : report["devices"]) {
    for (const auto& to : device["destinations"]) hold(device["messages"], to);
  }
}

}  // namespace

TEST_CASE("every mistake on the command line and in the scenario is told at once", "[program]") {
  const auto outcome = run_asaemu({"run", "no-such-scenario", "--to", "ftp://x", "--speed", "fast",
                                   "--duration", "-3s", "--set", "nothing"});
  REQUIRE(outcome.exit_code == 2);
  REQUIRE(outcome.out.empty());
  for (const char* part : {"--to", "--speed", "--duration", "--set", "no-such-scenario"}) {
    INFO(outcome.err);
    REQUIRE(outcome.err.find(part) != std::string::npos);
  }
}

TEST_CASE("an unknown command, option or nothing at all is exit code 2, help is 0", "[program]") {
  REQUIRE(run_asaemu({}).exit_code == 2);
  REQUIRE(run_asaemu({"fly"}).exit_code == 2);
  REQUIRE(run_asaemu({"run", "quickstart", "--fast"}).exit_code == 2);
  REQUIRE(run_asaemu({"--help"}).exit_code == 0);
  REQUIRE(run_asaemu({"--version"}).out == "0.1.0\n");
}

TEST_CASE("data goes to standard output, the report to standard error", "[program]") {
  const auto outcome = run_asaemu({"run", "fleet-flood", "--speed", "max", "--to", "stdout:"});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(outcome.out.starts_with("<164>"));
  REQUIRE(outcome.out.find("stimuli") == std::string::npos);
  REQUIRE(outcome.err.find("21200 logged") != std::string::npos);
}

TEST_CASE("the embedded collector receives all of a run", "[program]") {
  const TemporaryFolder folder;
  const auto outcome = run_asaemu({"run", "fleet-flood", "--speed", "1", "--to",
                                   "sink:", "--report", folder.file("report.json")});
  INFO(outcome.err);
  // A slow machine may not keep up; all is received nevertheless.
  REQUIRE((outcome.exit_code == 0 || outcome.exit_code == 1));
  REQUIRE(report_of(folder)["received"] == 21200);
  REQUIRE(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 21200);
}

TEST_CASE("a signal ends a run early, and it drains and still reports", "[program]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const TemporaryFolder folder;
    Process process({program(), "run", kBench, "--speed", "1", "--set", "per_second=1000", "--set",
                     "seconds=1h", "--to", "file:" + folder.file("out.log"), "--report",
                     folder.file("report.json")},
                    folder.file("out"), folder.file("err"));
    std::this_thread::sleep_for(1500ms);
    process.send_signal(signal);
    const int code = process.wait(20s);
    const auto report = report_of(folder);
    REQUIRE(code == (report["pace"]["kept"] == true ? 0 : 1));
    REQUIRE(report["interrupted"] == true);
    REQUIRE(report["stimuli"]["executed"] > 100);
    require_identities(report);
    const std::string stored = read_file(folder.file("out.log"));
    REQUIRE(static_cast<std::uint64_t>(std::count(stored.begin(), stored.end(), '\n')) ==
            report["delivery"]["sent"].get<std::uint64_t>());
    REQUIRE(stored.ends_with('\n'));
  }
}

TEST_CASE("a signal ends a run at maximum speed too", "[program]") {
  const TemporaryFolder folder;
  Process process({program(), "run", kBench, "--speed", "max", "--set", "seconds=100h", "--to",
                   "null:", "--report", folder.file("report.json")},
                  folder.file("out"), folder.file("err"));
  std::this_thread::sleep_for(1s);
  process.send_signal(SIGINT);
  REQUIRE(process.wait(20s) == 0);
  REQUIRE(report_of(folder)["interrupted"] == true);
}

TEST_CASE("a full disk ends the run with exit code 3, all of it accounted for", "[program]") {
  const TemporaryFolder folder;
  const auto outcome = run_asaemu({"run", kFlood, "--speed", "max", "--to", "file:/dev/full",
                                   "--report", folder.file("report.json")});
  REQUIRE(outcome.exit_code == 3);
  REQUIRE(outcome.err.find("No space left on device") != std::string::npos);
  const auto report = report_of(folder);
  require_identities(report);
  REQUIRE(report["delivery"]["sent"] == 0);
  REQUIRE(report["delivery"]["dropped_error"] > 0);
}

TEST_CASE("a collector that is not there is exit code 3 over TCP, and nothing ran", "[program]") {
  const auto outcome = run_asaemu(
      {"run", kFlood, "--speed", "max", "--to", "tcp://127.0.0.1:" + std::to_string(free_port())});
  REQUIRE(outcome.exit_code == 3);
  REQUIRE(outcome.err.find("Connection refused") != std::string::npos);
  REQUIRE(outcome.err.find("stimuli") == std::string::npos);
}

TEST_CASE("datagrams that a host refuses are counted as errors", "[program]") {
  const TemporaryFolder folder;
  const auto outcome = run_asaemu({"run", kFlood, "--speed", "max", "--to",
                                   "udp://127.0.0.1:" + std::to_string(free_port()), "--report",
                                   folder.file("report.json")});
  REQUIRE(outcome.exit_code == 0);
  const auto report = report_of(folder);
  require_identities(report);
  REQUIRE(report["delivery"]["dropped_error"] > 0);
}

TEST_CASE("the report has ids, identities and percentiles", "[program]") {
  const TemporaryFolder folder;
  const auto outcome =
      run_asaemu({"run", kBench, "--speed", "1", "--set", "per_second=1000", "--duration", "2s",
                  "--to", "null:", "--quiet", "--report", folder.file("report.json")});
  const auto report = report_of(folder);
  const bool kept = report["pace"]["kept"];
  REQUIRE(outcome.exit_code == (kept ? 0 : 1));
  REQUIRE(outcome.err.empty() == kept);
  require_identities(report);
  REQUIRE(report["stimuli"]["scheduled"] == 2001);
  REQUIRE(report["stimuli"]["missed"] == 0);
  REQUIRE(report["lateness_us"]["p50"] <= report["lateness_us"]["p99"]);
  REQUIRE(report["lateness_us"]["p99"] <= report["lateness_us"]["max"]);
  REQUIRE(report["by_id"][0]["id"] == 111008);
  REQUIRE(report["by_id"][2]["id"] == 401002);
  REQUIRE(report["by_id"][3]["count"] == 2000);
  REQUIRE(report["wall_seconds"].get<double>() >= 1.99);
  REQUIRE(report["pace"]["asked_per_second"].get<double>() == Approx(1000.5));
}

TEST_CASE("a load is scaled to a total, and mistakes about loads and workers are told",
          "[program]") {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& load :
       {std::vector<std::string>{"--eps", "500"}, {"--volume", "9.504GB"}}) {
    std::vector<std::string> arguments{"run",
                                       kBench,
                                       "--speed",
                                       "max",
                                       "--duration",
                                       "10s",
                                       "--to",
                                       "null:",
                                       "--quiet",
                                       "--threads",
                                       "3",
                                       "--report",
                                       folder.file("report.json")};
    arguments.insert(arguments.end(), load.begin(), load.end());
    REQUIRE(run_asaemu(arguments).exit_code == 0);
    const auto report = report_of(folder);
    REQUIRE(report["stimuli"]["executed"].get<double>() == Approx(5001).margin(1));
    REQUIRE(report["threads"] == 1);
  }
  const auto wrong = run_asaemu({"run", kBench, "--eps", "-1", "--volume", "7", "--threads", "0",
                                 "--shard", "3/2", "--metrics", "nowhere"});
  REQUIRE(wrong.exit_code == 2);
  for (const char* part : {"--eps: ", "--volume: ", "--threads: ", "--shard: ", "--metrics: "}) {
    INFO(wrong.err);
    REQUIRE(wrong.err.find(part) != std::string::npos);
  }
  for (const char* seed : {"-1", "18446744073709551616", "x"}) {
    const auto refused = run_asaemu({"run", kBench, "--seed", seed});
    REQUIRE(refused.exit_code == 2);
    REQUIRE(refused.err.find("is no seed") != std::string::npos);
  }
  const auto none = run_asaemu({"run", "shun-table-full", "--eps", "10", "--volume", "1GB"});
  REQUIRE(none.exit_code == 2);
  REQUIRE(none.err.find("a run has --eps or --volume, not both") != std::string::npos);
}

TEST_CASE("metrics are served while a run goes on", "[program]") {
  const TemporaryFolder folder;
  Process process({program(), "run", kBench, "--set", "per_second=100", "--set", "seconds=1h",
                   "--to", "null:", "--metrics", "127.0.0.1:0"},
                  folder.file("out"), folder.file("err"));
  const std::string before = "metrics at http://127.0.0.1:";
  std::string said;
  for (int i = 0; i < 600 && said.find(before) == std::string::npos; ++i) {
    std::this_thread::sleep_for(100ms);
    said = read_file(folder.file("err"));
  }
  INFO(said);
  const auto at = said.find(before);
  REQUIRE(at != std::string::npos);
  const int port = std::stoi(said.substr(at + before.size()));
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
  boost::asio::write(socket, boost::asio::buffer(std::string("GET /metrics HTTP/1.1\r\n\r\n")));
  std::string answer;
  boost::system::error_code error;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
  REQUIRE(answer.find("asaemu_run_info{scenario=\"one-device\"} 1\n") != std::string::npos);
  process.send_signal(SIGTERM);
  process.wait(60s);
}

TEST_CASE("limit tries rates and tells the highest that held", "[program]") {
  const TemporaryFolder folder;
  const auto outcome =
      run_asaemu({"limit", kBench, "--to", "null:", "--from", "50", "--by", "50", "--up-to", "150",
                  "--hold", "300ms", "--late", "1h", "--report", folder.file("report.json")});
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(outcome.out.find("150/s held, and no higher rate was to be tried") != std::string::npos);
  const auto report = report_of(folder);
  REQUIRE(report["steps"].size() == 3);
  REQUIRE(report["steps"][1]["asked_per_second"] == 100);
  REQUIRE(report["steps"][2]["offered"] == report["steps"][2]["delivered"]);
  REQUIRE(report["knee_per_second"] == 150);
  REQUIRE(report["has_limit"] == false);
}

TEST_CASE("limit finds that a collector loses lines by what its file counts", "[program]") {
  const TemporaryFolder folder;
  write_file(folder.file("received"), "0\n");
  const auto outcome = run_asaemu({"limit", kBench, "--to", "null:", "--from", "50", "--hold",
                                   "200ms", "--received", folder.file("received")});
  REQUIRE(outcome.exit_code == 1);
  REQUIRE(outcome.out.find("lost\nno rate held\n") != std::string::npos);
  REQUIRE(run_asaemu({"limit", kBench, "--to", "ftp:", "--hold", "soon", "--factor", "1", "--up-to",
                      "5", "--loss", "200"})
              .exit_code == 2);
}

TEST_CASE("what operators' commands print goes to the console file", "[program]") {
  const auto outcome = run_asaemu(
      {"run", "shun-table-full", "--speed", "max", "--to", "null:", "--quiet", "--console", "-"});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(
      outcome.out.starts_with("! fw-small at 1s\nfw-small# shun 198.51.100.1\n"
                              "Shun 198.51.100.1 added in context: single_vf\n"
                              "Shun 198.51.100.1 successful\n"));
  REQUIRE(outcome.out.find("outside=ON, cnt=") != std::string::npos);
}

TEST_CASE("messages lists the catalogue, one, or JSON", "[program]") {
  const auto all = run_asaemu({"messages"});
  REQUIRE(std::count(all.out.begin(), all.out.end(), '\n') == 329);
  REQUIRE(all.out.starts_with("111008 5 "));
  REQUIRE(all.out.find("\n400000 4 ip_options_bad_option_list  IPS:1000") != std::string::npos);
  const auto one = run_asaemu({"messages", "402116"});
  REQUIRE(one.exit_code == 0);
  REQUIRE(one.out.find("remote_proxy") != std::string::npos);
  const auto json = nlohmann::json::parse(run_asaemu({"messages", "--json"}).out);
  REQUIRE(json.size() == 329);
  for (const char* key : {"id", "name", "severity", "text", "older", "fields", "example", "class",
                          "rate_limit", "subsystem", "produced_by"}) {
    REQUIRE(json[0].contains(key));
  }
  const auto shun = nlohmann::json::parse(run_asaemu({"messages", "401005", "--json"}).out);
  REQUIRE(shun[0]["produced_by"] == nlohmann::json::array({"shun-table-full"}));
  const auto unknown = run_asaemu({"messages", "shuned_packet"});
  REQUIRE(unknown.exit_code == 2);
  REQUIRE(unknown.err.find("did you mean 'shunned_packet'?") != std::string::npos);
}

TEST_CASE(
    "an overlay of templates replaces a text, adds messages, and tells every fault with its place",
    "[program]") {
  const TemporaryFolder folder;
  write_file(
      folder.file("shun.yaml"),
      "family: shun\nclass: ips\nmessages:\n"
      "  - id: 401001\n    name: shuns_cleared\n    severity: 4\n    text: \"All shuns gone\"\n"
      "    fields: {}\n    example: \"All shuns gone\"\n    source: test\n    meaning: Test.\n"
      "  - id: 499001\n    name: brand_new\n    severity: 5\n    text: \"New {port}\"\n"
      "    fields: {port: port}\n    example: \"New 7\"\n    source: test\n    meaning: Test.\n");
  const std::string directory = folder.path().string();
  const auto replaced = run_asaemu({"--templates", directory, "run", "fleet-flood", "--speed",
                                    "max", "--to", "stdout:", "--quiet"});
  INFO(replaced.err);
  REQUIRE(replaced.exit_code == 0);
  REQUIRE(replaced.out.find("%ASA-4-401001: All shuns gone\n") != std::string::npos);
  REQUIRE(replaced.out.find("Shuns cleared") == std::string::npos);
  write_file(
      folder.file("scenario.yml"),
      "name: t\nsummary: t\nstart: 2026-11-20T08:00:00Z\ndevices:\n  - name: fw\n    config: |\n"
      "      interface GigabitEthernet0/0\n       nameif inside\n"
      "      logging enable\n      logging trap debugging\n      logging host inside 10.0.0.50\n"
      "timeline:\n  - {at: 0s, emit: {message: brand_new, fields: {port: 7}}}\n");
  const auto emitted = run_asaemu({"--templates", directory, "run", folder.file("scenario.yml"),
                                   "--speed", "max", "--to", "stdout:", "--quiet"});
  INFO(emitted.err);
  REQUIRE(emitted.out == "<165>%ASA-5-499001: New 7\n");
  write_file(folder.file("shun.yaml"),
             "family: shun\nclass: ips\nmessages:\n"
             "  - id: 401001\n    name: shuns_cleared\n    severity: 9\n    text: \"All {gone}\"\n"
             "    fields: {}\n    example: \"All\"\n    source: test\n    meaning: Test.\n");
  const auto faulty = run_asaemu({"--templates", directory, "messages"});
  REQUIRE(faulty.exit_code == 2);
  REQUIRE(faulty.err.find("shun.yaml:6:15: ") != std::string::npos);
  REQUIRE(faulty.err.find("shun.yaml:7:11: ") != std::string::npos);
}

TEST_CASE("the templates can be written out and read back", "[program]") {
  const TemporaryFolder folder;
  const std::string directory = folder.file("templates");
  REQUIRE(run_asaemu({"messages", "--export", directory}).exit_code == 0);
  const auto again = run_asaemu({"--templates", directory, "messages"});
  INFO(again.err);
  REQUIRE(again.exit_code == 0);
  REQUIRE(again.out == run_asaemu({"messages"}).out);
}

TEST_CASE("a sink keeps its count in a file that limit reads", "[program]") {
  const TemporaryFolder folder;
  Process sink({program(), "sink", "--listen", "tcp://127.0.0.1:0", "--quiet", "--counter",
                folder.file("count")},
               folder.file("out"), folder.file("err"));
  const std::string before = "listening on tcp://127.0.0.1:";
  std::string said;
  for (int i = 0; i < 600 && !said.ends_with('\n'); ++i) {
    std::this_thread::sleep_for(100ms);
    said = read_file(folder.file("err"));
  }
  REQUIRE(said.starts_with(before));
  const std::string port = std::to_string(std::stoi(said.substr(before.size())));
  const auto outcome =
      run_asaemu({"limit", kBench, "--to", "tcp://127.0.0.1:" + port, "--from", "100", "--up-to",
                  "100", "--hold", "500ms", "--late", "1h", "--received", folder.file("count"),
                  "--report", folder.file("report.json")});
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const auto report = report_of(folder);
  REQUIRE(report["steps"][0]["delivered"] == report["steps"][0]["offered"]);
  REQUIRE(report["steps"][0]["delivered"].get<int>() >= 50);
  sink.send_signal(SIGTERM);
  REQUIRE(sink.wait(60s) == 0);
  REQUIRE(read_file(folder.file("count")) ==
          std::to_string(report["steps"][0]["delivered"].get<int>()) + "\n");
}
