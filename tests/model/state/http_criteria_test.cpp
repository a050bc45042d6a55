#include "model/state/http_criteria.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

using Kind = HttpCriterion::Kind;

const InspectMaps& maps() {
  static const InspectMaps all = [] {
    InspectMaps made;
    made.regexes.push_back({"R", "bad", *Regex::compile("bad")});
    made.regexes.push_back({"EXE", "\\.exe HTTP/1.[01]", *Regex::compile("\\.exe HTTP/1.[01]")});
    return made;
  }();
  return all;
}

std::optional<bool> holds(const std::string& line, const HttpMessage& message,
                          std::string_view accept = {}) {
  const InspectMatch match{false, split_words(line), 0};
  INFO(line);
  REQUIRE(parse_http_criterion(match.words).has_value());
  return http_criterion_holds(maps(), match, {message, accept});
}

std::optional<bool> request(const std::string& line, const std::string& text) {
  const auto message = parse_http_request(text);
  REQUIRE(message.has_value());
  return holds(line, *message);
}

std::optional<bool> response(const std::string& line, const std::string& text,
                             std::string_view accept = {}) {
  const auto message = parse_http_response(text);
  REQUIRE(message.has_value());
  return holds(line, *message, accept);
}

const std::string kGet = "GET / HTTP/1.1\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("criteria of HTTP requests hold at their limits") {
  CHECK(request("request method get", kGet) == true);
  CHECK(request("request method post", kGet) == false);
  CHECK(request("request method regex R", "bad / HTTP/1.1\r\n") == true);
  CHECK(request("request uri length gt 5", "GET /1234 HTTP/1.1\r\n") == false);
  CHECK(request("request uri length gt 5", "GET /12345 HTTP/1.1\r\n") == true);
  CHECK(request("request uri regex R", "GET /bad HTTP/1.1\r\n") == true);
  CHECK(request("request uri regex EXE", "GET /a.exe HTTP/1.1\r\n") == true);
  CHECK(request("request uri regex EXE", "GET /a.exe.txt HTTP/1.1\r\n") == false);
  CHECK(request("request args regex R", "GET /bad?x=good HTTP/1.1\r\n") == false);
  CHECK(request("request args regex R", "GET /?x=bad HTTP/1.1\r\n") == true);
  CHECK(request("request header count gt 1", kGet + "A: 1\r\n\r\n") == false);
  CHECK(request("request header count gt 1", kGet + "A: 1\r\nB: 2\r\n\r\n") == true);
  CHECK(request("request header cookie count gt 1", kGet + "Cookie: a\r\nB: 2\r\n\r\n") == false);
  CHECK(request("request header cookie count gt 1", kGet + "Cookie: a\r\nCookie: b\r\n\r\n") ==
        true);
  CHECK(request("request header host length gt 3", kGet + "Host: abc\r\n\r\n") == false);
  CHECK(request("request header host length gt 3", kGet + "Host: abcd\r\n\r\n") == true);
  CHECK(request("request header length gt 6", kGet + "A: 1\r\n\r\n") == false);
  CHECK(request("request header length gt 5", kGet + "A: 1\r\n\r\n") == true);
  CHECK(request("request header user-agent regex R", kGet + "User-Agent: badbot\r\n\r\n") == true);
  CHECK(request("request header user-agent regex R", kGet + "Referer: badbot\r\n\r\n") == false);
  CHECK(request("request header non-ascii", kGet + "A: caf\xC3\xA9\r\n\r\n") == true);
  CHECK(request("request header non-ascii", kGet + "A: cafe\r\n\r\ncaf\xC3\xA9") == false);
  CHECK(request("request body regex R", kGet + "\r\nbad") == true);
  CHECK(request("request body length gt 3", kGet + "\r\nbad") == false);
  CHECK(request("request body length gt 3", kGet + "\r\nbad!") == true);
}

