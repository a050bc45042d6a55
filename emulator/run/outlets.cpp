#include "emulator/run/outlets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace asaemu {

namespace {

constexpr std::size_t kErrorsMax = 2000;

}  // namespace

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

Outlets::Outlets(const Plan& plan, const std::optional<Destination>& to, bool is_live,
                 SharedOutputs* shared)
    : plan_(plan), to_(to), is_live_(is_live), shared_(shared) {
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    if (plan.sources[i] != IpAddress()) senders_[plan.devices[i].name].source = plan.sources[i];
  }
}

Destination Outlets::destination_of(std::string_view device, const LogHostSpec& host) const {
  Destination destination;
  destination.kind = Destination::Kind::kStandardOutput;
  if (to_) {
    destination = *to_;
  } else {
    const Destination* known = plan_.collector_of(host.address);
    if (known != nullptr) destination = *known;
  }
  // What the user says of the destination itself comes first.
  if (destination.kind == Destination::Kind::kTls && host.secure && destination.tls.name.empty()) {
    destination.tls.name = fmt::format("{}", fmt::join(host.identities, ","));
  }
  const bool is_network = destination.kind == Destination::Kind::kUdp || destination.is_stream();
  const auto sender = senders_.find(device);
  if (is_network && sender != senders_.end()) destination.source = sender->second.source;
  return destination;
}

Outlet& Outlets::outlet_for(std::string_view device, const LogHostSpec& host) {
  const Destination destination = destination_of(device, host);
  // A sender's own transports are few, and all of them together are not looked through.
  auto& known = destination.has_source() ? senders_.find(device)->second.transports : common_;
  for (Transport* const transport : known) {
    if (transport->destination() != destination) continue;
    transport->introduce(host);
    return *transport;
  }
  known.push_back(&open(destination, host));
  return *known.back();
}

Transport& Outlets::open(const Destination& destination, const LogHostSpec& host) {
  {
    const std::lock_guard lock(mutex_);
    transports_.push_back(make_transport(destination));
  }
  if (is_live_) transports_.back()->set_live();
  transports_.back()->introduce(host);
  known_.emplace_back();
  Transport& transport = *transports_.back();
  if (shared_ != nullptr && has_order(destination)) {
    auto use = shared_->use(destination);
    transport.share(std::move(use.lock), use.is_first);
  }
  if (const std::string error = transport.open(); !error.empty()) {
    // Of many devices that fail alike, the first ones tell enough.
    if (open_errors_.size() < kErrorsMax) {
      open_errors_ += error + "\n";
    }
  }
  return transport;
}

void Outlets::touch(std::string_view device) {
  const auto sender = senders_.find(device);
  if (sender == senders_.end() || sender->second.is_touched) return;
  sender->second.is_touched = true;
  touched_.push_back(&sender->second);
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
  is_cancelled_.store(true, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  for (const auto& transport : transports_) transport->cancel();
}

bool Outlets::has_ended() const {
  if (is_wide()) return has_ended_;
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

std::uint64_t Outlets::lines_sent() const {
  std::uint64_t sum = 0;
  for (const auto& transport : transports_) sum += transport->statistics().lines;
  return sum;
}

void Outlets::end() {
  for (const auto& transport : transports_) transport->end();
}

void Outlets::close() {
  end();
  for (const auto& transport : transports_) transport->close();
}

void Outlets::flush() {
  const auto flush_one = [this](Transport& transport) {
    transport.flush();
    transport.tend();
    has_ended_ = has_ended_ || transport.failed() || transport.reader_left();
  };
  if (!is_wide()) {
    for (const auto& transport : transports_) flush_one(*transport);
    return;
  }
  for (Transport* const transport : common_) flush_one(*transport);
  for (Sender* const sender : touched_) {
    for (Transport* const transport : sender->transports) flush_one(*transport);
    sender->is_touched = false;
  }
  touched_.clear();
}

}  // namespace asaemu
