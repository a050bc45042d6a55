#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

Bench& connection(Bench& bench, const char* event, const char* id, const char* memory = "65536") {
  return bench.world("ssl-connection", {{"ssl-connection", event}, {"id", id}, {"memory", memory}});
}

Bench small_pool() {
  return Bench(asaemu::test::kBenchConfig,
               {{"ssl-memory-limit", std::uint64_t{1000}}, {"crypto-memory", std::uint64_t{2048}}});
}

}  // namespace

TEST_CASE("a TLS connection gets what it may have and not a byte more") {
  Bench bench = small_pool();
  connection(bench, "open", "1", "1000").expect_nothing();
  connection(bench, "open", "2", "1001")
      .expect(402128,
              "CRYPTO: An attempt to allocate a large memory block failed, size: 1001, limit: "
              "1000.")
      .expect_nothing();
}

TEST_CASE("when memory runs low a TLS connection gets no more than there is") {
  Bench bench = small_pool();
  connection(bench, "open", "1", "1000");
  connection(bench, "open", "2", "960").expect_nothing();
  connection(bench, "open", "3", "65")
      .expect(402128,
              "CRYPTO: An attempt to allocate a large memory block failed, size: 65, limit: 64.");
  connection(bench, "open", "3", "64").expect_nothing();
  connection(bench, "open", "4", "1")
      .expect(402128,
              "CRYPTO: An attempt to allocate a large memory block failed, size: 1, limit: 0.");
  connection(bench, "close", "1").expect_nothing();
  connection(bench, "open", "4", "1000").expect_nothing();
}

TEST_CASE("a connection that is reset in its handshake is cleaned up twice") {
  Bench bench;
  connection(bench, "open", "1");
  connection(bench, "reset", "1").expect_nothing();
  bench.advance(5s - 1ns).expect_nothing();
  bench.advance(1ns)
      .expect(402129,
              "CRYPTO: An attempt to release a DMA memory block failed, location: 0xD0000000.")
      .expect_nothing();
}

TEST_CASE("a second clean-up takes the memory of the connection that has it by then") {
  Bench bench;
  connection(bench, "open", "1");
  connection(bench, "reset", "1");
  bench.advance(1s);
  connection(bench, "open", "2");
  bench.advance(5s).expect_nothing();
  connection(bench, "close", "2")
      .expect(402129,
              "CRYPTO: An attempt to release a DMA memory block failed, location: 0xD0000000.")
      .expect_nothing();
}

TEST_CASE("a connection that is not there cannot be closed, one that is not opened again") {
  Bench bench = small_pool();
  connection(bench, "close", "1").expect_nothing();
  connection(bench, "open", "1", "1000");
  connection(bench, "open", "1", "1000").expect_nothing();
  connection(bench, "close", "1").expect_nothing();
  connection(bench, "reset", "1").expect_nothing();
  bench.advance(1min).expect_nothing();
}

TEST_CASE("there are so many TLS connections and no more") {
  Bench bench;
  for (int id = 0; id < 1024; ++id) {
    connection(bench, "open", std::to_string(id).c_str(), "1").expect_nothing();
  }
  connection(bench, "open", "1024", "1")
      .expect(402128,
              "CRYPTO: An attempt to allocate a large memory block failed, size: 1, limit: 0.");
}

TEST_CASE("a reload ends all TLS connections and gives their memory back") {
  Bench bench = small_pool();
  connection(bench, "open", "1", "1000");
  connection(bench, "open", "2", "1000");
  connection(bench, "reset", "1");
  bench.command("reload noconfirm").advance(10min).expect_nothing();
  connection(bench, "open", "3", "1000");
  connection(bench, "open", "4", "1000").expect_nothing();
}
