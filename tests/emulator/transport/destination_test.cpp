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
    "expected udp://HOST:PORT, tcp://HOST:PORT, file:PATH, stdout:, null: or sink:";

}  // namespace

TEST_CASE("each form of a destination is read and prints back") {
  const std::vector<std::pair<std::string, Destination>> forms{
      {"udp://127.0.0.1:514", {Kind::kUdp, {"127.0.0.1", 514}, "", true}},
      {"udp://h:514?lf=off", {Kind::kUdp, {"h", 514}, "", false}},
      {"tcp://[::1]:1470", {Kind::kTcp, {"::1", 1470}, "", true}},
      {"file:/var/log/a b?c", {Kind::kFile, {}, "/var/log/a b?c", true}},
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
        "destination 'udp://h:514?lf=no': unknown option '?lf=no'; expected ?lf=on or ?lf=off");
  CHECK(complaint_about("tcp://h:514?lf=off") ==
        "destination 'tcp://h:514?lf=off': unknown option '?lf=off'; tcp:// takes ?proxy=v2, and "
        "LF always ends its lines");
  CHECK(Destination::parse("tcp://h:514?proxy=v2", complaint)->proxy);
  CHECK(to_string(*Destination::parse("tcp://h:514?proxy=v2", complaint)) ==
        "tcp://h:514?proxy=v2");
}

TEST_CASE("destinations that are not built yet say so") {
  CHECK(complaint_about("tls://h:6514") ==
        "destination 'tls://h:6514': tls:// is not supported yet; expected tcp://HOST:PORT or "
        "udp://HOST:PORT");
  CHECK(complaint_about("pcap:/tmp/x") ==
        "destination 'pcap:/tmp/x': pcap: is not supported yet; expected file:PATH");
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
  CHECK(complaint_about("null:x") ==
        "destination 'null:x': 'x' does not belong there; expected null:");
}
