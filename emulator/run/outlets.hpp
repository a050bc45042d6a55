// Which transport each device's logging hosts reach.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/transport/transport.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace asaemu {

/// The files and pipes that several workers write to. Used by all of them.
class SharedOutputs {
 public:
  /// What makes batches to this destination whole, and whether nobody has opened it before.
  struct Use {
    std::shared_ptr<std::mutex> lock;
    bool is_first = false;
  };
  Use use(const Destination& destination);

 private:
  std::mutex mutex_;
  std::vector<std::pair<Destination, std::shared_ptr<std::mutex>>> used_;
};

/// Whether the order of lines of different devices can be seen there, so that it takes one worker to
/// keep it: files and pipes. A network does not promise any.
bool has_order(const Destination& destination);

/// The transports of one worker, one for each distinct destination. A logging host reaches: what
/// `--to` says, or what the scenario's `collectors` say for its address, or standard output. Where
/// that is TLS without a name, the certificate must be for the reference identity of a `secure` host.
class Outlets final : public OutletProvider {
 public:
  /// Live, in real time, no collector holds the run up. `shared` if other workers may have the same
  /// destinations; plan and it outlive this.
  Outlets(const Plan& plan, const std::optional<Destination>& to, bool is_live,
          SharedOutputs* shared = nullptr);

  Outlet& outlet_for(std::string_view device, const LogHostSpec& host) override;

  /// This device may have lines that wait. flush() goes to it alone where there are many transports.
  void touch(std::string_view device);
  /// Whether there are so many transports that looking at all of them takes long.
  [[nodiscard]] bool is_wide() const { return transports_.size() > kWide; }
  static constexpr std::size_t kWide = 64;

  /// Gives connections that are on their way at most so long to come about, or to fail.
  void await_connections(std::chrono::milliseconds longest);
  /// Goes on with connections; to be called often while is_busy(), and now and then otherwise.
  void tend();
  [[nodiscard]] bool is_busy() const;

  /// Cuts waits for collectors short from now on. From any thread.
  void cancel();
  [[nodiscard]] bool is_cancelled() const { return is_cancelled_.load(std::memory_order_relaxed); }
  /// Sends everything that waits.
  void flush();
  /// Whether a collector's state changed, or whether it takes lines, since this was asked last.
  [[nodiscard]] bool has_news();
  /// How many lines the operating system has taken.
  [[nodiscard]] std::uint64_t lines_sent() const;
  /// Sends everything that waits and says that nothing follows.
  void end();
  /// Ends, and hears what the collectors answer.
  void close();
  /// Whether a transport can send nothing any more: the disk is full, or the reader of a pipe went
  /// away. As of the last flush() where there are many.
  [[nodiscard]] bool has_ended() const;
  /// Errors of transports that could not be opened, a line each; empty if all could.
  [[nodiscard]] std::string open_errors() const { return open_errors_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Transport>>& transports() const {
    return transports_;
  }

 private:
  [[nodiscard]] Destination destination_of(std::string_view device, const LogHostSpec& host) const;
  Transport& open(const Destination& destination, const LogHostSpec& host);

  /// What was known of a collector last.
  struct Known {
    std::uint64_t changes = 0;
    bool is_ready = true;
  };

  const Plan& plan_;
  std::optional<Destination> to_;
  bool is_live_;
  SharedOutputs* shared_;
  std::vector<Known> known_;  ///< of transports_
  /// Devices with a source address of their own, and what they send through.
  struct Sender {
    IpAddress source;
    std::vector<Transport*> transports;
    bool is_touched = false;
  };
  std::unordered_map<std::string_view, Sender> senders_;
  std::vector<Sender*> touched_;
  std::vector<Transport*> common_;  ///< of devices without
  bool has_ended_ = false;          ///< as of the last flush
  std::mutex mutex_;                ///< of transports_, for cancel()
  std::atomic<bool> is_cancelled_{false};
  std::vector<std::unique_ptr<Transport>> transports_;
  std::string open_errors_;
};

}  // namespace asaemu
