// Module manager: the service module beside the device, from its insertion to its removal.
//
// Scope: a card in slot 1 or a software module, as the device was delivered (options `module`,
//   `module-version`) or as the world puts it in and out; its boots, heartbeats, data plane, tasks and
//   images; hw-module module, sw-module module (reset, reload, shutdown, recover, password-reset);
//   whether the device works with what the module runs; messages 413001 to 413006. Other subsystems
//   learn of the module by ModuleChanged and by ServiceModules.
// Limitations: one module a device. Commands never ask back; a password is reset without a restart.
//   The module boots with the device, but at the scenario's start it is up already. An image is neither
//   fetched nor looked for: its version is read from its name. Inferred: all times (options
//   `module-boot-time`, `module-recover-time`; kStopTime); that two seconds without a heartbeat make a
//   module unresponsive, after failover's (asa-behaviour F); that a version too old is 413006 on an
//   ASA5585 and 413005 elsewhere; that a module of either message is not used; that a failed image is
//   written again until it succeeds or `recover stop`. Messages 505nnn and 323nnn are outside the
//   catalogue.
// State: one module. What is in the chassis is kept over reloads.
// Validation: none for the answers of commands; states after `show module` (asa-behaviour F).
// References: syslog guide 413001 to 413006; asa-behaviour F; ASA command reference, `hw-module
//   module`, `sw-module module`.
#include "messages/module_manager.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/main_board.hpp"
#include "model/state/module_card.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr SimDuration kHeartbeatTimeout = 2s;
constexpr SimDuration kStopTime = 30s;
constexpr std::uint64_t kUpgradeError = 12;
constexpr std::string_view kUpgradeTask = "Software upgrade in progress";
constexpr std::string_view kSlot = "1";

class ModuleManager final : public Subsystem {
 public:
  explicit ModuleManager(Claims& claims)
      : slot_(claims.kept<ModuleSlot>()),
        modules_(claims.own(&DeviceState::modules)),
        delivered_(claims.option<std::string>("module")),
        delivered_version_(claims.option<std::string>("module-version")),
        main_board_(main_board(claims.platform(), claims.option<std::string>("ssp-model"))),
        boot_time_(claims.option<SimDuration>("module-boot-time")),
        recover_time_(
            std::max<SimDuration>(claims.option<SimDuration>("module-recover-time"), 1s)) {}

  static void declare(Declarations<ModuleManager>& declare);

 private:
  enum Timer : std::uint16_t { kBooted, kStopped, kReloaded, kImageLoaded, kHeartbeat };
  using What = ModuleChanged::What;
  using Status = ModuleStatus;

  static void declare_options(Declarations<ModuleManager>& declare);
  static void declare_world(Declarations<ModuleManager>& declare);

  void command(Context& context, const Arguments& arguments);
  void configure_recover(Context& context, const Arguments& arguments);
  void recover(Context& context, const Arguments& arguments);

  void on_booted(Context& context, const Booted&);
  void on_inserted(Context& context, const Arguments& arguments);
  void on_module(Context& context, const Arguments& arguments);
  void on_task(Context& context, const Arguments& arguments);
  void on_flash(Context& context, const Arguments& arguments);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  void put_in(Context& context, ModuleCard card);
  void take_out(Context& context);
  Module& detect(Context& context);
  void enter(Context& context, Status status);
  void boot(Context& context);
  void finish_boot(Context& context);
  void come_up(Context& context);
  void stop(Context& context, Status status, Timer next);
  void write_image(Context& context);
  void set_timer(Context& context, SimDuration delay, Timer tag);
  void check_application(Context& context, Module& module) const;

  Module* named(Context& context, const Arguments& arguments);
  [[nodiscard]] ModuleCard* card_of(const Arguments& arguments, std::string_view parameter);
  static std::string title(const Module& module) {
    return fmt::format(fmt::runtime(module.is_software() ? "module {}" : "module in slot {}"),
                       module.id);
  }

