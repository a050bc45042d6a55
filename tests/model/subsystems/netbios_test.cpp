#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// `violation` is the line below `parameters`; without one there is no map.
Bench bench_with(const std::string& violation = "",
                 std::vector<std::pair<std::string_view, asaemu::FieldValue>> options = {}) {
  std::string config = asaemu::test::kBenchConfig;
  if (!violation.empty()) {
    config += "policy-map type inspect netbios nb\n parameters\n  " + violation + "\n";
  }
  config +=
      "access-list any extended permit ip any any\naccess-group any global\n"
      "class-map inspection_default\n match default-inspection-traffic\n"
      "policy-map global_policy\n class inspection_default\n  inspect netbios" +
      std::string(violation.empty() ? "" : " nb") + "\nservice-policy global_policy global\n";
  return Bench(config, std::move(options));
}

Bench& send(Bench& bench, const std::string& port, bool from_inside, const Fields& more) {
  Fields fields{{"proto", "udp"},
                {"src", from_inside ? "10.0.0.31" : "172.16.30.20"},
                {"dst", from_inside ? "172.16.30.20" : "10.0.0.31"},
                {"sport", port},
                {"dport", port}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet(from_inside ? "inside" : "dmz", fields);
}

/// The defaults that `more` does not override, and `more`.
Fields with(const Fields& defaults, const Fields& more) {
  Fields fields = more;
  for (const auto& each : defaults) {
    const bool is_given =
        std::ranges::any_of(more, [&](const auto& other) { return other.first == each.first; });
    if (!is_given) fields.push_back(each);
  }
  return fields;
}

Bench& ask(Bench& bench, const Fields& more) {
  return send(bench, "137", true,
              with({{"length", "78"}, {"nbns-id", "7"}, {"netbios-name", "FILESERVER"}}, more));
}

Bench& answer(Bench& bench, const std::string& id, const Fields& more = {}) {
  Fields fields{{"length", "90"}, {"nbns-response", "yes"}, {"nbns-id", id}};
  fields.insert(fields.end(), more.begin(), more.end());
  if (more.empty()) fields.emplace_back("nbns-opcode", "0");
  return send(bench, "137", false, fields);
}

/// 100 bytes of data.
Bench& datagram(Bench& bench, const Fields& more, bool from_inside = true) {
  return send(bench, "138", from_inside, with({{"length", "210"}}, more));
}

std::string ends(std::string_view port, bool from_inside = true) {
  return from_inside ? fmt::format("from inside:10.0.0.31/{0} to dmz:172.16.30.20/{0}", port)
                     : fmt::format("from dmz:172.16.30.20/{0} to inside:10.0.0.31/{0}", port);
}

}  // namespace

TEST_CASE("a name query and its answer pass and a second answer is mismatched") {
  auto bench = bench_with();
  ask(bench, {{"nbns-opcode", "0"}}).expect_nothing();
  answer(bench, "7").expect_nothing();
  answer(bench, "7")
      .expect(423002,
              "Allowed mismatched NBNS query response with unknown transaction "
              "ID " +
                  ends("137", false));
  answer(bench, "8")
      .expect(423002,
              "Allowed mismatched NBNS query response with unknown transaction "
              "ID " +
                  ends("137", false));
}

TEST_CASE("an answer may take less than 15 seconds and after a wait acknowledgement 15 more") {
  auto bench = bench_with();
  ask(bench, {{"nbns-opcode", "0"}});
  bench.advance(15s - 1ns);
  answer(bench, "7", {{"nbns-opcode", "7"}}).expect_nothing();
  bench.advance(15s - 1ns);
  answer(bench, "7").expect_nothing();
  ask(bench, {{"nbns-opcode", "0"}});
  bench.advance(15s);
  answer(bench, "7")
      .expect(423002,
              "Allowed mismatched NBNS query response with unknown transaction "
              "ID " +
                  ends("137", false));
}

