#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::Release;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kTail = "from 198.51.100.7 to 10.0.0.20 on interface outside";

/// The bench's device with `lines` in its configuration, open from the outside.
std::string configured(const std::string& lines) {
  return asaemu::test::kBenchConfig +
         std::string(
             "access-list all extended permit ip any any\n"
             "access-group all in interface outside\n") +
         lines;
}

/// Both classes are audited on the outside and raise alarms.
std::string audited() {
  return configured(
      "ip audit name watch info\n"
      "ip audit name guard attack\n"
      "ip audit interface outside watch\n"
      "ip audit interface outside guard\n");
}

/// Fields of a packet from 198.51.100.7 to 10.0.0.20.
Fields fields(const std::string& protocol, const Fields& more) {
  Fields all{{"proto", protocol}, {"src", "198.51.100.7"}, {"dst", "10.0.0.20"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Fields ping(const Fields& more = {}) {
  return fields("icmp", more);
}

Fields tcp(const std::string& flags, const std::string& port = "80") {
  return fields("tcp", {{"sport", "40000"}, {"dport", port}, {"flags", flags}});
}

Fields rpc(const std::string& program, const std::string& procedure,
           const std::string& wanted = "0") {
  return fields("udp", {{"sport", "700"},
                        {"dport", "111"},
                        {"rpc-program", program},
                        {"rpc-procedure", procedure},
                        {"rpc-wanted-program", wanted}});
}

/// An attack that could begin a flow: it is forwarded unless the audit stops it.
Fields chargen() {
  return fields("udp", {{"sport", "7"}, {"dport", "19"}});
}

/// Packets that left by the inside interface.
std::uint64_t forwarded(Bench& bench) {
  const auto& interfaces = bench.device().tables().interfaces;
  return interfaces[interfaces.find_nameif("inside")]
      .traffic.total(asaemu::TrafficMeter::kOutput)
      .packets;
}

struct Case {
  std::uint32_t id;
  std::string title;        ///< of the current releases
  std::string older_title;  ///< empty: the same
  Fields packet;
};

std::vector<Case> cases() {
  const auto option = [](const std::string& names) {
    return fields("udp", {{"sport", "40000"}, {"dport", "40001"}, {"ip_options", names}});
  };
  const auto icmp = [](const std::string& type) { return ping({{"icmp_type", type}}); };
  const auto dns = [](const std::string& from, const std::string& type) {
    return fields("udp", {{"sport", from}, {"dport", "53"}, {"dns-query-type", type}});
  };
  const auto ftp = [](const std::string& line) {
    return fields("tcp",
                  {{"sport", "40000"}, {"dport", "21"}, {"flags", "ack"}, {"ftp-command", line}});
  };
  const auto portmap = [](const std::string& wanted) { return rpc("100000", "3", wanted); };
  return {
      {400000, "1000 IP options-Bad Option List", "", option("0x0727")},
      {400001, "1001 IP options-Record Packet Route", "", option("record-route")},
      {400002, "1002 IP options-Timestamp", "", option("timestamp")},
      {400003, "1003 IP options-Security", "", option("security")},
      {400004, "1004 IP options-Loose Source Route", "", option("loose-source-route")},
      {400005, "1005 IP options-SATNET ID", "", option("stream-id")},
      {400006, "1006 IP options-Strict Source Route", "", option("strict-source-route")},
      {400007, "1100 IP Fragment Attack", "", fields("tcp", {{"fragment_offset", "8"}})},
      {400010, "2000 ICMP Echo Reply", "", icmp("0")},
      {400011, "2001 ICMP Host Unreachable", "2001 ICMP unreachable", icmp("3")},
      {400012, "2002 ICMP Source Quench", "", icmp("4")},
      {400013, "2003 ICMP Redirect", "", icmp("5")},
      {400014, "2004 ICMP Echo Request", "2004 ICMP echo request", icmp("8")},
      {400015, "2005 ICMP Time Exceeded for a Datagram", "", icmp("11")},
      {400016, "2006 ICMP Parameter Problem on Datagram", "", icmp("12")},
      {400017, "2007 ICMP Timestamp Request", "", icmp("13")},
      {400018, "2008 ICMP Timestamp Reply", "", icmp("14")},
      {400019, "2009 ICMP Information Request", "", icmp("15")},
      {400020, "2010 ICMP Information Reply", "", icmp("16")},
      {400021, "2011 ICMP Address Mask Request", "", icmp("17")},
      {400022, "2012 ICMP Address Mask Reply", "", icmp("18")},
      {400023, "2150 Fragmented ICMP Traffic", "", ping({{"fragment_offset", "1480"}})},
      {400024, "2151 Large ICMP Traffic", "2151 Large ICMP packet",
       ping({{"icmp_type", "10"}, {"length", "1500"}})},
      {400026, "3040 TCP NULL flags", "", tcp("none")},
      {400027, "3041 TCP SYN+FIN flags", "", tcp("syn+fin")},
      {400028, "3042 TCP FIN only flags", "", tcp("fin", "22")},
      {400029, "3153 FTP Improper Address Specified", "", ftp("PORT 10,0,0,25,4,1")},
      {400030, "3154 FTP Improper Port Specified", "", ftp("PORT 198,51,100,7,0,25")},
      {400031, "4050 UDP Bomb attack", "",
       fields("udp", {{"sport", "40000"}, {"dport", "40001"}, {"udp-length", "8"}})},
      {400032, "4051 UDP Snork attack", "", fields("udp", {{"sport", "135"}, {"dport", "135"}})},
      {400033, "4052 UDP Chargen DoS attack", "", fields("udp", {{"sport", "7"}, {"dport", "19"}})},
      {400034, "6050 DNS HINFO Request", "", dns("40000", "hinfo")},
      {400035, "6051 DNS Zone Transfer", "", dns("53", "axfr")},
      {400036, "6052 DNS Zone Transfer from High Port", "", dns("40000", "axfr")},
      {400037, "6053 DNS Request for All Records", "", dns("40000", "any")},
      {400038, "6100 RPC Port Registration", "", rpc("100000", "1", "100003")},
      {400039, "6101 RPC Port Unregistration", "", rpc("100000", "2", "100003")},
      {400040, "6102 RPC Dump", "", rpc("100000", "4")},
      {400041, "6103 Proxied RPC Request", "", rpc("100000", "5", "100005")},
      {400042, "6150 ypserv (YP server daemon) Portmap Request", "", portmap("100004")},
      {400043, "6151 ypbind (YP bind daemon) Portmap Request", "", portmap("100007")},
      {400044, "6152 yppasswdd (YP password daemon) Portmap Request", "", portmap("100009")},
      {400045, "6153 ypupdated (YP update daemon) Portmap Request", "", portmap("100028")},
      {400046, "6154 ypxfrd (YP transfer daemon) Portmap Request", "", portmap("100069")},
      {400047, "6155 mountd (mount daemon) Portmap Request", "", portmap("100005")},
      {400048, "6175 rexd (remote execution daemon) Portmap Request", "", portmap("100017")},
      {400049, "6180 rexd (remote execution daemon) Attempt", "", rpc("100017", "1")},
      {400050, "6190 statd Buffer Overflow", "",
       fields("udp", {{"dport", "32768"}, {"rpc-program", "100024"}, {"length", "1400"}})},
  };
}

}  // namespace

TEST_CASE("each signature is reported by the packet that it describes") {
  Bench bench(audited());
  for (const Case& item : cases()) {
    bench.packet("outside", item.packet)
        .expect(item.id, fmt::format("IPS:{} {}", item.title, kTail))
        .expect_nothing();
  }
}

TEST_CASE("older releases call signatures IDS and some of them by other titles") {
  Bench bench(audited(), {}, Release{7, 2, 4, 0});
  for (const Case& item : cases()) {
    const auto& title = item.older_title.empty() ? item.title : item.older_title;
    bench.packet("outside", item.packet)
        .expect(item.id, fmt::format("IDS:{} {}", title, kTail))
        .expect_nothing();
  }
}

TEST_CASE("a packet to its own sender is impossible") {
  Bench bench(audited());
  bench
      .packet("outside", {{"proto", "tcp"},
                          {"src", "10.0.0.20"},
                          {"dst", "10.0.0.20"},
                          {"sport", "139"},
                          {"dport", "139"},
                          {"flags", "syn"}})
      .expect(400008,
              "IPS:1102 IP Impossible Packet from 10.0.0.20 to 10.0.0.20 on interface outside")
      .expect_nothing();
}

TEST_CASE("a teardrop is its second fragment within the first") {
  Bench bench(audited());
  bench
      .packet("outside",
              fields("udp", {{"ip_id", "242"}, {"more_fragments", "yes"}, {"length", "56"}}))
      .expect_nothing();
  bench
      .packet("outside",
              fields("udp", {{"ip_id", "242"}, {"fragment_offset", "24"}, {"length", "24"}}))
      .expect(400007, fmt::format("IPS:1100 IP Fragment Attack {}", kTail))
      .expect(400009, fmt::format("IPS:1103 IP Fragments Overlap {}", kTail))
      .expect_nothing();
}

TEST_CASE("fragments of one datagram on different interfaces do not overlap") {
  Bench bench(
      configured("ip audit name guard attack\nip audit interface outside guard\n"
                 "ip audit interface dmz guard\n"));
  const auto first = fields("udp", {{"ip_id", "242"}, {"more_fragments", "yes"}});
  bench.packet("outside", first).packet("dmz", first).expect_nothing();
  bench.packet("dmz", first)
      .expect(400009,
              "IPS:1103 IP Fragments Overlap from 198.51.100.7 to 10.0.0.20 on interface dmz");
}

TEST_CASE("a ping of death is its last fragment") {
  Bench bench(audited());
  bench
      .packet("outside", ping({{"ip_id", "1"},
                               {"fragment_offset", "65512"},
                               {"length", "1500"},
                               {"more_fragments", "no"}}))
      .expect(400023, fmt::format("IPS:2150 Fragmented ICMP Traffic {}", kTail))
      .expect(400024, fmt::format("IPS:2151 Large ICMP Traffic {}", kTail))
      .expect(400025, fmt::format("IPS:2154 Ping of Death Attack {}", kTail))
      .expect_nothing();
}

TEST_CASE("ordinary packets pass an audited interface unreported") {
  Bench bench(audited());
  bench.packet("outside", tcp("syn")).expect_nothing();
  bench.packet("outside", fields("udp", {{"dport", "53"}, {"dns-query-type", "a"}}))
      .expect_nothing();
  bench.packet("outside", rpc("100000", "3", "100003")).expect_nothing();
  REQUIRE(forwarded(bench) == 3);
}

TEST_CASE("only interfaces with a policy are audited, and only for its class") {
  Bench bench(configured("ip audit name watch info\nip audit interface outside watch\n"));
  bench.packet("inside", ping()).expect_nothing();
  bench.packet("outside", chargen()).expect_nothing();
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail))
      .expect_nothing();
}

