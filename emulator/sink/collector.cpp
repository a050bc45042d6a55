#include "emulator/sink/collector.hpp"

#include "model/base/assert.hpp"

#include <boost/asio/post.hpp>
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace asaemu {

namespace {

using boost::system::error_code;
using std::chrono::steady_clock;

/// How long what had arrived before the end may keep the collector busy.
constexpr std::chrono::seconds kDrainTime{1};
/// How old the number in the counter's file may be.
constexpr std::chrono::milliseconds kCounterAge{200};

}  // namespace

std::string Collector::use_tls(const std::string& certificate, const std::string& key,
                               const std::string& authorities) {
  ignore_broken_pipes();
  tls_ = std::make_unique<TlsContext>();
  auto error = tls_->be_server(certificate, key, authorities);
  if (!error.empty()) tls_.reset();
  return error;
}

std::string Collector::listen(const ListenAddress& address) {
  if (address.tls && !tls_) {
    return fmt::format("cannot listen on {}: there is no certificate", to_string(address));
  }
  std::string error;
  const auto found = resolve(address.local, error);
  if (found.empty()) return fmt::format("cannot listen on {}: {}", to_string(address), error);
  auto socket = bind_socket(found.front(), address.tcp ? SOCK_STREAM : SOCK_DGRAM, error);
  if (!socket.is_open()) return fmt::format("cannot listen on {}: {}", to_string(address), error);
  const HostPort local{address_text(found.front().storage), bound_port(socket.get())};
  addresses_.push_back({address.tcp, local, address.tls});
  LineConsumer& consumer = *this;
  const TlsContext* const tls = address.tls ? tls_.get() : nullptr;
  listeners_.push_back(address.tcp
                           ? make_tcp_listener(context_, std::move(socket), consumer, tls)
                           : make_udp_listener(context_, std::move(socket), consumer, gro_));
  return {};
}

void Collector::end_on_signals() {
  for (const int number : {SIGINT, SIGTERM}) {
    error_code error;
    signals_.add(number, error);
    if (error) spdlog::warn("signal {} will not end the collector: {}", number, error.message());
  }
  signals_.async_wait([this](const error_code& error, int) {
    if (!error) end(End::kSignal);
  });
}

Collector::End Collector::run(const Limits& limits) {
  limits_ = limits;
  last_arrival_ = steady_clock::now();
  watch_idle();
  if (limits_.duration) {
    duration_timer_.expires_after(*limits_.duration);
    duration_timer_.async_wait([this](const error_code& error) {
      if (!error) end(End::kDuration);
    });
  }
  for (const auto& listener : listeners_) listener->start();
  if (counter_ >= 0) keep_count();
  context_.run();
  ASAEMU_ASSERT(end_);
  if (!is_complete()) {
    const auto deadline = steady_clock::now() + kDrainTime;
    for (const auto& listener : listeners_) listener->drain(deadline);
  }
  write_count();
  return *end_;
}

void Collector::keep_count() {
  write_count();
  counter_timer_.expires_after(kCounterAge);
  counter_timer_.async_wait([this](const error_code& error) {
    if (!error) keep_count();
  });
}

void Collector::write_count() const {
  if (counter_ < 0) return;
  const std::string text = fmt::format("{}\n", tally_.messages());
  // The next number comes soon; a file that takes none is not worth ending for.
  if (pwrite(counter_, text.data(), text.size(), 0) < 0) return;
}

void Collector::expect(std::uint64_t messages, SimDuration idle) {
  boost::asio::post(context_, [this, messages, idle] {
    limits_ = {messages, idle, std::nullopt};
    last_arrival_ = steady_clock::now();
    duration_timer_.cancel();
    if (is_complete()) {
      end(End::kMessages);
    } else {
      watch_idle();
    }
  });
}

std::vector<Collector::ListenerReport> Collector::listeners() const {
  std::vector<ListenerReport> reports;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    reports.push_back({to_string(addresses_[i]), listeners_[i]->connections(),
                       listeners_[i]->lost(), listeners_[i]->refused()});
  }
  return reports;
}

const LineWriter* Collector::broken_output() const {
  const auto broken = std::find_if(writers_.begin(), writers_.end(),
                                   [](const LineWriter& writer) { return writer.error() != 0; });
  return broken == writers_.end() ? nullptr : &*broken;
}

bool Collector::take_line(const ReceivedLine& line) {
  if (is_complete()) return false;
  if (!in_batch_) {
    in_batch_ = true;
    batch_time_ = std::chrono::system_clock::now();
  }
  tally_.take(line, batch_time_);
  for (auto& writer : writers_) writer.add(line.text);
  if (is_complete()) end(End::kMessages);
  return !is_complete();
}

void Collector::end_batch() {
  for (auto& writer : writers_) writer.flush();
  if (in_batch_) last_arrival_ = steady_clock::now();
  in_batch_ = false;
  if (broken_output() != nullptr) end(End::kOutput);
}

/// The first reason is the one that counts.
void Collector::end(End reason) {
  if (!end_) end_ = reason;
  context_.stop();
}

void Collector::watch_idle() {
  if (!limits_.idle) return;
  idle_timer_.expires_at(last_arrival_ + *limits_.idle);
  idle_timer_.async_wait([this](const error_code& error) {
    if (error) return;
    // A collector that was held up has not seen yet what waits for it.
    for (const auto& listener : listeners_) listener->drain(last_arrival_);
    if (steady_clock::now() - last_arrival_ >= *limits_.idle) {
      end(End::kIdle);
    } else {
      watch_idle();
    }
  });
}

}  // namespace asaemu
