// TCP in real time: nothing may hold up the sender.
#include "emulator/transport/tcp.hpp"
#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <future>
#include <set>

using namespace asaemu;
using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

using State = CollectorStatus::State;
using Cause = CollectorStatus::Cause;

/// Most collectors here read after the end only.
ChannelTiming quick() {
  ChannelTiming timing;
  timing.retry_first = 5ms;
  timing.retry_longest = 20ms;
  timing.last_word = 0ms;
  return timing;
}

ChannelTiming hears_last_word() {
  auto timing = quick();
  timing.last_word = 30s;
  return timing;
}

Destination channels_to(const FileDescriptor& listener, unsigned channels) {
  auto destination = tcp_to(listener);
  destination.channels = channels;
  return destination;
}

/// A live transport and its account.
struct Live {
  explicit Live(const Destination& destination, const ChannelTiming& timing = quick())
      : transport(destination, timing) {
    transport.set_live();
    REQUIRE(transport.open().empty());
  }
  void send(std::size_t begin, std::size_t end) {
    offer(transport, account, begin, end);
    transport.flush();
  }
  bool await(State state) {
    return tend_until(transport, [&] { return transport.status().state == state; });
  }
  /// offered = sent + dropped_error + pending, and the transport says the same.
  [[nodiscard]] bool holds() const {
    return account.sent + account.dropped_error <= account.offered && agrees(transport, account);
  }

  TcpTransport transport;
  DestinationAccount account;
};

/// Sends one line, with its LF.
void write_line(Live& live, const std::string& text) {
  char* const at = live.transport.begin_line();
  ++live.account.offered;
  live.transport.end_line(std::copy(text.begin(), text.end(), at), live.account);
  live.transport.flush();
}

/// All whole lines of a text; the rest behind the last LF is forgotten.
std::vector<std::string> whole_lines(const std::string& text) {
  std::vector<std::string> all;
  std::size_t at = 0;
  for (std::size_t end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    all.push_back(text.substr(at, end + 1 - at));
  }
  return all;
}

