// RADIUS accounting inspection: who has which address, as the accounting requests of a gateway tell
// the device, so that nobody is billed for the connections of an address's last user.
//
// Scope: `inspect radius-accounting` with its maps (host, validate-attribute, send response, enable
//   gprs, timeout users); accounting requests to the device; users begun, refreshed and ended, and
//   their connections torn down; messages 405300, 405301; show service-policy inspect
//   radius-accounting.
// Limitations: requests that a host signed with another key are discarded without a message, as RFC
//   2866 has it. Responses are only counted. A user is refreshed by requests, not by traffic;
//   Accounting-On and -Off end nobody. Without `enable gprs` every Stop ends its user, with it one that
//   carries the 3GPP vendor-specific attribute. Inferred: that of several attributes that differ the
//   first is named; that a start beyond the bound is answered but not remembered.
// State: a user for each framed address, at most the option `radius-users`; at most
//   RadiusAttributes::kBound attributes each. Lost at reload.
// Validation: none against a device; what follows from a mismatch or a Stop, and the default timeout,
//   against the configuration guide.
// References: syslog guide 405300, 405301; ASA configuration guide, RADIUS accounting inspection; ASA
//   command reference, `timeout users`, `validate-attribute`; RFC 2866.
#include "messages/radius_accounting.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/radius_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kFeature = "inspect radius-accounting";
constexpr std::string_view kProtocol = "radius-accounting";

/// The numbers of our packet fields.
struct RadiusFields {
  std::uint16_t code = 0;
  std::uint16_t status = 0;
  std::uint16_t framed_address = 0;
  std::uint16_t attributes = 0;
  std::uint16_t secret = 0;
  std::uint16_t has_3gpp = 0;
};

class RadiusAccounting final : public Subsystem {
 public:
  explicit RadiusAccounting(Claims& claims)
      : users_(std::max<std::size_t>(claims.option<std::uint64_t>("radius-users"), 1)) {}

  static void declare(Declarations<RadiusAccounting>& declare);

 private:
  struct User {
    RadiusAttributes attributes;
    std::optional<SimTime> end;  ///< of its idle timeout; none if there is no timeout
  };
  struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t not_allowed = 0;
    std::uint64_t wrongly_signed = 0;
    std::uint64_t mismatches = 0;
    std::uint64_t responses = 0;
  };

  void on_line(Context&, const InspectLineTyped& line) {
    if (line.protocol != kProtocol) return;
    if (line.section == InspectLineTyped::Section::kParameter) {
      line.answer = answer_radius_parameter(line.words);
    } else {
      line.answer.is_refused = true;  // this inspection has no criteria
    }
  }

  Verdict receive(Context& context, Packet& packet);
  void account(Context& context, const Packet& packet, const RadiusRules& rules,
               InterfaceId interface);
  void start(Context& context, const Packet& packet, const IpAddress& address,
             const RadiusRules& rules, InterfaceId interface);
  static void tear_down(Context& context, const IpAddress& address, InterfaceId interface);
  void show(Context& context, const Arguments& arguments);

  /// nullptr for a user whose time is over, too.
  User* find(const IpAddress& address, SimTime now) {
    User* user = users_.find(address);
    return user != nullptr && is_alive(*user, now) ? user : nullptr;
  }
  static bool is_alive(const User& user, SimTime now) { return !user.end || now < *user.end; }

  static inline RadiusFields fields;

  BoundedTable<IpAddress, User> users_;
  Counts counts_;
};

void RadiusAccounting::declare(Declarations<RadiusAccounting>& declare) {
  static constexpr auto kCodes =
      std::to_array<std::string_view>({"accounting-request", "accounting-response"});
  static constexpr auto kStatuses = std::to_array<std::string_view>(
      {"start", "stop", "interim-update", "accounting-on", "accounting-off"});
  static constexpr auto kNoYes = std::to_array<std::string_view>({"no", "yes"});
  declare.option(FieldDef{.name = "radius-users", .kind = FieldKind::kNumber}, "65536",
                 "most users that RADIUS accounting inspection remembers (inferred)");
  fields.code = declare.packet_field(
      FieldDef{.name = "radius-code", .kind = FieldKind::kOneOf, .choices = kCodes},
      "RADIUS: what the packet is");
  fields.status = declare.packet_field(
      FieldDef{.name = "radius-status-type", .kind = FieldKind::kOneOf, .choices = kStatuses},
      "RADIUS: attribute 40, what is accounted for");
  fields.framed_address =
      declare.packet_field(FieldDef{.name = "radius-framed-address", .kind = FieldKind::kIp},
                           "RADIUS: attribute 8, the user's address");
  fields.attributes =
      declare.packet_field(FieldDef{.name = "radius-attributes", .kind = FieldKind::kText},
                           "RADIUS: further attributes by number, as 1=alice,31=491555123");
  fields.secret = declare.packet_field(
      FieldDef{.name = "radius-secret", .kind = FieldKind::kWord},
      "RADIUS: secret that the sender signed the request with; the one it should have if left out");
  fields.has_3gpp = declare.packet_field(
      FieldDef{.name = "radius-3gpp", .kind = FieldKind::kOneOf, .choices = kNoYes},
      "RADIUS: whether there is a vendor-specific attribute of 3GPP (26/10415)");
  declare.exec<&RadiusAccounting::show>("show service-policy inspect radius-accounting",
                                        "Show what RADIUS accounting inspection has seen");
  declare.on<&RadiusAccounting::on_line>();
  declare.stage<&RadiusAccounting::receive>(PathStage::kInspection);
}

