#include "model/state/crypto_engine.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::string_view kOldChip = "Cisco ASA-55x0 on-board accelerator (revision 0x0)";
constexpr std::string_view kNewChip = "Cisco ASA Crypto on-board accelerator (revision 0x1)";
constexpr std::string_view kLite = "CNlite-MC";
constexpr std::string_view kPlus = "CNPx-MC";

// Names of chips from `show version` (asa-behaviour C.4). Which platforms have several, how many
// cores each has and which report queues is inferred.
constexpr std::array<CryptoHardware, 11> kHardware{{
    {"ASA1000V", 0, 0, false, false, "", ""},
    {"ASA5505", 1, 1, false, false, kOldChip, kLite},
    {"ASA5506", 1, 2, true, false, kNewChip, kPlus},
    {"ASA5508", 1, 4, true, false, kNewChip, kPlus},
    {"ASA5515", 1, 4, true, false, kNewChip, kPlus},
    {"ASA5516", 1, 4, true, false, kNewChip, kPlus},
    {"ASA5520", 1, 1, false, false, kOldChip, kLite},
    {"ASA5525", 1, 8, true, false, kNewChip, kPlus},
    {"ASA5545", 1, 16, true, true, kNewChip, kPlus},
    {"ASA5585", 2, 16, true, true, kNewChip, kPlus},
    {"ASAv", 0, 0, false, false, "", ""},
}};

// The name and code of the first are those of the catalogue's example; the others are inferred.
constexpr std::array<CryptoCommand, 8> kCommands{{
    {"rsa-decrypt", "PKCS1 v1.5 RSA Decrypt", 0x1701, 112, CryptoRing::kAdmin},
    {"rsa-encrypt", "PKCS1 v1.5 RSA Encrypt", 0x1601, 112, CryptoRing::kAdmin},
    {"modular-exponentiation", "Modular Exponentiation", 0x1001, 96, CryptoRing::kAdmin},
    {"ssl-decrypt", "SSL Record Decrypt", 0x3302, 48, CryptoRing::kAdmin},
    {"ssl-encrypt", "SSL Record Encrypt", 0x3301, 48, CryptoRing::kAdmin},
    {"random", "Random Number", 0x2101, 32, CryptoRing::kAdmin},
    {"ipsec-inbound", "IPsec Inbound", 0x4002, 40, CryptoRing::kIpsec},
    {"ipsec-outbound", "IPsec Outbound", 0x4001, 40, CryptoRing::kIpsec},
}};

constexpr auto kCommandKeys = [] {
  std::array<std::string_view, kCommands.size()> keys;
  std::ranges::transform(kCommands, keys.begin(), &CryptoCommand::key);
  return keys;
}();

struct Completion {
  std::uint8_t code;
  std::string_view text;
};

// The text of 0x1B is a captured one (asa-behaviour T); the others are inferred.
constexpr std::array<Completion, 6> kCompletions{{
    {0x03, "Invalid Opcode"},
    {0x0C, "Operand Length"},
    {0x1B, "Invalid PKCS Type, Pad, or Length"},
    {0x1D, "Bad Record MAC"},
    {0x22, "Authentication Mismatch"},
    {0x2F, "Context Parity"},
}};

}  // namespace

const CryptoHardware& crypto_hardware_of(const Platform& platform) {
  for (const CryptoHardware& hardware : kHardware) {
    if (hardware.platform == platform.name) return hardware;
  }
  return kHardware.back();
}

std::span<const CryptoCommand> crypto_commands() {
  return kCommands;
}

std::span<const std::string_view> crypto_command_keys() {
  return kCommandKeys;
}

std::string_view completion_text(std::uint64_t code) {
  for (const Completion& completion : kCompletions) {
    if (completion.code == code) return completion.text;
  }
  return "Unknown Error";
}

void JobRing::set_rate(SimTime now, std::uint64_t per_second) {
  settle(now);
  rate_ = per_second;
  if (is_stopped_ && waiting_ == 0) oldest_ = now;
}

void JobRing::stop(SimTime now) {
  if (is_stopped_) return;
  settle(now);
  is_stopped_ = true;
  oldest_ = now;
}

void JobRing::go(SimTime now) {
  if (!is_stopped_) return;
  settle(now);
  is_stopped_ = false;
  completed_ += waiting_;
  waiting_ = 0;
}

void JobRing::reset(SimTime now) {
  settle(now);
  is_stopped_ = false;
  dropped_ += waiting_;
  waiting_ = 0;
}

std::uint64_t JobRing::completed(SimTime now) const {
  return completed_ + (is_stopped_ ? 0 : handed_in(now));
}

std::uint64_t JobRing::outstanding(SimTime now) const {
  return is_stopped_ ? std::min(waiting_ + handed_in(now), kSize) : 0;
}

std::uint64_t JobRing::dropped(SimTime now) const {
  return is_stopped_ ? dropped_ + waiting_ + handed_in(now) - outstanding(now) : dropped_;
}

std::optional<SimTime> JobRing::oldest_job() const {
  if (!is_stopped_ || (waiting_ == 0 && rate_ == 0)) return std::nullopt;
  return oldest_;
}

std::uint32_t JobRing::head(SimTime now) const {
  return base_ + static_cast<std::uint32_t>(completed(now) % kSize) * kDescriptorSize;
}

std::uint64_t JobRing::handed_in(SimTime now) const {
  // In two parts, because nanoseconds times a high rate overflow within hours.
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto elapsed = static_cast<std::uint64_t>((now - since_).count());
  return elapsed / kSecond * rate_ + elapsed % kSecond * rate_ / kSecond;
}

void JobRing::settle(SimTime now) {
  const std::uint64_t completed_now = completed(now);
  const std::uint64_t waiting_now = outstanding(now);
  dropped_ = dropped(now);
  completed_ = completed_now;
  waiting_ = waiting_now;
  since_ = now;
}

CoreSplit split_cores(CryptoBias bias, unsigned cores) {
  if (cores < 2) return {cores, cores};
  // Inferred: a balanced chip is cut in halves, a biased one gives one core in eight to the other
  // side.
  const unsigned minority = std::max(1U, cores / 8);
  switch (bias) {
    case CryptoBias::kBalanced:
      break;
    case CryptoBias::kIpsec:
      return {cores - minority, minority};
    case CryptoBias::kSsl:
      return {minority, cores - minority};
  }
  return {cores / 2, cores - cores / 2};
}

}  // namespace asaemu
