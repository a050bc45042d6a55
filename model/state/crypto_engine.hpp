// The hardware crypto accelerator: what a platform has, its commands, the rings through which it
// gets its work, and one chip's condition.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/base/random.hpp"
#include "model/state/platform.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace asaemu {

/// The rings of a chip: one for packets of tunnels, one for TLS and for all work with keys.
enum class CryptoRing : std::uint8_t { kIpsec, kAdmin };
inline constexpr std::array<std::string_view, 2> kCryptoRingNames{"IPSEC", "Admin"};

/// For which work the chip's cores are reserved (`crypto engine accelerator-bias`).
enum class CryptoBias : std::uint8_t { kBalanced, kIpsec, kSsl };
inline constexpr std::array<std::string_view, 3> kCryptoBiasNames{"balanced", "ipsec", "ssl"};

/// What crypto hardware a platform has.
struct CryptoHardware {
  std::string_view platform;
  unsigned chips;              ///< 0 if all crypto is done in software
  unsigned cores;              ///< of each chip
  bool reports_queues;         ///< a fatal error names the queue (newer chips), not the doorbells
  bool takes_bias;             ///< knows `crypto engine accelerator-bias`
  std::string_view device;     ///< as `show crypto accelerator statistics` names it
  std::string_view microcode;  ///< the front part of the names of its microcode
};

const CryptoHardware& crypto_hardware_of(const Platform& platform);

/// A command that the chip carries out.
struct CryptoCommand {
  std::string_view key;   ///< as scenarios name it
  std::string_view name;  ///< as messages name it
  std::uint16_t opcode;
  std::uint16_t size;  ///< bytes of the command itself
  CryptoRing ring;
};

std::span<const CryptoCommand> crypto_commands();
/// The commands' keys, in the same order.
std::span<const std::string_view> crypto_command_keys();
/// What a completion code other than 0 means.
std::string_view completion_text(std::uint64_t code);

/// A ring of job descriptors between the driver and a chip. Work comes at a steady rate and is done
/// at once, until the chip stops taking jobs; then they wait, and what finds the ring full is
/// dropped. Everything is computed from the times of changes: nothing polls.
class JobRing {
 public:
  static constexpr std::uint64_t kSize = 2048;
  static constexpr std::uint32_t kDescriptorSize = 64;

  void set_base(std::uint32_t base) { base_ = base; }
  void set_rate(SimTime now, std::uint64_t per_second);
  /// The chip no longer takes jobs, or takes them again and catches up.
  void stop(SimTime now);
  void go(SimTime now);
  /// A reset of the chip: waiting jobs are lost, and the ring moves again.
  void reset(SimTime now);

  [[nodiscard]] std::uint64_t rate() const { return rate_; }
  [[nodiscard]] bool is_stopped() const { return is_stopped_; }
  [[nodiscard]] std::uint64_t completed(SimTime now) const;
  [[nodiscard]] std::uint64_t outstanding(SimTime now) const;
  [[nodiscard]] std::uint64_t dropped(SimTime now) const;
  /// Since when the chip has not finished the job it holds; nullopt if it holds none.
  [[nodiscard]] std::optional<SimTime> oldest_job() const;
  /// The descriptor of the job that the chip works on.
  [[nodiscard]] std::uint32_t head(SimTime now) const;

 private:
  /// Jobs handed in since the last change.
  [[nodiscard]] std::uint64_t handed_in(SimTime now) const;
  void settle(SimTime now);

  std::uint32_t base_ = 0;
  std::uint64_t rate_ = 0;
  bool is_stopped_ = false;
  SimTime since_{};  ///< the last change
  SimTime oldest_{};
  std::uint64_t completed_ = 0;
  std::uint64_t waiting_ = 0;
  std::uint64_t dropped_ = 0;
};

/// One chip.
struct CryptoChip {
  enum class Condition : std::uint8_t { kRunning, kResetting };

  [[nodiscard]] JobRing& ring(CryptoRing which) { return rings[static_cast<std::size_t>(which)]; }
  [[nodiscard]] const JobRing& ring(CryptoRing which) const {
    return rings[static_cast<std::size_t>(which)];
  }

  Condition condition = Condition::kRunning;
  std::array<JobRing, 2> rings;
  /// Set while a ring is stopped and a job waits: fires when the driver loses patience.
  std::array<std::optional<TimerHandle>, 2> watchdogs;
  std::uint64_t saved_bytes = 0;     ///< of its memory, when it failed: what the archive will hold
  std::uint64_t resets = 0;          ///< since boot
  std::uint64_t command_errors = 0;  ///< since boot

  CryptoBias bias = CryptoBias::kBalanced;
  CryptoBias wanted_bias = CryptoBias::kBalanced;
  unsigned bias_attempts = 0;  ///< that failed since the change was asked for
  std::optional<TimerHandle> bias_timer;
};

/// How many cores work for which side; a chip with one core shares it.
struct CoreSplit {
  unsigned ipsec;
  unsigned ssl;
};

CoreSplit split_cores(CryptoBias bias, unsigned cores);

}  // namespace asaemu