TEST_CASE("criteria of HTTP responses hold at their limits") {
  CHECK(response("response status-line regex R", "HTTP/1.1 400 bad request\r\n") == true);
  CHECK(response("response status-line regex R", kOk + "X: bad\r\n\r\n") == false);
  CHECK(response("response header transfer-encoding chunked",
                 kOk + "Transfer-Encoding: gzip, Chunked\r\n\r\n") == true);
  CHECK(response("response header transfer-encoding gzip",
                 kOk + "Transfer-Encoding: chunked\r\n\r\n") == false);
  CHECK(response("response header transfer-encoding regex R",
                 kOk + "Transfer-Encoding: bad\r\n\r\n") == true);
  CHECK(response("response header transfer-encoding empty", kOk + "Transfer-Encoding: \r\n\r\n") ==
        true);
  CHECK(response("response header transfer-encoding empty", kOk + "\r\n") == false);
  CHECK(response("response header content-type unknown",
                 kOk + "Content-Type: application/x-made-up\r\n\r\n") == true);
  CHECK(response("response header content-type unknown",
                 kOk + "Content-Type: text/html; charset=x\r\n\r\n") == false);
  CHECK(response("response header content-type unknown", kOk + "\r\n") == false);
  CHECK(response("response header content-type violation",
                 kOk + "Content-Type: image/gif\r\n\r\nMZ") == true);
  CHECK(response("response header content-type violation",
                 kOk + "Content-Type: image/gif\r\n\r\nGIF89a") == false);
  CHECK(response("response header content-type regex R", kOk + "Content-Type: bad/type\r\n\r\n") ==
        true);
  CHECK(response("req-resp content-type mismatch", kOk + "Content-Type: image/gif\r\n\r\n",
                 "text/html") == true);
  CHECK(response("req-resp content-type mismatch", kOk + "Content-Type: image/gif\r\n\r\n",
                 "image/*") == false);
  CHECK(response("response body active-x", kOk + "\r\n<html><OBJECT classid=x>") == true);
  CHECK(response("response body java-applet", kOk + "\r\n<html><Applet code=x>") == true);
  CHECK(response("response body java-applet", kOk + "\r\n<html>") == false);
}

TEST_CASE("an HTTP criterion is about its own direction") {
  CHECK_FALSE(request("response header count gt 0", kGet + "A: 1\r\n\r\n").has_value());
  CHECK_FALSE(request("req-resp content-type mismatch", kGet).has_value());
  CHECK_FALSE(response("request header count gt 0", kOk + "A: 1\r\n\r\n").has_value());
}

TEST_CASE("a pattern is looked for in the begin of an HTTP body") {
  const std::string line = "response body regex R";
  const auto message = parse_http_response(kOk + "\r\n" + std::string(10, 'x') + "bad");
  const InspectMatch match{false, split_words(line), 0};
  CHECK(http_criterion_holds(maps(), match, {*message, {}, 13}) == true);
  CHECK(http_criterion_holds(maps(), match, {*message, {}, 12}) == false);
}

TEST_CASE("HTTP criteria are asked in the order in which a message is read") {
  const auto kind = [](const std::string& line) {
    const auto words = split_words(line);
    return parse_http_criterion(words)->kind;
  };
  CHECK(kind("request method get") < kind("request uri length gt 5"));
  CHECK(kind("request uri regex R") < kind("request args regex R"));
  CHECK(kind("request args regex R") < kind("request header host length gt 100"));
  CHECK(kind("response header count gt 5") < kind("req-resp content-type mismatch"));
  CHECK(kind("req-resp content-type mismatch") < kind("response body regex R"));
}

TEST_CASE("what is no criterion of HTTP inspection is known as such") {
  for (const char* const line : {"request",
                                 "response",
                                 "req-resp",
                                 "req-resp content-type",
                                 "request method",
                                 "request method 5",
                                 "request method get post",
                                 "request uri",
                                 "request uri length 5",
                                 "request uri length gt",
                                 "request uri length gt x",
                                 "request uri length gt 4294967296",
                                 "request uri length gt 5 6",
                                 "request uri regex",
                                 "request uri regex R S",
                                 "request args length gt 5",
                                 "response method get",
                                 "response uri regex R",
                                 "request status-line regex R",
                                 "response args regex R",
                                 "request body active-x",
                                 "request header",
                                 "request header host",
                                 "request header host regex",
                                 "request header transfer-encoding",
                                 "request header transfer-encoding zip",
                                 "request header non-ascii x",
                                 "response body",
                                 "dns-type eq A"}) {
    INFO(line);
    CHECK_FALSE(parse_http_criterion(split_words(line)).has_value());
  }
}
