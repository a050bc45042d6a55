#include "emulator/truth/json_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>

namespace {

std::string json(const std::string& text) {
  std::string out = "before ";
  asaemu::append_json_string(out, text);
  return out.substr(std::string("before ").size());
}

}  // namespace

TEST_CASE("a JSON string reads back as what it was at every length and place") {
  for (std::size_t size = 0; size <= 50; ++size) {
    std::string plain(size, ' ');
    for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<char>('A' + i % 26);
    CHECK(json(plain) == '"' + plain + '"');
    for (std::size_t at = 0; at <= size; ++at) {
      for (const std::string special :
           {"\"", "\\", "\n", "\x1f", "\x7f", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
        const std::string text = plain.substr(0, at) + special + plain.substr(at);
        INFO(size << " characters and one at " << at);
        CHECK(nlohmann::json::parse(json(text)).get<std::string>() == text);
      }
    }
  }
}

TEST_CASE("a byte that is no UTF-8 becomes a replacement character wherever it stands") {
  for (std::size_t at = 0; at <= 40; ++at) {
    std::string text(40, 'x');
    text.insert(at, "\xff");
    std::string wanted(40, 'x');
    wanted.insert(at, "\xEF\xBF\xBD");
    CHECK(json(text) == '"' + wanted + '"');
  }
}

TEST_CASE("control characters and DEL are escaped and all else stands as it is") {
  CHECK(json("a\tb") == R"("a\u0009b")");
  CHECK(json("\x7f") == R"("\u007f")");
  CHECK(json("a~ b") == "\"a~ b\"");
}
