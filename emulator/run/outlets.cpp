#include "emulator/run/outlets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace asaemu {

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
