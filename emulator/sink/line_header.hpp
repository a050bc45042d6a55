// What a collector reads of a line: its tag, and who sent it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace asaemu {

/// The front of a line: `<166>Nov 07 2013 09:59:27 fw-edge : %ASA-6-605005`.
struct LineHeader {
  std::optional<std::uint32_t> id;  ///< of `%ASA-[class-]n-NNNNNN`; nullopt if there is no tag
  std::string_view device;          ///< the device-id; empty if there is none
};

/// Reads a line from anyone: nothing about it is trusted.
LineHeader read_header(std::string_view line);

}  // namespace asaemu
