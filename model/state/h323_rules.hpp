// What a `policy-map type inspect h323` says.
#pragma once

#include "model/base/time.hpp"
#include "model/state/inspect_maps.hpp"

namespace asaemu {

/// The parameters of a map; as here without one.
struct H323Rules {
  bool checks_rtp = false;             ///< rtp-conformance
  bool enforces_payload_type = false;  ///< rtp-conformance enforce-payloadtype
  bool blocks_tunnel = false;          ///< h245-tunnel-block action drop-connection
  bool checks_h225 = false;            ///< state-checking h225
  bool checks_ras = false;             ///< state-checking ras
  bool takes_early_facility = false;   ///< early-message facility
  bool opens_registered = false;       ///< ras-rcf-pinholes enable
  bool wants_parties = false;          ///< call-party-number
  SimDuration call_limit{};            ///< call-duration-limit; zero: none
};

H323Rules h323_rules(const InspectPolicy* map);

/// Checks a line of such a map as it is typed.
InspectLineAnswer answer_h323_match(const LineWords& words, const InspectMaps& maps);
InspectLineAnswer answer_h323_parameter(const LineWords& words);

}  // namespace asaemu