  ModuleSlot& slot_;
  ServiceModules& modules_;
  const std::string& delivered_;
  const std::string& delivered_version_;
  std::string main_board_;
  SimDuration boot_time_;
  SimDuration recover_time_;
  bool is_writing_ = false;  ///< an image is loaded onto the module, or will be tried again
  TimerHandle timer_;        ///< of what the module does next
  TimerHandle heartbeat_;
};

void ModuleManager::declare_options(Declarations<ModuleManager>& declare) {
  declare.option(
      FieldDef{.name = "module", .kind = FieldKind::kWord}, "none",
      "service module the device is delivered with: a card's model such as ASA-SSM-10 or "
      "ASA5585-SSP-IPS20, or ips, cxsc, sfr for a software module");
  declare.option(FieldDef{.name = "module-version", .kind = FieldKind::kWord}, "usual",
                 "version of its software; usual is the one its model is delivered with");
  declare.option(FieldDef{.name = "module-boot-time", .kind = FieldKind::kDuration}, "0:05:00",
                 "time the service module takes to boot (inferred)");
  declare.option(FieldDef{.name = "module-recover-time", .kind = FieldKind::kDuration}, "0:10:00",
                 "time to load an image onto the module, at least a second (inferred)");
}

void ModuleManager::declare_world(Declarations<ModuleManager>& declare) {
  static constexpr auto kStates = std::to_array<std::string_view>(
      {"removed", "silent", "answers", "restarts", "data-plane-down", "data-plane-up"});
  static constexpr auto kTasks = std::to_array<std::string_view>({"begins", "ends"});
  static constexpr auto kFlash =
      std::to_array<std::string_view>({"good", "write-failure", "no-thread"});
  const auto field = [](std::string_view name, FieldKind kind) {
    return FieldDef{.name = name, .kind = kind};
  };
  declare.world<&ModuleManager::on_inserted>(
      "module-inserted", "a service module is put in; it boots, if the device knows it",
      {{field("module-inserted", FieldKind::kWord),
        "a card's model, or ips, cxsc, sfr for a software module"},
       {field("version", FieldKind::kWord), "of its software; as delivered if left out", false},
       {field("application", FieldKind::kText), "what it runs; as delivered if left out", false},
       {field("type", FieldKind::kNumber), "the application's number; as delivered if left out",
        false}});
  declare.world<&ModuleManager::on_module>(
      "module", "something happens to the service module",
      {{field("module", FieldKind::kWord), "1 for a card; ips, cxsc or sfr for a software module"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
        "it is removed, stops answering heartbeats, answers again, restarts by itself; or its data "
        "plane fails or comes back"}});
  declare.world<&ModuleManager::on_task>(
      "module-task", "the service module begins what it will not be interrupted in, or ends it",
      {{field("module-task", FieldKind::kWord), "the module: 1, ips, cxsc or sfr"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kTasks}, "begins or ends"},
       {field("task", FieldKind::kText), "what it is; a software upgrade if left out", false},
       {field("error", FieldKind::kNumber), "the error it refuses with; 12 if left out", false},
       {field("version", FieldKind::kWord),
        "at its end: what an upgrade has installed, from the next start on", false}});
  declare.world<&ModuleManager::on_flash>(
      "module-flash", "an image can, or cannot, be written onto the service module",
      {{field("module-flash", FieldKind::kWord), "the module: 1, ips, cxsc or sfr"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kFlash},
        "good, or why it cannot: its flash takes nothing, or the device has no thread for it"}});
}

void ModuleManager::declare(Declarations<ModuleManager>& declare) {
  using Self = ModuleManager;
  declare_options(declare);
  declare_world(declare);
  constexpr std::string_view kHelp = "Restart, stop or change a service module";
  declare.exec<&Self::command>(
      "hw-module module <number:slot:0-1> {reset|reload|shutdown|password-reset} [noconfirm]",
      kHelp);
  declare.exec<&Self::command>(
      "sw-module module <word:module> {reset|reload|shutdown|password-reset} [noconfirm]", kHelp);
  declare.exec<&Self::recover>("hw-module module <number:slot:0-1> recover {boot|stop} [noconfirm]",
                               kHelp);
  declare.exec<&Self::recover>("sw-module module <word:module> recover {boot|stop} [noconfirm]",
                               kHelp);
  declare.exec<&Self::configure_recover>(
      "hw-module module <number:slot:0-1> recover configure url <word:image>", kHelp);
  declare.exec<&Self::configure_recover>(
      "sw-module module <word:module> recover configure image <word:image>", kHelp);
  declare.on<&Self::on_booted>();
}

