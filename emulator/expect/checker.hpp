// Holds a run's messages against what its scenario expects of them.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "model/logging/witness.hpp"

#include <span>
#include <vector>

namespace asaemu {

/// An expectation that did not hold.
struct UnmetExpectation {
  Position position;
  std::string what;     ///< what was expected, and what came instead
  std::string nearest;  ///< the message that came closest; empty if nothing did
};

/// Watches the devices of one worker. Memory is bounded by devices times expectations, and by
/// `at_most` where there is `per`.
class ExpectationChecker {
 public:
  /// Everything given must outlive the checker.
  ExpectationChecker(const Plan& plan, const Catalogue& catalogue);

  /// A step occurs on a device; what it causes follows.
  void occurs(std::uint32_t device, std::size_t step, SimTime at);
  /// A message passed; `step` is what caused it, npos for none.
  void passed(std::uint32_t device, const LoggedMessage& message, std::size_t step);
  static constexpr std::size_t kNoStep = ~std::size_t{0};

  /// What did not hold, in the order of the scenario, by all workers' checkers together. `end` is
  /// how far the run came; unless it is `whole`, nobody asks for what might still have come.
  static std::vector<UnmetExpectation> judge(const Plan& plan,
                                             std::span<ExpectationChecker* const> checkers,
                                             SimTime end, bool whole);

 private:
  /// What a message of a type means to an expectation.
  enum class Role : std::uint8_t { kMeant, kAfter, kOrdered, kNear };
  struct Interest {
    std::uint32_t expectation;
    Role role;
    std::uint32_t place = 0;  ///< in the order; of kNear, its score
  };
  struct PerDevice {
    std::vector<SimTime> recent;  ///< the last messages, a ring
    std::size_t next_recent = 0;
    SimTime last = kNever;
    SimTime waiting_since = kNever;  ///< the first occurrence that nothing followed yet
    std::size_t next_in_order = 0;
  };
  struct Nearest {
    std::uint32_t score = 0;
    SimTime at = kNever;
    std::string text;
  };
  struct State {
    std::uint64_t count = 0;
    std::uint64_t violations = 0;
    SimTime violated_at = kNever;
    std::string violation;
    Nearest nearest;
    std::vector<PerDevice> devices;
  };

  void meet(std::size_t index, std::uint32_t device, const LoggedMessage& message,
            std::size_t step);
  void follow(std::size_t index, std::uint32_t device, SimTime at);
  void take_order(std::size_t index, std::uint32_t device, const LoggedMessage& message,
                  std::size_t step, std::uint32_t place);
  void wait_from(std::size_t index, std::uint32_t device, SimTime at);
  /// How many of the conditions of a message that is of a meant type hold, and whether all do.
  struct Fit {
    std::uint32_t score = 0;
    bool whole = true;
  };
  [[nodiscard]] Fit fit(const Expectation& expected, std::uint32_t device,
                        const LoggedMessage& message, std::size_t step) const;
  void note_near(State& state, std::uint32_t device, const LoggedMessage& message, std::size_t step,
                 std::uint32_t score);
  void violate(State& state, SimTime at, std::string what);
  [[nodiscard]] std::string describe(std::uint32_t device, const LoggedMessage& message,
                                     std::size_t step) const;
  void end_waits(SimTime end, bool whole);

  const Plan& plan_;
  std::vector<State> states_;
  std::vector<std::vector<Interest>> by_type_;
  std::vector<std::vector<std::uint32_t>> by_step_;  ///< expectations that wait for it
};

}  // namespace asaemu
