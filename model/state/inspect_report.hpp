// Inspection maps as `show running-config` prints them.
#pragma once

#include "model/state/inspect_maps.hpp"

namespace asaemu {

std::string describe_regexes(const InspectMaps& maps);
std::string describe_regex_classes(const InspectMaps& maps);
/// Of this protocol; of all if it is empty.
std::string describe_classes(const InspectMaps& maps, std::string_view protocol);
/// Of this protocol and name; of all if they are empty.
std::string describe_policies(const InspectMaps& maps, std::string_view protocol,
                              std::string_view name);

}  // namespace asaemu
