#include "emulator/truth/observer.hpp"

namespace asaemu {

class Observer::DeviceWitness final : public Witness {
 public:
  DeviceWitness(std::uint32_t index, const std::string& name, Observer& observer)
      : index_(index), observer_(observer), origin_(Recorder::make_origin(name)) {}

  void logged(const LoggedMessage& message) override {
    const bool passed = message.fate == LoggedMessage::Fate::kPassed;
    if (passed && observer_.checker_ != nullptr) {
      const auto step = cause == 0 ? ExpectationChecker::kNoStep : Cause::step(cause);
      observer_.checker_->passed(index_, message, step);
    }
    if (observer_.recorder_ == nullptr) return;
    observer_.recorder_->begin(origin_, message, cause, by_timer_);
    if (!passed) observer_.recorder_->finish(origin_);
  }
  void offered(DestinationAccount& account, std::string_view line, std::size_t text) override {
    if (observer_.recorder_ == nullptr) return;
    account.watcher = this;
    observer_.recorder_->offered(origin_, account, line, text);
  }
  void below_level(DestinationAccount& account) override {
    if (observer_.recorder_ != nullptr) observer_.recorder_->below_level(account);
  }
  void finished() override {
    if (observer_.recorder_ != nullptr) observer_.recorder_->finish(origin_);
  }
  void settled(DestinationAccount& account, std::size_t lines, bool sent) override {
    if (observer_.recorder_ != nullptr) observer_.recorder_->settled(origin_, account, lines, sent);
  }

  void dropped(DestinationAccount& account) override {
    if (observer_.recorder_ != nullptr) observer_.recorder_->dropped(origin_, account);
  }

  void attach(const Device& device) { origin_.device = &device; }
  void begin_step(std::size_t step) {
    by_timer_ = false;
    cause = Cause::make(step, ++causes_);
  }
  void begin_timer(std::uint64_t set_by) {
    by_timer_ = true;
    cause = set_by;
  }

 private:
  std::uint32_t index_;
  Observer& observer_;
  Recorder::Origin origin_;
  std::uint64_t causes_ = 0;
  bool by_timer_ = false;
};

Observer::Observer(const Plan& plan, Recorder* recorder, ExpectationChecker* checker)
    : plan_(plan), recorder_(recorder), checker_(checker), witnesses_(plan.devices.size()) {}

Observer::~Observer() = default;

Witness& Observer::witness(std::uint32_t device) {
  auto& witness = witnesses_[device];
  if (!witness) {
    witness = std::make_unique<DeviceWitness>(device, plan_.devices[device].name, *this);
  }
  return *witness;
}

void Observer::attach(const Device& device) {
  witnesses_[device.spec().index]->attach(device);
}

void Observer::begin_step(std::uint32_t device, std::size_t step, SimTime at) {
  witnesses_[device]->begin_step(step);
  if (checker_ != nullptr) checker_->occurs(device, step, at);
}

void Observer::begin_timer(std::uint32_t device, std::uint64_t cause) {
  witnesses_[device]->begin_timer(cause);
}

}  // namespace asaemu
