#include "emulator/run/outlets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace asaemu {

SharedOutputs::Use SharedOutputs::use(const Destination& destination) {
  const std::lock_guard lock(mutex_);
  for (const auto& [known, its_lock] : used_) {
    if (known == destination) return {its_lock, false};
  }
  used_.emplace_back(destination, std::make_shared<std::mutex>());
  return {used_.back().second, true};
}

bool has_order(const Destination& destination) {
  switch (destination.kind) {
    case Destination::Kind::kUdp:
    case Destination::Kind::kTcp:
    case Destination::Kind::kTls:
    case Destination::Kind::kNull:
      return false;
    default:
      return true;
  }
}

Destination Outlets::destination_of(const LogHostSpec& host) const {
  if (to_) return *to_;
  for (const auto& wanted : {host.address, kAnyLoggingHost}) {
    for (const auto& [address, destination] : plan_.collectors) {
      if (address == wanted) return destination;
    }
  }
  Destination standard_output;
  standard_output.kind = Destination::Kind::kStandardOutput;
  return standard_output;
}

Outlet& Outlets::outlet_for(std::string_view /*device*/, const LogHostSpec& host) {
  const Destination destination = destination_of(host);
  for (const auto& transport : transports_) {
    if (transport->destination() != destination) continue;
    transport->introduce(host);
    return *transport;
  }
  {
    const std::lock_guard lock(mutex_);
    transports_.push_back(make_transport(destination));
  }
  if (is_live_) transports_.back()->set_live();
  transports_.back()->introduce(host);
  known_.emplace_back();
  if (shared_ != nullptr && has_order(destination)) {
    auto use = shared_->use(destination);
    transports_.back()->share(std::move(use.lock), use.is_first);
  }
  if (const std::string error = transports_.back()->open(); !error.empty()) {
    open_errors_ += error + "\n";
  }
  return *transports_.back();
}

void Outlets::await_connections(std::chrono::milliseconds longest) {
  const auto deadline = std::chrono::steady_clock::now() + longest;
  const auto is_open_question = [](const auto& transport) {
    return transport->status().state == CollectorStatus::State::kConnecting;
  };
  while (std::any_of(transports_.begin(), transports_.end(), is_open_question) &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
    tend();
  }
}

void Outlets::tend() {
  for (const auto& transport : transports_) transport->tend();
}

bool Outlets::is_busy() const {
  return std::any_of(transports_.begin(), transports_.end(),
                     [](const auto& transport) { return transport->is_busy(); });
}

void Outlets::cancel() {
  const std::lock_guard lock(mutex_);
  for (const auto& transport : transports_) transport->cancel();
}

bool Outlets::has_ended() const {
  return std::any_of(transports_.begin(), transports_.end(), [](const auto& transport) {
    return transport->failed() || transport->reader_left();
  });
}

bool Outlets::has_news() {
  bool news = false;
  for (std::size_t i = 0; i < transports_.size(); ++i) {
    const Known now{transports_[i]->status().changes, transports_[i]->is_ready()};
    if (now.changes == known_[i].changes && now.is_ready == known_[i].is_ready) continue;
    known_[i] = now;
    news = true;
  }
  return news;
}

void Outlets::close() {
  for (const auto& transport : transports_) transport->close();
}

void Outlets::flush() {
  for (const auto& transport : transports_) {
    transport->flush();
    transport->tend();
  }
}

}  // namespace asaemu
