#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;
using test::Bench;

namespace {

const std::string kStrict = std::string(test::kBenchConfig) +
                            "logging trap debugging\n"
                            "tcp-map strict\n exceed-mss drop\n"
                            "class-map all\n match any\n"
                            "policy-map p\n class all\n  set connection advanced-options strict\n"
                            "service-policy p global\n";

using Fields = std::vector<std::pair<std::string, std::string>>;

Bench& from_client(Bench& bench, const std::string& flags, Fields more = {}) {
  Fields fields{{"proto", "tcp"},   {"src", "10.0.0.5"}, {"dst", "198.51.100.80"},
                {"sport", "40000"}, {"dport", "80"},     {"flags", flags}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}

Bench& from_server(Bench& bench, const std::string& flags, Fields more = {}) {
  Fields fields{{"proto", "tcp"}, {"src", "198.51.100.80"}, {"dst", "10.0.0.5"},
                {"sport", "80"},  {"dport", "40000"},       {"flags", flags}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("outside", fields);
}

void handshake(Bench& bench, const std::string& client_mss) {
  from_client(bench, "syn", {{"mss", client_mss}});
  from_server(bench, "syn+ack", {{"mss", "1460"}});
  from_client(bench, "ack");
}

const std::string kFromServer =
    "Dropping TCP packet from outside:198.51.100.80/80 to inside:10.0.0.5/40000, reason: MSS "
    "exceeded, MSS ";

}  // namespace

TEST_CASE("a segment above what its receiver takes is dropped, one of that size passes") {
  Bench bench(kStrict);
  handshake(bench, "1000");
  from_server(bench, "ack", {{"length", "1040"}}).expect_nothing();
  from_server(bench, "ack", {{"length", "1041"}}).expect(419001, kFromServer + "1000, data 1001");
}

TEST_CASE("the device lets the ends agree on no more than tcpmss") {
  Bench bench(kStrict);
  handshake(bench, "1460");
  from_server(bench, "ack", {{"length", "1420"}}).expect_nothing();
  from_server(bench, "ack", {{"length", "1421"}}).expect(419001, kFromServer + "1380, data 1381");
  Bench tighter(kStrict + "sysopt connection tcpmss 1200\n");
  handshake(tighter, "1460");
  from_server(tighter, "ack", {{"length", "1241"}}).expect(419001, kFromServer + "1200, data 1201");
}

TEST_CASE("without a tcp-map large segments pass") {
  Bench bench(std::string(test::kBenchConfig) + "logging trap debugging\n");
  handshake(bench, "1000");
  from_server(bench, "ack", {{"length", "1500"}}).expect_nothing();
}

TEST_CASE("a second SYN is reported if its sequence number is another one") {
  Bench bench;
  from_client(bench, "syn", {{"seq", "7"}}).expect_nothing();
  from_client(bench, "syn", {{"seq", "7"}}).expect_nothing();
  from_client(bench, "syn", {{"seq", "8"}})
      .expect(419002,
              "Duplicate TCP SYN from inside:10.0.0.5/40000 to outside:198.51.100.80/80 with "
              "different initial sequence number");
  from_server(bench, "syn+ack");
  from_client(bench, "ack");
  from_client(bench, "syn", {{"seq", "9"}}).expect_nothing();
}

TEST_CASE("urgent flags are cleared unless a tcp-map allows them") {
  Bench bench;
  from_client(bench, "syn");
  from_client(bench, "ack+urg")
      .expect(419003,
              "Cleared TCP urgent flag from inside:10.0.0.5/40000 to outside:198.51.100.80/80");
  bench.advance(10s - 1ns);
  from_client(bench, "ack+urg").expect_nothing();
  bench.advance(1ns);
  from_client(bench, "ack+urg")
      .expect(419003,
              "Cleared TCP urgent flag from inside:10.0.0.5/40000 to outside:198.51.100.80/80");
  Bench allowing(kStrict + "tcp-map strict\n urgent-flag allow\n");
  from_client(allowing, "syn");
  from_client(allowing, "ack+urg").expect_nothing();
}

TEST_CASE("an urgent pointer without its flag is cleared in any case") {
  Bench bench(kStrict);
  from_client(bench, "syn");
  from_client(bench, "ack", {{"urgent-pointer", "17"}})
      .expect_line("<167>%ASA-7-419003: Cleared TCP urgent flag.");
  bench.advance(10s);
  from_client(bench, "ack", {{"urgent-pointer", "0"}}).expect_nothing();
}

TEST_CASE("a check of a tcp-map can be taken back") {
  Bench bench(kStrict);
  handshake(bench, "1000");
  bench.commands({"conf t", "tcp-map strict", "no exceed-mss drop"});
  CHECK(bench.output().empty());
  from_server(bench, "ack", {{"length", "1041"}}).expect_nothing();
}
