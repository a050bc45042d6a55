#include "model/state/dns_message.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;

namespace {

using Kind = DnsLengthFault::Kind;

/// A whole message with this question.
DnsMessage question(std::string_view name) {
  DnsMessage message;
  message.name = name;
  message.length = dns_message_size(name);
  return message;
}

std::string label(std::size_t size) {
  return std::string(size, 'a');
}

bool holds(const std::string& line, const DnsMessage& message) {
  const InspectMaps maps;
  const InspectMatch match{false, split_words(line), 0};
  INFO(line);
  REQUIRE(dns_criterion_rank(match.words).has_value());
  const auto result = dns_criterion_holds(maps, match, message);
  REQUIRE(result.has_value());
  return *result;
}

}  // namespace

TEST_CASE("a DNS message is as long as its header and its question") {
  CHECK(dns_message_size("") == 17);
  CHECK(dns_message_size("example.com") == 12 + 13 + 4);
}

TEST_CASE("a label has at most 63 bytes") {
  const std::string good = label(63) + ".example.com";
  CHECK_FALSE(check_dns_name(question(good)).has_value());
  const std::string bad = "www." + label(64) + ".example.com";
  const auto fault = check_dns_name(question(bad));
  REQUIRE(fault.has_value());
  CHECK(fault->kind == Kind::kLabel);
  CHECK(fault->length == 64);
  CHECK(fault->limit == 63);
}

TEST_CASE("a name has at most 255 bytes") {
  // 4 * 64 and the root are 257; with 61 for the last label 255.
  const std::string three = label(63) + "." + label(63) + "." + label(63) + ".";
  const std::string good = three + label(61);
  CHECK_FALSE(check_dns_name(question(good)).has_value());
  const std::string bad = three + label(62);
  const auto fault = check_dns_name(question(bad));
  REQUIRE(fault.has_value());
  CHECK(fault->kind == Kind::kName);
  CHECK(fault->length == 256);
  CHECK(fault->limit == 255);
}

TEST_CASE("a label ends with the message at the latest") {
  const std::string name = "www." + label(46);
  DnsMessage message = question(name);
  message.length = 12 + 4 + 1 + 46;
  CHECK_FALSE(check_dns_name(message).has_value());
  --message.length;
  const auto fault = check_dns_name(message);
  REQUIRE(fault.has_value());
  CHECK(fault->kind == Kind::kLabelBeyondPacket);
  CHECK(fault->length == 46);
  CHECK(fault->limit == 45);
  message.length = 3;
  CHECK(check_dns_name(message)->limit == 0);
}

TEST_CASE("types and classes and flags of DNS have names and numbers") {
  CHECK(parse_dns_type("AXFR") == 252);
  CHECK(parse_dns_type("65535") == 65535);
  CHECK_FALSE(parse_dns_type("65536").has_value());
  CHECK_FALSE(parse_dns_type("").has_value());
  CHECK(parse_dns_class("in") == 1);
  CHECK(parse_dns_flags("aa+rd") == 0x0500);
  CHECK(parse_dns_flags("") == 0);
  CHECK_FALSE(parse_dns_flags("aa+xx").has_value());
}

TEST_CASE("records behind a DNS question are read with their sections") {
  const auto records = parse_dns_records("answer a, additional tsig, nonsense a, answer zz");
  REQUIRE(records.size() == 2);
  CHECK(records[0].section == DnsMessage::Section::kAnswer);
  CHECK(records[0].type == 1);
  CHECK(records[1].type == 250);
}

TEST_CASE("criteria of DNS inspection look at the message") {
  DnsMessage message = question("www.example.com");
  message.flags = DnsMessage::kQr | DnsMessage::kAa;
  message.type = 16;
  message.records = parse_dns_records("answer txt, additional opt");
  CHECK(holds("header-flag AA", message));
  CHECK(holds("header-flag QR AA", message));
  CHECK_FALSE(holds("header-flag AA RD", message));
  CHECK_FALSE(holds("header-flag eq AA", message));
  CHECK(holds("header-flag eq QR AA", message));
  CHECK(holds("header-flag 0x0400", message));
  CHECK(holds("header-flag eq 0x8400", message));
  CHECK(holds("question", message));
  CHECK(holds("dns-type eq TXT", message));
  CHECK(holds("dns-type eq 41", message));
  CHECK_FALSE(holds("dns-type eq A", message));
  CHECK(holds("dns-type range 16 20", message));
  CHECK_FALSE(holds("dns-type range 17 20", message));
  CHECK(holds("dns-class eq in", message));
  CHECK_FALSE(holds("dns-class range 2 4", message));
  CHECK(holds("resource-record answer", message));
  CHECK(holds("resource-record additional", message));
  CHECK_FALSE(holds("resource-record authority", message));
  message.records.clear();
  CHECK_FALSE(holds("dns-type eq 41", message));
}

TEST_CASE("what is no criterion of DNS inspection is known as such") {
  for (const char* const line :
       {"header-flag", "header-flag eq", "header-flag XX", "header-flag 0x10000", "question 1",
        "domain-name", "domain-name regex", "domain-name eq x", "dns-type", "dns-type eq",
        "dns-type eq zz", "dns-type range 5 4", "dns-type range 5", "dns-class eq zz",
        "resource-record", "resource-record question", "request method regex x"}) {
    INFO(line);
    CHECK_FALSE(dns_criterion_rank(split_words(line)).has_value());
  }
}
