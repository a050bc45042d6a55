// Where FTP data connections are awaited. Written by FTP inspection; the connections subsystem lets in
// what comes through them.
#pragma once

#include "model/base/aging_table.hpp"
#include "model/base/ip_address.hpp"
#include "model/base/values.hpp"
#include "model/state/connection_table.hpp"

namespace asaemu {

/// A data connection to come: from whom, and where to. Its source port is not known beforehand.
struct FtpDataFlow {
  IpAddress from;
  IpAddress to;
  Port port;
  friend bool operator==(const FtpDataFlow&, const FtpDataFlow&) = default;
};

struct FtpDataFlowHash {
  std::uint64_t operator()(const FtpDataFlow& flow) const {
    const KeyHash<IpAddress> hash;
    return combine_hash(combine_hash(hash(flow.from), flow.port.value), hash(flow.to));
  }
};

struct FtpPinhole {
  FtpDataFlow flow;
  ConnectionId control;  ///< the connection on which it was agreed
};

/// The default of the option `ftp-pinhole-limit` (inferred).
inline constexpr std::size_t kFtpPinholeBound = 10000;
/// How long a pinhole waits, as the option `ftp-pinhole-timeout` has it by default (inferred).
inline constexpr SimDuration kFtpPinholeLife = std::chrono::seconds(30);

using FtpPinholes = AgingTable<FtpDataFlow, FtpPinhole, FtpDataFlowHash>;

}  // namespace asaemu
