#include "model/state/crypto_engine_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// What has gone through chips.
struct Totals {
  std::uint64_t packets = 0;
  std::uint64_t records = 0;
  std::uint64_t dropped = 0;
  std::uint64_t errors = 0;
};

void add(Totals& totals, const CryptoChip& chip, SimTime now) {
  const JobRing& ipsec = chip.ring(CryptoRing::kIpsec);
  const JobRing& admin = chip.ring(CryptoRing::kAdmin);
  totals.packets += ipsec.completed(now);
  totals.records += admin.completed(now);
  totals.dropped += ipsec.dropped(now) + admin.dropped(now);
  totals.errors += chip.command_errors;
}

std::string describe_chip(const CryptoHardware& hardware, const CryptoChip& chip, std::size_t slot,
                          SimTime now, SimTime booted) {
  Totals totals;
  add(totals, chip, now);
  const bool is_running = chip.condition == CryptoChip::Condition::kRunning;
  return fmt::format(
      "[Accelerator {0}]\n"
      "   Status: {1}\n"
      "   Encryption hardware device : {2}\n"
      "                             Boot microcode   : {3}-Boot-Cisco-1.2\n"
      "                             SSL/IKE microcode: {3}-IPSEC-Admin-3.03\n"
      "                             IPSec microcode  : {3}-IPSECm-MAIN-2.03\n"
      "   Slot: {0}\n"
      "   Active time: {4} seconds\n"
      "   Total crypto transforms: {5}\n"
      "   Total dropped packets: {6}\n"
      "   [Input statistics]\n"
      "      Input packets: {7}\n"
      "   [Output statistics]\n"
      "      Output packets: {7}\n"
      "      Output bad packets: {8}\n"
      "   [SSL statistics]\n"
      "      Outbound records: {9}\n"
      "      Inbound records: {10}\n",
      slot, is_running ? "Active" : "Resetting", hardware.device, hardware.microcode,
      std::chrono::duration_cast<std::chrono::seconds>(now - booted).count(),
      totals.packets + totals.records, totals.dropped, totals.packets, totals.errors,
      totals.records / 2, totals.records - totals.records / 2);
}

}  // namespace

std::string describe_accelerators(const CryptoHardware& hardware, std::span<const CryptoChip> chips,
                                  SimTime now, SimTime booted) {
  Totals all;
  for (const CryptoChip& chip : chips) add(all, chip, now);
  const auto down =
      std::ranges::count(chips, CryptoChip::Condition::kResetting, &CryptoChip::condition);
  std::string text = fmt::format(
      "Crypto Accelerator Status\n"
      "-------------------------\n"
      "[Capability]\n"
      "   Supports hardware crypto: {}\n"
      "   Supports modular hardware crypto: False\n"
      "   Max accelerators: {}\n"
      "[Global Statistics]\n"
      "   Number of active accelerators: {}\n"
      "   Number of non-operational accelerators: {}\n"
      "   Input packets: {}\n"
      "   Output packets: {}\n"
      "   Output error packets: {}\n"
      "[Accelerator 0]\n"
      "   Status: OK\n"
      "   Software crypto engine\n"
      "   Slot: 0\n",
      chips.empty() ? "False" : "True", chips.size(), chips.size() - static_cast<std::size_t>(down),
      down, all.packets + all.records, all.packets + all.records, all.errors);
  // The software engine is accelerator 0, so the chips are counted from 1.
  for (std::size_t i = 0; i < chips.size(); ++i) {
    text += describe_chip(hardware, chips[i], i + 1, now, booted);
  }
  return text;
}

std::string describe_load_balance(const CryptoHardware& hardware, std::span<const CryptoChip> chips,
                                  SimTime now) {
  std::uint64_t everything = 0;
  for (const CryptoChip& chip : chips) {
    everything += chip.ring(CryptoRing::kIpsec).completed(now);
  }
  std::string text =
      "\nCrypto IPSEC Load Balancing Stats:\n"
      "==================================\n"
      "Engine   Crypto Cores            IPSEC Packets           Distribution (%)\n"
      "======   =====================   =====================   ================\n";
  for (std::size_t i = 0; i < chips.size(); ++i) {
    const CoreSplit split = split_cores(chips[i].bias, hardware.cores);
    const std::uint64_t packets = chips[i].ring(CryptoRing::kIpsec).completed(now);
    const double share =
        everything == 0 ? 0.0
                        : 100.0 * static_cast<double>(packets) / static_cast<double>(everything);
    text += fmt::format(" {:<8}{:<24}{:<24}{:.1f}%\n", i,
                        fmt::format("IPSEC {}, SSL {}", split.ipsec, split.ssl),
                        fmt::format("Total: {}", packets), share);
  }
  return text;
}

}  // namespace asaemu
