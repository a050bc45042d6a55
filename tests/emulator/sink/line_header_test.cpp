#include "emulator/sink/line_header.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace asaemu;

namespace {

struct Sample {
  std::string line;
  std::optional<std::uint32_t> id;
  std::string device;
};

void check(const Sample& sample) {
  INFO(sample.line);
  const auto header = read_header(sample.line);
  CHECK(header.id == sample.id);
  CHECK(header.device == sample.device);
}

}  // namespace

TEST_CASE("the id and the device-id of every header form are read") {
  check({"<166>%ASA-6-302020: Built", 302020, ""});
  check({"%ASA-4-106023: Deny", 106023, ""});
  check({"<164>HQ-FW : %ASA-4-106023: Deny", 106023, "HQ-FW"});
  check({"HQ-ASA5585 : %ASA-4-106023: Deny", 106023, "HQ-ASA5585"});
  check({"<166>Nov 07 2013 09:59:27: %ASA-6-605005: Login", 605005, ""});
  check({"<190>Mar 03 2023 09:01:16 sac-firewall : %ASA-6-113004: AAA", 113004, "sac-firewall"});
  check({"<166>2024-06-26T01:35:42Z: %ASA-6-113008: AAA", 113008, ""});
  check({"<166>2018-06-27T12:17:46Z asa : %ASA-6-110002: Failed", 110002, "asa"});
  check({"Jul 15 13:38:14 216.160.83.56 : %ASA-6-302013: Built", 302013, "216.160.83.56"});
  check({"<164>2001:db8::1 : %ASA-4-401004: Shunned", 401004, "2001:db8::1"});
}

TEST_CASE("an EMBLEM header has a class and no device-id") {
  check({"<166>:Jan 15 02:19:08 MSK: %ASA-sys-6-605005: Login", 605005, ""});
  check({"<166>:%ASA-session-6-302015: Built", 302015, ""});
  check({"<166>:: %ASA-auth-6-113005: AAA", 113005, ""});
  check({"%ASA-vpn-4-402124", 402124, ""});
}

TEST_CASE("a time before a blank and a colon is not a device-id") {
  check({"<166>Nov 07 2013 09:59:27 : %ASA-6-605005: Login", 605005, ""});
}

TEST_CASE("a name that could harm a terminal or is too long is not a device-id") {
  check({"<164>\x1b[2J : %ASA-4-401004: Shunned", 401004, ""});
  check({std::string(64, 'a') + " : %ASA-4-401004: x", 401004, std::string(64, 'a')});
  check({std::string(65, 'a') + " : %ASA-4-401004: x", 401004, ""});
}

TEST_CASE("a line without a whole tag has no id") {
  for (const auto* text :
       {"", "hello", "%ASA-", "%ASA-4", "%ASA-4-", "%ASA-4-40100", "%ASA-4-4010045: x",
        "%ASA-8-401004: x", "%ASA-44-401004: x", "%ASA-VPN-4-402124: x", "%ASA--4-401004: x",
        "%ASA-vpn-402124: x", "%PIX-4-401004: x", "%ASA-4-40100x: x"}) {
    check({text, std::nullopt, ""});
  }
}

TEST_CASE("a broken tag does not hide the one behind it") {
  check({"relay %ASA-x: fw : %ASA-4-401004: Shunned", 401004, "fw"});
}
