// Failover: the role that a device plays in a pair, as far as others act on it.
//
// Scope: the role of the unit and of its chassis, and licensing data from the active unit, as world
//   events; other subsystems are told.
// Limitations: failover itself is not modelled: no commands, no messages, no hello packets, no
//   replication. The scenario says who is active. A unit that failover may not make active is left to
//   those who are told to refuse.
// State: two roles, which a reload keeps, as the partner would tell them again.
// Validation: none.
// References: asa-behaviour E.3 (HA_ROLE_CHANGED follows the boot of a redundant system).
#include "model/state/failover.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::array<std::string_view, 4> kRoles{"off", "active", "standby", "failed"};
constexpr std::array<std::string_view, 2> kScopes{"unit", "chassis"};
constexpr std::array<std::string_view, 2> kSyncs{"readable", "unreadable"};

class FailoverSubsystem final : public Subsystem {
 public:
  explicit FailoverSubsystem(Claims& claims)
      : kept_(claims.kept<Failover>()), table_(claims.own(&DeviceState::failover)) {
    table_ = kept_;
  }

  static void declare(Declarations<FailoverSubsystem>& declare) {
    declare.world<&FailoverSubsystem::on_role>(
        "failover-role", "failover gives the device another role",
        {{FieldDef{.name = "failover-role", .kind = FieldKind::kOneOf, .choices = kRoles},
          "the role; `off` if it stands alone"},
         {FieldDef{.name = "of", .kind = FieldKind::kOneOf, .choices = kScopes},
          "whether the unit gets it or the chassis it runs in; `unit`", false}});
    declare.world<&FailoverSubsystem::on_sync>(
        "failover-sync", "licensing data of the active unit reaches this standby unit",
        {{FieldDef{.name = "failover-sync", .kind = FieldKind::kOneOf, .choices = kSyncs},
          "whether this unit's software can make sense of it"}});
  }

 private:
  void on_role(Context& context, const Arguments& arguments) {
    const auto* word = std::ranges::find(kRoles, arguments.get<std::string>("failover-role"));
    const auto role = static_cast<FailoverRole>(word - kRoles.begin());
    const bool is_chassis = arguments.get_or<std::string>("of", "unit") == "chassis";
    (is_chassis ? table_.chassis : table_.unit) = role;
    kept_ = table_;
    context.publish(FailoverRoleChanged{role, is_chassis});
  }

  void on_sync(Context& context, const Arguments& arguments) {
    context.publish(
        LicensingDataReplicated{arguments.get<std::string>("failover-sync") == "readable"});
  }

  Failover& kept_;
  Failover& table_;
};

}  // namespace

void register_failover(Registry& registry);
void register_failover(Registry& registry) {
  registry.add<FailoverSubsystem>("failover");
}

}  // namespace asaemu
