#include "model/base/values.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace asaemu {
namespace {

template <class Write>
std::string printed(Write&& write) {
  std::array<char, kPrintedValueMax> buffer;
  return {buffer.data(), write(buffer.data())};
}

TEST_CASE("a MAC address reads in three notations and prints in Cisco's") {
  const MacAddress mac{0x0016'A421'94EF};
  CHECK(MacAddress::parse("0016.a421.94ef") == mac);
  CHECK(MacAddress::parse("00:16:A4:21:94:EF") == mac);
  CHECK(MacAddress::parse("00-16-a4-21-94-ef") == mac);
  CHECK(printed([&](char* out) { return mac.write(out); }) == "0016.a421.94ef");
  CHECK(printed([&](char* out) { return MacAddress{}.write(out); }) == "0000.0000.0000");
}

TEST_CASE("what only looks like a MAC address is refused") {
  for (const auto* text :
       {"", "0016.a421.94e", "0016.a421.94efa", "0016:a421:94ef", "0016.a42g.94ef",
        "00.16.a4.21.94.ef", "00:16:a4:21:94", "001.6a421.94ef"}) {
    INFO(text);
    CHECK_FALSE(MacAddress::parse(text));
  }
}

TEST_CASE("protocols have names in both cases, and numbers where the ASA has no name") {
  CHECK(IpProtocol::parse("tcp") == kProtocolTcp);
  CHECK(IpProtocol::parse("UDP") == kProtocolUdp);
  CHECK(IpProtocol::parse("6") == kProtocolTcp);
  CHECK(IpProtocol::parse("255") == IpProtocol{255});
  CHECK_FALSE(IpProtocol::parse("256"));
  CHECK_FALSE(IpProtocol::parse("6x"));
  CHECK_FALSE(IpProtocol::parse(""));
  CHECK(printed([](char* out) { return kProtocolIp.write(out, false); }) == "ip");
  CHECK(printed([](char* out) { return kProtocolEsp.write(out, true); }) == "ESP");
  CHECK(printed([](char* out) { return IpProtocol{254}.write(out, true); }) == "254");
}

TEST_CASE("every protocol reads back as it prints, in at most eight bytes") {
  for (unsigned number = 0; number < 256; ++number) {
    const IpProtocol protocol{static_cast<std::uint8_t>(number)};
    for (const bool upper : {false, true}) {
      const auto text = printed([&](char* out) { return protocol.write(out, upper); });
      CHECK(text.size() <= 8);
      CHECK(IpProtocol::parse(text) == protocol);
    }
  }
}

TEST_CASE("an activation key prints its five words without padding") {
  const ActivationKey key{{0x5b0349c2, 0x55b93067, 0x1395643, 0xc48b41fb, 0x373ecb2}};
  const std::string text = "0x5b0349c2 0x55b93067 0x1395643 0xc48b41fb 0x373ecb2";
  CHECK(printed([&](char* out) { return key.write(out); }) == text);
  CHECK(ActivationKey::parse(text) == key);
  CHECK(ActivationKey::parse("5b0349c2 55b93067 1395643 c48b41fb 373ecb2") == key);
}

TEST_CASE("what is not five hex words is no activation key") {
  for (const auto* text :
       {"", "0x1 0x2 0x3 0x4", "0x1 0x2 0x3 0x4 0x5 0x6", "0x1  0x2 0x3 0x4 0x5",
        "0x1 0x2 0x3 0x4 0x5 ", "0x1 0x2 0x3 0x4 0x123456789", "0x1 0x2 0x3 0x4 x"}) {
    INFO(text);
    CHECK_FALSE(ActivationKey::parse(text));
  }
}

TEST_CASE("releases are read in both notations and ordered by number, not by text") {
  CHECK(Release::parse("9.20") == Release{9, 20, 0, 0});
  CHECK(Release::parse("9.8(2)32") == Release{9, 8, 2, 32});
  CHECK(Release::parse("9.8(2)") == Release{9, 8, 2, 0});
  CHECK(Release::parse("9.16.4.7") == Release{9, 16, 4, 7});
  CHECK(*Release::parse("9.8") < *Release::parse("9.14"));
  CHECK(*Release::parse("9.8(2)") < *Release::parse("9.8(2)32"));
  CHECK(*Release::parse("8.4(7)") < *Release::parse("9.0"));
}

TEST_CASE("what is not a release is refused") {
  for (const auto* text : {"", "9", "9.", ".9", "9.x", "9.8(", "9.8()", "9.8(2", "9.8(2)x",
                           "9.8.1.2.3", "v9.8", "9.8 "}) {
    INFO(text);
    CHECK_FALSE(Release::parse(text));
  }
}

TEST_CASE("lengths of time print as hours, minutes and seconds") {
  const auto hms = [](std::int64_t seconds) {
    return printed([&](char* out) { return write_hms(out, seconds); });
  };
  CHECK(hms(0) == "0:00:00");
  CHECK(hms(-1) == "0:00:00");
  CHECK(hms(352) == "0:05:52");
  CHECK(hms(3599) == "0:59:59");
  CHECK(hms(3600) == "1:00:00");
  CHECK(hms(97'201) == "27:00:01");
  CHECK(hms(std::numeric_limits<std::int64_t>::max() / 1'000'000'000) == "2562047:47:16");
}

}  // namespace
}  // namespace asaemu
