// A device with a TCP syslog server and another that sees all by UDP.
#pragma once

#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace asaemu::test {

inline constexpr const char* kConfig = R"(
no logging host inside 10.0.0.50
logging host inside 10.0.0.51 6/1470
logging host inside 10.0.0.60 format emblem
)";
inline constexpr const char* kCleared = "%ASA-4-401001: Shuns cleared";

inline constexpr const char* kNotResponding =
    "TCP Syslog Server inside:10.0.0.51/1470 not responding, New connections are {} based on "
    "logging "
    "permit-hostdown policy";

/// The server 10.0.0.51 by TCP and another that sees all by UDP, in EMBLEM form.
inline Bench bench_with(const std::string& lines = {}) {
  return Bench(std::string(kBenchConfig) + kConfig + lines);
}

inline Bench& happen(Bench& bench, const std::string& state,
                     const std::string& address = "10.0.0.51") {
  return bench.world("collector", {{"collector", address}, {"state", state}});
}

/// The next line is the EMBLEM one of this tag and text.
inline Bench& expect_emblem(Bench& bench, const std::string& rest, unsigned pri) {
  return bench.expect_line(fmt::format("<{}>:{}", pri, rest));
}

inline Bench& expect_loss(Bench& bench, const std::string& decision) {
  expect_emblem(bench, "%ASA-sys-3-414003: " + fmt::format(fmt::runtime(kNotResponding), decision),
                163);
  if (decision == "denied") {
    expect_emblem(bench, "%ASA-session-3-201008: Disallowing new connections.", 163);
  }
  return bench;
}

inline std::string shown(Bench& bench, const std::string& command) {
  bench.command(command);
  return bench.output();
}

/// Whether a new connection passes from inside.
inline bool passes(Bench& bench) {
  const auto before = bench.device().tables().connections.size();
  static unsigned port = 1024;
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", "10.0.0.7"},
                          {"dst", "198.51.100.9"},
                          {"sport", std::to_string(++port)},
                          {"dport", "443"},
                          {"flags", "syn"}});
  return bench.device().tables().connections.size() == before + 1;
}

/// The identities of DESIGN section 6.
inline void check_accounts(Bench& bench) {
  const auto& account = bench.device().account();
  REQUIRE(account.logged == account.disabled + account.rate_limited + account.passed);
  for (const auto& to : account.destinations) {
    INFO(to.name);
    REQUIRE(to.seen == to.below_level + to.offered);
    REQUIRE(to.seen <= account.passed);
    REQUIRE(to.sent + to.dropped_queue + to.dropped_error <= to.offered);
  }
}

inline CollectorStatus status(CollectorStatus::State state, unsigned up,
                              CollectorStatus::Cause cause = CollectorStatus::Cause::kNone) {
  return {
      .state = state, .cause = cause, .channels = 4, .channels_up = static_cast<std::uint8_t>(up)};
}

}  // namespace asaemu::test
