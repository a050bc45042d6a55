#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

constexpr const char* kClient = "10.0.0.5";
constexpr const char* kServer = "198.51.100.21";

Bench bench_with(const std::string& inspect,
                 std::vector<std::pair<std::string_view, asaemu::FieldValue>> options = {}) {
  Bench bench(std::string(asaemu::test::kBenchConfig) +
                  "class-map inspection_default\n match default-inspection-traffic\n"
                  "policy-map global_policy\n class inspection_default\n  " +
                  inspect + "\nservice-policy global_policy global\n",
              std::move(options));
  return bench;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Bench& from_client(Bench& bench, const Fields& more, int port = 40000) {
  Fields fields{{"proto", "tcp"}, {"src", kClient},
                {"dst", kServer}, {"sport", fmt::format("{}", port)},
                {"dport", "21"},  {"flags", more.empty() ? "syn" : "psh+ack"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}

Bench& from_server(Bench& bench, const std::string& flags, const Fields& more = {},
                   int port = 40000) {
  Fields fields{{"proto", "tcp"},
                {"src", kServer},
                {"dst", kClient},
                {"sport", "21"},
                {"dport", fmt::format("{}", port)},
                {"flags", flags}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("outside", fields);
}

/// An established control connection.
void connect(Bench& bench, int port = 40000) {
  from_client(bench, {}, port);
  from_server(bench, "syn+ack", {}, port);
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", kClient},
                          {"dst", kServer},
                          {"sport", fmt::format("{}", port)},
                          {"dport", "21"},
                          {"flags", "ack"}});
  bench.expect_nothing();
}

Bench& command(Bench& bench, const std::string& line, int port = 40000) {
  return from_client(bench, {{"ftp-command", line}}, port);
}

/// The server opens a data connection to the client.
void open_data(Bench& bench, int to, const std::string& from = kServer) {
  bench.packet("outside", {{"proto", "tcp"},
                           {"src", from},
                           {"dst", kClient},
                           {"sport", "20"},
                           {"dport", fmt::format("{}", to)},
                           {"flags", "syn"}});
}

std::size_t connections(const Bench& bench) {
  return const_cast<Bench&>(bench).device().tables().connections.size();
}

}  // namespace

TEST_CASE("a PORT command with a port below 1024 ends its control connection") {
  auto bench = bench_with("inspect ftp");
  connect(bench);
  REQUIRE(connections(bench) == 1);
  command(bench, "PORT 10,0,0,5,3,255")
      .expect(406001,
              "FTP port command low port: 10.0.0.5/1023 to 198.51.100.21 on interface inside")
      .expect_nothing();
  CHECK(connections(bench) == 0);
}

TEST_CASE("a PORT command with port 1024 is no matter") {
  auto bench = bench_with("inspect ftp");
  connect(bench);
  command(bench, "PORT 10,0,0,5,4,0").expect_nothing();
  CHECK(connections(bench) == 1);
}

TEST_CASE("a PORT command with somebody else's address ends its control connection") {
  auto bench = bench_with("inspect ftp strict");
  connect(bench);
  command(bench, "PORT 203,0,113,99,4,1")
      .expect(406002,
              "FTP port command different address: 10.0.0.5(203.0.113.99) to 198.51.100.21 on "
              "interface inside")
      .expect_nothing();
  CHECK(connections(bench) == 0);
}

TEST_CASE("a low port of somebody else's is reported once") {
  auto bench = bench_with("inspect ftp");
  connect(bench);
  command(bench, "port 203,0,113,99,0,22")
      .expect(406001, "FTP port command low port: 10.0.0.5/22 to 198.51.100.21 on interface inside")
      .expect_nothing();
}

TEST_CASE("without inspection and on other ports nobody reads FTP commands") {
  Bench plain;
  connect(plain);
  command(plain, "PORT 10,0,0,5,0,22").expect_nothing();
  auto bench = bench_with("inspect ftp");
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", kClient},
                          {"dst", kServer},
                          {"sport", "40000"},
                          {"dport", "2121"},
                          {"flags", "syn"}});
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", kClient},
                          {"dst", kServer},
                          {"sport", "40000"},
                          {"dport", "2121"},
                          {"flags", "ack"},
                          {"ftp-command", "PORT 10,0,0,5,0,22"}});
  bench.expect_nothing();
}

TEST_CASE("a data connection comes through the pinhole that PORT made and only one does") {
  auto bench = bench_with("inspect ftp");
  connect(bench);
  open_data(bench, 1025);
  CHECK(connections(bench) == 1);
  command(bench, "PORT 10,0,0,5,4,1");
  open_data(bench, 1026);
  open_data(bench, 1025, "198.51.100.22");
  CHECK(connections(bench) == 1);
  open_data(bench, 1025);
  CHECK(connections(bench) == 2);
  CHECK(bench.device().tables().ftp_pinholes.empty());
}

TEST_CASE("a pinhole waits for 30 seconds and no longer") {
  for (const auto& [wait, comes_in] : {std::pair{30s - 1ns, true}, std::pair{30s + 0ns, false}}) {
    auto bench = bench_with("inspect ftp");
    connect(bench);
    command(bench, "PORT 10,0,0,5,4,1");
    bench.advance(wait);
    open_data(bench, 1025);
    CHECK(connections(bench) == (comes_in ? 2 : 1));
  }
}

TEST_CASE("a pinhole goes with its control connection") {
  auto bench = bench_with("inspect ftp");
  connect(bench);
  command(bench, "PORT 10,0,0,5,4,1");
  bench.command("show service-policy inspect ftp");
  CHECK(bench.output() ==
        "      Inspect: ftp, packet 1, drop 0, reset-drop 0\n"
        "        data connection awaited from 198.51.100.21 to 10.0.0.5/1025\n");
  from_server(bench, "rst");
  CHECK(bench.device().tables().ftp_pinholes.empty());
  open_data(bench, 1025);
  CHECK(connections(bench) == 0);
}

