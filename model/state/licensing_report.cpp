#include "model/state/licensing_report.hpp"

#include <fmt/format.h>

namespace asaemu {

using namespace std::chrono_literals;

std::string describe_date(CalendarTime date, AgentGeneration generation) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto second = std::chrono::floor<std::chrono::seconds>(date);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day calendar(day);
  const std::chrono::hh_mm_ss clock(second - day);
  const auto time = fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(),
                                clock.seconds().count());
  const auto month = kMonths[unsigned{calendar.month()} - 1];
  const unsigned number{calendar.day()};
  const int year{calendar.year()};
  return generation == AgentGeneration::kFirst
             ? fmt::format("{} {:02} {} {} UTC", month, number, time, year)
             : fmt::format("{} {:02} {} {} UTC", month, number, year, time);
}

std::string describe_span(SimDuration span) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span).count();
  return fmt::format("{} days, {} hours, {} minutes, {} seconds", seconds / 86400,
                     seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

std::string LicensingReport::switch_line() const {
  return agent_.is_enabled() ? "Smart Licensing is ENABLED\n" : "Smart Licensing is DISABLED\n";
}

std::string LicensingReport::attempt(std::string_view what, const AgentAttempt& attempt,
                                     std::string_view success) const {
  if (!attempt.is_made) return fmt::format("  {}: None\n", what);
  if (attempt.is_successful)
    return fmt::format("  {}: {} on {}\n", what, success, date(attempt.at));
  return fmt::format("  {}: FAILED on {}\n    Failure reason: {}\n", what, date(attempt.at),
                     attempt.reason);
}

std::string LicensingReport::registration() const {
  return "Registration:\n" + (store_.is_registered ? registered() : unregistered());
}

std::string LicensingReport::registered() const {
  const std::string_view allowed = is_first() ? "Allowed" : "ALLOWED";
  const std::string_view forbidden = is_first() ? "Not Allowed" : "NOT ALLOWED";
  return fmt::format(
             "  Status: REGISTERED\n"
             "  Smart Account: {}\n"
             "  Virtual Account: {}\n"
             "  Export-Controlled Functionality: {}\n",
             around_.account, around_.virtual_account,
             store_.is_export_allowed ? allowed : forbidden) +
         attempt("Initial Registration", store_.registration, "SUCCEEDED") +
         attempt("Last Renewal Attempt", store_.renewal, "SUCCEEDED") +
         fmt::format("  Next Renewal Attempt: {}\n  Registration Expires: {}\n",
                     date(store_.next_renewal), date(store_.certificate.until));
}

std::string LicensingReport::unregistered() const {
  const bool is_failed = store_.registration.is_made;
  const std::string_view status = agent_.is_registering() ? "REGISTERING - REGISTRATION IN PROGRESS"
                                  : is_failed             ? "UNREGISTERED - REGISTRATION FAILED"
                                                          : "UNREGISTERED";
  std::string text = fmt::format("  Status: {}\n  Export-Controlled Functionality: {}\n", status,
                                 is_first() ? "Not Allowed" : "NOT ALLOWED");
  if (is_failed) text += attempt("Initial Registration", store_.registration, "SUCCEEDED");
  if (const auto next = agent_.next_registration()) {
    text += fmt::format("  Next Registration Attempt: {}\n",
                        date(around_.clock + (*next - around_.now)));
  }
  return text;
}

std::string LicensingReport::evaluation_status() const {
  if (store_.evaluation_expired) {
    return fmt::format("EVAL EXPIRED on {}", date(*store_.evaluation_expired));
  }
  return agent_.entitlements().any() ? "EVAL MODE" : "No Licenses in Use";
}

std::string LicensingReport::authorization_status() const {
  // The 1.x agent dates its status by the last attempt, even one that failed; the 4.x by when the
  // status began (captured, E.3).
  const auto since = date(is_first() ? store_.communication.at : store_.authorization_since);
  switch (store_.authorization) {
    case AuthorizationStatus::kNone:
      return "PENDING";
    case AuthorizationStatus::kAuthorized:
    case AuthorizationStatus::kOverage:
      return "AUTHORIZED on " + since;
    case AuthorizationStatus::kOutOfCompliance:
      return "OUT OF COMPLIANCE on " + since;
    case AuthorizationStatus::kExpired:
      return "AUTHORIZATION EXPIRED on " + since;
  }
  return {};
}

std::string LicensingReport::authorization() const {
  std::string text = is_first() ? "License Authorization: \n" : "License Authorization:\n";
  if (!store_.is_registered) {
    text += fmt::format("  Status: {}\n", evaluation_status());
    if (agent_.entitlements().any() && !store_.evaluation_expired) {
      text += fmt::format("  Evaluation Period Remaining: {}\n",
                          describe_span(agent_.evaluation_left(around_.now)));
    }
    return text;
  }
  text += fmt::format("  Status: {}\n", authorization_status());
  text += attempt("Last Communication Attempt", store_.communication,
                  is_first() ? "SUCCESS" : "SUCCEEDED");
  text += fmt::format("  Next Communication Attempt: {}\n", date(store_.next_communication));
  if (store_.authorization != AuthorizationStatus::kNone) {
    text += fmt::format("  Communication Deadline: {}\n", date(store_.authorization_deadline));
  }
  return text;
}

/// What the 4.x agent prints besides. None of it is modelled: these are its defaults.
std::string LicensingReport::transport() const {
  if (is_first()) return {};
  return "\nExport Authorization Key:\n"
         "  Features Authorized:\n"
         "    <none>\n"
         "\nUtility:\n"
         "  Status: DISABLED\n"
         "\nData Privacy:\n"
         "  Sending Hostname: yes\n"
         "    Callhome hostname privacy: DISABLED\n"
         "    Smart Licensing hostname privacy: DISABLED\n"
         "  Version privacy: DISABLED\n"
         "\nTransport:\n"
         "  Type: Callhome\n";
}

std::string LicensingReport::status() const {
  return "\nSmart Licensing Status\n======================\n\n" + switch_line() + "\n" +
         registration() + "\n" + authorization() + transport();
}

std::string LicensingReport::licence_status(std::size_t entitlement) const {
  if (!store_.is_registered) return store_.evaluation_expired ? "EVAL EXPIRED" : "EVAL MODE";
  if (store_.authorization == AuthorizationStatus::kNone) return "PENDING";
  if (store_.authorization == AuthorizationStatus::kExpired) return "AUTHORIZATION EXPIRED";
  return store_.compliance[entitlement] == Compliance::kOutOfCompliance ? "OUT OF COMPLIANCE"
                                                                        : "AUTHORIZED";
}

std::string LicensingReport::licences() const {
  std::string text;
  for (std::size_t i = 0; i < kEntitlementCount; ++i) {
    if (!agent_.entitlements().test(i)) continue;
    // Its name comes from the cloud; without a registration there is only the tag.
    const std::string_view name = store_.is_registered ? kEntitlements[i].name : std::string_view();
    text += fmt::format(
        "{}{}({}):\n"
        "  Description: {}\n"
        "  Count: 1\n"
        "  Version: 1.0\n"
        "  Status: {}\n",
        name, name.empty() ? "" : " ", kEntitlements[i].tag, name, licence_status(i));
    if (!is_first()) text += "  Export status: NOT RESTRICTED\n";
    text += "\n";
  }
  return text.empty() ? "No licenses in use\n\n" : text;
}

std::string LicensingReport::usage() const {
  return "License Usage\n==============\n\n" + licences();
}

std::string LicensingReport::udi() const {
  return fmt::format("UDI: PID:ASAv,SN:{}\n", around_.serial);
}

std::string LicensingReport::all() const {
  return status() + "\n" + usage() + "Product Information\n===================\n" + udi() +
         "\nAgent Version\n=============\nSmart Agent for Licensing: " +
         (is_first() ? "1.6.14_rel/129\n"
                     : "4.9.3_rel/34\n\nReservation Info\n================\nLicense reservation: " +
                           std::string(agent_.is_enabled() ? "DISABLED\n" : "ENABLED\n"));
}

std::string LicensingReport::summary() const {
  std::string text =
      "\n" + switch_line() + "\n" + registration() + "\n" + authorization() + "\nLicense Usage:\n";
  text += fmt::format("  {:<24}{:<28}{:>5} {}\n  {:->77}\n", "License", "Entitlement tag", "Count",
                      "Status", "");
  for (std::size_t i = 0; i < kEntitlementCount; ++i) {
    if (!agent_.entitlements().test(i)) continue;
    text += fmt::format("  {:<24}({}){:>{}}1 {}\n", kEntitlements[i].name, kEntitlements[i].tag, "",
                        30 - kEntitlements[i].tag.size(), licence_status(i));
  }
  return text;
}

}  // namespace asaemu
