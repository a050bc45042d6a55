// What the transport of a `secure` syslog server is told: the names of its reference identity.
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace asaemu;
using asaemu::test::Bench;

namespace {

class Sink final : public Outlet {
 private:
  void transmit(std::span<const char> /*bytes*/, std::span<const Line> lines) override {
    for (const Line& line : lines) count_sent(line, 0);
  }
};

/// Writes down what it is asked for.
class Provider final : public OutletProvider {
 public:
  Outlet& outlet_for(std::string_view /*device*/, const LogHostSpec& host) override {
    asked.push_back(fmt::format("{} {} [{}]", to_string(host.address),
                                host.secure ? "secure" : "plain", fmt::join(host.identities, " ")));
    return sink_;
  }
  std::vector<std::string> asked;

 private:
  Sink sink_;
};

/// A device and what its logging hosts were.
struct Secure {
  explicit Secure(const std::string& config) : counts(Bench::catalogue().size(), 0) {
    DeviceSpec spec;
    spec.name = "fw-test";
    spec.platform = find_platform("ASA5525");
    spec.config = std::string(asaemu::test::kBenchConfig) + "no logging host inside 10.0.0.50\n";
    spec.config += config;
    spec.start = *parse_calendar("2026-11-20T08:00:00Z");
    for (const OptionDef& option : registry().options()) {
      spec.options.set(option.field.name, *parse_field(option.field, option.otherwise));
    }
    device = std::make_unique<Device>(std::move(spec),
                                      DeviceEnvironment{.catalogue = &Bench::catalogue(),
                                                        .scheduler = &scheduler,
                                                        .outlets = &provider,
                                                        .message_counts = counts.data()});
    provider.asked.clear();
    device->boot(kStart);
  }
  /// What the device answers, and what was asked for since the last call.
  std::string type(const std::vector<std::string>& lines) {
    provider.asked.clear();
    return device->type_lines(kStart, lines).text;
  }

  Provider provider;
  Scheduler scheduler;
  std::vector<std::uint64_t> counts;
  std::unique_ptr<Device> device;
};

using Asked = std::vector<std::string>;

}  // namespace

TEST_CASE("a secure host has the names of its reference identity wherever that stands") {
  const std::string host = "logging host inside 10.0.0.51 6/6514 secure reference-identity siem\n";
  const std::string identity =
      "crypto ca reference-identity siem\n dns-id a.example\n cn-id b.example\n"
      " srv-id _syslog.c.example\n uri-id syslog://d.example\n dns-id a.example\n";
  const auto expected = Asked{"10.0.0.50 plain []", "10.0.0.51 secure [a.example b.example]"};
  CHECK(Secure(host + identity).provider.asked == expected);
  CHECK(Secure(identity + host).provider.asked == expected);
}

TEST_CASE("a host without an identity that exists asks for no name") {
  CHECK(Secure("logging host inside 10.0.0.51 6/6514 secure\n").provider.asked ==
        Asked{"10.0.0.50 plain []", "10.0.0.51 secure []"});
  CHECK(
      Secure("logging host inside 10.0.0.51 6/6514 secure reference-identity x\n").provider.asked ==
      Asked{"10.0.0.50 plain []", "10.0.0.51 secure []"});
}

TEST_CASE("names can be taken back and a change reaches a host that is configured again") {
  Secure secure("crypto ca reference-identity siem\n dns-id a.example\n");
  secure.type({"conf t", "crypto ca reference-identity siem", "no dns-id a.example",
               "no dns-id never.example", "dns-id b.example", "exit",
               "logging host inside 10.0.0.51 6/6514 secure reference-identity siem"});
  CHECK(secure.provider.asked == Asked{"10.0.0.51 secure [b.example]"});
  secure.type({"conf t", "no crypto ca reference-identity siem", "no logging host inside 10.0.0.51",
               "logging host inside 10.0.0.51 6/6514 secure reference-identity siem"});
  CHECK(secure.provider.asked == Asked{"10.0.0.51 secure []"});
  CHECK(secure.type({"conf t", "no crypto ca reference-identity siem"})
            .find("ERROR: There is no reference identity siem") != std::string::npos);
}

TEST_CASE("what could not be one host name is refused") {
  Secure secure("");
  for (const char* wrong : {",", "a.example,b.example", "a/b"}) {
    CHECK(
        secure.type({"conf t", "crypto ca reference-identity siem", std::string("dns-id ") + wrong})
            .find("ERROR: ") != std::string::npos);
  }
  CHECK(secure.type({"conf t", "crypto ca reference-identity siem", "dns-id *.logs-1.example"})
            .find("ERROR: ") == std::string::npos);
}

TEST_CASE("there are 64 reference identities with 32 names each and no more") {
  Secure secure("");
  const auto refused = [&](const std::vector<std::string>& lines) {
    return secure.type(lines).find("ERROR: At most") != std::string::npos;
  };
  for (int i = 0; i < 64; ++i) {
    CHECK_FALSE(refused({"conf t", fmt::format("crypto ca reference-identity id-{}", i)}));
  }
  CHECK(refused({"conf t", "crypto ca reference-identity id-64"}));
  CHECK_FALSE(refused({"conf t", "crypto ca reference-identity id-0"}));
  for (int i = 0; i < 32; ++i) {
    CHECK_FALSE(refused(
        {"conf t", "crypto ca reference-identity id-0", fmt::format("dns-id h{}.example", i)}));
  }
  CHECK(refused({"conf t", "crypto ca reference-identity id-0", "cn-id h32.example"}));
  CHECK_FALSE(refused({"conf t", "crypto ca reference-identity id-0", "cn-id h31.example"}));
}
