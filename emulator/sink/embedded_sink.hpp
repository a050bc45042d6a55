// A collector inside the program, for `--to sink:`.
#pragma once

#include "emulator/transport/destination.hpp"
#include "model/base/time.hpp"

#include <memory>
#include <thread>
#include <unistd.h>

namespace asaemu {

class Collector;
class Tally;

/// Listens on a free UDP port of the loopback and prints what arrives, in a thread of its own. Its
/// receive buffer is as large as the system allows; what does not fit is lost(), as with any
/// collector.
class EmbeddedSink {
 public:
  /// `descriptor` is borrowed.
  explicit EmbeddedSink(int descriptor = STDOUT_FILENO);
  /// Ends at once if finish() was not called.
  ~EmbeddedSink();
  EmbeddedSink(const EmbeddedSink&) = delete;
  EmbeddedSink& operator=(const EmbeddedSink&) = delete;

  /// What went wrong, or an empty string. Makes the process ignore SIGPIPE.
  std::string start();

  /// What stands for `sink:`; only after start().
  [[nodiscard]] const Destination& destination() const { return destination_; }
  [[nodiscard]] std::uint16_t port() const { return destination_.peer.port; }

  /// Waits until so many lines have arrived in total, or none has for `patience`, and ends.
  void finish(std::uint64_t lines, SimDuration patience = std::chrono::seconds{2});

  /// What arrived; only after finish().
  [[nodiscard]] const Tally& tally() const;
  /// Datagrams that the kernel had no room for; only after finish().
  [[nodiscard]] std::uint64_t lost() const;

 private:
  std::unique_ptr<Collector> collector_;
  Destination destination_;
  std::thread thread_;
};

}  // namespace asaemu