TEST_CASE("IPv6 packets are not audited") {
  Bench bench(audited());
  bench
      .packet(
          "outside",
          {{"proto", "tcp"}, {"src", "2001:db8::7"}, {"dst", "2001:db8::20"}, {"flags", "none"}})
      .expect_nothing();
}

TEST_CASE("an alarm alone lets the packet pass") {
  Bench bench(audited());
  bench.packet("outside", chargen())
      .expect(400033, fmt::format("IPS:4052 UDP Chargen DoS attack {}", kTail));
  REQUIRE(forwarded(bench) == 1);
}

TEST_CASE("drop and reset stop the packet, with or without an alarm") {
  for (const auto* actions : {"drop", "reset", "drop reset"}) {
    Bench bench(
        configured(fmt::format("ip audit name guard attack action {}\n"
                               "ip audit interface outside guard\n",
                               actions)));
    bench.packet("outside", chargen()).expect_nothing();
    REQUIRE(forwarded(bench) == 0);
    bench.commands(
        {"configure terminal", fmt::format("ip audit name guard attack action alarm {}", actions)});
    bench.packet("outside", chargen())
        .expect(400033, fmt::format("IPS:4052 UDP Chargen DoS attack {}", kTail))
        .expect_nothing();
    bench.packet("outside", tcp("none"))
        .expect(400026, fmt::format("IPS:3040 TCP NULL flags {}", kTail))
        .expect_nothing();
    REQUIRE(forwarded(bench) == 0);
  }
}

