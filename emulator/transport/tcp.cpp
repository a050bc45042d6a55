#include "emulator/transport/tcp.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace asaemu {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBytesMax = 256 * std::size_t{1024};
/// Room for a full batch of the shortest lines a device sends, about 60 bytes.
constexpr std::size_t kLinesMax = 5000;
constexpr std::size_t kOwnLinesMax = 64;
constexpr std::size_t kOwnBytesMax = 8192;
/// What a live connection may keep for a batch more to be welcome.
constexpr std::size_t kRoom = 64 * std::size_t{1024};
/// What the kernel may keep of a live connection: more would count as sent while a collector that
/// stands still has not even begun to receive it.
constexpr int kLiveSendBuffer = 256 * 1024;
/// How often connections are looked at that give no cause for it.
constexpr milliseconds kCalm{10};
/// How long what was kept may take to leave at the end.
constexpr milliseconds kFarewell{5000};

}  // namespace

// A sender with an address of its own is one of many, with few lines each: its batch is small.
TcpTransport::TcpTransport(const Destination& destination, ChannelTiming timing)
    : Transport(destination, destination.has_source() ? kOwnBytesMax : kBytesMax,
                destination.has_source() ? kOwnLinesMax : kLinesMax),
      timing_(timing) {}

std::string TcpTransport::open() {
  if (auto error = prepare(); !error.empty()) {
    problem_ = error;
    return fmt::format("{}: {}", to_string(destination()), error);
  }
  for (unsigned i = 0; i < destination().channels; ++i) {
    connections_.emplace_back(StreamChannel(target_, timing_));
  }
  // An attempt's own patience is what counts here.
  down_since_ = Clock::time_point::max() - timing_.outage;
  tend_all();
  update_status();
  if (is_live()) return {};
  const auto tried = [this] {
    return std::all_of(connections_.begin(), connections_.end(), [this](const Connection& c) {
      return c.is_up || c.channel.failures() >= target_.addresses.size();
    });
  };
  wait_for(tried, Clock::now() + timing_.attempt * (target_.addresses.size() + 1));
  down_since_ = Clock::now();
  if (up_count() > 0) return {};
  return fmt::format("{}: {}", to_string(destination()), down_reason());
}

/// All that can be wrong before there is a connection.
std::string TcpTransport::prepare() {
  std::string error;
  target_.addresses = resolve(destination().peer, error);
  if (target_.addresses.empty()) return error;
  target_.source = destination().source;
  target_.proxy = destination().proxy;
  target_.port = destination().peer.port;
  target_.send_buffer = is_live() ? kLiveSendBuffer : 0;
  if (destination().kind != Destination::Kind::kTls) return {};
  // OpenSSL writes to its socket as to a file.
  ignore_broken_pipes();
  const auto& settings = destination().tls;
  tls_ = std::make_unique<TlsContext>();
  error = tls_->be_client(settings);
  target_.tls = tls_.get();
  target_.identity = settings.name.empty() ? destination().peer.host : settings.name;
  if (settings.insecure) {
    spdlog::warn("{}: INSECURE: whoever answers there is believed to be the collector",
                 to_string(destination()));
  }
  return error;
}

void TcpTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  if (destination().octet_counting) {
    frame(bytes, lines);
    dispatch(frame_bytes_, frame_lines_);
  } else {
    dispatch(bytes, lines);
  }
}

/// A count and a blank before each line, and no LF behind it.
void TcpTransport::frame(std::span<const char> bytes, std::span<const Line> lines) {
  frame_bytes_.clear();
  frame_lines_.clear();
  std::size_t begin = 0;
  for (const Line& line : lines) {
    const auto text = bytes.subspan(begin, line.end - begin - 1);
    fmt::format_to(std::back_inserter(frame_bytes_), "{} ", text.size());
    frame_bytes_.insert(frame_bytes_.end(), text.begin(), text.end());
    frame_lines_.push_back(
        {static_cast<std::uint32_t>(frame_bytes_.size()), line.device, line.account});
    begin = line.end;
  }
}

void TcpTransport::dispatch(std::span<const char> bytes, std::span<const Line> lines) {
  Connection* chosen = choose();
  while (chosen != nullptr && chosen->is_up) {
    chosen->channel.tend(Clock::now());
    follow(*chosen);
    if (chosen->is_up) break;
    chosen = choose();
  }
  if (chosen == nullptr && !is_live() && !connections_.empty()) {
    wait_for([&] { return (chosen = choose()) != nullptr; }, Clock::time_point::max());
  }
  if (chosen == nullptr) {
    drop(lines, waiting().is_cancelled() ? error_text(ECANCELED)
                : up_count() > 0         ? "the collector takes too little"
                                         : down_reason());
    return;
  }
  send(*chosen, bytes, lines);
  if (!is_live() && has_backlog() &&
      !wait_for([this] { return !has_backlog(); }, Clock::time_point::max())) {
    drop_backlogs(waiting().is_cancelled() ? error_text(ECANCELED) : down_reason());
  }
  update_status();
}

