// A shipped scenario run inside the test, at maximum speed, with every line that its devices sent.
#pragma once

#include "emulator/run/worker.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <map>

namespace asaemu::test {

inline const Catalogue& shared_catalogue() {
  static const Catalogue instance;
  return instance;
}

/// The lines of each device, kept.
class Keeper final : public OutletProvider {
 public:
  Outlet& outlet_for(std::string_view device, const LogHostSpec&) override {
    auto& outlet = outlets_[std::string(device)];
    if (outlet == nullptr) outlet = std::make_unique<KeepingOutlet>();
    return *outlet;
  }
  const std::vector<std::string>& lines_of(const std::string& device) {
    static const std::vector<std::string> kNone;
    const auto found = outlets_.find(device);
    if (found == outlets_.end()) return kNone;
    found->second->flush();
    return found->second->lines;
  }

 private:
  class KeepingOutlet final : public Outlet {
   public:
    KeepingOutlet() : Outlet(std::size_t{16} * 1024, 64) {}
    std::vector<std::string> lines;

   protected:
    void transmit(std::span<const char> bytes, std::span<const Line> batch) override {
      std::size_t begin = 0;
      for (const Line& line : batch) {
        lines.emplace_back(bytes.data() + begin, line.end - begin - 1);
        count_sent(line, line.end - begin);
        begin = line.end;
      }
    }
  };

  std::map<std::string, std::unique_ptr<KeepingOutlet>> outlets_;
};

/// Runs the scenario of this name when it is made.
class Played {
 public:
  /// Called after each event of the run.
  using Visitor = std::function<void(Played&)>;

  /// At most `events_max` events are run, all by default.
  explicit Played(const std::string& name, const Visitor& visit = {},
                  std::size_t events_max = ~std::size_t{0}) {
    Faults faults;
    plan_ = read_scenario(name, {}, shared_catalogue(), faults);
    INFO(faults.to_string());
    REQUIRE(faults.empty());
    const SimTime end = plan_.duration ? kStart + *plan_.duration : kNever;
    worker_ = std::make_unique<Worker>(plan_, shared_catalogue(), keeper_,
                                       plan_.start.value_or(CalendarTime{}), end);
    while (worker_->next_time() != kNever && events_ < events_max) {
      worker_->run_next();
      ++events_;
      if (visit) visit(*this);
    }
  }

  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] SimTime now() const { return worker_->now(); }
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Device>>& devices() const {
    return worker_->devices();
  }
  const std::vector<std::string>& lines_of(const Device& device) {
    return keeper_.lines_of(device.spec().name);
  }

 private:
  Plan plan_;
  Keeper keeper_;
  std::unique_ptr<Worker> worker_;
  std::size_t events_ = 0;
};

}  // namespace asaemu::test
