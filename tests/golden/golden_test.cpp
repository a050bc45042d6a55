// Every shipped scenario's output, byte for byte: tests/golden/<name>.golden holds the text, or its
// SHA-256 and number of lines if it is longer than 200 lines. ASAEMU_UPDATE_GOLDEN=1 writes the
// files anew; a changed golden file needs its reason in the commit.
#include "emulator/yaml/embedded.hpp"
#include "test_paths.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <future>
#include <openssl/evp.h>

using namespace asaemu::test;

namespace {

constexpr std::size_t kFullTextLinesMax = 200;

std::vector<std::string> shipped() {
  std::vector<std::string> names;
  for (const auto& file : asaemu::embedded_scenarios()) {
    if (!file.name.starts_with("parts/")) names.emplace_back(file.name);
  }
  return names;
}

std::string output_of(const std::string& scenario, std::vector<std::string> options) {
  const TemporaryFolder folder;
  options.insert(options.begin(),
                 {"run", scenario, "--quiet", "--to", "file:" + folder.file("out.log")});
  const auto outcome = run_asaemu(options);
  // A slow machine may not keep up with what is squeezed into a second; the lines are the same.
  const bool was_slow = outcome.err.find("could not keep up") != std::string::npos;
  // Called from several threads, which Catch2's assertions do not bear.
  if (outcome.exit_code != 0 && !(outcome.exit_code == 1 && was_slow)) {
    throw std::runtime_error(scenario + ": " + outcome.err);
  }
  return read_file(folder.file("out.log"));
}

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  REQUIRE(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

/// How long a scenario takes on its own clock.
double simulated_seconds(const std::string& scenario) {
  const TemporaryFolder folder;
  const auto outcome = run_asaemu({"run", scenario, "--quiet", "--to", "null:", "--speed", "max",
                                   "--report", folder.file("report.json")});
  if (outcome.exit_code != 0) throw std::runtime_error(scenario + ": " + outcome.err);
  const auto report = nlohmann::json::parse(read_file(folder.file("report.json")));
  return report.at("simulated_seconds").get<double>();
}

/// What the golden file holds for an output.
std::string golden_form(const std::string& text) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines <= kFullTextLinesMax) return text;
  return fmt::format("sha256 {}\nlines {}\n", sha256(text), lines);
}

}  // namespace

TEST_CASE("every shipped scenario's output is its golden file's, at maximum speed", "[program]") {
  for (const auto& name : shipped()) {
    INFO(name);
    const std::string text = output_of(name, {"--speed", "max"});
    REQUIRE_FALSE(text.empty());
    const std::string path = fmt::format("{}/tests/golden/{}.golden", ASAEMU_SOURCE_DIR, name);
    if (std::getenv("ASAEMU_UPDATE_GOLDEN") != nullptr) write_file(path, golden_form(text));
    REQUIRE(golden_form(text) == read_file(path));
  }
}

TEST_CASE("every shipped scenario's output is the same on repeat and another with another seed",
          "[library]") {
  for (const auto& name : shipped()) {
    INFO(name);
    const auto text = output_of(name, {"--speed", "max"});
    REQUIRE(output_of(name, {"--speed", "max"}) == text);
    REQUIRE(output_of(name, {"--speed", "max", "--seed", "987654321"}) != text);
  }
}

TEST_CASE("the fleet's output is the same in real time as at maximum speed", "[library]") {
  REQUIRE(output_of("fleet-flood", {"--speed", "1"}) ==
          output_of("fleet-flood", {"--speed", "max"}));
}

TEST_CASE("the quickstart's output is the same in real time as at maximum speed", "[library]") {
  REQUIRE(output_of("quickstart", {"--speed", "1"}) == output_of("quickstart", {"--speed", "max"}));
}

TEST_CASE("every shipped scenario's output is the same in a second of time as at maximum speed",
          "[library]") {
  // They wait more than they work, so several run at once.
  constexpr std::size_t kAtOnce = 6;
  const auto is_same = [](const std::string& name) {
    const double seconds = simulated_seconds(name);
    return output_of(name, {"--speed", fmt::format("{}", std::max(60.0, seconds))}) ==
           output_of(name, {"--speed", "max"});
  };
  const auto names = shipped();
  for (std::size_t begin = 0; begin < names.size(); begin += kAtOnce) {
    std::vector<std::future<bool>> outcomes;
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, names.size()); ++i) {
      outcomes.push_back(std::async(std::launch::async, is_same, names[i]));
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      INFO(names[begin + i]);
      CHECK(outcomes[i].get());
    }
  }
}

TEST_CASE("every message of the catalogue is caused by a shipped scenario", "[program]") {
  const auto outcome = run_asaemu({"messages", "--json"});
  REQUIRE(outcome.exit_code == 0);
  std::string missing;
  std::size_t caused = 0;
  for (const auto& message : nlohmann::json::parse(outcome.out)) {
    const auto family = message.at("subsystem").get<std::string>();
    const bool is_caused = !message.at("produced_by").empty();
    caused += is_caused ? 1 : 0;
    if (!is_caused) {
      missing += fmt::format("{} {} ({})\n", message.at("id").get<unsigned>(),
                             message.at("name").get<std::string>(), family);
    }
  }
  CHECK(missing == std::string());
  CHECK(caused >= 10);
}
