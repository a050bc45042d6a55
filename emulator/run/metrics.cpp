#include "emulator/run/metrics.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace asaemu {

namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

constexpr std::size_t kRequestMax = 8192;
constexpr std::chrono::seconds kPatience{5};
constexpr std::array<std::string_view, 6> kBoundNames{"0.0001", "0.001", "0.01",
                                                      "0.1",    "1",     "+Inf"};

/// A label's value in quotes.
std::string label(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

class Page {
 public:
  void head(std::string_view name, std::string_view kind, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP asaemu_{0} {2}\n# TYPE asaemu_{0} {1}\n",
                   name, kind, help);
  }
  template <class Value>
  void value(std::string_view name, std::string_view labels, Value number) {
    fmt::format_to(std::back_inserter(text_), "asaemu_{}{} {}\n", name, labels, number);
  }
  template <class Value>
  void one(std::string_view name, std::string_view kind, std::string_view help,
           std::string_view labels, Value number) {
    head(name, kind, help);
    value(name, labels, number);
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::uint64_t sum(std::span<const std::unique_ptr<Lane>> lanes,
                  std::atomic<std::uint64_t> Gauges::*gauge) {
  std::uint64_t total = 0;
  for (const auto& lane : lanes) {
    total += (lane->gauges().*gauge).load(std::memory_order_relaxed);
  }
  return total;
}

void add_lateness(Page& page, std::span<const std::unique_ptr<Lane>> lanes) {
  page.head("lateness_seconds", "histogram", "Wall time from due to sent, of stimuli.");
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < kBoundNames.size(); ++i) {
    count = 0;
    for (const auto& lane : lanes) {
      count += lane->gauges().late_up_to[i].load(std::memory_order_relaxed);
    }
    page.value("lateness_seconds_bucket", fmt::format("{{le=\"{}\"}}", kBoundNames[i]), count);
  }
  page.value("lateness_seconds_sum", "", static_cast<double>(sum(lanes, &Gauges::late_sum)) / 1e9);
  page.value("lateness_seconds_count", "", count);
}

void add_messages(Page& page, const Catalogue& catalogue,
                  std::span<const std::unique_ptr<Lane>> lanes) {
  page.head("messages_total", "counter", "Messages that passed the filters, by id and text.");
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    std::uint64_t count = 0;
    for (const auto& lane : lanes) {
      count += lane->gauges().by_id[i].load(std::memory_order_relaxed);
    }
    if (count == 0) continue;
    const auto& type = catalogue.at(i);
    page.value("messages_total", fmt::format("{{id=\"{}\",name=\"{}\"}}", type.id(), type.name()),
               count);
  }
}

/// Workers' transports to one destination are one.
void add_destinations(Page& page, std::span<const std::unique_ptr<Lane>> lanes) {
  std::map<std::string, Gauges::ToDestination> by_name;
  for (const auto& lane : lanes) {
    for (const auto& its : lane->gauges().destinations()) {
      auto& all = by_name[its.name];
      all.lines += its.lines;
      all.bytes += its.bytes;
      all.failed += its.failed;
    }
  }
  const auto show = [&](std::string_view name, std::string_view help,
                        std::uint64_t Gauges::ToDestination::*member) {
    page.head(name, "counter", help);
    for (const auto& [destination, its] : by_name) {
      page.value(name, fmt::format("{{to={}}}", label(destination)), its.*member);
    }
  };
  show("destination_lines_sent_total", "Lines sent, by destination (of the first hundred).",
       &Gauges::ToDestination::lines);
  show("destination_bytes_sent_total", "Bytes sent, by destination.",
       &Gauges::ToDestination::bytes);
  show("destination_lines_failed_total", "Lines that could not be sent, by destination.",
       &Gauges::ToDestination::failed);
}