TEST_CASE("reset closes the connection of the packet, drop does not") {
  for (const bool resets : {false, true}) {
    Bench bench(
        configured(fmt::format("ip audit name guard attack action alarm {}\n"
                               "ip audit interface outside guard\n",
                               resets ? "reset" : "drop")));
    bench.packet("outside", tcp("syn")).expect_nothing();
    REQUIRE(bench.device().tables().connections.size() == 1);
    bench.packet("outside", tcp("none"))
        .expect(400026, fmt::format("IPS:3040 TCP NULL flags {}", kTail))
        .expect_nothing();
    REQUIRE(bench.device().tables().connections.size() == (resets ? 0 : 1));
  }
}

TEST_CASE("a FIN alone ends a connection, and is an attack without one") {
  Bench bench(audited());
  bench.packet("outside", tcp("syn")).packet("outside", tcp("fin")).expect_nothing();
  bench.command("clear conn all")
      .packet("outside", tcp("fin"))
      .expect(400028, fmt::format("IPS:3042 TCP FIN only flags {}", kTail));
}

TEST_CASE("a dropped packet is reported for all of its signatures, though the first stops it") {
  Bench bench(
      configured("ip audit name watch info action drop\n"
                 "ip audit name guard attack\n"
                 "ip audit interface outside watch\n"
                 "ip audit interface outside guard\n"));
  bench.packet("outside", ping({{"length", "1500"}}))
      .expect(400024, fmt::format("IPS:2151 Large ICMP Traffic {}", kTail))
      .expect_nothing();
  REQUIRE(forwarded(bench) == 0);
}

