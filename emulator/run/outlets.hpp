// Which transport each device's logging hosts reach.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/transport/transport.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace asaemu {

/// The transports of one worker, one for each distinct destination. A logging host reaches: what
/// `--to` says, or what the scenario's `collectors` say for its address, or standard output.
class Outlets final : public OutletProvider {
 public:
  /// Live, in real time, no collector holds the run up.
  Outlets(const Plan& plan, const std::optional<Destination>& to, bool is_live)
      : plan_(plan), to_(to), is_live_(is_live) {}

  Outlet& outlet_for(std::string_view device, const LogHostSpec& host) override;

  /// Gives connections that are on their way at most so long to come about, or to fail.
  void await_connections(std::chrono::milliseconds longest);
  /// Goes on with connections; to be called often while is_busy(), and now and then otherwise.
  void tend();
  [[nodiscard]] bool is_busy() const;

  /// Cuts waits for collectors short from now on. From any thread.
  void cancel();
  /// Sends everything that waits.
  void flush();
  /// Sends everything that waits and ends the connections.
  void close();
  /// Whether a transport can send nothing any more: the disk is full, or the reader of a pipe went
  /// away.
  [[nodiscard]] bool has_ended() const;
  /// Errors of transports that could not be opened, a line each; empty if all could.
  [[nodiscard]] std::string open_errors() const { return open_errors_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Transport>>& transports() const {
    return transports_;
  }

 private:
  [[nodiscard]] Destination destination_of(const LogHostSpec& host) const;

  const Plan& plan_;
  std::optional<Destination> to_;
  bool is_live_;
  std::mutex mutex_;  ///< of transports_, for cancel()
  std::vector<std::unique_ptr<Transport>> transports_;
  std::string open_errors_;
};

}  // namespace asaemu
