// Changes to inspection maps that a typed line asks for. Each says whether there was something to change.
#pragma once

#include "model/state/inspect_maps.hpp"

namespace asaemu {

/// Whether there are `policy-map type inspect PROTOCOL`.
bool has_inspection_maps(std::string_view protocol);

bool remove_regex(InspectMaps& maps, std::string_view name);
bool remove_regex_class(InspectMaps& maps, std::string_view name);
bool remove_class(InspectMaps& maps, std::string_view protocol, std::string_view name);
bool remove_match(InspectClass& inspect_class, std::string_view text);
/// `class NAME`, or `match …` if the name is empty.
bool remove_entry(InspectPolicy& policy, std::string_view class_map, std::string_view text);

/// Adds a parameter in the place of those that begin with as many equal words (of any that is equal, if
/// the line has fewer), and of the `no` line that turned it off. False if there is no room.
bool put_parameter(InspectPolicy& policy, const LineWords& words, std::size_t key_words);
/// Removes the parameters that begin with these words.
bool remove_parameters(InspectPolicy& policy, const LineWords& words);

}  // namespace asaemu
