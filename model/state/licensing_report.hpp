// The Smart Licensing agent as `show license …` prints it (asa-behaviour E.3), and its way of
// writing dates and lengths of time, which its messages share.
#pragma once

#include "model/state/smart_agent.hpp"

namespace asaemu {

/// `Dec 03 16:43:48 2018 UTC` from 1.x agents, `Jan 05 2023 12:19:01 UTC` from 4.x.
std::string describe_date(CalendarTime date, AgentGeneration generation);
/// `89 days, 1 hours, 33 minutes, 51 seconds`.
std::string describe_span(SimDuration span);

class LicensingReport {
 public:
  /// What stands in the report beside the agent's own state.
  struct Surroundings {
    AgentGeneration generation;
    SimTime now;
    CalendarTime clock;
    std::string_view account;
    std::string_view virtual_account;
    std::string_view serial;
  };

  LicensingReport(const SmartAgent& agent, const Surroundings& surroundings)
      : agent_(agent), store_(agent.store()), around_(surroundings) {}

  [[nodiscard]] std::string all() const;      ///< `show license all`
  [[nodiscard]] std::string status() const;   ///< `show license status`
  [[nodiscard]] std::string usage() const;    ///< `show license usage`
  [[nodiscard]] std::string summary() const;  ///< `show license summary`
  [[nodiscard]] std::string udi() const;      ///< `show license udi`

 private:
  [[nodiscard]] bool is_first() const { return around_.generation == AgentGeneration::kFirst; }
  [[nodiscard]] std::string date(CalendarTime at) const {
    return describe_date(at, around_.generation);
  }
  [[nodiscard]] std::string switch_line() const;
  [[nodiscard]] std::string attempt(std::string_view what, const AgentAttempt& attempt,
                                    std::string_view success) const;
  [[nodiscard]] std::string registration() const;
  [[nodiscard]] std::string registered() const;
  [[nodiscard]] std::string unregistered() const;
  [[nodiscard]] std::string authorization() const;
  [[nodiscard]] std::string authorization_status() const;
  [[nodiscard]] std::string evaluation_status() const;
  [[nodiscard]] std::string licence_status(std::size_t entitlement) const;
  [[nodiscard]] std::string licences() const;
  [[nodiscard]] std::string transport() const;

  const SmartAgent& agent_;
  const AgentStore& store_;
  Surroundings around_;
};

}  // namespace asaemu
