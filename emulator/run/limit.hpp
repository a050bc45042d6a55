// Where a collector's limit is: rates are tried, one after the other, until one is too much.
#pragma once

#include "emulator/run/run.hpp"

#include <functional>
#include <string>
#include <vector>

namespace asaemu {

/// Which rate to try next: rising until one does not hold, then halving the gap between the highest
/// that held and the lowest that did not.
class RateSearch {
 public:
  struct Bounds {
    double from = 1000;     ///< the first rate
    double factor = 2;      ///< each rate is so many times the one before, if `by` is 0
    double by = 0;          ///< or so much more
    double to = 1e7;        ///< no higher rate is tried
    unsigned halvings = 3;  ///< after the first that did not hold
  };

  explicit RateSearch(const Bounds& bounds) : bounds_(bounds), next_(bounds.from) {}

  /// The rate to try; nullopt when the search is over.
  [[nodiscard]] std::optional<double> next() const { return next_; }
  /// Whether the rate that next() gave held.
  void tell(bool held);
  /// The highest rate that held; 0 if none did.
  [[nodiscard]] double knee() const { return good_; }
  /// Whether a rate did not hold, so that knee() is a limit.
  [[nodiscard]] bool has_limit() const { return bad_ > 0; }

 private:
  Bounds bounds_;
  std::optional<double> next_;
  double good_ = 0;
  double bad_ = 0;
  unsigned halved_ = 0;
};

struct LimitOptions {
  RateSearch::Bounds bounds;
  SimDuration hold = std::chrono::seconds(10);  ///< how long each rate is held
  double loss = 0;                              ///< part of the lines that may be lost, 0 to 1
  std::chrono::nanoseconds lateness = std::chrono::milliseconds(100);  ///< p99 that is still good
  std::string received_file;  ///< what counts at the receiver; empty: nothing does
  RunOptions run;             ///< `to` and threads; at real speed
};

/// What one rate came to.
struct LimitStep {
  double asked = 0;  ///< stimuli a second
  double achieved = 0;
  std::uint64_t offered = 0;    ///< lines that the devices handed to their queues
  std::uint64_t delivered = 0;  ///< received, or sent where nobody counts at the receiver
  std::chrono::nanoseconds lateness_p99{};
  std::chrono::nanoseconds held_up{};  ///< waits for the collector to take lines
  std::chrono::nanoseconds drain{};    ///< from the last line's sending until nothing more arrived
  std::string trouble;                 ///< why it did not hold; empty if it did

  [[nodiscard]] std::uint64_t lost() const { return offered > delivered ? offered - delivered : 0; }
};

struct LimitResult {
  std::vector<LimitStep> steps;  ///< in the order they were tried
  double knee = 0;
  bool has_limit = false;
  bool interrupted = false;
  std::string error;  ///< what kept the search from going on; empty if nothing did
};

/// How many messages a receiver has counted so far: a JSON file with a number `messages` (the report
/// of `asaemu sink`), a file with nothing but a number, or else the lines of the file. 0 if there is no
/// file yet.
std::uint64_t read_received(const std::string& path);

/// Why a step did not hold; empty if it did.
std::string limit_trouble(const LimitStep& step, const RunResult& result,
                          const LimitOptions& options);

/// Searches. `on_step` hears of each step when it is over.
LimitResult find_limit(const Plan& plan, const Catalogue& catalogue, const LimitOptions& options,
                       const std::function<void(const LimitStep&)>& on_step);

/// The head of a table, a step's row, and the conclusion.
std::string limit_head();
std::string limit_row(const LimitStep& step);
std::string limit_conclusion(const LimitResult& result);
std::string limit_json(const Plan& plan, const LimitOptions& options, const LimitResult& result);

}  // namespace asaemu
