#include "model/logging/log_buffer.hpp"

#include <catch2/catch.hpp>

using asaemu::LogBuffer;

TEST_CASE("a buffer keeps as many of the latest lines as fit, each with its line feed") {
  LogBuffer buffer;
  buffer.set_size(20);
  buffer.add("123456789");
  buffer.add("abcdefghi");
  CHECK(buffer.lines() == std::deque<std::string>{"123456789", "abcdefghi"});
  buffer.add("");
  CHECK(buffer.lines() == std::deque<std::string>{"abcdefghi", ""});
}

TEST_CASE("a buffer that shrinks loses its oldest lines") {
  LogBuffer buffer;
  for (const char* line : {"first", "second", "third"}) buffer.add(line);
  buffer.set_size(13);
  CHECK(buffer.lines() == std::deque<std::string>{"second", "third"});
  buffer.clear();
  CHECK(buffer.lines().empty());
}