TEST_CASE("as many pinholes open as the device has room for") {
  auto bench = bench_with("inspect ftp", {{"ftp-pinhole-limit", std::uint64_t{2}}});
  connect(bench);
  command(bench, "PORT 10,0,0,5,4,1");
  command(bench, "PORT 10,0,0,5,4,2");
  command(bench, "PORT 10,0,0,5,4,3").expect_nothing();
  open_data(bench, 1027);
  CHECK(connections(bench) == 1);
  open_data(bench, 1026);
  CHECK(connections(bench) == 2);
  command(bench, "PORT 10,0,0,5,4,3");
  open_data(bench, 1027);
  CHECK(connections(bench) == 3);
}

TEST_CASE("the answer to PASV of a server inside lets its client in") {
  Bench bench(std::string(asaemu::test::kBenchConfig) +
              "access-list in extended permit tcp any host 10.0.0.21 eq ftp\n"
              "access-group in in interface outside\n"
              "class-map inspection_default\n match default-inspection-traffic\n"
              "policy-map global_policy\n class inspection_default\n  inspect ftp strict\n"
              "service-policy global_policy global\n");
  const auto client = [&](const std::string& flags, const std::string& port) {
    bench.packet("outside", {{"proto", "tcp"},
                             {"src", "198.51.100.7"},
                             {"dst", "10.0.0.21"},
                             {"sport", "40000"},
                             {"dport", port},
                             {"flags", flags}});
  };
  const auto server = [&](const std::string& reply) {
    bench.packet("inside", {{"proto", "tcp"},
                            {"src", "10.0.0.21"},
                            {"dst", "198.51.100.7"},
                            {"sport", "21"},
                            {"dport", "40000"},
                            {"flags", "psh+ack"},
                            {"ftp-reply", reply}});
  };
  client("syn", "21");
  client("syn", "50000");
  CHECK(connections(bench) == 1);
  server("230 Login successful.");
  server("227 Entering Passive Mode (10,0,0,21,195,80)");
  client("syn", "50000");
  CHECK(connections(bench) == 2);
  server("227 Entering Passive Mode (10,0,0,22,195,80)");
  CHECK(connections(bench) == 1);
  bench.expect_nothing();
}

TEST_CASE("only the strict inspection ends connections whose lines are out of order") {
  const std::vector<std::pair<bool, std::string>> lines{
      {true, "PORT 10,0,0,5,4"},
      {true, "PORT 10,0,0,5,256,0"},
      {true, "RETR " + std::string(252, 'x')},
      {false, "PORT 198,51,100,21,4,1"},
  };
  for (const auto& [by_client, line] : lines) {
    INFO(line);
    for (const bool strict : {false, true}) {
      auto bench = bench_with(strict ? "inspect ftp strict" : "inspect ftp");
      connect(bench);
      if (by_client) {
        command(bench, line);
      } else {
        from_server(bench, "psh+ack", {{"ftp-command", line}});
      }
      bench.expect_nothing();
      CHECK(connections(bench) == (strict ? 0 : 1));
      CHECK(bench.device().tables().ftp_pinholes.empty());
    }
  }
  auto bench = bench_with("inspect ftp strict");
  connect(bench);
  command(bench, "RETR " + std::string(251, 'x')).expect_nothing();
  CHECK(connections(bench) == 1);
}

TEST_CASE("the strict inspection ends connections on which the client answers PASV") {
  for (const bool strict : {false, true}) {
    auto bench = bench_with(strict ? "inspect ftp strict" : "inspect ftp");
    connect(bench);
    from_client(bench, {{"ftp-reply", "227 Entering Passive Mode (10,0,0,5,195,80)"}});
    bench.expect_nothing();
    CHECK(connections(bench) == (strict ? 0 : 1));
  }
}

TEST_CASE("a map ends connections whose commands files or users it forbids") {
  const std::string config = std::string(asaemu::test::kBenchConfig) +
                             "regex secret confidential\nregex root ^root\nregex exe [.]exe\n"
                             "policy-map type inspect ftp ftp_map\n parameters\n  mask-banner\n"
                             " match request-command dele put\n  reset\n"
                             " match filename regex secret\n  reset log\n"
                             " match filetype regex exe\n  reset\n"
                             " match username regex root\n  reset\n"
                             "class-map inspection_default\n match default-inspection-traffic\n"
                             "policy-map global_policy\n class inspection_default\n"
                             "  inspect ftp strict ftp_map\n"
                             "service-policy global_policy global\n";
  for (const auto* line :
       {"DELE x", "stor x", "RETR confidential.txt", "RETR setup.exe", "USER root"}) {
    INFO(line);
    Bench bench(config);
    CHECK(bench.device().refused().empty());
    connect(bench);
    command(bench, line).expect_nothing();
    CHECK(connections(bench) == 0);
  }
  for (const auto* line : {"RETR x", "RETR exe.txt", "USER toor", "DELETE", "PORT 10,0,0,5,4,1"}) {
    INFO(line);
    Bench bench(config);
    connect(bench);
    command(bench, line).expect_nothing();
    CHECK(connections(bench) == 1);
  }
  Bench bench(config);
  for (const auto* line :
       {"match request-command frob", "match filename regex nosuch", "match size"}) {
    bench.commands({"configure terminal", "policy-map type inspect ftp ftp_map", line});
    CHECK_FALSE(bench.output().empty());
  }
}
