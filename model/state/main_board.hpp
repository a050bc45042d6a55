// Which main board a chassis has: all platforms come with one but the ASA5585.
#pragma once

#include "model/state/platform.hpp"

#include <string>

namespace asaemu {

/// `ASA5525`; of an ASA5585 what its option `ssp-model` says.
inline std::string main_board(const Platform& platform, const std::string& ssp_model) {
  return platform.name == "ASA5585" ? ssp_model : std::string(platform.name);
}

}  // namespace asaemu
