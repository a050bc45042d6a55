// What the show commands of H.323 inspection print.
#pragma once

#include "model/state/h323_tables.hpp"

#include <string>

namespace asaemu {

/// `show h225`: signalling connections and the calls on them.
std::string h225_report(const H323Tables& tables, const ConnectionTable& connections);
/// `show h245`: control connections and the media that they have agreed on.
std::string h245_report(const H323Tables& tables, const ConnectionTable& connections);

}  // namespace asaemu
