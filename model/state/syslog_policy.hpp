// What the state of the syslog servers does to traffic. Written by logging.
#pragma once

namespace asaemu {

struct SyslogPolicy {
  /// No new connection may pass the device: messages about it could not be kept (asa-behaviour A.6).
  bool denies_connections = false;
};

}  // namespace asaemu
