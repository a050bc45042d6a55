#include "emulator/corpus/corpus.hpp"

#include "tests/emulator/scenario/scenario_files.hpp"

#include <nlohmann/json.hpp>

#include <set>

using namespace asaemu;
using Json = nlohmann::json;

namespace {

std::vector<Json> corpus(const CorpusOptions& options = {}) {
  std::vector<Json> lines;
  make_corpus(test::catalogue(), options,
              [&lines](const CorpusLine& line) { lines.push_back(Json::parse(line)); });
  return lines;
}

}  // namespace

TEST_CASE("every wording of every message is in the corpus and is read back as its fields") {
  std::set<std::pair<std::string, std::string>> wordings;
  for (const Json& sample : corpus()) {
    const auto line = sample["line"].get<std::string>();
    const auto name = sample["name"].get<std::string>();
    wordings.emplace(name, sample["wording"].get<std::string>());
    const auto text = line.substr(line.find("%ASA-") + 15);
    INFO(line);
    const auto read = test::catalogue().recognise(sample["id"].get<std::uint32_t>(), text);
    REQUIRE(read);
  }
  std::size_t expected = 0;
  for (std::size_t i = 0; i < test::catalogue().size(); ++i) {
    const MessageType& type = test::catalogue().at(i);
    expected += 1 + (type.older() != nullptr ? 1 : 0) + type.accepts().size();
  }
  CHECK(wordings.size() == expected);
}

TEST_CASE("samples vary and have IPv6 and every word of a choice") {
  CorpusOptions options;
  options.families = {"shun"};
  const auto lines = corpus(options);
  const auto v6 = std::ranges::count_if(lines, [](const Json& sample) {
    return sample["fields"].value("source", "").find("2001:db8:") == 0;
  });
  CHECK(v6 > 0);
  std::set<std::string> different;
  for (const Json& sample : lines) different.insert(sample["line"].get<std::string>());
  CHECK(different.size() > 10);
  CHECK(corpus(options) == lines);
  options.seed = 2;
  CHECK(corpus(options) != lines);
}

TEST_CASE("a sample has its fields in native types and in ECS") {
  CorpusOptions options;
  options.families = {"shun"};
  for (const Json& sample : corpus(options)) {
    if (sample["name"] != "shun_added") continue;
    CHECK(sample["fields"]["source_port"].is_number());
    CHECK(sample["ecs"]["source.port"] == sample["fields"]["source_port"]);
    CHECK(sample["ecs"]["source.ip"] == sample["fields"]["source"]);
    CHECK(sample["ecs"]["event.code"] == "401002");
  }
}

TEST_CASE("a release has its own wordings") {
  CorpusOptions options;
  options.families = {"ip_audit"};
  options.release = Release{7, 0, 0, 0};
  for (const Json& sample : corpus(options)) {
    if (sample.contains("releases")) CHECK(sample["wording"] == "older");
  }
  options.release = Release{9, 20, 0, 0};
  for (const Json& sample : corpus(options)) CHECK(sample["wording"] == "current");
}

TEST_CASE("the corpus command takes families and releases and tells wrong ones", "[program]") {
  const auto shun = test::run_asaemu({"corpus", "--family", "shun", "--samples", "2"});
  CHECK(shun.exit_code == 0);
  CHECK(Json::parse(shun.out.substr(0, shun.out.find('\n')))["id"] == 401001);
  const auto plain = test::run_asaemu({"corpus", "--family", "shun", "--lines-only"});
  CHECK(plain.out.starts_with("<164>Nov 20 2026 08:00:00 fw-edge : %ASA-4-401001: "));
  CHECK(test::run_asaemu({"corpus", "--all", "--release", "9.8"}).exit_code == 0);
  const auto wrong = test::run_asaemu({"corpus", "--family", "shum", "--release", "new"});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.err.find("did you mean 'shun'?") != std::string::npos);
  CHECK(wrong.err.find("--release") != std::string::npos);
  CHECK(test::run_asaemu({"corpus", "--all", "--family", "shun"}).exit_code == 2);
  CHECK(test::run_asaemu({"corpus", "--samples", "0"}).exit_code == 2);
}
