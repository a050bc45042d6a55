#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

Bench bench_with(const std::string& licence) {
  return Bench(asaemu::test::kBenchConfig, {{"srtp-licence", licence}});
}

/// The first packet of the n-th call's media.
Bench& call(Bench& bench, int number, const std::string& media = "crypto") {
  return bench.packet("inside", {{"proto", "udp"},
                                 {"src", "10.0.0.20"},
                                 {"dst", "198.51.100.31"},
                                 {"sport", fmt::format("{}", 20000 + 2 * number)},
                                 {"dport", "24002"},
                                 {"srtp", media}});
}

std::string denied(int number) {
  return fmt::format(
      "Denied SRTP crypto session setup on flow from inside:10.0.0.20/{} to "
      "outside:198.51.100.31/24002, licensed K8 SRTP crypto session limit of 250 exceeded",
      20000 + 2 * number);
}

void fill(Bench& bench) {
  for (int i = 0; i < 250; ++i) call(bench, i);
  bench.expect_nothing();
}

}  // namespace

TEST_CASE("a K8 device takes 250 SRTP calls, and denies one more once, not packet by packet") {
  auto bench = bench_with("k8");
  fill(bench);
  call(bench, 250).expect(448001, denied(250));
  call(bench, 250).expect_nothing();
  call(bench, 251).expect(448001, denied(251)).expect_nothing();
}

TEST_CASE("both directions of a call's media are one SRTP session") {
  auto bench = bench_with("k8");
  for (int i = 0; i < 249; ++i) call(bench, i);
  bench.packet("outside", {{"proto", "udp"},
                           {"src", "198.51.100.31"},
                           {"dst", "10.0.0.20"},
                           {"sport", "24002"},
                           {"dport", "20000"},
                           {"srtp", "crypto"}});
  call(bench, 249).expect_nothing();
  call(bench, 250).expect(448001, denied(250));
}

TEST_CASE("SRTP that passes through is not counted") {
  auto bench = bench_with("k8");
  fill(bench);
  for (int i = 250; i < 300; ++i) call(bench, i, "pass-through");
  bench.expect_nothing();
}

TEST_CASE("an SRTP session is free again when its media have been idle for the UDP timeout") {
  auto bench = bench_with("k8");
  fill(bench);
  bench.advance(2min - 1ns);
  call(bench, 250).expect(448001, denied(250));
  bench.advance(1ns);
  call(bench, 251).expect_nothing();
}

TEST_CASE("a K9 device has no limit of SRTP sessions") {
  auto bench = bench_with("k9");
  for (int i = 0; i < 300; ++i) call(bench, i);
  bench.expect_nothing();
}
