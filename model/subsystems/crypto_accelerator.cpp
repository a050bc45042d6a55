// Crypto accelerator: the chips that encrypt and do the work with keys, and the driver that watches
// them.
//
// Scope: failed commands, fatal errors, rings that hang, the soft reset that follows and the archive
//   file it leaves on flash (two at most); `crypto engine accelerator-bias` with its retries; show
//   crypto accelerator statistics and load-balance; messages 402123 to 402127 and 402131.
// Limitations: the load is the scenario's (`crypto-load`), not that of modelled tunnels. Registers
//   and addresses are plausible, not meaningful. A failed attempt to change the bias is retried
//   silently and only the outcome is logged (inferred). Chips are numbered from 0 in 402131, from 1
//   in `show crypto accelerator statistics`, where the software engine is 0. An archive for which
//   flash has no room is not reported. All timings and the sizes of rings are inferred.
// State: the platform's chips, at most two. Damage to a chip's microcode outlives reloads; everything
//   else is fresh at boot.
// Validation: 402124 against the line in the guide; the error of 402123 against a captured one
//   (asa-behaviour T). None for order and timing; the layout of the show commands is from memory of
//   real consoles, with fewer sections (inferred).
// References: asa-behaviour C.4, T; syslog guide 402123 to 402127, 402131.
#include "messages/crypto_accelerator.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/crypto_engine.hpp"
#include "model/state/crypto_engine_report.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

/// How messages name the accelerator, whatever the platform.
constexpr std::string_view kName = "ASA";
constexpr std::string_view kArchiveDirectory = "crypto_archive";
constexpr std::uint64_t kArchivesMax = 2;  // syslog guide 402127
constexpr std::size_t kChipsMax = 2;

/// What a reload does not repair.
struct Damage {
  std::array<bool, kChipsMax> microcode{};
};

class CryptoAccelerator final : public Subsystem {
 public:
  explicit CryptoAccelerator(Claims& claims)
      : hardware_(crypto_hardware_of(claims.platform())),
        damage_(claims.kept<Damage>()),
        chips_(hardware_.chips),
        ring_timeout_(claims.option<SimDuration>("crypto-ring-timeout")),
        reset_time_(claims.option<SimDuration>("crypto-reset-time")),
        bias_time_(claims.option<SimDuration>("crypto-bias-time")),
        bias_retries_(claims.option<std::uint64_t>("crypto-bias-retries")) {
    ASAEMU_ASSERT(hardware_.chips <= kChipsMax);
  }

  static void declare(Declarations<CryptoAccelerator>& declare);

 private:
  enum Tag : std::uint16_t { kWatchdog, kResetDone, kBiasAttempt };

  static void declare_options(Declarations<CryptoAccelerator>& declare);
  static void declare_world(Declarations<CryptoAccelerator>& declare);

  void on_booted(Context& context, const Booted&);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  // The chip named by a world event; nullptr if the platform has none of this number, or if it is
  // being reset and takes no notice.
  CryptoChip* running_chip(const Arguments& arguments);
  std::size_t number_of(const CryptoChip& chip) const {
    return static_cast<std::size_t>(&chip - chips_.data());
  }

  void on_load(Context& context, const Arguments& arguments);
  void on_command(Context& context, const Arguments& arguments);
  void on_chip_error(Context& context, const Arguments& arguments);
  void on_ring(Context& context, const Arguments& arguments);
  void on_microcode(Context& context, const Arguments& arguments);

  void watch(Context& context, CryptoChip& chip, CryptoRing which);
  void report_ring(Context& context, const CryptoChip& chip, CryptoRing which);
  void report_fatal_error(Context& context, const CryptoChip& chip, const Arguments& arguments);
  void begin_reset(Context& context, CryptoChip& chip);
  void end_reset(Context& context, CryptoChip& chip);
  void write_archive(Context& context, std::uint64_t bytes);

  void set_bias(Context& context, const Arguments& arguments);
  void request_bias(Context& context, CryptoChip& chip, CryptoBias bias);
  void attempt_bias(Context& context, CryptoChip& chip);

  void show_statistics(Context& context, const Arguments&) {
    context.print(describe_accelerators(hardware_, chips_, context.now(), booted_));
  }
  void show_load_balance(Context& context, const Arguments&) {
    context.print(describe_load_balance(hardware_, chips_, context.now()));
  }

