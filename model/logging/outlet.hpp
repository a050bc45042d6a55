// Where rendered lines wait for their transport: a batch of contiguous bytes. Floor 5 derives the
// transports.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/message.hpp"
#include "model/base/time.hpp"
#include "model/base/values.hpp"
#include "model/logging/account.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// What can be known of a collector from this side.
struct CollectorStatus {
  enum class State : std::uint8_t {
    kUp,          ///< lines leave; always so where nothing tells (UDP without an error, files)
    kConnecting,  ///< no answer yet, at the start or after a loss
    kDown,
  };
  enum class Cause : std::uint8_t {
    kNone,
    kRefused,      ///< nobody listens there (RST, or ICMP port unreachable)
    kUnreachable,  ///< no route, or nobody answers
    kClosed,       ///< the collector ended the connection
    kReset,        ///< it was cut
    kCertificate,  ///< TLS: the collector's certificate was not accepted
    kTls,          ///< TLS: no agreement otherwise
    kOther,
  };
  State state = State::kUp;
  Cause cause = Cause::kNone;    ///< of kDown and kConnecting: what ended it last
  std::uint8_t channels = 1;     ///< connections there are to be
  std::uint8_t channels_up = 1;  ///< connections that stand
  std::uint64_t changes = 0;     ///< grows with every change of the above
  /// Lines of which a connection first took a part only.
  std::uint64_t partial_writes = 0;
};

/// A batch of lines on their way to one collector, used by one thread. A line ends with its LF.
class Outlet {
 public:
  /// The longest line with its header, and what rendering may touch beyond it.
  static constexpr std::size_t kLineMax = 256 + kTextMax;

  /// One line of the batch.
  struct Line {
    std::uint32_t end;     ///< offset in the batch behind its LF
    std::uint32_t device;  ///< lines of the same number stay in their order
    DestinationAccount* account;
    CalendarTime at{};  ///< the device's clock, for transports that write it down
  };

  /// A batch of at most `lines_max` lines in `bytes_max` bytes (at least kLineMax).
  explicit Outlet(std::size_t bytes_max = std::size_t{256} * 1024, std::size_t lines_max = 1024);
  virtual ~Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  /// Room for one line of kLineMax bytes plus kRenderSlack; sends the batch first if it is full.
  char* begin_line() {
    if (size_ > bytes_max_ - kLineMax || lines_.size() == lines_max_) [[unlikely]] {
      flush();
    }
    return buffer_.get() + size_;
  }

  /// Takes the line that was written from begin_line() to `end`. `device` is any number that no
  /// other device has.
  void end_line(const char* end, DestinationAccount& account, CalendarTime at = {},
                std::uint32_t device = 0) {
    size_ = static_cast<std::size_t>(end - buffer_.get());
    lines_.push_back({static_cast<std::uint32_t>(size_), device, &account, at});
  }

  /// Sends what waits. Every line is counted as sent or dropped in its account.
  void flush();
  [[nodiscard]] bool is_empty() const { return lines_.empty(); }

  /// What is known of the collector now.
  [[nodiscard]] virtual CollectorStatus status() const { return {}; }
  /// False while the collector takes no more: lines had better wait in their host's queue. Always
  /// true where a transport is to wait instead (maximum speed).
  [[nodiscard]] virtual bool is_ready() const { return true; }

 protected:
  /// Sends the batch; accounts for each line (count_sent, count_failed) before it returns.
  virtual void transmit(std::span<const char> bytes, std::span<const Line> lines) = 0;

  /// `lines` of one account, together `bytes` long.
  static void count_sent(DestinationAccount& account, std::size_t lines, std::size_t bytes) {
    account.sent += lines;
    account.bytes += bytes;
    if (account.watcher != nullptr) account.watcher->settled(account, lines, true);
  }
  static void count_sent(const Line& line, std::size_t bytes) {
    count_sent(*line.account, 1, bytes);
  }
  static void count_failed(const Line& line) {
    ++line.account->dropped_error;
    if (line.account->watcher != nullptr) line.account->watcher->settled(*line.account, 1, false);
  }

 private:
  std::size_t bytes_max_;
  std::size_t lines_max_;
  std::unique_ptr<char[]>
      buffer_;  // NOLINT(modernize-avoid-c-arrays): never resized, never cleared
  std::size_t size_ = 0;
  std::vector<Line> lines_;
};

/// A syslog server as `logging host` configures it.
struct LogHostSpec {
  std::string_view interface;
  IpAddress address;
  bool tcp = false;
  Port port{514};
  IpAddress source;     ///< the device's own there; unspecified if it has none
  bool secure = false;  ///< by TLS
  /// Host names, of which the server's certificate must have one; if there are none, nothing is asked.
  std::span<const std::string> identities{};
  const DestinationAccount* account = nullptr;  ///< what its lines will be counted in
};

/// Finds the transport for a logging host of a device. Implemented on floor 5.
class OutletProvider {
 public:
  virtual ~OutletProvider() = default;
  /// The outlet, which outlives the device. Never null.
  virtual Outlet& outlet_for(std::string_view device, const LogHostSpec& host) = 0;
};

}  // namespace asaemu
