// `show module`: the main board and the modules beside it.
#pragma once

#include "model/state/device_state.hpp"

#include <string>
#include <string_view>

namespace asaemu {

/// What the report is about.
struct ModuleView {
  const DeviceState& state;
  const Platform& platform;
  std::string_view main_board;  ///< its model: `ASA5525`, `ASA5585-SSP-20`
  std::string release;          ///< of the device's software, as a device prints it
};

/// The four tables, with the row of `only`, or with all rows if it is empty or `all`. A row that is
/// not there leaves the tables empty.
std::string module_tables(const ModuleView& view, std::string_view only);
/// `show module ID details` of a module that answers.
std::string module_details(const Module& module);

}  // namespace asaemu
