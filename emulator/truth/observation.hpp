// All that watches a run: its ground truth, if it was asked for, and its expectations, if it has
// any.
#pragma once

#include "emulator/truth/observer.hpp"

namespace asaemu {

class Observation {
 public:
  /// No ground truth if `truth_file` is empty. Everything given must outlive this.
  Observation(const Plan& plan, const Catalogue& catalogue, std::string truth_file);
  ~Observation();
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  /// Opens the truth file; devices' clocks start at `start`. Error text, or empty.
  [[nodiscard]] std::string open(CalendarTime start);
  /// The observer of one more worker; null if nothing is to be watched. Not at the same time from
  /// several threads.
  Observer* add_worker();
  /// Whether the truth file takes no more: a reason to end the run. From any thread.
  [[nodiscard]] bool failed() const { return file_.failed(); }

  struct Conclusion {
    std::string truth_error;  ///< empty if none
    std::vector<UnmetExpectation> unmet;
  };
  /// Call once, when all lines have left. `reached` is how far the run came, `whole` says that
  /// nothing of the scenario is missing.
  Conclusion conclude(SimTime reached, bool whole);

 private:
  struct Part;

  const Plan& plan_;
  const Catalogue& catalogue_;
  std::string truth_file_;
  std::unique_ptr<TruthTexts> texts_;
  TruthFile file_;
  std::vector<std::unique_ptr<Part>> parts_;  ///< one for each worker
};

}  // namespace asaemu
