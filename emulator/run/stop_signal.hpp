// SIGINT and SIGTERM: the first asks the run to end, and it drains; the second ends the process at
// once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <thread>

namespace asaemu {

/// Listens in a thread of its own, so that a signal is noticed even while a collector holds the run
/// up.
class StopSignal {
 public:
  /// How long a drain may take before waits for collectors are cut short.
  static constexpr std::chrono::seconds kPatience{5};

  /// Both are called in the listening thread: `on_stop` at the signal, `on_impatience` kPatience
  /// later.
  StopSignal(std::function<void()> on_stop, std::function<void()> on_impatience);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::function<void()> on_stop_;
  std::function<void()> on_impatience_;
  std::atomic<bool> requested_{false};
  boost::asio::io_context context_;
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
  boost::asio::steady_timer patience_{context_};
  std::thread thread_;
};

}  // namespace asaemu
