#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::Release;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

/// A backup of 10.0.0.5 that met its main server ten seconds after booting.
class BackupBench {
 public:
  explicit BackupBench(Release release = Release{})
      : bench(std::string(kBenchConfig) +
                  "license-server address 10.0.0.5 secret topsecret\n"
                  "license-server backup enable inside\n",
              {}, release) {
    bench.advance(10s).expect_nothing();
  }
  void main(const char* state) {
    bench.world("licence-server", {{"licence-server", "10.0.0.5"}, {"state", state}});
  }
  void expect_role(const char* role) {
    bench.expect(444109, fmt::format("Shared license backup server role change to {}.", role));
  }
  void expect_days(int left) {
    bench.expect(444110, fmt::format("Shared license server backup has {} day(s) remaining as "
                                     "active license server.",
                                     left));
  }
  void expect_end(int away) {
    bench.expect(444111,
                 fmt::format("Shared license backup service has been terminated due to the primary "
                             "license server 10.0.0.5 being unavailable for more than {} days. The "
                             "License server needs to be brought back on-line to continue using "
                             "shared licensing.",
                             away));
  }

  void expect_pool() {
    bench.expect(444104, "Shared AnyConnect Premium license availability: 500.");
  }

  Bench bench;
};

}  // namespace

TEST_CASE("a backup takes over when the main server has been silent for long enough") {
  BackupBench test;
  test.bench.advance(5s);
  test.main("down");
  test.bench.advance(25s - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_role("active");
  test.expect_days(5);
  test.expect_pool();
  test.bench.expect_nothing();
}

TEST_CASE("a main server that is back in time is not replaced") {
  BackupBench test;
  test.main("down");
  test.bench.advance(30s - 1ns);
  test.main("up");
  test.bench.advance(1h).expect_nothing();
}

TEST_CASE("the main server takes its role back at the next synchronisation") {
  BackupBench test;
  test.main("down");
  test.bench.advance(30s);
  test.expect_role("active");
  test.expect_days(5);
  test.expect_pool();
  test.bench.world("licence-client", {{"licence-client", "JMX1"}, {"sessions", "60"}})
      .expect(444108, "Shared license registered client id JMX1.")
      .expect(444104, "Shared AnyConnect Premium license availability: 400.");
  test.bench.advance(3s);
  test.main("up");
  test.bench.advance(7s - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_role("inactive");
  test.bench.advance(days(1)).expect_nothing();
}

TEST_CASE("a new backup serves for five days") {
  BackupBench test;
  test.main("down");
  test.bench.advance(30s);
  test.expect_role("active");
  test.expect_days(5);
  test.expect_pool();
  test.bench.advance(days(5) - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_end(5);
  test.expect_role("inactive");
  test.bench.advance(days(50)).expect_nothing();
}

TEST_CASE("a backup that has gained thirty days reports when fifteen are left") {
  BackupBench test;
  test.bench.advance(days(60));
  test.main("down");
  test.bench.advance(30s);
  test.expect_role("active");
  test.expect_days(30);
  test.expect_pool();
  test.bench.advance(days(15) - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_days(15);
  test.bench.advance(days(15));
  test.expect_end(30);
  test.expect_role("inactive");
  // The main server returns, and the allowance grows again from nothing.
  test.main("up");
  test.bench.advance(10s + days(3)).expect_nothing();
  test.main("down");
  test.bench.advance(30s);
  test.expect_role("active");
  test.expect_days(3);
  test.expect_pool();
}

TEST_CASE("a used-up backup does not take over again before it has gained anything") {
  BackupBench test;
  test.main("down");
  test.bench.advance(30s + days(5));
  test.expect_role("active");
  test.expect_days(5);
  test.expect_pool();
  test.expect_end(5);
  test.expect_role("inactive");
  test.bench.command("reload noconfirm").advance(1h).expect_nothing();
}

TEST_CASE("a backup that never met its main server never takes over") {
  BackupBench test;
  Bench fresh;
  fresh.world("licence-server", {{"licence-server", "10.0.0.5"}, {"secret", "other"}});
  fresh
      .commands({"conf t", "license-server address 10.0.0.5 secret topsecret",
                 "license-server backup enable inside"})
      .expect(444107, "Shared license service enabled on interface inside.");
  fresh.advance(1h).expect_nothing();
}

TEST_CASE("a backup keeps its allowance over a reload and takes over after it") {
  BackupBench test;
  test.bench.advance(days(10));
  test.main("down");
  test.bench.command("reload noconfirm").advance(3min + 30s);
  test.expect_role("active");
  test.expect_days(15);
  test.expect_pool();
}

TEST_CASE("a backup that is switched off stands down") {
  BackupBench test;
  test.main("down");
  test.bench.advance(30s);
  test.expect_role("active");
  test.expect_days(5);
  test.expect_pool();
  test.bench.commands({"conf t", "no license-server backup enable inside"})
      .expect(444107, "Shared license service disabled on interface inside.");
  test.expect_role("inactive");
  test.bench.advance(days(40)).expect_nothing();
}

TEST_CASE("an older release has other words for the backup's role and days") {
  BackupBench test(Release{9, 8, 0, 0});
  test.main("down");
  test.bench.advance(30s)
      .expect(444109, "Shared license backup server role changed to active.")
      .expect(444110, "Shared license server backup has 5 remaining as active license server.");
  test.expect_pool();
  test.bench.advance(days(5))
      .expect(444111,
              "Shared license backup service has been terminated due to the primary license server "
              "10.0.0.5 being unavailable for more than 5 days. The license server needs to be "
              "brought back online to continue using shared licensing.")
      .expect(444109, "Shared license backup server role changed to inactive.");
}
