// Collectors for tests: `asaemu sink`, and the real ones that test.sh unpacks into build/collectors.
#pragma once

#include "tests/support/certificates.hpp"
#include "tests/support/process.hpp"

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace asaemu::test {

/// A collector that can be ended, stopped and begun again. Each time it stores what it receives in a
/// file of its own, a line a message, so that a line which a kill has cut is the last of its file.
class Collector {
 public:
  /// `kind`: sink (which listens to one scheme only), rsyslogd or syslog-ng. Does not start it.
  Collector(std::string kind, std::string scheme, Authority::Wish wish = {"server"});
  /// Ends it in good order.
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// Starts it and waits until it listens, always at the same port.
  void start() {
    begin();
    await_listening();
  }
  void begin();
  void await_listening();
  /// Sends SIGTERM or SIGKILL and waits until it has gone.
  void stop(int signal);
  /// Lets it stand still, with all that its kernel does for it, and go on.
  void freeze() const { process_->send_signal(SIGSTOP); }
  void thaw() const { process_->send_signal(SIGCONT); }

  /// What reaches it: udp, tcp, or tls with the authority that its certificate is to be from.
  [[nodiscard]] std::string destination() const;
  /// How often it was started.
  [[nodiscard]] unsigned starts() const { return starts_; }
  /// The file of one start, the first being 1.
  [[nodiscard]] std::string file(unsigned start) const;
  /// What all of them hold so far.
  [[nodiscard]] std::uintmax_t bytes_stored() const;
  /// Waits until the file of the last start holds anything; false if that takes too long.
  [[nodiscard]] bool await_line() const;
  /// How many TCP connections it has.
  [[nodiscard]] std::size_t connections() const;
  /// The text of the last start's file, once it has so many lines or has stopped growing for half a
  /// minute.
  [[nodiscard]] std::string stored(std::size_t lines) const;

 private:
  [[nodiscard]] std::vector<std::string> command() const;
  [[nodiscard]] std::vector<std::string> write_config() const;
  [[nodiscard]] std::string folder(unsigned start) const;
  [[nodiscard]] bool listens() const;

  std::string kind_;
  std::string scheme_;
  TemporaryFolder folder_;
  Authority authority_{folder_.path().string(), "authority"};
  CertificateFiles certificate_;
  std::uint16_t port_ = lasting_port();
  std::uint16_t tls_port_ = lasting_port();
  unsigned starts_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace asaemu::test
