// What a collector says at its end.
#pragma once

#include "emulator/sink/collector.hpp"

#include <string>

namespace asaemu {

/// A JSON object: messages, bytes, malformed, cut, unfinished, first, last, seconds, ended_by,
/// by_id, by_sender, listeners. Times are RFC 3339 in UTC, null before the first message.
std::string report_json(const Collector& collector, Collector::End end);

/// The same for people: the ids and senders with the most messages, and problems where there are
/// any.
std::string report_table(const Collector& collector, Collector::End end);

}  // namespace asaemu
