// Ground truth, read back: what verify needs of each record.
#pragma once

#include "emulator/verify/line_source.hpp"

#include <cstdint>

namespace asaemu {

/// A record of a truth file. Views live until the next record is read.
struct TruthRecord {
  enum class Kind : std::uint8_t { kMessage, kOutcome, kEnd, kOther };
  Kind kind = Kind::kOther;
  std::string_view device;  ///< as JSON has it; names have nothing to escape in practice
  std::uint64_t sequence = 0;
  std::int64_t due = 0;  ///< nanoseconds since the scenario's start
  std::uint32_t id = 0;
  std::string_view text;     ///< raw JSON string
  std::string_view from;     ///< the address it was sent from; empty if unknown
  unsigned sent = 0;         ///< copies that left
  unsigned pending = 0;      ///< copies of which it is not known
  std::int64_t sent_at = 0;  ///< microseconds since 1970, of the first copy; 0 if none left
};

/// Reads a record. False if the line is none: error text in `error`. `host`, if not empty, picks
/// the copies to the logging host with this address.
bool parse_truth(std::string_view line, std::string_view host, TruthRecord& record,
                 std::string& error);

}  // namespace asaemu
