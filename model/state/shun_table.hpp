// The shun database. Written by the shun subsystem.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/time.hpp"
#include "model/state/interface_table.hpp"

namespace asaemu {

/// A shunned source. The 4-tuple names one connection to be torn down; the block is always the
/// source's (asa-behaviour B.1).
struct Shun {
  IpAddress source;
  IpAddress destination;  ///< 0.0.0.0 if not given
  Port source_port;
  Port destination_port;
  IpProtocol protocol;  ///< 0 if not given
  std::uint16_t vlan = 0;
  InterfaceId interface = kNoInterface;  ///< where the source is blocked
  SimTime added;
  std::uint64_t packets = 0;  ///< dropped because of this shun
};

/// The most shuns a device holds; an ASA is bounded by its memory alone, whose amount is not
/// documented. The device option `shun-limit` lowers it.
inline constexpr std::size_t kShunBound = 65536;

/// One entry a source, in the order they were added.
using ShunTable = BoundedTable<IpAddress, Shun>;

}  // namespace asaemu
