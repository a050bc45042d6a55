#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;
using test::Bench;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// HTTP inspection by a map `web` of these lines.
Bench bench_with(const std::string& map,
                 std::vector<std::pair<std::string_view, FieldValue>> options = {}) {
  return Bench(std::string(test::kBenchConfig) + "regex bad \"bad\"\n" +
                   "class-map type inspect http match-all uploads\n"
                   " match request method put\n match request header count gt 1\n"
                   "policy-map type inspect http web\n" +
                   map +
                   "class-map port80\n match port tcp eq 80\n"
                   "policy-map edge\n class port80\n  inspect http web\n"
                   "service-policy edge interface inside\n",
               std::move(options));
}

Bench& packet(Bench& bench, std::string_view in, const Fields& more) {
  const bool is_client = in == "inside";
  Fields fields{{"proto", "tcp"},
                {"src", is_client ? "10.0.0.20" : "198.51.100.80"},
                {"dst", is_client ? "198.51.100.80" : "10.0.0.20"},
                {"sport", is_client ? "2481" : "80"},
                {"dport", is_client ? "80" : "2481"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet(in, fields);
}

void connect(Bench& bench) {
  packet(bench, "inside", {{"flags", "syn"}});
  packet(bench, "outside", {{"flags", "syn+ack"}});
  packet(bench, "inside", {{"flags", "ack"}});
}

Bench& request(Bench& bench, const std::string& text) {
  return packet(bench, "inside", {{"flags", "psh+ack"}, {"http-request", text}});
}

Bench& response(Bench& bench, const std::string& text) {
  return packet(bench, "outside", {{"flags", "psh+ack"}, {"http-response", text}});
}

const std::string kOut = " from inside:10.0.0.20/2481 to outside:198.51.100.80/80";
const std::string kIn = " from outside:198.51.100.80/80 to inside:10.0.0.20/2481";
const std::string kGet = "GET / HTTP/1.1\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\n";

std::size_t connections(Bench& bench) {
  return bench.device().tables().connections.size();
}

}  // namespace

TEST_CASE("each criterion of HTTP inspection has its message") {
  struct Case {
    const char* criterion;
    std::uint32_t id;
    const char* text;
    bool is_request;
    std::string message;
  };
  const std::vector<Case> cases{
      {"request header count gt 1", 415001, ", header field count exceeded", true,
       kGet + "A: 1\r\nB: 2\r\n\r\n"},
      {"request header host length gt 3", 415002, ", header field length exceeded", true,
       kGet + "Host: abcd\r\n\r\n"},
      {"response body length gt 3", 415003, ", body length exceeded", false, kOk + "\r\nbody"},
      {"response header content-type violation", 415004, ", content-type verification failed",
       false, kOk + "Content-Type: image/gif\r\n\r\nMZ"},
      {"request uri length gt 3", 415005, ", URI length exceeded", true, "GET /123 HTTP/1.1\r\n"},
      {"request uri regex bad", 415006, ", URI matched", true, "GET /bad HTTP/1.1\r\n"},
      {"response body regex bad", 415007, ", Body matched", false, kOk + "\r\nbad"},
      {"request header user-agent regex bad", 415008, ", header matched", true,
       kGet + "User-Agent: bad\r\n\r\n"},
      {"request method get", 415009, ", method matched", true, kGet},
      {"response header content-type unknown", 415012, ", content-type unknown", false,
       kOk + "Content-Type: a/b\r\n\r\n"},
      {"response header transfer-encoding empty", 415015, ", transfer-encoding unknown", false,
       kOk + "Transfer-Encoding:\r\n\r\n"},
      {"request args regex bad", 415017, ", arguments matched", true, "GET /?bad HTTP/1.1\r\n"},
      {"request header length gt 3", 415018, ", Header length exceeded", true,
       kGet + "A: 1\r\n\r\n"},
      {"response status-line regex bad", 415019, ", status line matched", false,
       "HTTP/1.1 400 bad\r\n"},
      {"request header non-ascii", 415020, ", a non-ASCII character was matched", true,
       kGet + "A: \xC3\xA9\r\n\r\n"}};
  for (const Case& each : cases) {
    INFO(each.criterion);
    Bench bench = bench_with(fmt::format(" match {}\n  log\n", each.criterion));
    connect(bench);
    if (each.is_request) {
      request(bench, each.message);
    } else {
      response(bench, each.message);
    }
    bench.expect(each.id, fmt::format("HTTP - matched match {} in policy-map web{} - Logging{}",
                                      each.criterion, each.text, each.is_request ? kOut : kIn));
    bench.expect_nothing();
    CHECK(connections(bench) == 1);
  }
}

TEST_CASE("a transfer encoding is reported without the protocol in front") {
  Bench bench = bench_with(" match response header transfer-encoding chunked\n  log\n");
  connect(bench);
  response(bench, kOk + "Transfer-Encoding: chunked\r\n\r\n")
      .expect(415010,
              "matched match response header transfer-encoding chunked in policy-map web, transfer "
              "encoding matched - Logging" +
                  kIn);
}

TEST_CASE("a response is held against what its own request accepts") {
  Bench bench = bench_with(" match req-resp content-type mismatch\n  log\n");
  connect(bench);
  request(bench, kGet + "Accept: text/html\r\n\r\n");
  request(bench, kGet + "Accept: image/*\r\n\r\n");
  request(bench, kGet + "Accept: text/html\r\n\r\n");
  request(bench, kGet + "\r\n");
  request(bench, kGet + "Accept: text/html," + std::string(256, ' ') + "text/css\r\n\r\n");
  const std::string gif = kOk + "Content-Type: image/gif\r\n\r\nGIF89a";
  response(bench, kOk + "Content-Type: text/html\r\n\r\n<html>");
  response(bench, gif).expect_nothing();
  response(bench, gif)
      .expect(415014,
              "HTTP - matched match req-resp content-type mismatch in policy-map web, Mime-type in "
              "response wasn't found in the accept-types of the request - Logging" +
                  kIn);
  response(bench, gif);
  response(bench, gif);
  response(bench, gif).expect_nothing();
}

TEST_CASE("drop-connection and reset end an HTTP connection, log only says so") {
  Bench bench = bench_with(
      " class uploads\n  reset log\n match request uri regex bad\n  drop-connection log\n"
      " match request method options\n  reset\n match request method trace\n  log\n");
  connect(bench);
  request(bench, "TRACE / HTTP/1.1\r\n\r\n")
      .expect(415009,
              "HTTP - matched match request method trace in policy-map web, method matched - "
              "Logging" +
                  kOut);
  CHECK(connections(bench) == 1);
  request(bench, "GET /bad HTTP/1.1\r\n\r\n")
      .expect(415006,
              "HTTP - matched match request uri regex bad in policy-map web, URI matched - "
              "Dropping connection" +
                  kOut);
  CHECK(connections(bench) == 0);
  connect(bench);
  request(bench, "PUT /x HTTP/1.1\r\nA: 1\r\n\r\n").expect_nothing();
  request(bench, "PUT /x HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n")
      .expect(415001,
              "HTTP - matched Class 22: uploads in policy-map web, header field count "
              "exceeded - Resetting connection" +
                  kOut);
  CHECK(connections(bench) == 0);
  connect(bench);
  request(bench, "OPTIONS * HTTP/1.1\r\n\r\n").expect_nothing();
  CHECK(connections(bench) == 0);
}

TEST_CASE("criteria are asked in the order of a message and not of the policy") {
  Bench bench = bench_with(
      " match request header count gt 0\n  log\n match request method get\n  reset log\n");
  connect(bench);
  request(bench, kGet + "A: 1\r\n\r\n")
      .expect(415009,
              "HTTP - matched match request method get in policy-map web, method matched - "
              "Resetting connection" +
                  kOut)
      .expect_nothing();
}

TEST_CASE("what is no HTTP is a violation if the map says what to do") {
  const std::string ssh = "SSH-2.0-OpenSSH_9.6\r\n";
  const std::string chunks = kOk + "Transfer-Encoding: chunked\r\n\r\nzz\r\n";
  {
    Bench bench = bench_with("");
    connect(bench);
    request(bench, ssh);
    response(bench, chunks).expect_nothing();
    CHECK(connections(bench) == 1);
  }
  {
    Bench bench = bench_with(" parameters\n  protocol-violation action log\n");
    connect(bench);
    request(bench, ssh).expect(415011, "HTTP - policy-map web:Protocol violation - Logging" + kOut);
    response(bench, chunks)
        .expect(415013, "HTTP - policy-map web:Malformed chunked encoding - Logging" + kIn);
    CHECK(connections(bench) == 1);
  }
  {
    Bench bench = bench_with(" parameters\n  protocol-violation action reset log\n");
    connect(bench);
    request(bench, ssh)
        .expect(415011, "HTTP - policy-map web:Protocol violation - Resetting connection" + kOut);
    CHECK(connections(bench) == 0);
  }
  Bench bench = bench_with(" parameters\n  protocol-violation action drop-connection\n");
  connect(bench);
  request(bench, ssh).expect_nothing();
  CHECK(connections(bench) == 0);
}

TEST_CASE("a client has as many unanswered HTTP requests as the device allows") {
  Bench bench = bench_with(" parameters\n  protocol-violation action drop log\n",
                           {{"http-unanswered-requests", std::uint64_t{3}}});
  connect(bench);
  for (int i = 0; i < 3; ++i) request(bench, kGet + "\r\n");
  response(bench, kOk + "\r\n");
  request(bench, kGet + "\r\n").expect_nothing();
  request(bench, kGet + "\r\n")
      .expect(415016,
              "policy-map web:Maximum number of unanswered HTTP requests exceeded - "
              "Dropping connection" +
                  kOut);
  CHECK(connections(bench) == 0);
  // A new connection begins anew.
  connect(bench);
  for (int i = 0; i < 3; ++i) request(bench, kGet + "\r\n");
  bench.expect_nothing();
}

TEST_CASE("a pattern is looked for in as much of an HTTP body as the map says") {
  Bench bench =
      bench_with(" parameters\n  body-match-maximum 10\n match request body regex bad\n  log\n");
  connect(bench);
  request(bench, kGet + "\r\n12345678bad").expect_nothing();
  request(bench, kGet + "\r\n1234567bad")
      .expect(415007,
              "HTTP - matched match request body regex bad in policy-map web, Body matched "
              "- Logging" +
                  kOut);
}

TEST_CASE("without a map or off its port HTTP is not looked at") {
  Bench bench = bench_with(" match request method get\n  log\n");
  const Fields other{{"proto", "tcp"},  {"src", "10.0.0.20"}, {"dst", "198.51.100.80"},
                     {"sport", "2481"}, {"dport", "8080"},    {"http-request", kGet}};
  bench.packet("inside", other).expect_nothing();
  bench.commands(
      {"configure terminal", "policy-map edge", "class port80", "no inspect http", "inspect http"});
  connect(bench);
  request(bench, kGet).expect_nothing();
}

TEST_CASE("a line that HTTP inspection does not know is refused") {
  Bench bench = bench_with("");
  const auto answer = [&](std::vector<std::string> lines) {
    lines.insert(lines.begin(), {"configure terminal", "policy-map type inspect http web"});
    bench.commands(lines);
    return bench.output();
  };
  CHECK(answer({"match dns-type eq A"}).starts_with("ERROR: % Invalid input"));
  for (const char* const line :
       {"protocol-violation", "protocol-violation action", "protocol-violation action pass",
        "protocol-violation action log log", "protocol-violation action reset now",
        "body-match-maximum 0", "body-match-maximum 65536", "body-match-maximum x", "spoof-server",
        "message-length maximum 512"}) {
    INFO(line);
    CHECK(answer({"parameters", line}).find("^\nERROR: % Invalid input") != std::string::npos);
  }
  CHECK(answer({"parameters", "spoof-server \"Apache 1\""}).empty());
  CHECK(answer({"parameters", "body-match-maximum 65535"}).empty());
  CHECK(answer({"parameters", "protocol-violation action reset log"}).empty());
  CHECK(answer({"parameters", "protocol-violation action log"}).empty());
  bench.command("show running-config policy-map type inspect http");
  CHECK(bench.output() ==
        "policy-map type inspect http web\n parameters\n  spoof-server \"Apache 1\"\n"
        "  body-match-maximum 65535\n  protocol-violation action log\n");
}
