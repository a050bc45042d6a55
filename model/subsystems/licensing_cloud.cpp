// The vendor's licensing cloud, or a satellite of it: the far end of Smart Licensing, as a world
// that answers one device's licensing agent.
//
// Scope: whether the cloud can be reached and is trusted; identity tokens; what the account holds
//   of each licence; the time an answer takes. It logs nothing: what an answer means is the agent's
//   affair (smart_licensing).
// Limitations: each device has a cloud of its own, so devices do not compete for an account's
//   licences: the scenario says how many others use. A cloud that can be reached answers after one
//   to three seconds (inferred).
// State: LicensingCloud, which outlives a boot of the device: six licences, at most
//   LicensingCloud::kTokenBound tokens. At most one answer under way for each kind of request.
// Validation: the year that a certificate lasts against captured consoles (asa-behaviour E.3); none
//   for the rest.
// References: asa-behaviour E.3.
#include "model/state/licensing_cloud.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::array<std::string_view, 3> kReaches{"reachable", "unresolvable", "silent"};
constexpr std::array<std::string_view, 3> kProofs{"trusted", "untrusted", "wrong-root"};
constexpr std::array<std::string_view, 2> kTokenStates{"valid", "expired"};
constexpr std::array<std::string_view, 2> kExport{"allowed", "not-allowed"};
constexpr std::array<std::string_view, 3> kEntries{"listed", "missing", "unknown-mode"};
constexpr std::array<std::string_view, 1> kPortalDeeds{"removes-device"};
constexpr std::array<std::string_view, 2> kNotices{"authorize-anew", "unknown"};

constexpr auto kTags = [] {
  std::array<std::string_view, kEntitlementCount> tags;
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = kEntitlements[i].tag;
  return tags;
}();

/// Where the word stands in the list; whoever read the scenario has checked that it does.
template <std::size_t kSize>
std::size_t place(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return static_cast<std::size_t>(std::ranges::find(words, word) - words.begin());
}

FieldDef one_of(std::string_view name, std::span<const std::string_view> choices) {
  return {.name = name, .kind = FieldKind::kOneOf, .choices = choices};
}

class LicensingCloudSubsystem final : public Subsystem {
 public:
  explicit LicensingCloudSubsystem(Claims& claims)
      : cloud_(claims.kept<LicensingCloud>()),
        timeout_(claims.option<SimDuration>("licensing-timeout")) {}

  static void declare(Declarations<LicensingCloudSubsystem>& declare);

 private:
  void on_reach(Context&, const Arguments& arguments);
  void on_token(Context&, const Arguments& arguments);
  void on_account(Context&, const Arguments& arguments);
  void on_portal(Context&, const Arguments&) { cloud_.remove_device(); }
  void on_notice(Context& context, const Arguments& arguments);

