#include "model/state/connection_table.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

Connection flow(std::string_view source, std::uint16_t port, IpProtocol protocol = kProtocolTcp) {
  Connection connection;
  connection.protocol = protocol;
  connection.initiator = {InterfaceId{0}, *IpAddress::parse(source), Port{port}};
  connection.responder = {InterfaceId{1}, *IpAddress::parse("198.51.100.80"), Port{443}};
  return connection;
}

}  // namespace

TEST_CASE("a connection is found from both ends, and by nothing else") {
  ConnectionTable table;
  const ConnectionId id = table.add(flow("10.0.0.5", 40000))->id;
  const FiveTuple tuple = flow("10.0.0.5", 40000).tuple();
  CHECK(table.find(tuple)->id == id);
  CHECK(table.find(tuple.reversed())->id == id);
  CHECK(table.find(flow("10.0.0.5", 40001).tuple()) == nullptr);
  CHECK(table.find(flow("10.0.0.6", 40000).tuple()) == nullptr);
  CHECK(table.find(flow("10.0.0.5", 40000, kProtocolUdp).tuple()) == nullptr);
  FiveTuple crossed = tuple;
  std::swap(crossed.source_port, crossed.destination_port);
  CHECK(table.find(crossed) == nullptr);
}

TEST_CASE("a removed connection is found neither by its tuple nor by its id") {
  ConnectionTable table;
  const ConnectionId first = table.add(flow("10.0.0.5", 40000))->id;
  const ConnectionId second = table.add(flow("10.0.0.5", 40001))->id;
  table.remove(first);
  CHECK(table.find(first) == nullptr);
  CHECK(table.find(flow("10.0.0.5", 40000).tuple()) == nullptr);
  CHECK(table.find(second)->initiator.port == Port{40001});
  CHECK(table.size() == 1);
  CHECK(table.most() == 2);
}

TEST_CASE("ids go up and are not used again") {
  ConnectionTable table;
  const ConnectionId first = table.add(flow("10.0.0.5", 40000))->id;
  table.remove(first);
  CHECK(table.add(flow("10.0.0.5", 40000))->id > first);
}