void ModuleManager::on_booted(Context& context, const Booted&) {
  const bool is_first = !std::exchange(slot_.is_fitted_out, true);
  if (is_first) {
    if (delivered_ == "none") return;
    ModuleCard card = ModuleCard::delivered(context.platform(), delivered_);
    if (delivered_version_ != "usual") card.version = delivered_version_;
    put_in(context, std::move(card));
  }
  if (!slot_.card) return;
  const Module& module = detect(context);
  if (module.known == nullptr) return;
  if (is_first) {
    come_up(context);
  } else {
    boot(context);
  }
}

void ModuleManager::put_in(Context& context, ModuleCard card) {
  card.serial = fmt::format("JAF{:04}", context.random().below(10'000));
  for (int i = 0; i < 4; ++i) card.serial += static_cast<char>('A' + context.random().below(26));
  slot_.card = std::move(card);
}

/// The module appears in the table, and is told of if it is of no type the device knows.
Module& ModuleManager::detect(Context& context) {
  const ModuleCard& card = *slot_.card;
  const ModuleModel* known = find_module_model(context.platform(), card.model);
  const bool is_software = known != nullptr && known->is_software;
  Module& module = modules_.fit({.id = is_software ? card.model : std::string(kSlot),
                                 .model = card.model,
                                 .known = known,
                                 .serial = card.serial,
                                 .application = card.application,
                                 .version = card.version,
                                 .application_type = card.application_type});
  if (known == nullptr) context.emit(msg::ModuleTypeUnrecognized{.module = module.id});
  context.publish(ModuleChanged{module, What::kInserted});
  return module;
}

void ModuleManager::take_out(Context& context) {
  context.publish(ModuleChanged{*modules_.fitted(), What::kRemoved});
  context.cancel(timer_);
  context.cancel(heartbeat_);
  modules_.remove();
  slot_.card.reset();
  is_writing_ = false;
}

void ModuleManager::enter(Context& context, Status status) {
  Module& module = *modules_.fitted();
  module.status = status;
  context.cancel(heartbeat_);
  context.publish(ModuleChanged{module, What::kStatus});
}

void ModuleManager::set_timer(Context& context, SimDuration delay, Timer tag) {
  context.cancel(timer_);
  timer_ = context.after(delay, tag);
}

void ModuleManager::boot(Context& context) {
  ModuleCard& card = *slot_.card;
  if (!card.next_version.empty()) card.version = std::exchange(card.next_version, {});
  card.is_busy = false;
  is_writing_ = false;
  set_timer(context, boot_time_, kBooted);
  enter(context, Status::kInit);
}

void ModuleManager::finish_boot(Context& context) {
  if (slot_.card->is_silent) {
    enter(context, Status::kUnresponsive);
  } else {
    come_up(context);
  }
}

void ModuleManager::come_up(Context& context) {
  Module& module = *modules_.fitted();
  const ModuleCard& card = *slot_.card;
  module.application = card.application;
  module.application_type = card.application_type;
  module.version = card.version;
  module.has_data_plane = true;
  module.is_supported = true;
  check_application(context, module);
  enter(context, Status::kUp);
}

void ModuleManager::stop(Context& context, Status status, Timer next) {
  set_timer(context, kStopTime, next);
  enter(context, status);
}

void ModuleManager::on_timer(Context& context, std::uint16_t tag, std::uint64_t /*data*/) {
  switch (static_cast<Timer>(tag)) {
    case kBooted:
      finish_boot(context);
      return;
    case kStopped:
      enter(context, Status::kDown);
      return;
    case kReloaded:
      boot(context);
      return;
    case kImageLoaded:
      write_image(context);
      return;
    case kHeartbeat:
      enter(context, Status::kUnresponsive);
      return;
  }
}

void ModuleManager::write_image(Context& context) {
  using Flash = ModuleCard::Flash;
  ModuleCard& card = *slot_.card;
  const std::string version = image_version(card.image);
  if (card.flash != Flash::kGood) {
    const Module& module = *modules_.fitted();
    context.emit(msg::ModuleImageWriteFailed{
        .slot = module.id,
        .new_version = version,
        .version = card.version,
        .reason = card.flash == Flash::kBroken ? "write failure"
                                               : "failed to create a thread to write the image"});
    set_timer(context, recover_time_, kImageLoaded);
    if (module.status != Status::kUnresponsive) enter(context, Status::kUnresponsive);
    return;
  }
  // An image brings the model's own application, and an application that works.
  const ModuleModel& known = *modules_.fitted()->known;
  card.application = known.application;
  card.application_type = known.application_type;
  card.version = version;
  card.next_version.clear();
  card.is_silent = false;
  boot(context);
}

void ModuleManager::check_application(Context& context, Module& module) const {
  const ModuleModel& known = *module.known;
  const bool is_expected = module.application == known.application;
  const bool is_too_old = compare_versions(module.version, known.oldest) < 0;
  if (is_expected && !is_too_old) return;
  module.is_supported = false;
  if (known.is_software) {
    context.emit(msg::ModuleApplicationUnsupported{.module = module.id,
                                                   .application = module.application,
                                                   .application_version = module.version,
                                                   .application_type = module.application_type});
  } else if (is_expected && known.ssp != 0) {
    context.emit(msg::ModuleSoftwareVersionMismatch{.product = module.model,
                                                    .slot = std::uint64_t{1},
                                                    .slot_product = module.model,
                                                    .running_version = module.version,
                                                    .requiring_slot = std::uint64_t{0},
                                                    .requiring_product = main_board_,
                                                    .required_version = known.oldest});
  } else {
    context.emit(
        msg::ModuleSlotApplicationUnsupported{.product = module.model,
                                              .slot = std::uint64_t{1},
                                              .application = module.application,
                                              .application_version = module.version,
                                              .application_type = module.application_type});
  }
}

void ModuleManager::on_inserted(Context& context, const Arguments& arguments) {
  if (slot_.card) return;
  const auto& model = arguments.get<std::string>("module-inserted");
  ModuleCard card = ModuleCard::delivered(context.platform(), model);
  card.application = arguments.get_or("application", card.application);
  card.application_type = arguments.get_or("type", card.application_type);
  card.version = arguments.get_or("version", card.version);
  put_in(context, std::move(card));
  if (detect(context).known != nullptr) boot(context);
}

/// The card, if the parameter names the module that is there.
ModuleCard* ModuleManager::card_of(const Arguments& arguments, std::string_view parameter) {
  const Module* module = modules_.find(arguments.get<std::string>(parameter));
  return module == nullptr ? nullptr : &*slot_.card;
}

void ModuleManager::on_module(Context& context, const Arguments& arguments) {
  ModuleCard* card = card_of(arguments, "module");
  if (card == nullptr) return;
  Module& module = *modules_.fitted();
  const auto& state = arguments.get<std::string>("state");
  if (state == "removed") {
    take_out(context);
  } else if (module.known == nullptr) {
    return;
  } else if (state == "silent") {
    if (std::exchange(card->is_silent, true) || module.status != Status::kUp) return;
    heartbeat_ = context.after(kHeartbeatTimeout, kHeartbeat);
  } else if (state == "answers") {
    card->is_silent = false;
    context.cancel(heartbeat_);
    if (module.status == Status::kUnresponsive && !is_writing_) come_up(context);
  } else if (state == "restarts") {
    card->is_silent = false;
    boot(context);
  } else {
    const bool is_up = state == "data-plane-up";
    if (std::exchange(module.has_data_plane, is_up) == is_up) return;
    context.publish(ModuleChanged{module, What::kDataPlane});
  }
}

void ModuleManager::on_task(Context&, const Arguments& arguments) {
  ModuleCard* card = card_of(arguments, "module-task");
  if (card == nullptr) return;
  card->is_busy = arguments.get<std::string>("state") == "begins";
  card->task = arguments.get_or<std::string>("task", std::string(kUpgradeTask));
  card->task_error = arguments.get_or<std::uint64_t>("error", std::uint64_t{kUpgradeError});
  const auto* version = arguments.find<std::string>("version");
  if (!card->is_busy && version != nullptr) card->next_version = *version;
}

void ModuleManager::on_flash(Context&, const Arguments& arguments) {
  ModuleCard* card = card_of(arguments, "module-flash");
  if (card == nullptr) return;
  using Flash = ModuleCard::Flash;
  const auto& state = arguments.get<std::string>("state");
  card->flash = Flash::kBroken;
  if (state == "good") card->flash = Flash::kGood;
  if (state == "no-thread") card->flash = Flash::kNoThread;
}

/// The module that a command names; nullptr, and said so, if it is not there.
Module* ModuleManager::named(Context& context, const Arguments& arguments) {
  const auto* slot = arguments.find<std::uint64_t>("slot");
  const auto id = slot == nullptr ? arguments.get<std::string>("module") : fmt::format("{}", *slot);
  const Module* module = modules_.find(id);
  if (module != nullptr && module->is_software() == (slot == nullptr)) return modules_.fitted();
  context.print(slot == nullptr ? fmt::format("ERROR: Module {} is not present.\n", id)
                                : fmt::format("ERROR: There is no module in slot {}.\n", id));
  return nullptr;
}

void ModuleManager::command(Context& context, const Arguments& arguments) {
  Module* module = named(context, arguments);
  if (module == nullptr) return;
  const auto say = [&](std::string_view what) {
    context.print(fmt::format("{} issued for {}.\n", what, title(*module)));
  };
  if (module->known == nullptr || (!arguments.has("reset") && module->status != Status::kUp)) {
    context.print(fmt::format("ERROR: The {} is in \"{}\" state.\n", title(*module),
                              module_status_name(module->status)));
    return;
  }
  const ModuleCard& card = *slot_.card;
  if (arguments.has("reset")) {
    say("Reset");
    slot_.card->is_silent = false;
    boot(context);
  } else if (arguments.has("password-reset")) {
    say("Password reset");
  } else if (arguments.has("shutdown")) {
    say("Shutdown");
    if (!card.is_busy) return stop(context, Status::kShuttingDown, kStopped);
    context.emit(msg::ModuleShutdownRefused{
        .module = module->id, .error_number = card.task_error, .error = card.task});
  } else {
    say("Reload");
    if (!card.is_busy) return stop(context, Status::kReload, kReloaded);
    context.emit(msg::ModuleReloadRefused{
        .module = module->id, .error_number = card.task_error, .error = card.task});
  }
}

void ModuleManager::configure_recover(Context& context, const Arguments& arguments) {
  if (named(context, arguments) != nullptr) {
    slot_.card->image = arguments.get<std::string>("image");
  }
}

void ModuleManager::recover(Context& context, const Arguments& arguments) {
  const Module* module = named(context, arguments);
  if (module == nullptr) return;
  if (arguments.has("stop")) {
    if (!std::exchange(is_writing_, false)) return;
    context.cancel(timer_);
    enter(context, Status::kDown);
    return;
  }
  if (module->known == nullptr || slot_.card->image.empty()) {
    context.print("ERROR: The recover parameters are not configured.\n");
    return;
  }
  context.print(fmt::format("Recover issued for {}.\n", title(*module)));
  is_writing_ = true;
  set_timer(context, recover_time_, kImageLoaded);
  enter(context, Status::kRecover);
}

}  // namespace

void register_module_manager(Registry& registry);
void register_module_manager(Registry& registry) {
  registry.add<ModuleManager>("module_manager");
}

}  // namespace asaemu
