#include "emulator/transport/tcp.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

using namespace asaemu;
using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

/// Tries again after so long, and waits for a collector that is away no longer than that. Most
/// collectors here read after the end only.
ChannelTiming timing(std::chrono::milliseconds retry, std::chrono::milliseconds outage) {
  ChannelTiming timing;
  timing.retry_first = retry;
  timing.retry_longest = retry;
  timing.outage = outage;
  timing.last_word = 0ms;
  return timing;
}

/// The number in a line that line() made.
std::size_t first_number(const std::string& text) {
  const std::string before = ": line ";
  return std::stoul(text.substr(text.find(before) + before.size()));
}

}  // namespace

TEST_CASE("twenty thousand lines arrive over TCP byte for byte") {
  constexpr std::size_t kLines = 20'000;
  const auto listener = listening_socket();
  auto received = std::async(std::launch::async, [&] { return read_stream(accept_one(listener)); });
  TcpTransport transport(tcp_to(listener));
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, kLines);
  transport.close();
  CHECK((received.get() == lines(0, kLines)));
  CHECK(account.sent == kLines);
  CHECK(account.bytes == lines(0, kLines).size());
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
}

TEST_CASE("a collector that closes in the middle of a batch leaves the account whole") {
  constexpr std::size_t kLines = 80'000;
  for (const std::size_t close_after : {0U, 1U, 1000U, 100'000U}) {
    auto listener = listening_socket();
    const auto destination = tcp_to(listener);
    auto received = std::async(std::launch::async, [&] {
      auto connection = accept_one(listener);
      listener.close();
      auto text = read_stream(connection, close_after);
      reset(std::move(connection));
      return text;
    });
    TcpTransport transport(destination, timing(10ms, 50ms));
    // A connection that is reset at once may be gone before it is seen to have been there.
    CHECK((transport.open().empty() || close_after == 0));
    DestinationAccount account;
    offer(transport, account, 0, kLines);
    transport.close();
    INFO("closed after " << close_after << " bytes");
    CHECK((lines(0, kLines).starts_with(received.get())));
    CHECK(account.offered == kLines);
    CHECK(account.dropped_error > 0);
    CHECK(adds_up(account));
    CHECK(agrees(transport, account));
    CHECK_FALSE(transport.failed());
  }
}

TEST_CASE("a new connection begins with a whole line and repeats none") {
  // More than a kernel keeps for a connection whose other end is slow (4 MB, tcp(7)).
  constexpr std::size_t kLines = 80'000;
  for (const std::size_t close_after : {1U, 1000U, 77'777U}) {
    const auto listener = listening_socket();
    auto received = std::async(std::launch::async, [&] {
      auto first = accept_one(listener);
      read_stream(first, close_after);
      reset(std::move(first));
      return read_stream(accept_one(listener));
    });
    TcpTransport transport(tcp_to(listener), timing(0ms, 10s));
    REQUIRE(transport.open().empty());
    DestinationAccount account;
    offer(transport, account, 0, kLines);
    transport.close();
    const auto second = received.get();
    INFO("closed after " << close_after << " bytes");
    REQUIRE(second.starts_with("<164>"));
    const auto number = first_number(second);
    CHECK((second == lines(number, kLines)));
    // All lines before it went to the first connection, but for the one that its end cut.
    CHECK(account.dropped_error <= 1);
    CHECK(account.sent + account.dropped_error == kLines);
    CHECK(account.sent >= kLines - number);
    CHECK(agrees(transport, account));
  }
}

TEST_CASE("a connection that the collector has closed takes no further batch") {
  const auto listener = listening_socket();
  TcpTransport transport(tcp_to(listener), timing(0ms, 10s));
  REQUIRE(transport.open().empty());
  accept_one(listener).close();
  DestinationAccount account;
  offer(transport, account, 0, 10);
  transport.close();
  CHECK((read_stream(accept_one(listener)) == lines(0, 10)));
  CHECK(account.sent == 10);
}

TEST_CASE("lines for a TCP collector that refuses are counted as failed") {
  const auto bound_only = loopback_socket(SOCK_STREAM);
  TcpTransport transport(tcp_to(bound_only), timing(10ms, 0ms));
  CHECK(transport.open() == to_string(transport.destination()) + ": Connection refused");
  DestinationAccount account;
  offer(transport, account, 0, 20'000);
  transport.close();
  CHECK(account.dropped_error == 20'000);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
  CHECK(transport.statistics().errors.at("Connection refused") == 20'000);
}

TEST_CASE("a collector that comes up later is reached after the retry interval and not before") {
  constexpr std::chrono::milliseconds kInterval{400};
  const auto server = loopback_socket(SOCK_STREAM);
  TcpTransport transport(tcp_to(server), timing(kInterval, 0ms));
  REQUIRE_FALSE(transport.open().empty());
  REQUIRE(listen(server.get(), 4) == 0);
  DestinationAccount account;
  offer(transport, account, 0, 1);
  transport.flush();
  CHECK(account.dropped_error == 1);
  std::this_thread::sleep_for(kInterval);
  std::size_t next = 1;
  for (; account.sent == 0 && next < 1000; ++next) {
    offer(transport, account, next, next + 1);
    transport.flush();
    std::this_thread::sleep_for(5ms);
  }
  transport.close();
  CHECK(account.sent == 1);
  CHECK(read_stream(accept_one(server)) == line(next - 1));
}

TEST_CASE("cancelling ends the wait for a collector that does not read") {
  const auto listener = listening_socket();
  TcpTransport transport(tcp_to(listener));
  REQUIRE(transport.open().empty());
  const auto connection = accept_one(listener);
  auto cancelled = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    transport.cancel();
  });
  DestinationAccount account;
  offer(transport, account, 0, 100'000);
  transport.close();
  cancelled.get();
  CHECK(account.dropped_error > 0);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
}

TEST_CASE("what a collector sends back does not stop the lines") {
  const auto listener = listening_socket();
  TcpTransport transport(tcp_to(listener), timing(10ms, 0ms));
  REQUIRE(transport.open().empty());
  const auto connection = accept_one(listener);
  const std::string chatter(10'000, 'x');
  REQUIRE(send(connection.get(), chatter.data(), chatter.size(), MSG_NOSIGNAL) == 10'000);
  DestinationAccount account;
  offer(transport, account, 0, 10);
  transport.close();
  CHECK((read_stream(connection) == lines(0, 10)));
}
