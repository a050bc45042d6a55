// Chassis: the main board, what it goes together with, and the interfaces inside.
//
// Scope: the main board of an ASA5585 (option `ssp-model`) and the IPS card beside it; power supplies
//   (option, world event `power-supplies`); rings of internal interfaces (world event `internal-ring`), looked at
//   once a minute; messages 413007 to 413009.
// Limitations: the chassis is looked at whenever an IPS card comes up, and when power supplies change.
//   Inferred: that cards of one class, both or neither with restricted encryption (K7), go together;
//   that the 10G modules of 413008 are those of class 40 and 60, which are delivered with two power
//   supplies; that minutes are counted from the boot. A ring that runs low loses no packets here.
// State: the number of power supplies, kept over reloads; at most kRingsMax rings with too few free
//   descriptors, further ones are not reported. Rings are full again after a boot.
// Validation: none against a device; the threshold and the minute from the guide.
// References: syslog guide 413007 to 413009; asa-behaviour F.
#include "messages/module_manager.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/main_board.hpp"

#include <algorithm>
#include <map>

namespace asaemu {

namespace {

constexpr SimDuration kRingInterval = std::chrono::minutes(1);
constexpr std::uint64_t kRingLow = 10;  ///< free descriptors below which a ring is reported
constexpr std::size_t kRingsMax = 64;
constexpr unsigned kTenGigabitClass = 40;

// In the order of the message's choices.
constexpr auto kIpsCards = std::to_array<std::string_view>(
    {"ASA5585-SSP-IPS10", "ASA5585-SSP-IPS20", "ASA5585-SSP-IPS40", "ASA5585-SSP-IPS60",
     "ASA5585-SSP-P10K7", "ASA5585-SSP-P20K7", "ASA5585-SSP-P40K7", "ASA5585-SSP-P60K7"});

/// The name's place in `names`, which it must have.
template <class Names>
std::uint8_t place_in(const Names& names, std::string_view name) {
  return static_cast<std::uint8_t>(std::ranges::find(names, name) - names.begin());
}

struct PowerSupplies {
  bool is_delivered = false;
  std::uint64_t count = 0;
};

class Chassis final : public Subsystem {
 public:
  explicit Chassis(Claims& claims)
      : main_board_(main_board(claims.platform(), claims.option<std::string>("ssp-model"))),
        power_(claims.kept<PowerSupplies>()) {
    if (!std::exchange(power_.is_delivered, true)) {
      power_.count = claims.option<std::uint64_t>("power-supplies");
    }
  }

  static void declare(Declarations<Chassis>& declare) {
    const auto field = [](std::string_view name, FieldKind kind) {
      return FieldDef{.name = name, .kind = kind};
    };
    declare.option(
        FieldDef{.name = "ssp-model", .kind = FieldKind::kOneOf, .choices = ssp_models()},
        "ASA5585-SSP-10", "main board of an ASA5585");
    declare.option(field("power-supplies", FieldKind::kNumber), "2",
                   "power supplies in the chassis");
    declare.world<&Chassis::on_power>(
        "power-supplies", "power supplies are put into the chassis or taken out",
        {{field("power-supplies", FieldKind::kNumber), "how many there are then"}});
    declare.world<&Chassis::on_ring>(
        "internal-ring", "the free descriptors of an internal interface's ring change",
        {{field("internal-ring", FieldKind::kWord), "the ring, such as RX[1]"},
         {field("interface", FieldKind::kWord), "its interface, such as Internal-Data0/1"},
         {field("free", FieldKind::kNumber), "how many are free from now on"}});
    declare.on<&Chassis::on_booted>();
    declare.on<&Chassis::on_module>();
  }

 private:
  void on_booted(Context& context, const Booted&) { booted_at_ = context.now(); }
  void on_module(Context& context, const ModuleChanged& event);
  void on_power(Context& context, const Arguments& arguments);
  void on_ring(Context& context, const Arguments& arguments);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void check_power(Context& context) const;

  /// The IPS card beside the main board of an ASA5585, if it is up.
  static const Module* ips_card(const DeviceState& state) {
    const Module* module = state.modules.find(ModuleKind::kIps);
    const bool is_up = module != nullptr && module->status == ModuleStatus::kUp;
    return is_up && module->known->ssp != 0 ? module : nullptr;
  }

  std::string main_board_;
  PowerSupplies& power_;
  SimTime booted_at_{};
  bool is_looking_ = false;  ///< a look at the rings is due
  /// Free descriptors by interface and ring, of those that have too few.
  std::map<std::pair<std::string, std::string>, std::uint64_t> rings_;
};

void Chassis::on_module(Context& context, const ModuleChanged& event) {
  const Module* card = ips_card(context.state());
  if (event.what != ModuleChanged::What::kStatus || card == nullptr) return;
  if (!go_together(main_board_, card->model)) {
    using Message = msg::ModuleCombinationUnsupported;
    context.emit(
        Message{.model = static_cast<Message::Model>(place_in(ssp_models(), main_board_)),
                .ips_model = static_cast<Message::IpsModel>(place_in(kIpsCards, card->model))});
  }
  check_power(context);
}

void Chassis::check_power(Context& context) const {
  const Module* card = ips_card(context.state());
  const bool need_two = card != nullptr && card->known->ssp >= kTenGigabitClass &&
                        ssp_class(main_board_) >= kTenGigabitClass;
  if (need_two && power_.count < 2) context.emit(msg::ModulePowerSupplyUnsupported{});
}

void Chassis::on_power(Context& context, const Arguments& arguments) {
  power_.count = arguments.get<std::uint64_t>("power-supplies");
  check_power(context);
}

void Chassis::on_ring(Context& context, const Arguments& arguments) {
  std::pair ring(arguments.get<std::string>("interface"),
                 arguments.get<std::string>("internal-ring"));
  const auto free = arguments.get<std::uint64_t>("free");
  if (free >= kRingLow) {
    rings_.erase(ring);
    return;
  }
  if (rings_.size() == kRingsMax && !rings_.contains(ring)) return;
  rings_[std::move(ring)] = free;
  if (std::exchange(is_looking_, true)) return;
  const SimDuration since = (context.now() - booted_at_) % kRingInterval;
  context.after(kRingInterval - since, 0);
}

/// Every minute since the boot, while there is a ring to report.
void Chassis::on_timer(Context& context, std::uint16_t /*tag*/, std::uint64_t /*data*/) {
  for (const auto& [ring, free] : rings_) {
    context.emit(msg::InternalRingLow{
        .interface = InterfaceName{ring.first}, .ring = ring.second, .free_descriptors = free});
  }
  is_looking_ = !rings_.empty();
  if (is_looking_) context.after(kRingInterval, 0);
}

}  // namespace

void register_chassis(Registry& registry);
void register_chassis(Registry& registry) {
  registry.add<Chassis>("chassis");
}

}  // namespace asaemu
