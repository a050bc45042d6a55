// What a run came to, as JSON and as a table.
#pragma once

#include "emulator/run/run.hpp"

namespace asaemu {

/// The report as JSON text (DESIGN section 8): per-id counts, the accounts of every device and
/// destination, stimuli executed and missed, rates, lateness percentiles in microseconds.
std::string report_json(const Plan& plan, const Catalogue& catalogue, const RunResult& result);

/// The same for people: a few lines, the ids by count, the destinations.
std::string report_table(const Plan& plan, const Catalogue& catalogue, const RunResult& result);

/// What to say of a run that could not keep the pace it was asked for; empty if it did.
std::string pace_fault(const RunResult& result);

/// Empty if every account's identities hold, else the first that does not.
std::string check_accounts(const RunResult& result);

}  // namespace asaemu
