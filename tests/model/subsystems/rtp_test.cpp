#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::FieldValue;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string config(const std::string& conformance) {
  return std::string(asaemu::test::kBenchConfig) +
         "policy-map type inspect h323 calls\n parameters\n" + conformance +
         "class-map traffic\n match default-inspection-traffic\npolicy-map voice\n class traffic\n"
         "  inspect h323 h225 calls\nservice-policy voice global\n";
}

Bench& send(Bench& bench, const std::string& in, const std::string& proto, int sport, int dport,
            Fields more) {
  const bool from_inside = in == "inside";
  Fields fields{{"proto", proto},
                {"src", from_inside ? "10.0.0.20" : "198.51.100.30"},
                {"dst", from_inside ? "198.51.100.30" : "10.0.0.20"},
                {"sport", fmt::format("{}", sport)},
                {"dport", fmt::format("{}", dport)}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet(in, fields);
}

/// A call with one channel, from the outside terminal to 20000 inside; its H.245 is tunnelled.
void set_up(Bench& bench, const std::string& type = "audio") {
  send(bench, "inside", "tcp", 32770, 1720, {{"flags", "syn"}});
  send(bench, "outside", "tcp", 1720, 32770, {{"flags", "syn+ack"}});
  send(bench, "inside", "tcp", 32770, 1720, {{"flags", "ack"}});
  send(bench, "inside", "tcp", 32770, 1720, {{"flags", "psh+ack"}, {"h225-message", "setup"}});
  send(bench, "outside", "tcp", 1720, 32770,
       {{"flags", "psh+ack"},
        {"h225-message", "facility"},
        {"h245-message", "open-logical-channel"},
        {"h245-media-type", type}});
  send(bench, "inside", "tcp", 32770, 1720,
       {{"flags", "psh+ack"},
        {"h225-message", "facility"},
        {"h245-message", "open-logical-channel-ack"},
        {"h245-media-port", "20000"}});
}

/// A packet of the outside terminal's media.
Bench& rtp(Bench& bench, Fields more) {
  return send(bench, "outside", "udp", 30000, 20000, std::move(more));
}
Bench& rtcp(Bench& bench, Fields more) {
  return send(bench, "outside", "udp", 30001, 20001, std::move(more));
}

std::string dropped(const std::string& reason) {
  return "RTP conformance: Dropping RTP packet from outside:198.51.100.30/30000 to "
         "inside:10.0.0.20/20000, Drop reason: " +
         reason;
}
std::string rtcp_dropped(const std::string& reason) {
  return "RTCP conformance: Dropping RTCP packet from outside:198.51.100.30/30001 to "
         "inside:10.0.0.20/20001, Drop reason: " +
         reason;
}

const std::string kConformance = "  rtp-conformance\n";
const std::string kEnforced = "  rtp-conformance enforce-payloadtype\n";

}  // namespace

TEST_CASE("RTP packets that do not conform are reported with what is wrong") {
  Bench bench(config(kConformance));
  set_up(bench);
  rtp(bench, {{"rtp-sequence", "100"}, {"rtp-ssrc", "77"}}).expect_nothing();
  rtp(bench, {{"rtp-sequence", "102"}, {"rtp-ssrc", "77"}})
      .expect(431001, dropped("Out of sequence in packet in probation 102"));
  bench.advance(10s);
  rtp(bench, {{"rtp-sequence", "103"}, {"rtp-ssrc", "77"}}).expect_nothing();
  rtp(bench, {{"rtp-sequence", "104"}, {"rtp-ssrc", "2857740885"}})
      .expect(431001, dropped("Incorrect SSRC 2857740885"));
  bench.advance(10s);
  rtp(bench, {{"rtp-sequence", "50000"}, {"rtp-ssrc", "77"}})
      .expect(431001, dropped("Out-of-range sequence number 50000"));
  bench.advance(10s);
  rtp(bench, {{"rtp-sequence", "104"}, {"rtp-ssrc", "77"}, {"rtp-version", "1"}})
      .expect(431001, dropped("Incorrect version 1"));
  bench.advance(10s);
  rtp(bench, {{"rtp-sequence", "104"}, {"rtp-ssrc", "77"}, {"rtp-payload-type", "72"}})
      .expect(431001, dropped("Invalid payload-type 72"));
  rtp(bench, {{"rtp-sequence", "104"}, {"rtp-ssrc", "77"}}).expect_nothing();
}

TEST_CASE("RTCP packets that do not conform are reported with what is wrong") {
  Bench bench(config(kConformance));
  set_up(bench);
  for (const std::string type : {"200", "204"}) {
    rtcp(bench, {{"rtcp-payload-type", type}}).expect_nothing();
  }
  for (const std::string type : {"199", "205"}) {
    rtcp(bench, {{"rtcp-payload-type", type}})
        .expect(431002, rtcp_dropped("Invalid payload-type " + type));
    bench.advance(10s);
  }
  rtcp(bench, {{"rtcp-version", "3"}}).expect(431002, rtcp_dropped("Incorrect version 3"));
}

TEST_CASE("each direction of a media flow has a source of its own") {
  Bench bench(config(kConformance));
  set_up(bench);
  rtp(bench, {{"rtp-sequence", "100"}, {"rtp-ssrc", "1"}});
  send(bench, "inside", "udp", 20000, 30000, {{"rtp-sequence", "7000"}, {"rtp-ssrc", "2"}});
  rtp(bench, {{"rtp-sequence", "101"}, {"rtp-ssrc", "1"}});
  send(bench, "inside", "udp", 20000, 30000, {{"rtp-sequence", "7001"}, {"rtp-ssrc", "2"}})
      .expect_nothing();
}

TEST_CASE("payload types of other media are refused where they are enforced") {
  for (const bool enforces : {false, true}) {
    Bench bench(config(enforces ? kEnforced : kConformance));
    set_up(bench, "video");
    rtp(bench, {{"rtp-payload-type", "34"}}).expect_nothing();
    rtp(bench, {{"rtp-payload-type", "0"}});
    if (enforces) bench.expect(431001, dropped("Invalid payload-type 0"));
    bench.expect_nothing();
  }
}

TEST_CASE("media are not checked without rtp-conformance and other flows never are") {
  Bench bench(config("  state-checking h225\n"));
  set_up(bench);
  rtp(bench, {{"rtp-version", "1"}});
  rtcp(bench, {{"rtcp-version", "1"}}).expect_nothing();
  Bench checked(config(kConformance));
  set_up(checked);
  send(checked, "inside", "udp", 40000, 40000, {{"rtp-version", "1"}}).expect_nothing();
  rtp(checked, {}).expect_nothing();
}

TEST_CASE("a stream beyond the bound is not checked until another has gone") {
  Bench bench(config(kConformance), {{"rtp-streams", FieldValue(std::uint64_t{1})}});
  set_up(bench);
  rtp(bench, {{"rtp-sequence", "1"}});
  const Fields bad{{"rtp-version", "1"}};
  send(bench, "inside", "udp", 20000, 30000, bad).expect_nothing();
  rtp(bench, bad).expect(431001, dropped("Incorrect version 1"));
  bench.command("clear conn");
  set_up(bench);
  send(bench, "outside", "udp", 30000, 20000, {{"rtp-sequence", "1"}});
  bench.advance(10s);
  rtp(bench, bad).expect(431001, dropped("Incorrect version 1"));
}