  const CryptoHardware& hardware_;
  Damage& damage_;
  std::vector<CryptoChip> chips_;
  SimTime booted_{};
  SimDuration ring_timeout_;
  SimDuration reset_time_;
  SimDuration bias_time_;
  std::uint64_t bias_retries_;
};

void CryptoAccelerator::declare(Declarations<CryptoAccelerator>& declare) {
  declare_options(declare);
  declare_world(declare);
  declare.config<&CryptoAccelerator::set_bias>(
      "crypto engine accelerator-bias {balanced|ipsec|ssl}",
      "Reserve cores of the crypto accelerators for one kind of work");
  declare.config<&CryptoAccelerator::set_bias>(
      "no crypto engine accelerator-bias [{balanced|ipsec|ssl}]", "Back to the balanced bias");
  declare.exec<&CryptoAccelerator::show_statistics>("show crypto accelerator statistics",
                                                    "Show what the crypto accelerators have done");
  declare.exec<&CryptoAccelerator::show_load_balance>(
      "show crypto accelerator load-balance", "Show how the crypto accelerators share the work");
  declare.on<&CryptoAccelerator::on_booted>();
}

void CryptoAccelerator::declare_options(Declarations<CryptoAccelerator>& declare) {
  const auto duration = [&declare](std::string_view name, std::string_view otherwise,
                                   std::string_view help) {
    declare.option(FieldDef{.name = name, .kind = FieldKind::kDuration}, otherwise, help);
  };
  duration("crypto-ring-timeout", "0:00:05",
           "how long the driver lets a job of the crypto hardware take before it is 402125");
  duration("crypto-reset-time", "0:00:01",
           "time a soft reset of the crypto hardware takes, its archive included");
  duration("crypto-bias-time", "0:00:02", "time one attempt to change an accelerator's bias takes");
  declare.option(FieldDef{.name = "crypto-bias-retries", .kind = FieldKind::kNumber}, "3",
                 "how often a failed change of an accelerator's bias is tried again");
}

void CryptoAccelerator::declare_world(Declarations<CryptoAccelerator>& declare) {
  const auto number = [](std::string_view name) {
    return FieldDef{.name = name, .kind = FieldKind::kNumber};
  };
  const auto one_of = [](std::string_view name, std::span<const std::string_view> choices) {
    return FieldDef{.name = name, .kind = FieldKind::kOneOf, .choices = choices};
  };
  const WorldParameter accelerator{number("accelerator"), "which chip, from 0; 0 if left out",
                                   false};
  static constexpr std::array<std::string_view, 2> kLoads{"ipsec", "ssl"};
  declare.world<&CryptoAccelerator::on_load>(
      "crypto-load", "from now on the crypto hardware has this much work, shared by all chips",
      {{one_of("crypto-load", kLoads), "packets of tunnels, or TLS records and work with keys"},
       {number("rate"), "jobs a second"}});
  declare.world<&CryptoAccelerator::on_command>(
      "crypto-command", "a chip ends a command with a completion code that is not success",
      {{one_of("crypto-command", crypto_command_keys()), "the command"},
       {number("code"), "the completion code, 1 to 255; 27 is bad padding, 29 a bad record MAC"},
       accelerator});
  declare.world<&CryptoAccelerator::on_chip_error>(
      "crypto-chip-error", "a chip stops with a fatal error",
      {{number("crypto-chip-error"), "its hardware error code"},
       {number("core"), "the core that failed; any if left out", false},
       {one_of("queue", kCryptoRingNames), "whose work it was; IPSEC if left out", false},
       accelerator});
  static constexpr std::array<std::string_view, 2> kMotions{"stuck", "moving"};
  declare.world<&CryptoAccelerator::on_ring>(
      "crypto-ring", "a chip no longer takes jobs from a ring, or takes them again",
      {{one_of("crypto-ring", kCryptoRingNames), "the ring"},
       {one_of("state", kMotions), "what it does"},
       accelerator});
  static constexpr std::array<std::string_view, 2> kConditions{"damaged", "intact"};
  declare.world_always<&CryptoAccelerator::on_microcode>(
      "crypto-microcode", "the memory from which a chip loads microcode for another bias fails",
      {{one_of("crypto-microcode", kConditions), "its condition"}, accelerator});
}

