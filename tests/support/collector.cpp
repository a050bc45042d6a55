#include "tests/support/collector.hpp"

#include "test_paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <thread>

namespace asaemu::test {

namespace {

using namespace std::chrono_literals;

const std::string kSource = ASAEMU_SOURCE_DIR;

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// How many sockets a table of /proc/net has at this local port; in any state if `state` is empty.
std::size_t count_sockets(const std::string& table, std::uint16_t port, const std::string& state) {
  const std::string wanted = fmt::format(":{:04X}", port);
  std::size_t count = 0;
  std::istringstream lines(read_file("/proc/net/" + table));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string its_state;
    words >> number >> local >> remote >> its_state;
    if (local.ends_with(wanted) && (state.empty() || its_state == state)) ++count;
  }
  return count;
}

bool is_listening(std::uint16_t port) {
  return count_sockets("tcp", port, "0A") > 0;
}

}  // namespace

Collector::Collector(std::string kind, std::string scheme, Authority::Wish wish)
    : kind_(std::move(kind)), scheme_(std::move(scheme)), certificate_(authority_.issue(wish)) {}

Collector::~Collector() {
  if (!process_ || !process_->is_running()) return;
  process_->send_signal(SIGCONT);
  process_->send_signal(SIGTERM);
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (process_->is_running() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(10ms);
  }
}

std::string Collector::folder(unsigned start) const {
  return folder_.file(std::to_string(start));
}

std::string Collector::file(unsigned start) const {
  return folder(start) + "/received.log";
}

void Collector::begin() {
  ++starts_;
  std::filesystem::create_directory(folder(starts_));
  process_ = std::make_unique<Process>(kind_ == "sink" ? command() : write_config(),
                                       folder(starts_) + "/out", folder(starts_) + "/err");
}

void Collector::await_listening() {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (!listens()) {
    INFO(kind_ << ": " << read_file(folder(starts_) + "/err"));
    REQUIRE(process_->is_running());
    REQUIRE(std::chrono::steady_clock::now() < until);
    std::this_thread::sleep_for(5ms);
  }
}

std::vector<std::string> Collector::command() const {
  std::vector<std::string> arguments{program(),
                                     "sink",
                                     "--quiet",
                                     "--write",
                                     file(starts_),
                                     "--listen",
                                     fmt::format("{}://127.0.0.1:{}", scheme_, port_)};
  if (scheme_ == "tls") {
    arguments.insert(arguments.end(),
                     {"--cert", certificate_.certificate, "--key", certificate_.key});
  }
  return arguments;
}

std::vector<std::string> Collector::write_config() const {
  const std::string program = kSource + "/build/collectors/" + kind_;
  INFO("test.sh unpacks the collectors; .ci/collectors.sh does so alone");
  REQUIRE(std::filesystem::exists(program));
  std::string config = read_file(kSource + "/tests/integration/" +
                                 (kind_ == "rsyslogd" ? "rsyslog" : kind_) + ".conf.in");
  const std::string here = folder(starts_);
  config = replace_all(config, "@PORT@", std::to_string(port_));
  config = replace_all(config, "@TLSPORT@", std::to_string(tls_port_));
  config = replace_all(config, "@CA@", authority_.file());
  config = replace_all(config, "@CERT@", certificate_.certificate);
  config = replace_all(config, "@KEY@", certificate_.key);
  config = replace_all(config, "@DIR@", here);
  write_file(here + "/collector.conf", config);
  if (kind_ == "rsyslogd") {
    return {program, "-n", "-f", here + "/collector.conf", "-i", here + "/rsyslogd.pid"};
  }
  return {program,
          "-F",
          "-f",
          here + "/collector.conf",
          "--no-caps",
          "--persist-file",
          here + "/syslog-ng.persist",
          "--pidfile",
          here + "/syslog-ng.pid",
          "--control",
          here + "/syslog-ng.ctl"};
}

bool Collector::listens() const {
  if (kind_ != "sink") {
    return is_listening(port_) && is_listening(tls_port_) && count_sockets("udp", port_, "") > 0;
  }
  return scheme_ == "udp" ? count_sockets("udp", port_, "") > 0 : is_listening(port_);
}

void Collector::stop(int signal) {
  process_->send_signal(signal);
  INFO(kind_ << ": " << read_file(folder(starts_) + "/err"));
  CHECK(process_->wait(60s) == (signal == SIGTERM ? 0 : 128 + signal));
}

std::string Collector::destination() const {
  if (scheme_ != "tls") return fmt::format("{}://127.0.0.1:{}", scheme_, port_);
  return kind_ == "sink"
             ? fmt::format("tls://127.0.0.1:{}?ca={}", port_, authority_.file())
             : fmt::format("tls://127.0.0.1:{}?framing=octet&ca={}", tls_port_, authority_.file());
}

std::size_t Collector::connections() const {
  const bool is_own = scheme_ == "tls" && kind_ != "sink";
  return count_sockets("tcp", is_own ? tls_port_ : port_, "01");
}

std::uintmax_t Collector::bytes_stored() const {
  std::uintmax_t sum = 0;
  for (unsigned i = 1; i <= starts_; ++i) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file(i), error);
    if (!error) sum += size;
  }
  return sum;
}

bool Collector::await_line() const {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (read_file(file(starts_)).empty()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

std::string Collector::stored(std::size_t lines) const {
  std::size_t last = 0;
  auto grown = std::chrono::steady_clock::now();
  for (;;) {
    std::string text = read_file(file(starts_));
    if (text.size() != last) grown = std::chrono::steady_clock::now();
    last = text.size();
    const auto found = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (found >= lines || std::chrono::steady_clock::now() - grown > 30s) return text;
    std::this_thread::sleep_for(50ms);
  }
}

}  // namespace asaemu::test