TEST_CASE("a policy without actions follows the defaults of its class, also when they change") {
  Bench bench(audited());
  bench.commands({"configure terminal", "ip audit attack action drop"});
  bench.packet("outside", chargen()).expect_nothing();
  REQUIRE(forwarded(bench) == 0);
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  REQUIRE(forwarded(bench) == 1);
  bench.commands({"configure terminal", "no ip audit attack"});
  bench.packet("outside", chargen())
      .expect(400033, fmt::format("IPS:4052 UDP Chargen DoS attack {}", kTail));
  bench.commands({"configure terminal", "ip audit attack"});
  bench.packet("outside", chargen()).expect_nothing();
  REQUIRE(forwarded(bench) == 3);
}

TEST_CASE("a policy with an empty list of actions only counts") {
  Bench bench(configured("ip audit name guard attack action\nip audit interface outside guard\n"));
  bench.packet("outside", chargen()).expect_nothing();
  REQUIRE(forwarded(bench) == 1);
  bench.command("show ip audit count global | include 4052");
  REQUIRE(bench.output() == "4052 A Chargen                            1\n");
}

TEST_CASE("a disabled signature is neither reported nor counted until it is enabled again") {
  Bench bench(audited());
  bench.commands({"configure terminal", "ip audit signature 2004 disable"});
  REQUIRE(bench.output().empty());
  bench.packet("outside", ping()).expect_nothing();
  bench.commands({"configure terminal", "no ip audit signature 2004"});
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  bench.command("show ip audit count global | include 2004");
  REQUIRE(bench.output() == "2004 I ICMP Echo Request                  1\n");
  bench.commands({"configure terminal", "ip audit signature 2013 disable"});
  REQUIRE(bench.output() == "ERROR: Signature 2013 is not supported\n");
}

