#include "emulator/run/stop_signal.hpp"

#include <csignal>

namespace asaemu {

StopSignal::StopSignal(std::function<void()> on_stop, std::function<void()> on_impatience)
    : on_stop_(std::move(on_stop)), on_impatience_(std::move(on_impatience)) {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    requested_.store(true, std::memory_order_relaxed);
    // From now on the signals have their default effect again.
    signals_.clear();
    patience_.expires_after(kPatience);
    patience_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) on_impatience_();
    });
    on_stop_();
  });
  thread_ = std::thread([this] { context_.run(); });
}

StopSignal::~StopSignal() {
  context_.stop();
  thread_.join();
}

}  // namespace asaemu