/// The connection that takes the next batch: one that can send it now, else one that has room to
/// keep it. None if there is no room, or nobody to keep it for.
TcpTransport::Connection* TcpTransport::choose() {
  Connection* best = nullptr;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Connection& candidate = connections_[(next_ + i) % connections_.size()];
    if (candidate.is_up && candidate.backlog.is_empty()) {
      next_ = (next_ + i + 1) % connections_.size();
      return &candidate;
    }
    const bool is_better =
        best == nullptr || candidate.is_up > best->is_up ||
        (candidate.is_up == best->is_up && candidate.backlog.size() < best->backlog.size());
    if (candidate.backlog.size() < kRoom && is_better) best = &candidate;
  }
  return is_live() ? best : nullptr;
}

void TcpTransport::send(Connection& connection, std::span<const char> bytes,
                        std::span<const Line> lines) {
  if (!connection.is_up || !connection.backlog.is_empty()) {
    connection.backlog.append(bytes, lines, 0);
    pump(connection);
    return;
  }
  const std::size_t written = connection.channel.write(bytes);
  const auto rest = take_sent(lines, 0, written);
  const std::size_t done = lines.size() - rest.size();
  connection.sent += done;
  connection.written += written;
  if (!rest.empty()) {
    const std::size_t begin = done == 0 ? 0 : lines[done - 1].end;
    connection.backlog.append(bytes, rest, begin);
    connection.backlog.advance(written - begin);
    if (written > begin) ++status_.partial_writes;
  }
  follow(connection);
}

void TcpTransport::pump(Connection& connection) {
  Backlog& backlog = connection.backlog;
  if (!connection.is_up || backlog.is_empty()) return;
  const bool was_mid_line = backlog.is_mid_line();
  const std::size_t written = connection.channel.write(backlog.unwritten());
  backlog.advance(written);
  connection.written += written;
  const auto lines = backlog.lines();
  const auto rest = take_sent(lines, backlog.begin(), backlog.written());
  connection.sent += lines.size() - rest.size();
  const bool is_same_line = was_mid_line && rest.size() == lines.size();
  backlog.pop(lines.size() - rest.size());
  if (backlog.is_mid_line() && !is_same_line) ++status_.partial_writes;
  follow(connection);
}

void TcpTransport::tend() {
  const auto now = Clock::now();
  if (!is_busy() && now - last_tended_ < kCalm) return;
  tend_all();
  update_status();
}

void TcpTransport::tend_all() {
  const auto now = Clock::now();
  last_tended_ = now;
  for (Connection& connection : connections_) {
    if (waiting().is_cancelled() && !connection.is_up) continue;
    connection.channel.tend(now);
    follow(connection);
    if (connection.is_up) {
      pump(connection);
      settle(connection, now);
    } else if (!connection.backlog.is_empty()) {
      move_lines(connection);
    }
  }
}

/// Takes note of what became of a connection.
void TcpTransport::follow(Connection& connection) {
  const bool is_up = connection.channel.is_up();
  if (is_up == connection.is_up) return;
  connection.is_up = is_up;
  if (!is_up) {
    lose(connection);
    if (up_count() == 0) {
      down_since_ = Clock::now();
      spdlog::warn("{}: connection lost: {}", to_string(destination()),
                   connection.channel.reason());
    }
    return;
  }
  if (up_count() == 1 && statistics().lines > 0) {
    spdlog::info("{}: connected again", to_string(destination()));
  }
  connection.sent = 0;
  connection.written = 0;
  connection.mark = {};
  connection.settled = 0;
}

void TcpTransport::lose(Connection& connection) {
  add_unacknowledged(connection.sent - connection.settled);
  Backlog& backlog = connection.backlog;
  if (backlog.is_mid_line()) {
    drop(backlog.lines().first(1), "cut by the end of its connection");
    backlog.pop(1);
  }
  move_lines(connection);
}

/// Lines of a connection that is gone go to one that stands, if there is one.
void TcpTransport::move_lines(Connection& from) {
  const auto other = std::find_if(connections_.begin(), connections_.end(), [](const auto& c) {
    return c.is_up && c.backlog.size() < kRoom;
  });
  if (other == connections_.end() || from.backlog.is_empty()) return;
  const auto bytes = from.backlog.unwritten();
  std::vector<Line> lines;
  for (Line line : from.backlog.lines()) {
    line.end -= static_cast<std::uint32_t>(from.backlog.begin());
    lines.push_back(line);
  }
  other->backlog.append(bytes, lines, 0);
  from.backlog.clear();
}

/// What a kernel has acknowledged may wait there for a collector that stands still, however long; only
/// what no longer fits is sure to be read. How a collector ends a connection tells nothing: the
/// kernel closes in good order for one that is killed with lines in its own memory, and one that
/// ends in good order may leave unread what came meanwhile.
void TcpTransport::settle(Connection& connection, Clock::time_point now) {
  Mark& mark = connection.mark;
  if (mark.lines == 0) {
    if (connection.sent == 0) return;
    mark = {connection.sent, connection.written + connection.channel.window_max(), {}};
  }
  if (!mark.read_at) {
    if (connection.written < mark.read_by) return;
    if (connection.written < mark.read_by + connection.channel.unacknowledged()) return;
    mark.read_at = now;
  }
  if (now - *mark.read_at < timing_.stored_by) return;
  connection.settled = mark.lines;
  mark = {};
}

