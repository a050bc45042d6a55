// Crypto accelerators as `show crypto accelerator statistics` and `… load-balance` print them.
#pragma once

#include "model/state/crypto_engine.hpp"

#include <string>

namespace asaemu {

std::string describe_accelerators(const CryptoHardware& hardware, std::span<const CryptoChip> chips,
                                  SimTime now, SimTime booted);

std::string describe_load_balance(const CryptoHardware& hardware, std::span<const CryptoChip> chips,
                                  SimTime now);

}  // namespace asaemu
