#include "emulator/yaml/nearest.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <vector>

using namespace asaemu;

namespace {

constexpr std::array<std::string_view, 5> kNames = {"id", "name", "severity", "source", "one_of"};

}  // namespace

TEST_CASE("a misspelt name finds its neighbour") {
  CHECK(nearest_name("severty", kNames) == "severity");
  CHECK(nearest_name("sevreity", kNames) == "severity");
  CHECK(nearest_name("Severity", kNames) == "severity");
  CHECK(nearest_name("nam", kNames) == "name");
  CHECK(nearest_name("oneof", kNames) == "one_of");
}

TEST_CASE("a name far from all others has no neighbour") {
  CHECK(nearest_name("colour", kNames) == std::nullopt);
  CHECK(nearest_name("x", kNames) == std::nullopt);
  CHECK(nearest_name("", kNames) == std::nullopt);
  CHECK(nearest_name("severity", {}) == std::nullopt);
}

TEST_CASE("a third of the letters may be wrong and no more") {
  const std::vector<std::string_view> names = {"abcdef"};
  CHECK(nearest_name("abcdxy", names) == "abcdef");
  CHECK(nearest_name("abcxyz", names) == std::nullopt);
}

TEST_CASE("very long words cost nothing and have no neighbour") {
  const std::string long_word(65, 'a');
  const std::vector<std::string_view> names = {long_word};
  CHECK(nearest_name(std::string(64, 'a'), names) == std::nullopt);
  CHECK(nearest_name(long_word, names) == std::nullopt);
}

TEST_CASE("did you mean lists what is expected when nothing is near") {
  CHECK(did_you_mean("severty", kNames) == "; did you mean 'severity'?");
  CHECK(did_you_mean("colour", kNames) == "; expected one of id, name, severity, source, one_of");
  CHECK(did_you_mean("colour", std::vector<std::string_view>{"id"}) == "; expected id");
  CHECK(did_you_mean("colour", {}).empty());
}

TEST_CASE("three letters in common at the beginning are a likeness when nothing else is") {
  const std::vector<std::string_view> names = {"in", "proto", "protocol-fields"};
  CHECK(nearest_name("protocol", names) == "proto");
  CHECK(nearest_name("pro", names) == "proto");
  CHECK(nearest_name("pr", names) == std::nullopt);
  CHECK(nearest_name("interface", names) == std::nullopt);
}
