#include "model/logging/log_queue.hpp"

#include <catch2/catch.hpp>

using asaemu::DestinationAccount;
using asaemu::LogQueue;

namespace {

std::vector<std::string> taken(LogQueue& queue, const DestinationAccount& host,
                               std::size_t at_most = 100) {
  std::vector<std::string> lines;
  queue.release(host, [&](std::string_view line) {
    if (lines.size() == at_most) return false;
    lines.emplace_back(line);
    return true;
  });
  return lines;
}

}  // namespace

TEST_CASE("a queue takes its 512th message and drops the 513th") {
  LogQueue queue;
  DestinationAccount host;
  for (std::uint64_t message = 1; message <= 512; ++message) {
    REQUIRE(queue.hold(message, host, "line"));
  }
  CHECK(host.dropped_queue == 0);
  CHECK_FALSE(queue.hold(513, host, "line"));
  CHECK(host.dropped_queue == 1);
  CHECK(queue.discarded() == 1);
  CHECK(queue.size() == 512);
  CHECK(queue.most() == 512);
}

TEST_CASE("a message waits once, however many hosts it is for") {
  LogQueue queue;
  queue.set_limit(1);
  DestinationAccount first;
  DestinationAccount second;
  CHECK(queue.hold(7, first, "for the first"));
  CHECK(queue.hold(7, second, "for the second"));
  CHECK_FALSE(queue.hold(8, first, "x"));
  CHECK_FALSE(queue.hold(8, second, "x"));
  CHECK(queue.discarded() == 1);
  CHECK(taken(queue, first) == std::vector<std::string>{"for the first"});
  CHECK(queue.size() == 1);
  CHECK(taken(queue, second) == std::vector<std::string>{"for the second"});
  CHECK(queue.is_empty());
}

TEST_CASE("lines leave a queue in order, and those not taken stay") {
  LogQueue queue;
  DestinationAccount host;
  for (std::uint64_t message = 1; message <= 3; ++message) {
    queue.hold(message, host, std::to_string(message));
  }
  CHECK(taken(queue, host, 2) == std::vector<std::string>{"1", "2"});
  CHECK(queue.size() == 1);
  CHECK(taken(queue, host) == std::vector<std::string>{"3"});
}

TEST_CASE("what is forgotten counts as dropped by the queue") {
  LogQueue queue;
  DestinationAccount first;
  DestinationAccount second;
  queue.hold(1, first, "a");
  queue.hold(1, second, "b");
  queue.hold(2, first, "c");
  CHECK(queue.waiting(first) == 2);
  CHECK(queue.waiting(second) == 1);
  queue.forget(first);
  CHECK(first.dropped_queue == 2);
  CHECK(queue.size() == 1);
  queue.clear();
  CHECK(second.dropped_queue == 1);
  CHECK(queue.is_empty());
}

TEST_CASE("a queue made shorter keeps what it has and takes no more") {
  LogQueue queue;
  DestinationAccount host;
  queue.hold(1, host, "a");
  queue.hold(2, host, "b");
  queue.set_limit(1);
  CHECK(queue.size() == 2);
  CHECK_FALSE(queue.hold(3, host, "c"));
}