TEST_CASE("a policy's class stays what it was") {
  Bench bench(audited());
  bench.commands({"configure terminal", "ip audit name watch attack"});
  REQUIRE(bench.output() == "ERROR: IP audit policy watch is of type info\n");
}

TEST_CASE("an unknown policy can be neither attached nor removed") {
  Bench bench(audited());
  bench.commands({"configure terminal", "ip audit interface dmz nothing"});
  REQUIRE(bench.output() == "ERROR: IP audit policy nothing does not exist\n");
  bench.commands({"configure terminal", "no ip audit name nothing"});
  REQUIRE(bench.output() == "ERROR: IP audit policy nothing does not exist\n");
}

TEST_CASE("a policy that is removed audits no interface any longer") {
  Bench bench(audited());
  bench.commands({"configure terminal", "no ip audit name watch"});
  bench.packet("outside", ping()).expect_nothing();
  bench.command("show running-config ip audit interface");
  REQUIRE(bench.output() == "ip audit interface outside guard\n");
}

TEST_CASE("a policy can be taken from an interface, or all of them") {
  Bench bench(audited());
  bench.commands({"configure terminal", "no ip audit interface outside guard"});
  bench.packet("outside", chargen()).expect_nothing();
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  bench.commands({"configure terminal", "no ip audit interface outside"});
  bench.packet("outside", ping()).expect_nothing();
  bench.commands({"configure terminal", "no ip audit interface outside"});
  REQUIRE(bench.output().empty());
}

TEST_CASE("an interface that loses its name loses its policies") {
  Bench bench(audited());
  bench.commands({"configure terminal", "interface GigabitEthernet0/0", "no nameif"});
  bench.commands({"configure terminal", "interface GigabitEthernet0/0", "nameif outside"});
  bench.packet("outside", ping()).expect_nothing();
}

TEST_CASE("there is room for 256 policies, not for one more") {
  Bench bench;
  std::vector<std::string> lines{"configure terminal"};
  for (int i = 0; i < 256; ++i) lines.push_back(fmt::format("ip audit name p{} info", i));
  bench.commands(lines);
  REQUIRE(bench.output().empty());
  bench.commands({"configure terminal", "ip audit name more attack"});
  REQUIRE(bench.output() == "ERROR: Maximum number of IP audit policies (256) reached\n");
  bench.commands({"configure terminal", "no ip audit name p0", "ip audit name more attack"});
  REQUIRE(bench.output().empty());
}

TEST_CASE("show running-config ip audit shows what is configured") {
  Bench bench(audited());
  bench.commands({"configure terminal", "ip audit info action alarm reset",
                  "ip audit name strict attack action alarm drop",
                  "ip audit interface outside strict", "ip audit signature 6190 disable",
                  "ip audit signature 2000 disable"});
  bench.command("show running-config ip audit info");
  REQUIRE(bench.output() == "ip audit info action alarm reset\n");
  bench.command("show running-config ip audit attack");
  REQUIRE(bench.output() == "ip audit attack action alarm\n");
  bench.command("show running-config ip audit name");
  REQUIRE(bench.output() ==
          "ip audit name watch info\nip audit name guard attack\n"
          "ip audit name strict attack action alarm drop\n");
  bench.command("show running-config ip audit interface");
  REQUIRE(bench.output() ==
          "ip audit interface outside watch\nip audit interface outside strict\n");
  bench.command("show running-config ip audit signature");
  REQUIRE(bench.output() == "ip audit signature 2000 disable\nip audit signature 6190 disable\n");
  bench.commands({"configure terminal", "clear configure ip audit"});
  for (const auto* part : {"name", "interface", "signature"}) {
    bench.command(fmt::format("show running-config ip audit {}", part));
    REQUIRE(bench.output().empty());
  }
  bench.command("show running-config ip audit info");
  REQUIRE(bench.output() == "ip audit info action alarm\n");
}