Verdict RadiusAccounting::receive(Context& context, Packet& packet) {
  const auto* code = packet.find<std::string>(fields.code);
  if (code == nullptr || *code != "accounting-request" || packet.protocol != kProtocolUdp) {
    return Verdict::kPass;
  }
  const DeviceState& state = context.state();
  const auto is_ours = [&](const Interface& interface) {
    return interface.has_address && interface.address == packet.destination;
  };
  if (!std::ranges::any_of(state.interfaces.all(), is_ours)) return Verdict::kPass;
  const auto policy = state.service_policies.find(kFeature, packet.tuple(), packet.in, packet.out,
                                                  state.access_lists);
  if (!policy) return Verdict::kPass;
  const auto& words = policy.action->words;
  const RadiusRules rules = radius_rules(
      words.empty() ? nullptr : state.inspect_maps.find_policy(kProtocol, words.front()));
  ++counts_.requests;
  const RadiusRules::Host* host = rules.find(packet.source);
  if (host == nullptr) {
    ++counts_.not_allowed;
    context.emit(msg::RadiusAccountingRequestDenied{.source = packet.source});
    return Verdict::kDrop;
  }
  const auto* secret = packet.find<std::string>(fields.secret);
  if (secret != nullptr && !host->key.empty() && *secret != host->key) {
    ++counts_.wrongly_signed;
    return Verdict::kDrop;
  }
  account(context, packet, rules, policy.interface);
  if (rules.sends_response) ++counts_.responses;
  return Verdict::kConsume;
}

void RadiusAccounting::account(Context& context, const Packet& packet, const RadiusRules& rules,
                               InterfaceId interface) {
  const auto* status = packet.find<std::string>(fields.status);
  const auto* address = packet.find<IpAddress>(fields.framed_address);
  if (status == nullptr || address == nullptr) return;
  if (*status == "start") {
    start(context, packet, *address, rules, interface);
    return;
  }
  User* user = find(*address, context.now());
  if (user == nullptr) return;
  if (*status == "interim-update") {
    if (user->end) user->end = context.now() + rules.user_timeout;
    return;
  }
  const auto* has_3gpp = packet.find<std::string>(fields.has_3gpp);
  const bool is_last = !rules.is_gprs || (has_3gpp != nullptr && *has_3gpp == "yes");
  if (*status != "stop" || !is_last) return;
  users_.erase(*address);
  tear_down(context, *address, interface);
}

void RadiusAccounting::start(Context& context, const Packet& packet, const IpAddress& address,
                             const RadiusRules& rules, InterfaceId interface) {
  const auto* text = packet.find<std::string>(fields.attributes);
  User fresh{RadiusAttributes(text == nullptr ? std::string_view() : *text), std::nullopt};
  if (rules.user_timeout > 0s) fresh.end = context.now() + rules.user_timeout;
  if (User* user = find(address, context.now())) {
    const auto differs = [&](std::uint8_t number) {
      return user->attributes.value_of(number) != fresh.attributes.value_of(number);
    };
    const auto mismatch = std::ranges::find_if(rules.validated, differs);
    *user = std::move(fresh);
    if (mismatch == rules.validated.end()) return;
    ++counts_.mismatches;
    context.emit(msg::RadiusAccountingAttributeMismatch{.attribute = std::uint64_t{*mismatch},
                                                        .user_address = address});
    tear_down(context, address, interface);
    return;
  }
  users_.erase(address);
  if (users_.full()) {
    users_.erase_if([&](const User& user) { return !is_alive(user, context.now()); });
  }
  users_.insert(address, std::move(fresh));
}

/// The connections that the address's user has begun, on the interface of the policy if it has one.
void RadiusAccounting::tear_down(Context& context, const IpAddress& address,
                                 InterfaceId interface) {
  std::vector<ConnectionId> begun;
  for (const Connection& connection : context.state().connections.all()) {
    const bool is_there = interface == kNoInterface || connection.initiator.interface == interface;
    if (is_there && connection.initiator.address == address) begun.push_back(connection.id);
  }
  for (const ConnectionId id : begun) {
    context.publish(ConnectionOrder{id, ConnectionOrder::What::kClose});
  }
}

void RadiusAccounting::show(Context& context, const Arguments&) {
  std::size_t alive = 0;
  for (const User& user : users_) alive += is_alive(user, context.now()) ? 1 : 0;
  context.print(
      fmt::format("Inspect: radius-accounting, packet {}, lock fail 0, drop {}, reset-drop 0\n",
                  counts_.requests, counts_.not_allowed + counts_.wrongly_signed));
  context.print(fmt::format(
      "  users {}, not allowed {}, bad authenticator {}, mismatch {}, response {}\n", alive,
      counts_.not_allowed, counts_.wrongly_signed, counts_.mismatches, counts_.responses));
}

}  // namespace

void register_radius_accounting(Registry& registry);
void register_radius_accounting(Registry& registry) {
  registry.add<RadiusAccounting>("radius_accounting");
}

}  // namespace asaemu