bool TcpTransport::is_ready() const {
  return !is_live() || std::any_of(connections_.begin(), connections_.end(), [](const auto& c) {
    return c.is_up && c.backlog.size() < kRoom;
  });
}

bool TcpTransport::is_busy() const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const auto& c) { return !c.is_up || !c.backlog.is_empty(); });
}

/// At maximum speed a collector is always there: what a device does depends on its scenario alone.
void TcpTransport::update_status() {
  if (!is_live()) return;
  CollectorStatus now;
  now.channels = static_cast<std::uint8_t>(connections_.size());
  now.channels_up = static_cast<std::uint8_t>(up_count());
  now.changes = status_.changes;
  now.partial_writes = status_.partial_writes;
  if (now.channels_up == 0) {
    const bool has_failed =
        std::any_of(connections_.begin(), connections_.end(),
                    [](const auto& c) { return c.channel.failures() > 0 || c.channel.was_up(); });
    now.state = has_failed ? CollectorStatus::State::kDown : CollectorStatus::State::kConnecting;
    now.cause = connections_.empty() ? status_.cause : connections_.front().channel.cause();
  }
  // What is known first is news too: a connection may stand at once.
  if (now.changes != 0 && now.state == status_.state && now.cause == status_.cause &&
      now.channels == status_.channels && now.channels_up == status_.channels_up) {
    return;
  }
  status_ = now;
  ++status_.changes;
}

bool TcpTransport::wait_for(const std::function<bool()>& done, Clock::time_point deadline) {
  for (;;) {
    tend_all();
    if (done()) return true;
    const auto now = Clock::now();
    if (waiting().is_cancelled() || now >= std::min(deadline, outage_end())) return false;
    poll_once(std::min(deadline, outage_end()));
  }
}

/// Waits until a socket has news or an attempt is due.
void TcpTransport::poll_once(Clock::time_point deadline) {
  polled_.clear();
  auto until = deadline;
  for (const Connection& connection : connections_) {
    const auto& channel = connection.channel;
    if (channel.socket() < 0) {
      until = std::min(until, channel.next_attempt());
    } else {
      polled_.push_back({channel.socket(), channel.events(!connection.backlog.is_empty()), 0});
    }
  }
  waiting().until_any(polled_, std::chrono::ceil<milliseconds>(until - Clock::now()));
}

/// Until when a collector that is away is waited for.
TcpTransport::Clock::time_point TcpTransport::outage_end() const {
  return up_count() > 0 ? Clock::time_point::max() : down_since_ + timing_.outage;
}

/// A connection that has begun with a line, or with a TLS record, of which the rest is dropped can
/// take no other.
void TcpTransport::drop_backlogs(std::string_view reason) {
  for (Connection& connection : connections_) {
    Backlog& backlog = connection.backlog;
    if (backlog.is_empty()) continue;
    const bool is_cut = backlog.is_mid_line() || tls_ != nullptr;
    drop(backlog.lines(), reason);
    backlog.clear();
    if (is_cut) connection.channel.close(std::string{reason});
    follow(connection);
  }
}

/// The collector sees the end of the stream behind the last whole line.
void TcpTransport::say_farewell() {
  if (connections_.empty() || answers_by_) return;
  const auto sent = [this] { return !has_backlog(); };
  if (has_backlog() && (up_count() == 0 || !wait_for(sent, Clock::now() + kFarewell))) {
    drop_backlogs(up_count() > 0 ? "the collector takes too little" : down_reason());
  }
  for (Connection& connection : connections_) {
    if (connection.is_up) connection.channel.tend(Clock::now());
    follow(connection);
    connection.channel.end();
  }
  answers_by_ = Clock::now() + timing_.last_word;
}

void TcpTransport::disconnect() {
  if (connections_.empty()) return;
  for (Connection& connection : connections_) {
    if (!connection.is_up) continue;
    auto answer = connection.channel.answer();
    while (answer == StreamChannel::Answer::kNone && Clock::now() < *answers_by_ &&
           waiting().briefly()) {
      answer = connection.channel.answer();
    }
    if (answer != StreamChannel::Answer::kEnded) {
      add_unacknowledged(connection.sent - connection.settled);
    }
  }
  const bool was_reached = std::any_of(connections_.begin(), connections_.end(),
                                       [](const auto& c) { return c.channel.was_up(); });
  if (is_live() && !was_reached) fail(fmt::format("never connected: {}", down_reason()));
  connections_.clear();
  problem_ = "it is closed";
}

bool TcpTransport::has_backlog() const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const auto& c) { return !c.backlog.is_empty(); });
}

std::size_t TcpTransport::up_count() const {
  return static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(),
                                                [](const auto& c) { return c.is_up; }));
}

const std::string& TcpTransport::down_reason() const {
  return connections_.empty() ? problem_ : connections_.front().channel.reason();
}

}  // namespace asaemu
