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

TEST_CASE("a buffer begins anew with the line that does not fit, and says how much it held") {
  LogBuffer buffer;
  buffer.set_size(20);
  CHECK(buffer.add("123456789") == 0);
  CHECK(buffer.add("abcdefghi") == 0);
  CHECK(buffer.add("x") == 20);
  CHECK(buffer.add("123456789") == 0);
  CHECK(buffer.add("1234567") == 0);
  CHECK(buffer.add("") == 20);
}
