// IPS module: what becomes of traffic that `ips` in a policy sends through the IPS module.
//
// Scope: `ips {inline|promiscuous} {fail-open|fail-close} [sensor NAME]` in a service policy; drops and
//   resets that the module asks for (packet field `module-verdict`); its virtual sensors (world event
//   `virtual-sensor`); the licence of the software module; features that the module's software lacks;
//   show ips; messages 420001 to 420008.
// Limitations: what the module's policy says of a packet comes with the packet, for the module is a
//   box of its own. A policy is asked for each packet. The one feature that old software lacks is
//   promiscuous operation, which the guide names as its example; the release that brought it
//   (kPromiscuousVersion) is inferred, and so is that such a module is not used for it: the policy's
//   fail-open or fail-close decides. That a reset of what is not TCP is a drop is inferred.
// State: the module's virtual sensors, at most kSensorsMax, which the module keeps over reloads and
//   loses when it is removed; those the device knows of, which are brought up to date whenever the
//   module comes up.
// Validation: none against a device.
// References: syslog guide 420001 to 420008; asa-behaviour F; ASA configuration guide, "IPS Module";
//   number of virtual sensors after the IPS 6.0 release notes.
#include "messages/ips_module.hpp"

#include "model/contract/module_packets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace asaemu {

namespace {

using Sensors = std::set<std::string, std::less<>>;

constexpr std::string_view kDefaultSensor = "vs0";
constexpr std::size_t kSensorsMax = 4;
constexpr std::string_view kPromiscuousVersion = "6.0(1)";

/// The module's own configuration.
struct SensorStore {
  Sensors sensors{std::string(kDefaultSensor)};
};

class IpsModule final : public Subsystem {
 public:
  explicit IpsModule(Claims& claims) : on_module_(claims.kept<SensorStore>().sensors) {
    known_ = on_module_;
  }

  static void declare(Declarations<IpsModule>& declare) {
    static constexpr std::array<std::string_view, 2> kStates{"added", "deleted"};
    fields = ModuleContent::declare(declare);
    declare.exec<&IpsModule::show>("show ips [detail]",
                                   "Show the virtual sensors that policies can name");
    declare.world<&IpsModule::on_sensor>(
        "virtual-sensor", "somebody adds a virtual sensor on the IPS module, or deletes one",
        {{FieldDef{.name = "virtual-sensor", .kind = FieldKind::kWord}, "its name, such as vs1"},
         {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
          "what becomes of it; vs0 cannot be deleted"}});
    declare.stage<&IpsModule::redirect>(PathStage::kServiceModule);
    declare.on<&IpsModule::on_booted>();
    declare.on<&IpsModule::on_policies>();
    declare.on<&IpsModule::on_module>();
  }

 private:
  Verdict redirect(Context& context, Packet& packet);
  // Policies are looked through when they change, so that packets need not where none redirects.
  void on_booted(Context& context, const Booted&) { look(context); }
  void on_policies(Context& context, const ServicePoliciesChanged&) {
    if (!context.is_booting()) look(context);
  }
  void look(Context& context) {
    is_configured_ = is_redirecting(ModuleKind::kIps, context.state().service_policies);
  }
  void on_sensor(Context& context, const Arguments& arguments);
  void on_module(Context& context, const ModuleChanged& event);
  void learn_sensors(Context& context);
  void show(Context& context, const Arguments& arguments);

  /// Whether a policy in use asks for promiscuous operation.
  static bool wants_promiscuous(const ServicePolicies& policies);
  static bool lacks_promiscuous(const Module& module) {
    return compare_versions(module.version, kPromiscuousVersion) < 0;
  }

  /// Numbers of the packet fields, the same in every device.
  static inline ModuleContent fields;

