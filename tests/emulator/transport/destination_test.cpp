#include "emulator/transport/destination.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

using Kind = Destination::Kind;

std::string complaint_about(std::string_view text) {
  std::string complaint;
  REQUIRE_FALSE(Destination::parse(text, complaint));
  return complaint;
}

constexpr const char* kForms =
    "expected udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, file:PATH, pcap:PATH, stdout:, "
    "null: or sink:";

}  // namespace

TEST_CASE("each form of a destination is read and prints back") {
  const std::vector<std::pair<std::string, Destination>> forms{
      {"udp://127.0.0.1:514", {Kind::kUdp, {"127.0.0.1", 514}, "", true}},
      {"udp://h:514?lf=off", {Kind::kUdp, {"h", 514}, "", false}},
      {"udp://h:514?offload=off",
       {Kind::kUdp, {"h", 514}, "", true, 4, false, {}, false, {}, false}},
      {"udp://h:514?lf=off&offload=off",
       {Kind::kUdp, {"h", 514}, "", false, 4, false, {}, false, {}, false}},
      {"tcp://[::1]:1470", {Kind::kTcp, {"::1", 1470}, "", true}},
      {"file:/var/log/a b?c", {Kind::kFile, {}, "/var/log/a b?c", true}},
      {"tcp://h:1470?channels=1&framing=octet", {Kind::kTcp, {"h", 1470}, "", true, 1, true}},
      {"tls://h:6514", {Kind::kTls, {"h", 6514}, "", true}},
      {"tls://h:6514?ca=a.pem&cert=b.pem&key=c.pem&name=x.example&tls=1.2&insecure=on",
       {Kind::kTls,
        {"h", 6514},
        "",
        true,
        4,
        false,
        {"a.pem", "b.pem", "c.pem", "x.example", TlsSettings::Version::k12, true}}},
      {"pcap:x.pcap", {Kind::kPcap, {}, "x.pcap", true}},
      {"stdout:", {Kind::kStandardOutput, {}, "", true}},
      {"null:", {Kind::kNull, {}, "", true}},
      {"sink:", {Kind::kSink, {}, "", true}}};
  for (const auto& [text, expected] : forms) {
    std::string complaint;
    const auto read = Destination::parse(text, complaint);
    INFO(text << ": " << complaint);
    REQUIRE(read);
    CHECK(*read == expected);
    CHECK(to_string(*read) == text);
  }
}

TEST_CASE("the line feed of datagrams is on unless it is turned off") {
  std::string complaint;
  CHECK(Destination::parse("udp://h:514", complaint)->line_feed);
  CHECK(Destination::parse("udp://h:514?lf=on", complaint)->line_feed);
  CHECK_FALSE(Destination::parse("udp://h:514?lf=off", complaint)->line_feed);
  CHECK(complaint_about("udp://h:514?lf=no") ==
        "destination 'udp://h:514?lf=no': lf is on or off, not 'no'");
  CHECK(complaint_about("udp://h:514?offload=no") ==
        "destination 'udp://h:514?offload=no': offload is on or off, not 'no'");
  CHECK(complaint_about("udp://h:514?gso=off").ends_with("expected lf, offload"));
  CHECK(complaint_about("tcp://h:514?lf=off") ==
        "destination 'tcp://h:514?lf=off': unknown option 'lf'; expected channels, framing, proxy");
  CHECK(Destination::parse("tcp://h:514?proxy=v2", complaint)->proxy);
  CHECK(to_string(*Destination::parse("tcp://h:514?proxy=v2", complaint)) ==
        "tcp://h:514?proxy=v2");
  CHECK(complaint_about("tcp://h:514?proxy=v1").ends_with("proxy is v2, not 'v1'"));
}

TEST_CASE("options of a destination that are wrong are told what would be right") {
  CHECK(complaint_about("tcp://h:1?channels=0") ==
        "destination 'tcp://h:1?channels=0': '0' is not a number of channels; expected 1 to 64");
  CHECK(complaint_about("tcp://h:1?channels=65").ends_with("expected 1 to 64"));
  CHECK(complaint_about("tcp://h:1?framing=crlf").ends_with("framing is lf or octet, not 'crlf'"));
  CHECK(complaint_about("tls://h:1?tls=1.1").ends_with("tls is 1.2 or 1.3, not '1.1'"));
  CHECK(complaint_about("tls://h:1?ca=").ends_with("ca has no value"));
  CHECK(complaint_about("tls://h:1?verify")
            .ends_with(
                "unknown option 'verify'; expected channels, framing, proxy, ca, cert, key, name, "
                "tls, insecure"));
  std::string complaint;
  CHECK(Destination::parse("tls://h:1?insecure", complaint)->tls.insecure);
  CHECK(Destination::parse("tls://h:1?name=a.example,b.example", complaint)->tls.name ==
        "a.example,b.example");
  CHECK(Destination::parse("tls://h:1?name=192.0.2.1", complaint)->tls.name == "192.0.2.1");
  CHECK(complaint_about("tls://h:1?name=").ends_with("name has no value"));
  for (const char* wrong :
       {",", "a.example,", ",a.example", "a.example,,b.example", "a.example,192.0.2.1"}) {
    CHECK(complaint_about(std::string("tls://h:1?name=") + wrong)
              .ends_with("name is an address, or host names with commas between them, not '" +
                         std::string(wrong) + "'"));
  }
}

TEST_CASE("a malformed destination is told what would be right") {
  CHECK(complaint_about("") == std::string{"destination '': there is no colon; "} + kForms);
  CHECK(complaint_about("stdout") ==
        std::string{"destination 'stdout': there is no colon; "} + kForms);
  CHECK(complaint_about("127.0.0.1:514") ==
        std::string{"destination '127.0.0.1:514': '127.0.0.1:' is not a kind of destination; "} +
            kForms);
  CHECK(complaint_about("udp:h:514") ==
        "destination 'udp:h:514': two slashes are missing; expected udp://HOST:PORT");
  CHECK(complaint_about("udp://h") ==
        "destination 'udp://h': the port is missing; expected h:PORT");
  CHECK(complaint_about("file:") == "destination 'file:': the path is missing; expected file:PATH");
  CHECK(complaint_about("pcap:") == "destination 'pcap:': the path is missing; expected pcap:PATH");
  CHECK(complaint_about("null:x") ==
        "destination 'null:x': 'x' does not belong there; expected null:");
}