/// What has come so far.
std::string read_available(const FileDescriptor& connection) {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const auto size = recv(connection.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace

TEST_CASE("a live transport keeps lines for a collector that comes later, up to its room") {
  const auto server = loopback_socket(SOCK_STREAM);
  Live live(tcp_to(server));
  REQUIRE(live.await(State::kDown));
  CHECK(live.transport.status().cause == Cause::kRefused);
  CHECK(live.transport.status().channels_up == 0);
  CHECK_FALSE(live.transport.is_ready());
  live.send(0, 100);
  CHECK(live.account.pending() == 100);
  live.send(100, 10'000);
  CHECK(live.account.dropped_error > 0);
  CHECK(live.account.pending() > 100);
  CHECK(live.holds());
  const auto changes = live.transport.status().changes;
  REQUIRE(listen(server.get(), 4) == 0);
  REQUIRE(live.await(State::kUp));
  CHECK(live.transport.status().changes > changes);
  REQUIRE(tend_until(live.transport, [&] { return live.account.pending() == 0; }));
  CHECK(live.transport.is_ready());
  CHECK(live.transport.held_up() == 0ns);
  live.transport.close();
  const auto text = read_stream(accept_one(server));
  CHECK((text == lines(0, live.account.sent)));
  CHECK(adds_up(live.account));
}

TEST_CASE("a collector that stands still does not hold up a live transport") {
  const auto listener = listening_socket();
  Live live(tcp_to(listener));
  REQUIRE(live.await(State::kUp));
  const auto connection = accept_one(listener);
  std::size_t next = 0;
  while (live.transport.is_ready() && next < 1'000'000) {
    live.send(next, next + 100);
    next += 100;
  }
  REQUIRE_FALSE(live.transport.is_ready());
  CHECK(live.transport.status().state == State::kUp);
  CHECK(live.account.dropped_error == 0);
  CHECK(live.account.pending() > 0);
  CHECK(live.transport.held_up() == 0ns);
  CHECK(live.transport.is_busy());
  std::string text;
  const auto all = lines(0, next);
  REQUIRE(tend_until(live.transport, [&] {
    text += read_available(connection);
    return text.size() >= all.size();
  }));
  CHECK((text == all));
  CHECK(live.account.sent == next);
  CHECK(live.transport.is_ready());
  CHECK(agrees(live.transport, live.account));
}

TEST_CASE("lines are spread over four connections and none is lost or cut") {
  const auto listener = listening_socket();
  Live live(channels_to(listener, Destination::kChannels), hears_last_word());
  REQUIRE(tend_until(live.transport, [&] { return live.transport.status().channels_up == 4; }));
  std::vector<std::future<std::string>> readers;
  for (unsigned i = 0; i < 4; ++i) {
    readers.push_back(std::async(std::launch::async, [connection = accept_one(listener)]() mutable {
      auto text = read_stream(connection);
      connection.close();
      return text;
    }));
  }
  for (std::size_t at = 0; at < 2000; at += 10) {
    live.send(at, at + 10);
    REQUIRE(tend_until(live.transport, [&] { return live.transport.is_ready(); }));
  }
  live.transport.close();
  std::set<std::string> seen;
  for (auto& reader : readers) {
    const auto text = reader.get();
    CHECK(text.starts_with("<164>"));
    CHECK(text.ends_with("\n"));
    for (const auto& one : whole_lines(text)) CHECK(seen.insert(one).second);
  }
  CHECK(seen.size() == 2000);
  CHECK(adds_up(live.account));
  CHECK(live.account.sent == 2000);
  CHECK(live.transport.statistics().lines_unacknowledged == 0);
}

TEST_CASE("what a lost connection had not begun goes out on another one") {
  const auto listener = listening_socket();
  Live live(channels_to(listener, 2));
  REQUIRE(tend_until(live.transport, [&] { return live.transport.status().channels_up == 2; }));
  auto first = accept_one(listener);
  const auto second = accept_one(listener);
  std::size_t next = 0;
  while (live.transport.is_ready() && next < 1'000'000) {
    live.send(next, next + 100);
    next += 100;
  }
  REQUIRE(live.account.pending() > 0);
  reset(std::move(first));
  REQUIRE(tend_until(live.transport, [&] {
    return live.transport.status().channels_up == 1 || live.transport.statistics().lines_failed > 0;
  }));
  std::string text;
  REQUIRE(tend_until(live.transport, [&] {
    text += read_available(second);
    return live.account.pending() == 0;
  }));
  live.transport.close();
  text += read_stream(second);
  // The lost one has been made again by now, perhaps with lines for us.
  fcntl(listener.get(), F_SETFL, O_NONBLOCK);
  for (auto more = accept_one(listener); more.is_open(); more = accept_one(listener)) {
    text += read_stream(more);
  }
  std::set<std::string> seen;
  for (const auto& one : whole_lines(text)) CHECK(seen.insert(one).second);
  CHECK(live.account.dropped_error <= 1);
  CHECK(adds_up(live.account));
  CHECK(agrees(live.transport, live.account));
  CHECK(seen.size() + live.transport.statistics().lines_unacknowledged >= live.account.sent);
}

TEST_CASE("lines of a connection that a collector ends are unacknowledged however it does that") {
  for (const bool in_order : {true, false}) {
    const auto listener = listening_socket();
    Live live(tcp_to(listener));
    REQUIRE(live.await(State::kUp));
    auto connection = accept_one(listener);
    live.send(0, 20);
    CHECK((read_stream(connection, lines(0, 20).size()) == lines(0, 20)));
    if (in_order) {
      connection.close();
    } else {
      reset(std::move(connection));
    }
    REQUIRE(tend_until(live.transport, [&] { return live.transport.status().changes >= 2; }));
    INFO((in_order ? "closed" : "reset"));
    CHECK(live.account.sent == 20);
    CHECK(live.transport.statistics().lines_unacknowledged == 20);
  }
}

TEST_CASE("what no receive buffer can hold any more is settled once there was time to store it") {
  // A socket with so small a buffer scales its window by nothing.
  constexpr std::size_t kWindow = 65535;
  struct Case {
    std::size_t further;
    std::chrono::milliseconds stored_by;
    bool is_settled;
  };
  for (const Case& one :
       {Case{kWindow - 1, 0ms, false}, Case{kWindow, 0ms, true}, Case{kWindow, 100s, false}}) {
    auto timing = quick();
    timing.stored_by = one.stored_by;
    const auto listener = listening_socket();
    auto destination = tcp_to(listener);
    Live live(destination, timing);
    REQUIRE(live.await(State::kUp));
    auto connection = accept_one(listener);
    const auto tend_twice = [&] {
      for (int i = 0; i < 2; ++i) {
        std::this_thread::sleep_for(20ms);
        live.transport.tend();
      }
    };
    live.send(0, 20);
    tend_twice();
    std::size_t next = 20;
    std::size_t left = one.further;
    for (; left >= 2 * line(next).size(); ++next) {
      left -= line(next).size();
      live.send(next, next + 1);
      read_stream(connection, line(next).size());
    }
    write_line(live, std::string(left - 1, 'x') + '\n');
    read_stream(connection, lines(0, 20).size());
    read_stream(connection, left);
    tend_twice();
    reset(std::move(connection));
    REQUIRE(tend_until(live.transport, [&] { return live.transport.status().changes >= 2; }));
    INFO(one.further << " bytes, " << one.stored_by.count() << " ms");
    CHECK(live.account.sent == next + 1);
    CHECK(live.transport.statistics().lines_unacknowledged ==
          live.account.sent - (one.is_settled ? 20 : 0));
  }
}

TEST_CASE("at the end all is acknowledged by a collector that ends its side when it has read all") {
  enum class Collector : std::uint8_t { kEnds, kResets, kIsSilent };
  for (const auto kind : {Collector::kEnds, Collector::kResets, Collector::kIsSilent}) {
    const auto listener = listening_socket();
    Live live(tcp_to(listener), kind == Collector::kIsSilent ? quick() : hears_last_word());
    REQUIRE(live.await(State::kUp));
    auto connection = accept_one(listener);
    live.send(0, 20);
    auto ended = std::async(std::launch::async, [&] {
      if (kind == Collector::kEnds) read_stream(connection);
      if (kind == Collector::kResets) read_stream(connection, 100);
      if (kind != Collector::kIsSilent) connection.close();
    });
    live.transport.end();
    live.transport.close();
    ended.get();
    CHECK(live.account.sent == 20);
    CHECK(live.transport.statistics().lines_unacknowledged == (kind == Collector::kEnds ? 0 : 20));
  }
}

TEST_CASE("a collector that is gone for good fails a live transport at its end only") {
  const auto server = loopback_socket(SOCK_STREAM);
  Live live(tcp_to(server));
  live.send(0, 5);
  CHECK_FALSE(live.transport.failed());
  REQUIRE(live.await(State::kDown));
  live.transport.close();
  CHECK(live.transport.failure() == "never connected: Connection refused");
  CHECK(live.account.dropped_error == 5);
  CHECK(adds_up(live.account));
}

TEST_CASE("octet counting puts a count before each line and no LF behind it") {
  const auto listener = listening_socket();
  auto destination = tcp_to(listener);
  destination.octet_counting = true;
  TcpTransport transport(destination, quick());
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 7, 9);
  transport.close();
  const auto framed = [](const std::string& text) {
    return fmt::format("{} {}", text.size() - 1, text.substr(0, text.size() - 1));
  };
  const auto expected = framed(line(7)) + framed(line(8));
  CHECK(read_stream(accept_one(listener)) == expected);
  CHECK(account.bytes == expected.size());
  CHECK(agrees(transport, account));
}

TEST_CASE("a line that left in parts is counted once") {
  const auto listener = listening_socket();
  Live live(tcp_to(listener));
  REQUIRE(live.await(State::kUp));
  const auto connection = accept_one(listener);
  std::size_t next = 0;
  while (live.transport.is_ready() && next < 1'000'000) {
    live.send(next, next + 100);
    next += 100;
  }
  REQUIRE_FALSE(live.transport.is_ready());
  // The kernel took a part of one line, unless a line's end was just where it was full.
  const auto parts = live.transport.status().partial_writes;
  CHECK(parts <= 1);
  live.transport.tend();
  CHECK(live.transport.status().partial_writes == parts);
  std::string text;
  const auto all = lines(0, next);
  REQUIRE(tend_until(live.transport, [&] {
    text += read_available(connection);
    return text.size() >= all.size();
  }));
  CHECK(live.transport.status().partial_writes > 0);
  CHECK(live.transport.status().partial_writes < next);
}