  bool is_configured_ = false;  ///< some policy redirects
  Sensors& on_module_;
  Sensors known_;
};

Verdict IpsModule::redirect(Context& context, Packet& packet) {
  if (!is_configured_) return Verdict::kPass;
  using Fate = ModuleRedirect::Fate;
  const DeviceState& state = context.state();
  const Connection* connection = state.connections.find(packet.connection);
  if (connection == nullptr) return Verdict::kPass;
  const ModuleRedirect redirect = redirect_to(ModuleKind::kIps, state, *connection);
  if (redirect.fate == Fate::kNone) return Verdict::kPass;
  const bool is_fail_open = redirect.is_fail_open();
  const Module* module = state.modules.find(ModuleKind::kIps);
  if (module != nullptr && module->is_software() &&
      state.licence.features[LicensedFeature::kIpsModule] == 0) {
    if (is_fail_open) return Verdict::kPass;
    context.emit(msg::IpsLicenseDisabledDrop{});
    return Verdict::kDrop;
  }
  const bool is_promiscuous = redirect.policy.action->has("promiscuous");
  const bool is_disabled = is_promiscuous && module != nullptr && lacks_promiscuous(*module);
  if (redirect.fate != Fate::kInspect || is_disabled) {
    if (is_fail_open) return Verdict::kPass;
    report_packet<msg::IpsFailCloseDrop>(context, packet);
    return Verdict::kDrop;
  }
  const std::string_view named = redirect.policy.action->value_of("sensor");
  if (known_.find(named.empty() ? kDefaultSensor : named) == known_.end()) {
    if (is_fail_open) return Verdict::kPass;
    report_packet<msg::IpsVirtualSensorMissingDrop>(context, packet);
    return Verdict::kDrop;
  }
  if (redirect.is_copy) return Verdict::kPass;
  return obey_module<msg::IpsRequestedDrop, msg::IpsRequestedReset>(
      context, packet, wanted_by_module(packet, fields));
}

void IpsModule::on_sensor(Context& context, const Arguments& arguments) {
  const Module* module = context.state().modules.find(ModuleKind::kIps);
  if (module == nullptr) return;
  const auto& name = arguments.get<std::string>("virtual-sensor");
  if (arguments.get<std::string>("state") == "deleted") {
    if (name != kDefaultSensor) on_module_.erase(name);
  } else if (on_module_.size() < kSensorsMax) {
    on_module_.insert(name);
  }
  if (module->takes_traffic()) learn_sensors(context);
}

void IpsModule::learn_sensors(Context& context) {
  for (const std::string& name : known_) {
    if (!on_module_.contains(name)) {
      context.emit(msg::IpsVirtualSensorDeleted{.sensor = name});
    }
  }
  for (const std::string& name : on_module_) {
    if (!known_.contains(name)) context.emit(msg::IpsVirtualSensorAdded{.sensor = name});
  }
  known_ = on_module_;
}

bool IpsModule::wants_promiscuous(const ServicePolicies& policies) {
  const auto wants = [&policies](std::string_view name) {
    const PolicyMap* map = policies.find_policy(name);
    if (map == nullptr) return false;
    return std::ranges::any_of(map->classes, [](const PolicyClass& policy_class) {
      return std::ranges::any_of(policy_class.actions, [](const PolicyAction& action) {
        return action.feature == "ips" && action.has("promiscuous");
      });
    });
  };
  if (wants(policies.global)) return true;
  return std::ranges::any_of(policies.interfaces,
                             [&wants](const auto& applied) { return wants(applied.second); });
}

void IpsModule::on_module(Context& context, const ModuleChanged& event) {
  const Module& module = event.module;
  if (module.known == nullptr || module.known->kind != ModuleKind::kIps) return;
  if (event.what == ModuleChanged::What::kRemoved) {
    on_module_ = SensorStore{}.sensors;
    known_ = on_module_;
    return;
  }
  if (event.what != ModuleChanged::What::kStatus) return;
  if (lacks_promiscuous(module) && wants_promiscuous(context.state().service_policies)) {
    context.emit(
        msg::IpsApplicationUnsupported{.application = "Promiscuous IDS", .slot = std::uint64_t{1}});
  }
  if (module.takes_traffic()) learn_sensors(context);
}

void IpsModule::show(Context& context, const Arguments& arguments) {
  context.print(arguments.has("detail")
                    ? "Sensor Name       Sensor ID\n-----------       ---------\n"
                    : "Sensor name\n-----------\n");
  std::size_t number = 0;
  for (const std::string& name : known_) {
    ++number;
    context.print(arguments.has("detail") ? fmt::format("{:<17} {}\n", name, number)
                                          : fmt::format("{}\n", name));
  }
}

}  // namespace

void register_ips_module(Registry& registry);
void register_ips_module(Registry& registry) {
  registry.add<IpsModule>("ips_module");
}

}  // namespace asaemu
