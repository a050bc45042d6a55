// What a `secure` logging host makes of its destination.
#include "emulator/run/outlets.hpp"

#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;

namespace {

const IpAddress kHost = *IpAddress::parse("10.0.0.50");

/// The transport's destination, which nobody listens at.
std::string destination_of(const std::string& collector, const std::string& to, bool secure,
                           const std::vector<std::string>& identities) {
  std::string complaint;
  Plan plan;
  if (!collector.empty()) {
    plan.collectors.emplace_back(kHost, *Destination::parse(collector, complaint));
  }
  std::optional<Destination> all;
  if (!to.empty()) all = Destination::parse(to, complaint);
  Outlets outlets(plan, all, true);
  DestinationAccount account;
  outlets.outlet_for("fw", {.interface = "inside",
                            .address = kHost,
                            .tcp = true,
                            .port = Port{6514},
                            .source = {},
                            .secure = secure,
                            .identities = identities,
                            .account = &account});
  return to_string(outlets.transports().front()->destination());
}

}  // namespace

TEST_CASE("a TLS destination without a name is held against its hosts reference identity") {
  const auto port = test::free_port();
  const std::string tls = fmt::format("tls://127.0.0.1:{}", port);
  const std::vector<std::string> names{"a.example", "b.example"};
  const std::string named = tls + "?name=a.example,b.example";
  CHECK(destination_of(tls, "", true, names) == named);
  CHECK(destination_of("", tls, true, names) == named);
  CHECK(destination_of(tls, "", true, {}) == tls);
  CHECK(destination_of(tls, "", false, names) == tls);
  CHECK(destination_of(tls + "?name=c.example", "", true, names) == tls + "?name=c.example");
}

TEST_CASE("a destination that is not TLS stays as it is") {
  const std::string tcp = fmt::format("tcp://127.0.0.1:{}", test::free_port());
  CHECK(destination_of(tcp, "", true, {"a.example"}) == tcp);
  CHECK(destination_of("null:", "", true, {"a.example"}) == "null:");
  CHECK(destination_of("", "", true, {"a.example"}) == "stdout:");
}
