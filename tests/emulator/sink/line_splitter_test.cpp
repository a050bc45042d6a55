#include "emulator/sink/line_splitter.hpp"

#include "tests/emulator/sink/recorder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;
using namespace asaemu::test;

TEST_CASE("lines come out the same wherever the stream is cut into chunks") {
  const std::string stream = "one\ntwo\n\nthree with more\nfour\n";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    LineSplitter splitter("10.0.0.1");
    Recorder recorder;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      REQUIRE(splitter.feed(std::string_view{stream}.substr(at, size), recorder));
    }
    REQUIRE(splitter.finish(recorder));
    std::string joined;
    std::size_t bytes = 0;
    for (const auto& entry : recorder.entries) {
      joined += entry.text + "\n";
      bytes += entry.bytes;
      CHECK(entry.peer == "10.0.0.1");
      CHECK_FALSE(entry.cut);
      CHECK_FALSE(entry.unfinished);
    }
    CHECK(recorder.entries.size() == 5);
    CHECK(joined == stream);
    CHECK(bytes == stream.size());
  }
}

TEST_CASE("a line of 64 KiB is whole and one byte more is cut") {
  for (const std::size_t beyond : {0U, 1U, 100'000U}) {
    for (const std::size_t chunk : {1000U, 65'536U, 1'000'000U}) {
      const auto stream = std::string(LineSplitter::kLineMax + beyond, 'x') + "\nnext\n";
      LineSplitter splitter("peer");
      Recorder recorder;
      for (std::size_t at = 0; at < stream.size(); at += chunk) {
        splitter.feed(std::string_view{stream}.substr(at, chunk), recorder);
      }
      INFO(beyond << " bytes beyond, in chunks of " << chunk);
      REQUIRE(recorder.entries.size() == 2);
      CHECK(recorder.entries[0].text.size() == LineSplitter::kLineMax);
      CHECK(recorder.entries[0].cut == (beyond > 0));
      CHECK(recorder.entries[0].bytes == LineSplitter::kLineMax + beyond + 1);
      CHECK(recorder.entries[1].text == "next");
      CHECK_FALSE(recorder.entries[1].cut);
    }
  }
}

TEST_CASE("a line without its end is handed on when the connection ends") {
  LineSplitter splitter("peer");
  Recorder recorder;
  splitter.feed("whole\nhalf", recorder);
  CHECK(recorder.entries.size() == 1);
  splitter.finish(recorder);
  splitter.finish(recorder);
  REQUIRE(recorder.entries.size() == 2);
  CHECK(recorder.entries[1].text == "half");
  CHECK(recorder.entries[1].bytes == 4);
  CHECK(recorder.entries[1].unfinished);
}

TEST_CASE("a consumer that wants no more gets no more") {
  LineSplitter splitter("peer");
  Recorder recorder;
  recorder.wanted = 2;
  CHECK_FALSE(splitter.feed("one\ntwo\nthree\n", recorder));
  CHECK(recorder.entries.size() == 2);
}

TEST_CASE("counted lines come out the same wherever the stream is cut into chunks") {
  const std::string stream = "5 <1>ab10 <2>12\n4567<3>with lf\n3 abc12 <4>unfinis";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    LineSplitter splitter("peer");
    Recorder recorder;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      REQUIRE(splitter.feed(std::string_view{stream}.substr(at, size), recorder));
    }
    REQUIRE(splitter.finish(recorder));
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    for (const auto& entry : recorder.entries) {
      texts.push_back(entry.text);
      bytes += entry.bytes;
      CHECK(entry.unfinished == (&entry == &recorder.entries.back()));
    }
    CHECK(texts ==
          std::vector<std::string>{"<1>ab", "<2>12\n4567", "<3>with lf", "abc", "<4>unfinis"});
    CHECK(bytes == stream.size());
  }
}

TEST_CASE("what only looks like a count begins a line") {
  for (const std::string text :
       {"2026-11-20 one", "0 zero", "1234567890 ten digits", "17", "999999999"}) {
    LineSplitter splitter("peer");
    Recorder recorder;
    splitter.feed(text + "\nnext\n", recorder);
    REQUIRE(recorder.entries.size() == 2);
    CHECK(recorder.entries[0].text == text);
    CHECK(recorder.entries[0].bytes == text.size() + 1);
  }
}

TEST_CASE("a counted line beyond the limit is cut and the next one is whole") {
  LineSplitter splitter("peer");
  Recorder recorder;
  const std::size_t size = LineSplitter::kLineMax + 10;
  const auto stream = fmt::format("{} {}3 abc", size, std::string(size, 'x'));
  for (std::size_t at = 0; at < stream.size(); at += 1000) {
    splitter.feed(std::string_view{stream}.substr(at, 1000), recorder);
  }
  REQUIRE(recorder.entries.size() == 2);
  CHECK(recorder.entries[0].cut);
  CHECK(recorder.entries[0].text.size() == LineSplitter::kLineMax);
  CHECK(recorder.entries[1].text == "abc");
}