TEST_CASE("show ip audit count shows the device's counters, then those of each audited interface") {
  Bench bench(audited());
  bench.commands({"configure terminal", "ip audit interface inside watch"});
  for (int i = 0; i < 10; ++i) {
    bench.packet("outside", ping())
        .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  }
  bench
      .packet(
          "inside",
          {{"proto", "icmp"}, {"src", "10.0.0.20"}, {"dst", "198.51.100.7"}, {"icmp_type", "0"}})
      .expect(400010,
              "IPS:2000 ICMP Echo Reply from 10.0.0.20 to 198.51.100.7 on interface inside");
  bench.command("show ip audit count");
  const std::string all = bench.output();
  REQUIRE(
      all.starts_with("IP AUDIT GLOBAL COUNTERS\n"
                      "\n"
                      "1000 I Bad IP Options List                0\n"
                      "1001 I Record Packet Route                0\n"));
  REQUIRE(all.find("1100 A IP Fragment Attack                 0\n") != std::string::npos);
  REQUIRE(all.find("\n6190 A statd Buffer Overflow              0\n"
                   "\n"
                   "IP AUDIT INTERFACE COUNTERS: outside\n"
                   "\n"
                   "1000 I") != std::string::npos);
  REQUIRE(all.find("IP AUDIT INTERFACE COUNTERS: inside\n") >
          all.find("IP AUDIT INTERFACE COUNTERS: outside\n"));
  REQUIRE(all.find("COUNTERS: dmz") == std::string::npos);
  bench.command("show ip audit count interface outside");
  REQUIRE(bench.output().starts_with("IP AUDIT INTERFACE COUNTERS: outside\n\n1000 I"));
  REQUIRE(bench.output().find("2004 I ICMP Echo Request                  10\n") !=
          std::string::npos);
  REQUIRE(bench.output().find("2000 I ICMP Echo Reply                    0\n") !=
          std::string::npos);
}

TEST_CASE("clear ip audit count zeroes the counters that it names") {
  Bench bench(audited());
  const auto counted = [&bench](const std::string& which) {
    bench.command(fmt::format("show ip audit count {} | include Echo Request", which));
    return bench.output().back() == '\n' ? bench.output()[bench.output().size() - 2] : '?';
  };
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  REQUIRE(counted("global") == '1');
  bench.command("clear ip audit count global");
  REQUIRE(counted("global") == '0');
  REQUIRE(counted("interface outside") == '1');
  bench.command("clear ip audit count interface inside");
  REQUIRE(counted("interface outside") == '1');
  bench.command("clear ip audit count interface outside");
  REQUIRE(counted("interface outside") == '0');
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  bench.command("clear ip audit count");
  REQUIRE(counted("global") == '0');
  REQUIRE(counted("interface outside") == '0');
}

TEST_CASE("the configuration survives a reload, the counters and what was typed do not") {
  Bench bench(audited(), {{"boot-time", asaemu::SimDuration(2min)}});
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
  bench.commands({"configure terminal", "ip audit signature 2004 disable"});
  bench.command("reload noconfirm").advance(2min);
  bench.command("show ip audit count global | include 2004");
  REQUIRE(bench.output() == "2004 I ICMP Echo Request                  0\n");
  bench.packet("outside", ping())
      .expect(400014, fmt::format("IPS:2004 ICMP Echo Request {}", kTail));
}
