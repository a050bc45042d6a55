#include "emulator/sink/embedded_sink.hpp"

#include "emulator/sink/collector.hpp"
#include "emulator/transport/writing.hpp"

#include <csignal>

namespace asaemu {

EmbeddedSink::EmbeddedSink(int descriptor) : collector_(std::make_unique<Collector>()) {
  collector_->write_to(descriptor, "standard output");
}

EmbeddedSink::~EmbeddedSink() {
  finish(0);
}

std::string EmbeddedSink::start() {
  ignore_broken_pipes();
  auto error = collector_->listen({false, {"127.0.0.1", 0}});
  if (!error.empty()) return error;
  destination_.kind = Destination::Kind::kUdp;
  destination_.peer = collector_->addresses().front().local;
  // Signals are for the thread that runs the program.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { collector_->run({}); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return {};
}

void EmbeddedSink::finish(std::uint64_t lines, SimDuration patience) {
  if (!thread_.joinable()) return;
  collector_->expect(lines, patience);
  thread_.join();
}

const Tally& EmbeddedSink::tally() const {
  return collector_->tally();
}

std::uint64_t EmbeddedSink::lost() const {
  return collector_->listeners().front().lost;
}

}  // namespace asaemu