TEST_CASE("each malformed name service packet is called what it is") {
  const std::vector<std::pair<Fields, std::string>> bad{
      {{{"nbns-opcode", "0"}, {"netbios-label-length", "33"}},
       "query request with bad label length"},
      {{{"nbns-opcode", "5"}, {"netbios-name", "SIXTEENCHARACTER"}},
       "registration request with bad label length"},
      {{{"nbns-opcode", "3"}}, "packet with bad opcode"},
      {{{"nbns-opcode", "7"}}, "wait acknowledgement with bad opcode"},
      {{{"nbns-opcode", "6"}, {"nbns-rcode", "1"}}, "release request with bad response code"},
      {{{"nbns-opcode", "8"}, {"nbns-questions", "0"}}, "refresh request with bad question count"},
      {{{"nbns-opcode", "9"}, {"nbns-questions", "2"}}, "refresh request with bad question count"},
      {{{"nbns-opcode", "15"}, {"nbns-answers", "1"}},
       "multi-homed registration request with bad answer count"},
      {{{"nbns-opcode", "0"}, {"nbns-question-type", "34"}},
       "query request with bad question type"},
      {{{"nbns-opcode", "0"}, {"length", "39"}}, "query request with bad packet length"},
  };
  for (const auto& [fields, what] : bad) {
    auto bench = bench_with();
    ask(bench, fields).expect(423001, "Allowed invalid NBNS " + what + " " + ends("137") + ".");
    bench.expect_nothing();
  }
  const std::vector<Fields> good{{{"nbns-opcode", "0"}, {"netbios-name", "FIFTEEN-LETTERS"}},
                                 {{"nbns-opcode", "0"}, {"nbns-question-type", "33"}},
                                 {{"nbns-opcode", "15"}},
                                 {{"nbns-opcode", "0"}, {"length", "40"}}};
  for (const auto& fields : good) {
    auto bench = bench_with();
    ask(bench, fields).expect_nothing();
  }
}

TEST_CASE("malformed answers are called invalid rather than mismatched") {
  auto bench = bench_with();
  answer(bench, "9", {{"nbns-opcode", "0"}, {"nbns-rcode", "8"}})
      .expect(423001, "Allowed invalid NBNS query response with bad response code " +
                          ends("137", false) + ".");
  answer(bench, "9", {{"nbns-opcode", "0"}, {"nbns-questions", "1"}})
      .expect(423001, "Allowed invalid NBNS query response with bad question count " +
                          ends("137", false) + ".");
  answer(bench, "9", {{"nbns-opcode", "0"}, {"nbns-answers", "0"}})
      .expect(423001, "Allowed invalid NBNS query response with bad answer count " +
                          ends("137", false) + ".");
  ask(bench, {{"nbns-opcode", "0"}});
  answer(bench, "7", {{"nbns-opcode", "0"}, {"nbns-answers", "0"}, {"nbns-rcode", "7"}})
      .expect_nothing();
}

TEST_CASE("a map says whether violations are dropped and whether they are logged") {
  const auto text = [](std::string_view action) {
    return fmt::format("{} invalid NBNS packet with bad opcode {}.", action, ends("137"));
  };
  auto drop_log = bench_with("protocol-violation action drop log");
  ask(drop_log, {{"nbns-opcode", "3"}}).expect(423001, text("Dropped")).expect_nothing();
  drop_log.command("show service-policy inspect netbios");
  CHECK(drop_log.output() == "      Inspect: netbios, packet 1, drop 1, reset-drop 0\n");
  auto drop = bench_with("protocol-violation action drop");
  ask(drop, {{"nbns-opcode", "3"}}).expect_nothing();
  drop.command("show service-policy inspect netbios");
  CHECK(drop.output() == "      Inspect: netbios, packet 1, drop 1, reset-drop 0\n");
  auto log = bench_with("protocol-violation action log");
  ask(log, {{"nbns-opcode", "3"}}).expect(423001, text("Allowed")).expect_nothing();
  log.commands({"configure terminal", "policy-map type inspect netbios nb", "parameters",
                "protocol-violation action drop log"});
  ask(log, {{"nbns-opcode", "3"}}).expect(423001, text("Dropped")).expect_nothing();
  log.commands({"configure terminal", "policy-map type inspect netbios nb", "parameters",
                "protocol-violation action reset"});
  CHECK_FALSE(log.output().empty());
}

TEST_CASE("without inspection NetBIOS passes as it is") {
  Bench bench;
  ask(bench, {{"nbns-opcode", "3"}}).expect_nothing();
}

