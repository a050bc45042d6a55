#include "emulator/sink/sink.hpp"

#include "emulator/sink/report.hpp"
#include "emulator/transport/transport.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <fcntl.h>

namespace asaemu {

namespace {

constexpr int kDone = 0;
constexpr int kDoesNotHold = 1;
constexpr int kWorldFailed = 3;

/// Opens and empties a file unless its path is empty. False if that fails.
bool open_output(const std::string& path, FileDescriptor& file) {
  if (path.empty()) return true;
  constexpr mode_t kMode = 0644;
  file = FileDescriptor{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode)};
  if (!file.is_open()) spdlog::error("cannot open {}: {}", path, error_text(errno));
  return file.is_open();
}

bool listen_all(const SinkOptions& options, Collector& collector) {
  if (!options.certificate.empty()) {
    const auto error = collector.use_tls(options.certificate, options.key, options.authorities);
    if (!error.empty()) {
      spdlog::error("{}", error);
      return false;
    }
  }
  if (options.gro) collector.use_gro();
  for (const auto& address : options.listen) {
    const auto error = collector.listen(address);
    if (error.empty()) continue;
    spdlog::error("{}", error);
    return false;
  }
  for (const auto& address : collector.addresses()) {
    fmt::print(stderr, "listening on {}\n", to_string(address));
  }
  return true;
}

bool write_report(const std::string& path, const std::string& text, FileDescriptor& file) {
  if (!file.is_open()) return true;
  Waiting waiting;
  int error = write_all(file.get(), text, waiting).error;
  if (error == 0) error = file.close();
  if (error != 0) spdlog::error("cannot write {}: {}", path, error_text(error));
  return error == 0;
}

/// A reader of standard output that has gone (`| head`) has what it wanted.
bool is_complaint(const LineWriter* broken) {
  if (broken == nullptr || broken->error() == EPIPE) return false;
  spdlog::error("cannot write {}: {}", broken->name(), error_text(broken->error()));
  return true;
}

}  // namespace

int run_sink(const SinkOptions& options) {
  ignore_broken_pipes();
  Collector collector;
  FileDescriptor lines;
  FileDescriptor report;
  FileDescriptor counter;
  const bool ready = open_output(options.write, lines) && open_output(options.report, report) &&
                     open_output(options.counter, counter);
  if (!ready || !listen_all(options, collector)) return kWorldFailed;
  if (!options.quiet) collector.write_to(STDOUT_FILENO, "standard output");
  if (lines.is_open()) collector.write_to(lines.get(), options.write);
  if (counter.is_open()) collector.count_to(counter.get());
  collector.end_on_signals();
  const auto end = collector.run({options.count, options.idle, options.duration});

  fmt::print(stderr, "{}", report_table(collector, end));
  const bool reported = write_report(options.report, report_json(collector, end), report);
  const bool broken = is_complaint(collector.broken_output());
  const int closing = lines.close();
  if (closing != 0) spdlog::error("cannot write {}: {}", options.write, error_text(closing));
  if (!reported || broken || closing != 0) return kWorldFailed;
  const bool ran_out = end == Collector::End::kIdle || end == Collector::End::kDuration;
  const bool short_of = options.count && collector.tally().messages() < *options.count;
  return ran_out && short_of ? kDoesNotHold : kDone;
}

}  // namespace asaemu