void CryptoAccelerator::on_booted(Context& context, const Booted&) {
  booted_ = context.now();
  for (CryptoChip& chip : chips_) {
    for (JobRing& ring : chip.rings) {
      constexpr std::uint32_t kBytes = JobRing::kSize * JobRing::kDescriptorSize;
      ring.set_base(0xC000'0000 +
                    static_cast<std::uint32_t>(context.random().below(1024)) * kBytes);
    }
  }
  if (chips_.empty()) return;
  FlashResult result{};
  context.publish(
      FlashWriteRequested{.path = kArchiveDirectory, .is_directory = true, .result = result});
}

void CryptoAccelerator::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  CryptoChip& chip = chips_[data & 0xFF];
  switch (tag) {
    case kWatchdog:
      report_ring(context, chip, static_cast<CryptoRing>(data >> 8));
      begin_reset(context, chip);
      return;
    case kResetDone:
      end_reset(context, chip);
      return;
    case kBiasAttempt:
      attempt_bias(context, chip);
      return;
    default:
      ASAEMU_ASSERT(false);
  }
}

CryptoChip* CryptoAccelerator::running_chip(const Arguments& arguments) {
  const auto number = arguments.get_or<std::uint64_t>("accelerator", 0);
  if (number >= chips_.size()) return nullptr;
  CryptoChip& chip = chips_[number];
  return chip.condition == CryptoChip::Condition::kRunning ? &chip : nullptr;
}

CryptoRing ring_named(std::string_view name) {
  return name == kCryptoRingNames[0] ? CryptoRing::kIpsec : CryptoRing::kAdmin;
}

void CryptoAccelerator::on_load(Context& context, const Arguments& arguments) {
  const bool is_ipsec = arguments.get<std::string>("crypto-load") == "ipsec";
  const CryptoRing which = is_ipsec ? CryptoRing::kIpsec : CryptoRing::kAdmin;
  const auto rate = arguments.get<std::uint64_t>("rate");
  for (CryptoChip& chip : chips_) {
    const bool takes_rest = number_of(chip) < rate % chips_.size();
    chip.ring(which).set_rate(context.now(), rate / chips_.size() + (takes_rest ? 1 : 0));
    watch(context, chip, which);
  }
}

void CryptoAccelerator::on_command(Context& context, const Arguments& arguments) {
  CryptoChip* chip = running_chip(arguments);
  const auto code = arguments.get<std::uint64_t>("code");
  if (chip == nullptr || code == 0 || code > 0xFF) return;
  const auto& key = arguments.get<std::string>("crypto-command");
  const auto command = std::ranges::find(crypto_commands(), key, &CryptoCommand::key);
  // A job on a ring that hangs has no result yet, not even a bad one.
  if (chip->ring(command->ring).is_stopped()) return;
  ++chip->command_errors;
  context.emit(msg::AcceleratorCommandError{.accelerator = kName,
                                            .error = completion_text(code),
                                            .code = Hex32{static_cast<std::uint32_t>(code)},
                                            .command_name = command->name,
                                            .command = Hex32{command->opcode}});
}

void CryptoAccelerator::on_chip_error(Context& context, const Arguments& arguments) {
  CryptoChip* chip = running_chip(arguments);
  if (chip == nullptr) return;
  report_fatal_error(context, *chip, arguments);
  begin_reset(context, *chip);
}

void CryptoAccelerator::on_ring(Context& context, const Arguments& arguments) {
  CryptoChip* chip = running_chip(arguments);
  if (chip == nullptr) return;
  const CryptoRing which = ring_named(arguments.get<std::string>("crypto-ring"));
  JobRing& ring = chip->ring(which);
  if (arguments.get<std::string>("state") == "stuck") {
    ring.stop(context.now());
  } else {
    ring.go(context.now());
  }
  watch(context, *chip, which);
}

void CryptoAccelerator::on_microcode(Context&, const Arguments& arguments) {
  const auto number = arguments.get_or<std::uint64_t>("accelerator", 0);
  if (number >= chips_.size()) return;
  damage_.microcode[number] = arguments.get<std::string>("crypto-microcode") == "damaged";
}