TEST_CASE("each malformed datagram is called what it is") {
  const std::vector<std::pair<Fields, std::string>> bad{
      {{{"nbdgm-type", "15"}}, "packet with bad message type"},
      {{{"nbdgm-type", "23"}}, "packet with bad message type"},
      {{{"nbdgm-type", "16"}, {"nbdgm-source", "10.0.0.32"}},
       "direct unique datagram with bad source address"},
      {{{"nbdgm-type", "17"}, {"nbdgm-source-port", "139"}},
       "direct group datagram with bad source port"},
      {{{"nbdgm-type", "18"}, {"nbdgm-length", "169"}},
       "broadcast datagram with bad datagram length"},
      {{{"nbdgm-type", "20"}, {"netbios-label-length", "64"}},
       "query request with bad label length"},
  };
  for (const auto& [fields, what] : bad) {
    auto bench = bench_with("protocol-violation action drop log");
    datagram(bench, fields)
        .expect(423003, "Dropped invalid NBDGM " + what + " " + ends("138") + ".");
    bench.expect_nothing();
  }
  auto bench = bench_with();
  datagram(bench, {{"nbdgm-type", "18"}, {"nbdgm-length", "168"}}).expect_nothing();
  datagram(bench, {{"nbdgm-type", "19"}, {"netbios-label-length", "64"}}).expect_nothing();
}

TEST_CASE("answers of the datagram service must have the id of a query") {
  auto bench = bench_with();
  datagram(bench, {{"nbdgm-type", "20"}, {"nbdgm-id", "5"}}).expect_nothing();
  datagram(bench, {{"nbdgm-type", "21"}, {"nbdgm-id", "6"}}, false)
      .expect(423004, "Allowed mismatched NBDGM positive query response with unknown datagram ID " +
                          ends("138", false));
  datagram(bench, {{"nbdgm-type", "21"}, {"nbdgm-id", "5"}}, false).expect_nothing();
  datagram(bench, {{"nbdgm-type", "22"}, {"nbdgm-id", "5"}}, false)
      .expect(423004, "Allowed mismatched NBDGM negative query response with unknown datagram ID " +
                          ends("138", false));
}

TEST_CASE("fragments of a datagram come in order and within two seconds") {
  const auto piece = [](Bench& bench, const std::string& offset, const std::string& first,
                        const std::string& more) -> Bench& {
    return datagram(bench, {{"nbdgm-type", "17"},
                            {"nbdgm-id", "5"},
                            {"nbdgm-offset", offset},
                            {"nbdgm-first", first},
                            {"nbdgm-more", more}});
  };
  const auto bad = [](std::string_view reason) {
    return fmt::format("Allowed NBDGM direct group datagram fragment with {} {}.", reason,
                       ends("138"));
  };
  auto bench = bench_with();
  piece(bench, "0", "yes", "yes").expect_nothing();
  bench.advance(2s - 1ns);
  piece(bench, "100", "no", "yes").expect_nothing();
  piece(bench, "200", "no", "no").expect_nothing();
  piece(bench, "200", "no", "no").expect(423005, bad("no first fragment"));
  piece(bench, "0", "yes", "yes").expect_nothing();
  bench.advance(2s);
  piece(bench, "100", "no", "no").expect(423005, bad("no first fragment"));
  piece(bench, "0", "yes", "yes").expect_nothing();
  piece(bench, "99", "no", "yes").expect(423005, bad("bad fragment offset"));
  piece(bench, "100", "no", "no").expect(423005, bad("no first fragment"));
  piece(bench, "8", "yes", "yes").expect(423005, bad("bad fragment offset"));
  datagram(bench, {{"nbdgm-type", "17"}, {"nbdgm-more", "yes"}, {"length", "110"}})
      .expect(423005, bad("bad fragment length"));
  datagram(bench, {{"nbdgm-type", "17"}, {"nbdgm-more", "yes"}, {"length", "111"}})
      .expect_nothing();
}

TEST_CASE("the oldest request makes room for a new one") {
  auto bench = bench_with("", {{"netbios-transaction-limit", std::uint64_t{2}}});
  for (const auto* id : {"1", "2", "3"}) ask(bench, {{"nbns-opcode", "0"}, {"nbns-id", id}});
  answer(bench, "2").expect_nothing();
  answer(bench, "3").expect_nothing();
  answer(bench, "1")
      .expect(423002,
              "Allowed mismatched NBNS query response with unknown transaction "
              "ID " +
                  ends("137", false));
  ask(bench, {{"nbns-opcode", "0"}, {"nbns-id", "1"}});
  ask(bench, {{"nbns-opcode", "0"}, {"nbns-id", "2"}});
  answer(bench, "1").expect_nothing();
}