void add_delivery(Page& page, std::span<const std::unique_ptr<Lane>> lanes) {
  page.one("lines_sent_total", "counter", "Lines that the operating system took.", "",
           sum(lanes, &Gauges::lines));
  page.one("bytes_sent_total", "counter", "Bytes of those lines.", "", sum(lanes, &Gauges::bytes));
  page.head("lines_dropped_total", "counter", "Lines that were lost, and why.");
  page.value("lines_dropped_total", "{reason=\"error\"}", sum(lanes, &Gauges::failed));
  page.value("lines_dropped_total", "{reason=\"queue\"}", sum(lanes, &Gauges::dropped));
  page.one("queue_depth", "gauge", "Lines that wait in the devices' queues.", "",
           sum(lanes, &Gauges::pending));
}

std::string answer(std::string_view status, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
      "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
      status, body.size(), body);
}

}  // namespace

std::string metrics_text(std::string_view scenario, const Catalogue& catalogue,
                         std::span<const std::unique_ptr<Lane>> lanes) {
  Page page;
  std::size_t devices = 0;
  std::int64_t now = 0;
  std::int64_t lateness = 0;
  for (const auto& lane : lanes) {
    devices += lane->worker().devices().size();
    now = std::max(now, lane->gauges().now.load(std::memory_order_relaxed));
    lateness = std::max(lateness, lane->gauges().lateness.load(std::memory_order_relaxed));
  }
  page.one("run_info", "gauge", "What runs.", fmt::format("{{scenario={}}}", label(scenario)), 1);
  page.one("devices", "gauge", "Devices of this process.", "", devices);
  page.one("threads", "gauge", "Worker threads.", "", lanes.size());
  page.one("simulated_seconds", "gauge", "Simulated time since the start.", "",
           static_cast<double>(now) / 1e9);
  page.one("stimuli_executed_total", "counter", "Stimuli that happened.", "",
           sum(lanes, &Gauges::executed));
  page.one("stimuli_missed_total", "counter", "Stimuli that were due and given up.", "",
           sum(lanes, &Gauges::missed));
  page.one("current_lateness_seconds", "gauge", "Of the last batch, of the latest worker.", "",
           static_cast<double>(lateness) / 1e9);
  add_lateness(page, lanes);
  add_messages(page, catalogue, lanes);
  add_delivery(page, lanes);
  add_destinations(page, lanes);
  return std::move(page).text();
}

/// One connection: it lives until its answer has left.
class MetricsServer::Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(tcp::socket socket, const std::function<std::string()>& text)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), text_(text) {}

  void begin() {
    timer_.expires_after(kPatience);
    timer_.async_wait([self = shared_from_this()](const Error& error) {
      Error ignored;
      if (!error) self->socket_.close(ignored);
    });
    boost::asio::async_read_until(
        socket_, boost::asio::dynamic_buffer(request_, kRequestMax), "\r\n\r\n",
        [self = shared_from_this()](const Error& error, std::size_t) { self->respond(error); });
  }

 private:
  void respond(const Error& error) {
    if (error) {
      timer_.cancel();
      return;
    }
    const bool known = request_.starts_with("GET /metrics ") || request_.starts_with("GET / ");
    answer_ = known ? answer("200 OK", text_()) : answer("404 Not Found", "it is at /metrics\n");
    boost::asio::async_write(socket_, boost::asio::buffer(answer_),
                             [self = shared_from_this()](const Error&, std::size_t) {
                               Error ignored;
                               self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
                               self->timer_.cancel();
                             });
  }

  tcp::socket socket_;
  boost::asio::steady_timer timer_;
  const std::function<std::string()>& text_;
  std::string request_;
  std::string answer_;
};

MetricsServer::~MetricsServer() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

std::string MetricsServer::listen(const HostPort& address) {
  Error error;
  const auto ip = boost::asio::ip::make_address(address.host, error);
  const tcp::endpoint endpoint(ip, address.port);
  if (!error) acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (error) return fmt::format("--metrics {}: {}", to_string(address), error.message());
  spdlog::info("metrics at http://{}/metrics", to_string(HostPort{address.host, port_}));
  accept();
  thread_ = std::thread([this] { context_.run(); });
  return {};
}

void MetricsServer::accept() {
  acceptor_.async_accept([this](const Error& error, tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (!error) std::make_shared<Exchange>(std::move(socket), text_)->begin();
    accept();
  });
}

}  // namespace asaemu
