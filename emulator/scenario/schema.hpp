// The JSON Schema of scenarios, for editors.
#pragma once

#include "model/base/catalogue.hpp"

#include <string>

namespace asaemu {

/// A JSON Schema (draft-07) of scenario files and parts, made from what the subsystems and the
/// catalogue declare. It sees names, types and forms; what depends on other values or on the device
/// only `asaemu check` sees.
std::string scenario_schema(const Catalogue& catalogue);

}  // namespace asaemu
