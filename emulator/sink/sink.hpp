// The collector that ships with the program: `asaemu sink`.
#pragma once

#include "emulator/sink/listen_address.hpp"
#include "model/base/time.hpp"

#include <vector>

namespace asaemu {

/// What `asaemu sink` is told.
struct SinkOptions {
  std::vector<ListenAddress> listen;   ///< at least one
  std::string certificate;             ///< PEM file for tls; a tls listener needs one
  std::string key;                     ///< PEM file; in the certificate's file if empty
  std::string authorities;             ///< PEM file; clients of tls need a certificate if given
  std::string write;                   ///< file for the lines; none if empty
  std::string report;                  ///< file for the JSON report; none if empty
  std::string counter;                 ///< file for the number of messages so far; none if empty
  bool quiet = false;                  ///< lines are not printed on standard output
  bool gro = false;                    ///< of udp: Collector::use_gro()
  std::optional<std::uint64_t> count;  ///< ends after so many messages; at least 1
  std::optional<SimDuration> idle;     ///< ends after so long without a message
  std::optional<SimDuration> duration;
};

/// Receives until an end that the options name, SIGINT or SIGTERM, and reports. Returns the
/// program's exit code: 0; 1 if idle or duration came before count; 3 if it could not listen or
/// write.
int run_sink(const SinkOptions& options);

}  // namespace asaemu
