// Watches a worker's devices for ground truth and expectations.
#pragma once

#include "emulator/expect/checker.hpp"
#include "emulator/truth/recorder.hpp"

#include <memory>

namespace asaemu {

/// One for each worker, used by its thread. Either part may be absent.
class Observer {
 public:
  /// What is given must outlive the observer; null for what is not wanted.
  Observer(const Plan& plan, Recorder* recorder, ExpectationChecker* checker);
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// The witness for a device of the plan, made at the first call. Set Device to it, then attach().
  Witness& witness(std::uint32_t device);
  void attach(const Device& device);

  /// What comes next on the device is a step's doing,
  void begin_step(std::uint32_t device, std::size_t step, SimTime at);
  /// or that of a timer set because of `cause`.
  void begin_timer(std::uint32_t device, std::uint64_t cause);

  /// Lets complete records go to the file although they are few; for real time.
  void release_idle() {
    if (recorder_ != nullptr) recorder_->release_idle();
  }

 private:
  class DeviceWitness;

  const Plan& plan_;
  Recorder* recorder_;
  ExpectationChecker* checker_;
  std::vector<std::unique_ptr<DeviceWitness>>
      witnesses_;  ///< by place in the plan; null if not here
};

}  // namespace asaemu
