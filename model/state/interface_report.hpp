// Interfaces as `show interface` and `show interface ip brief` print them (asa-behaviour G.2).
#pragma once

#include "model/state/interface_table.hpp"
#include "model/state/platform.hpp"

#include <string>

namespace asaemu {

std::string describe_interface(const Interface& interface, const Platform& platform, SimTime now);

std::string interface_brief_header();
std::string interface_brief_line(const Interface& interface);

}  // namespace asaemu