/// Sets the driver's watchdog for the moment when the ring's oldest job has waited too long.
void CryptoAccelerator::watch(Context& context, CryptoChip& chip, CryptoRing which) {
  auto& watchdog = chip.watchdogs[static_cast<std::size_t>(which)];
  if (watchdog) context.cancel(*watchdog);
  watchdog.reset();
  const auto oldest = chip.ring(which).oldest_job();
  if (!oldest || chip.condition != CryptoChip::Condition::kRunning) return;
  const SimDuration left = std::max(*oldest + ring_timeout_ - context.now(), SimDuration{});
  watchdog =
      context.after(left, kWatchdog, number_of(chip) | static_cast<std::uint64_t>(which) << 8);
}

/// An address somewhere in the 16 MB from `base` on.
Hex32 address_from(Context& context, std::uint32_t base, unsigned alignment_bits) {
  const auto places = std::uint64_t{1} << (24 - alignment_bits);
  return Hex32{base +
               (static_cast<std::uint32_t>(context.random().below(places)) << alignment_bits)};
}

void CryptoAccelerator::report_ring(Context& context, const CryptoChip& chip, CryptoRing which) {
  // The job that hangs is one of those that go through this ring.
  std::vector<const CryptoCommand*> candidates;
  for (const CryptoCommand& command : crypto_commands()) {
    if (command.ring == which) candidates.push_back(&command);
  }
  const CryptoCommand& command = *candidates[context.random().below(candidates.size())];
  using Ring = msg::AcceleratorRingTimeout::Ring;
  context.emit(msg::AcceleratorRingTimeout{
      .platform = kName,
      .ring = which == CryptoRing::kIpsec ? Ring::kIpsec : Ring::kAdmin,
      .descriptor = Hex32{chip.ring(which).head(context.now())},
      .control_status = Hex32{0x8000'0000},  // still the chip's: nothing was written back
      .result_pointer = address_from(context, 0xD600'0000, 5),
      .result_value = std::uint64_t{0},
      .command = Hex32{command.opcode},
      .command_size = std::uint64_t{command.size},
      .parameters = Hex32{0},
      .data_length = context.random().between(64, 1464),
      .data_pointer = address_from(context, 0xD800'0000, 6),
      .context_pointer = address_from(context, 0xD500'0000, 8),
      .resets = chip.resets});
}

void CryptoAccelerator::report_fatal_error(Context& context, const CryptoChip& chip,
                                           const Arguments& arguments) {
  const auto core = arguments.get_or("core", context.random().below(hardware_.cores));
  const auto code = arguments.get<std::uint64_t>("crypto-chip-error");
  const CryptoRing which = ring_named(arguments.get_or<std::string>("queue", "IPSEC"));
  const Hex32 error_address = address_from(context, 0x4000'0000, 8);
  const Hex32 interrupt_status{8};  // fatal error, in the guide's line
  if (hardware_.reports_queues) {
    context.emit(msg::AcceleratorFatalQueueError{
        .platform = kName,
        .error_address = error_address,
        .core = core,
        .error_code = code,
        .queue = kCryptoRingNames[static_cast<std::size_t>(which)],
        .queue_number = static_cast<std::uint64_t>(which),
        .interrupt_status = interrupt_status,
        .station = context.random().below(8),
        .core_pointer = Hex32{chip.ring(which).head(context.now())},
        .core_config = Hex32{0x41 + 2 * static_cast<std::uint32_t>(chip.bias)},
        .resets = chip.resets});
    return;
  }
  std::uint64_t outstanding = 0;
  for (const JobRing& ring : chip.rings) outstanding += ring.outstanding(context.now());
  context.emit(msg::AcceleratorFatalError{
      .platform = kName,
      .error_address = error_address,
      .core = core,
      .error_code = code,
      .interrupt_status = interrupt_status,
      .pci_error = Hex32{0},
      .core_error_status = Hex32{0x40 + static_cast<std::uint32_t>(context.random().below(16))},
      .core_error_address = address_from(context, 0x8400'0000, 8),
      // Both rings ring the first doorbell of these chips.
      .doorbell_size_0 = JobRing::kSize,
      .doorbell_outstanding_0 = std::min(outstanding, JobRing::kSize),
      .doorbell_size_1 = std::uint64_t{0},
      .doorbell_outstanding_1 = std::uint64_t{0},
      .resets = chip.resets});
}

/// The driver saves what the chip holds and resets it; until that is over jobs pile up.
void CryptoAccelerator::begin_reset(Context& context, CryptoChip& chip) {
  constexpr std::uint64_t kRegisterBytes = 16'384;
  constexpr std::uint64_t kJobBytes = 512;
  chip.saved_bytes = kRegisterBytes;
  chip.condition = CryptoChip::Condition::kResetting;
  for (const CryptoRing which : {CryptoRing::kIpsec, CryptoRing::kAdmin}) {
    JobRing& ring = chip.ring(which);
    chip.saved_bytes +=
        JobRing::kSize * JobRing::kDescriptorSize + ring.outstanding(context.now()) * kJobBytes;
    ring.stop(context.now());
    watch(context, chip, which);
  }
  context.after(reset_time_, kResetDone, number_of(chip));
}

void CryptoAccelerator::end_reset(Context& context, CryptoChip& chip) {
  ++chip.resets;
  chip.condition = CryptoChip::Condition::kRunning;
  for (JobRing& ring : chip.rings) ring.reset(context.now());
  write_archive(context, chip.saved_bytes);
}

void CryptoAccelerator::write_archive(Context& context, std::uint64_t bytes) {
  for (std::uint64_t number = 1; number <= kArchivesMax; ++number) {
    const auto path = fmt::format("{}/crypto_arch_{}.bin", kArchiveDirectory, number);
    if (context.state().flash.find(path) != nullptr) continue;
    FlashResult result{};
    context.publish(FlashWriteRequested{.path = path, .size = bytes, .result = result});
    if (result == FlashResult::kDone) {
      context.emit(msg::CryptoArchiveCreated{.platform = kName, .file = path});
    }
    return;
  }
  context.emit(msg::CryptoArchiveSkipped{
      .platform = kName, .maximum = kArchivesMax, .directory = kArchiveDirectory});
}

void CryptoAccelerator::set_bias(Context& context, const Arguments& arguments) {
  if (!hardware_.takes_bias) {
    context.print("ERROR: The bias of this platform's crypto accelerator cannot be changed\n");
    return;
  }
  CryptoBias bias = CryptoBias::kBalanced;
  if (!arguments.has("no") && arguments.has("ipsec")) bias = CryptoBias::kIpsec;
  if (!arguments.has("no") && arguments.has("ssl")) bias = CryptoBias::kSsl;
  for (CryptoChip& chip : chips_) request_bias(context, chip, bias);
}

void CryptoAccelerator::request_bias(Context& context, CryptoChip& chip, CryptoBias bias) {
  if (context.is_booting()) {
    // The chip is started with this bias, if it can be.
    if (!damage_.microcode[number_of(chip)]) chip.bias = bias;
    chip.wanted_bias = chip.bias;
    return;
  }
  if (bias == chip.wanted_bias) return;
  if (chip.bias_timer) context.cancel(*chip.bias_timer);
  chip.bias_timer.reset();
  chip.wanted_bias = bias;
  chip.bias_attempts = 0;
  if (bias == chip.bias) return;
  chip.bias_timer = context.after(bias_time_, kBiasAttempt, number_of(chip));
}

void CryptoAccelerator::attempt_bias(Context& context, CryptoChip& chip) {
  const std::size_t number = number_of(chip);
  const bool is_done =
      !damage_.microcode[number] && chip.condition == CryptoChip::Condition::kRunning;
  chip.bias_timer.reset();
  if (!is_done && chip.bias_attempts < bias_retries_) {
    ++chip.bias_attempts;
    chip.bias_timer = context.after(bias_time_, kBiasAttempt, number);
    return;
  }
  const auto name_of = [](CryptoBias bias) {
    return kCryptoBiasNames[static_cast<std::size_t>(bias)];
  };
  context.emit(msg::AcceleratorBiasChanged{.status = is_done ? "Succeeded" : "Failed",
                                           .instance = std::to_string(number),
                                           .old_bias = name_of(chip.bias),
                                           .new_bias = name_of(chip.wanted_bias)});
  if (is_done) {
    chip.bias = chip.wanted_bias;
  } else {
    chip.wanted_bias = chip.bias;
  }
}

}  // namespace

void register_crypto_accelerator(Registry& registry);
void register_crypto_accelerator(Registry& registry) {
  registry.add<CryptoAccelerator>("crypto_accelerator");
}

}  // namespace asaemu
