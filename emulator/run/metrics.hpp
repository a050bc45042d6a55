// Metrics of a run for Prometheus, served over HTTP while it goes on.
#pragma once

#include "emulator/run/lane.hpp"
#include "emulator/transport/host_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <span>
#include <thread>

namespace asaemu {

/// The lanes' gauges in Prometheus' text format (version 0.0.4).
std::string metrics_text(std::string_view scenario, const Catalogue& catalogue,
                         std::span<const std::unique_ptr<Lane>> lanes);

/// Answers every GET of /metrics with a text, in a thread of its own; any other path is 404. One
/// request a connection, of at most 8 KiB, within five seconds: it is for a scraper beside it, not for
/// the world.
class MetricsServer {
 public:
  /// `text` is called in the serving thread.
  explicit MetricsServer(std::function<std::string()> text) : text_(std::move(text)) {}
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  /// Begins to serve; says on the log where. Error text, or empty.
  std::string listen(const HostPort& address);
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  class Exchange;
  void accept();

  std::function<std::string()> text_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace asaemu
