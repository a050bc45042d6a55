#include "model/state/sa_database.hpp"

#include "model/state/far_ends.hpp"
#include "model/state/punt_queue.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

Selectors selectors(std::string_view rule) {
  const auto selectors = Selectors::of(*AccessRule::parse(true, rule));
  REQUIRE(selectors.has_value());
  return *selectors;
}

Tunnel tunnel(std::string_view rule, std::uint32_t spi) {
  Tunnel tunnel;
  tunnel.request.selectors = selectors(rule);
  tunnel.current.inbound = Spi{spi};
  return tunnel;
}

FiveTuple packet(std::string_view source, std::string_view destination, IpProtocol protocol,
                 std::uint16_t source_port, std::uint16_t destination_port) {
  return {*IpAddress::parse(source), *IpAddress::parse(destination), protocol, Port{source_port},
          Port{destination_port}};
}

const IpAddress kPeer = *IpAddress::parse("198.51.100.20");

}  // namespace

TEST_CASE("selectors allow what the rule protects, seen from the other end") {
  const Selectors web = selectors("tcp 10.0.0.0 255.255.255.0 eq 80 192.168.60.0 255.255.255.0");
  CHECK(web.allow(packet("192.168.60.9", "10.0.0.5", kProtocolTcp, 40000, 80)));
  CHECK_FALSE(web.allow(packet("192.168.60.9", "10.0.0.5", kProtocolTcp, 40000, 81)));
  CHECK_FALSE(web.allow(packet("192.168.60.9", "10.0.0.5", kProtocolUdp, 40000, 80)));
  CHECK_FALSE(web.allow(packet("192.168.61.9", "10.0.0.5", kProtocolTcp, 40000, 80)));
  CHECK_FALSE(web.allow(packet("192.168.60.9", "10.0.1.5", kProtocolTcp, 40000, 80)));
}

TEST_CASE("a range of ports is negotiated as any port, and IPv6 not at all") {
  const Selectors some = selectors("tcp any range 80 90 any");
  CHECK(some.local_port == Port{0});
  CHECK_FALSE(Selectors::of(*AccessRule::parse(true, "ip any6 any6")).has_value());
}

TEST_CASE("an SA is found by its SPI, before and after a rekey") {
  SaDatabase sas;
  Tunnel* const added = sas.add(tunnel("ip host 10.0.0.1 host 192.168.60.1", 1000));
  REQUIRE(added != nullptr);
  SaPair next;
  next.inbound = Spi{2000};
  sas.rekey(*added, next);
  CHECK(sas.find(Spi{1000}).pair == &*added->previous);
  CHECK(sas.find(Spi{2000}).pair == &added->current);
  sas.drop_previous(*added);
  CHECK(sas.find(Spi{1000}).tunnel == nullptr);
  CHECK(sas.contains(Spi{2000}));
  sas.remove(added->request.selectors);
  CHECK_FALSE(sas.contains(Spi{2000}));
  CHECK(sas.size() == 0);
}

TEST_CASE("the SA database is bounded") {
  SaDatabase sas;
  for (std::uint32_t i = 0; i < SaDatabase::kBound; ++i) {
    Tunnel one;
    one.request.selectors = Selectors::to_host(IpAddress::v4(i));
    one.current.inbound = Spi{256 + i};
    REQUIRE(sas.add(std::move(one)) != nullptr);
  }
  CHECK(sas.add(tunnel("ip host 10.0.0.1 host 192.168.60.1", 99999)) == nullptr);
  CHECK_FALSE(sas.contains(Spi{99999}));
}

TEST_CASE("SPIs are unused and never among the reserved ones") {
  SaDatabase sas;
  RandomStream random(1, "fw", "test");
  for (int i = 0; i < 1000; ++i) CHECK(sas.unused_spi(random).value >= 256);
}

TEST_CASE("an ESP packet in tunnel mode has the overhead of its headers and padding") {
  // 20 outer header, 8 ESP, 16 IV, 96 encrypted (84 + 2 + 10 of padding), 12 ICV.
  CHECK(esp_length(84) == 152);
  CHECK(esp_length(94) == 152);
  CHECK(esp_length(95) == 168);
  CHECK(esp_length(65535) == 65535);
}

TEST_CASE("the punt queue is full at its bound, and a negotiation's end frees its part") {
  const Selectors a = selectors("ip host 10.0.0.1 host 192.168.60.1");
  const Selectors b = selectors("ip host 10.0.0.1 host 192.168.60.2");
  PuntQueue queue(3);
  CHECK(queue.push(a));
  CHECK_FALSE(queue.push(a));
  CHECK_FALSE(queue.full());
  CHECK(queue.push(b));
  CHECK(queue.full());
  queue.release(a);
  queue.release(a);
  CHECK(queue.size() == 1);
  CHECK(queue.push(a));
}

TEST_CASE("a far end counts the numbers it used") {
  FarEnd::Sa sa{.spi = Spi{1000}};
  CHECK(sa.used_number(0) == 0);
  CHECK(sa.next_number(0) == 1);
  CHECK(sa.next_number(9) == 11);
  CHECK(sa.used_number(0) == 11);
  CHECK(sa.used_number(10) == 1);
  CHECK(sa.used_number(11) == 0);
}

TEST_CASE("a far end knows the last packet that did not arrive") {
  FarEnd::Sa sa{.spi = Spi{1000}};
  sa.next_number(0);
  CHECK(sa.held == 0);
  sa.next_number(2);
  CHECK(sa.held == 3);
  sa.next_number(0);
  CHECK(sa.held == 3);
}

TEST_CASE("a far end that rekeys keeps the SA before, and begins at one") {
  const Selectors a = selectors("ip host 10.0.0.1 host 192.168.60.1");
  FarEnds ends;
  ends.learn(kPeer, a, Spi{1000});
  ends.find(kPeer, Spi{1000})->current.next_number(41);
  ends.learn(kPeer, a, Spi{2000});
  FarEnd* const end = ends.find(kPeer, Spi{1000});
  REQUIRE(end != nullptr);
  CHECK(end->old.sent == 42);
  CHECK(end->current.next_number(0) == 1);
}

TEST_CASE("a far end sends in the tunnel that fits, or in its oldest") {
  const Selectors a = selectors("ip host 10.0.0.1 host 192.168.60.1");
  const Selectors b = selectors("ip host 10.0.0.1 host 192.168.60.2");
  FarEnds ends;
  ends.learn(kPeer, a, Spi{1000});
  ends.learn(kPeer, b, Spi{2000});
  const auto is = [](const Selectors& wanted) {
    return [&wanted](const Selectors& candidate) { return candidate == wanted; };
  };
  CHECK(ends.choose(kPeer, is(b))->current.spi == Spi{2000});
  CHECK(ends.choose(kPeer, is(Selectors()))->current.spi == Spi{1000});
  CHECK(ends.choose(kPeer.plus(1), is(a)) == nullptr);
  ends.forget(kPeer);
  CHECK(ends.choose(kPeer, is(a)) == nullptr);
}

TEST_CASE("a tunnel that another peer took over is not the first one's any more") {
  const Selectors a = selectors("ip host 10.0.0.1 host 192.168.60.1");
  FarEnds ends;
  ends.learn(kPeer, a, Spi{1000});
  ends.learn(kPeer.plus(1), a, Spi{2000});
  CHECK(ends.find(kPeer, Spi{1000}) == nullptr);
  CHECK(ends.find(kPeer.plus(1), Spi{2000})->old.spi == Spi{});
}
