// A run in real time beside which a test does something to its collector, and what must hold then.
#pragma once

#include "tests/support/collector.hpp"
#include "tests/support/process.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace asaemu::test {

std::uint64_t number(const nlohmann::json& object, const char* key);

/// Reads a report and checks the identities of DESIGN section 6. What still waits in a device's
/// queue at the end is pending.
nlohmann::json identities_of(const std::string& report_file);

/// Lines and how often each occurs.
using LineCounts = std::map<std::string, int>;

/// A scenario of one device that logs as many lines a second as it is asked to, hardly two alike.
extern const std::string kSteady;

/// The first so many lines that a run of it offers.
LineCounts first_lines(std::uint64_t count, unsigned per_second, unsigned seconds);

/// It in real time, in a process of its own.
class LiveRun {
 public:
  /// `before`: what the command begins with.
  LiveRun(const std::string& to, unsigned per_second, unsigned seconds,
          std::vector<std::string> before = {});
  [[nodiscard]] bool is_running() { return process_->is_running(); }
  /// Asks it to end with what it has done so far.
  void interrupt() const;
  /// Lets it stand still, and go on.
  void freeze() const { process_->send_signal(SIGSTOP); }
  void thaw() const { process_->send_signal(SIGCONT); }
  /// Its exit code, once it has ended.
  int wait() { return process_->wait(std::chrono::seconds(200)); }
  /// Waits for its end; false unless that is exit code 0, or 1 on a machine too slow for its pace.
  bool ends_well();
  [[nodiscard]] nlohmann::json report() const;
  [[nodiscard]] std::string said() const { return read_file(folder_.file("err")); }
  /// The lines that it offered.
  [[nodiscard]] LineCounts offered() const;

 private:
  TemporaryFolder folder_;
  unsigned per_second_;
  unsigned seconds_;
  std::unique_ptr<Process> process_;
};

/// What of the lines offered came.
struct Arrived {
  std::uint64_t whole = 0;
  std::uint64_t cut = 0;      ///< beginnings of lines that did not come whole
  std::uint64_t foreign = 0;  ///< all else: lines that came twice, or of which the beginning lacks
};
Arrived compare(const std::vector<std::string>& received, LineCounts offered);

std::vector<std::string> lines_of(const std::string& text);

/// Checks that nothing came twice, that nothing came that is neither a line nor the beginning of one
/// that did not come whole, and that nothing is missing that is not accounted for.
Arrived check_received(const std::vector<std::string>& received, const LineCounts& offered,
                       const nlohmann::json& report);

}  // namespace asaemu::test