  void on_request(Context& context, const LicensingRequested& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  LicensingCloud& cloud_;
  SimDuration timeout_;
  std::string token_;  ///< that came with the last registration
  std::array<TimerHandle, kAgentRequestCount> answers_{};
};

void LicensingCloudSubsystem::declare(Declarations<LicensingCloudSubsystem>& declare) {
  using Self = LicensingCloudSubsystem;
  const auto number = [](std::string_view name) {
    return FieldDef{.name = name, .kind = FieldKind::kNumber};
  };
  declare.option(FieldDef{.name = "licensing-timeout", .kind = FieldKind::kDuration}, "0:00:30",
                 "how long the licensing agent waits for the cloud's answer (inferred)");
  declare.world<&Self::on_reach>(
      "licensing-cloud", "the vendor's licensing cloud can be reached or not, and is who it says",
      {{one_of("licensing-cloud", kReaches), "whether it answers, or even has an address"},
       {one_of("certificate", kProofs), "what its certificate is worth; as before if left out",
        false}});
  declare.world<&Self::on_token>(
      "licensing-token", "somebody makes an identity token on the portal, or it runs out",
      {{FieldDef{.name = "licensing-token", .kind = FieldKind::kWord}, "the token"},
       {one_of("state", kTokenStates), "whether it still registers a device; `valid`", false},
       {one_of("export", kExport), "whether its devices may use strong encryption; `allowed`",
        false}});
  declare.world<&Self::on_account>(
      "licensing-account", "what the account holds of a licence",
      {{one_of("licensing-account", kTags), "the licence"},
       {number("purchased"), "how many were bought; no end of them if left out", false},
       {number("in-use"), "how many other devices use; 0", false},
       {number("overage"), "how many more the contract tolerates; 0", false},
       {one_of("entry", kEntries), "how the portal lists it; `listed`", false}});
  declare.world<&Self::on_portal>(
      "licensing-portal", "somebody takes the device off the account",
      {{one_of("licensing-portal", kPortalDeeds), "what happens on the portal"}});
  declare.world<&Self::on_notice>(
      "licensing-notice", "the cloud asks the agent for something",
      {{one_of("licensing-notice", kNotices), "for what; `unknown` if newer than the agent"}});
  declare.on<&Self::on_request>();
}

void LicensingCloudSubsystem::on_reach(Context&, const Arguments& arguments) {
  using Cloud = LicensingCloud;
  cloud_.set_reach(
      static_cast<Cloud::Reach>(place(kReaches, arguments.get<std::string>("licensing-cloud"))));
  if (const auto* proof = arguments.find<std::string>("certificate")) {
    cloud_.set_proof(static_cast<Cloud::Proof>(place(kProofs, *proof)));
  }
}

void LicensingCloudSubsystem::on_token(Context&, const Arguments& arguments) {
  cloud_.set_token(
      {.text = arguments.get<std::string>("licensing-token"),
       .is_valid = arguments.get_or<std::string>("state", "valid") == "valid",
       .is_export_allowed = arguments.get_or<std::string>("export", "allowed") == "allowed"});
}

void LicensingCloudSubsystem::on_account(Context&, const Arguments& arguments) {
  using Account = LicensingCloud::Account;
  Account account;
  account.purchased = arguments.get_or("purchased", account.purchased);
  account.in_use = arguments.get_or("in-use", account.in_use);
  account.overage = arguments.get_or("overage", account.overage);
  account.entry = static_cast<Account::Entry>(
      place(kEntries, arguments.get_or<std::string>("entry", "listed")));
  cloud_.set_account(place(kTags, arguments.get<std::string>("licensing-account")), account);
}

void LicensingCloudSubsystem::on_notice(Context& context, const Arguments& arguments) {
  if (cloud_.reach() != LicensingCloud::Reach::kReachable) return;
  context.publish(
      LicensingNoticed{arguments.get<std::string>("licensing-notice") == "authorize-anew"});
}

void LicensingCloudSubsystem::on_request(Context& context, const LicensingRequested& event) {
  if (event.request == AgentRequest::kRegister) token_ = event.token;
  const bool is_silent = cloud_.reach() == LicensingCloud::Reach::kSilent;
  const SimDuration wait =
      is_silent ? timeout_ : std::chrono::milliseconds(context.random().between(1000, 3000));
  TimerHandle& handle = answers_[static_cast<std::size_t>(event.request)];
  context.cancel(handle);
  handle = context.after(wait, 0, static_cast<std::uint64_t>(event.request));
}

void LicensingCloudSubsystem::on_timer(Context& context, std::uint16_t, std::uint64_t data) {
  const auto request = static_cast<AgentRequest>(data);
  // The cloud's clock is right; the device's is as far off as somebody has set it.
  const CloudAnswer answer =
      cloud_.answer({.request = request,
                     .token = token_,
                     .time = context.calendar() - context.state().clock.offset});
  context.publish(LicensingAnswered{request, answer});
}

}  // namespace

void register_licensing_cloud(Registry& registry);
void register_licensing_cloud(Registry& registry) {
  registry.add<LicensingCloudSubsystem>("licensing_cloud");
}

}  // namespace asaemu
