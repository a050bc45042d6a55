#include "model/state/http_message.hpp"

#include "model/state/http_content_type.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("an HTTP request is read with its line, fields and body") {
  const auto request = parse_http_request(
      "POST /login?user=a&next=/x HTTP/1.1\r\nHost: www.example.com\r\nX-Empty:\r\n"
      "content-length:  5 \r\n\r\nhello");
  REQUIRE(request.has_value());
  CHECK(request->is_request);
  CHECK(request->start_line == "POST /login?user=a&next=/x HTTP/1.1");
  CHECK(request->method == "POST");
  CHECK(request->uri == "/login?user=a&next=/x");
  CHECK(request->arguments == "user=a&next=/x");
  REQUIRE(request->fields.size() == 3);
  CHECK(request->find("host")->value == "www.example.com");
  CHECK(request->find("x-empty")->value.empty());
  CHECK(request->count("HOST") == 1);
  CHECK(request->find("cookie") == nullptr);
  CHECK(request->header.size() == 23 + 10 + 21);
  CHECK(request->body == "hello");
  CHECK(request->body_length == 5);
}

TEST_CASE("an HTTP response is read with its line, fields and body") {
  const auto response = parse_http_response("HTTP/1.0 404 Not Found\nServer: x\n\nnothing");
  REQUIRE(response.has_value());
  CHECK_FALSE(response->is_request);
  CHECK(response->start_line == "HTTP/1.0 404 Not Found");
  CHECK(response->find("Server")->value == "x");
  CHECK(response->body == "nothing");
  CHECK(response->body_length == 7);
  CHECK(parse_http_response("HTTP/1.1 200").has_value());
  CHECK(parse_http_response("HTTP/1.1 200 ").has_value());
}

TEST_CASE("a body is as long as Content-Length says if it is not all there") {
  const auto response =
      parse_http_response("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\nbegin");
  CHECK(response->body == "begin");
  CHECK(response->body_length == 5000000);
  CHECK(parse_http_response("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nbegin")->body_length == 5);
}

TEST_CASE("what does not begin like HTTP is none") {
  for (const char* const text :
       {"", "SSH-2.0-OpenSSH_9.6\r\n", "GET /", "GET  HTTP/1.1", "GET /a b HTTP/1.1",
        "GET / HTTP/11", "GET / HTTPS/1.1", "G(T / HTTP/1.1", "\x16\x03\x01", " / HTTP/1.1"}) {
    INFO(text);
    CHECK_FALSE(parse_http_request(text).has_value());
  }
  for (const char* const text : {"", "220 mail.example.com ESMTP", "HTTP/1.1", "HTTP/1.1 20x OK",
                                 "HTTP/1.1 2000", "HTTP/1.1200 OK"}) {
    INFO(text);
    CHECK_FALSE(parse_http_response(text).has_value());
  }
}

TEST_CASE("chunks are put together and must add up") {
  const auto read = [](const std::string& body) {
    return *parse_http_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
  };
  const auto good = read("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n");
  CHECK_FALSE(good.has_bad_chunks);
  CHECK(good.body == "hello world");
  CHECK(good.body_length == 11);
  // More is to come.
  CHECK_FALSE(read("").has_bad_chunks);
  CHECK_FALSE(read("ff\r\nhello").has_bad_chunks);
  CHECK_FALSE(read("5\r\nhello").has_bad_chunks);
  // Not a number, and data that go on where they should end.
  CHECK(read("zz\r\nhello").has_bad_chunks);
  CHECK(read("5\r\nhello world\r\n").has_bad_chunks);
  CHECK(read("-5\r\nhello").has_bad_chunks);
  CHECK(read("\r\nhello").has_bad_chunks);
}

TEST_CASE("content types are told by what bodies begin with") {
  CHECK(mime_type_of(" text/html ; charset=utf-8") == "text/html");
  CHECK(is_known_mime_type("Image/GIF"));
  CHECK_FALSE(is_known_mime_type("application/x-made-up"));
  CHECK(fits_mime_type("image/gif", "GIF89a"));
  CHECK_FALSE(fits_mime_type("image/gif", "MZ\x90"));
  CHECK(fits_mime_type("image/gif", ""));
  CHECK(fits_mime_type("text/html", "<html>"));
  CHECK_FALSE(fits_mime_type("text/html", "MZ\x90"));
  CHECK_FALSE(fits_mime_type("text/plain", "%PDF-1.7"));
  CHECK(fits_mime_type("application/octet-stream", "MZ\x90"));
  CHECK(fits_mime_type("application/x-made-up", "MZ\x90"));
  CHECK(fits_mime_type("video/x-avi", "RIFF"));
}

TEST_CASE("an Accept field takes a type by name, family or all") {
  CHECK(accepts_mime_type("", "image/gif"));
  CHECK(accepts_mime_type("text/html, image/gif;q=0.5", "image/gif"));
  CHECK(accepts_mime_type("text/html, Image/*", "image/gif"));
  CHECK(accepts_mime_type("text/html,*/*;q=0.1", "image/gif"));
  CHECK_FALSE(accepts_mime_type("text/html, image/png", "image/gif"));
  CHECK_FALSE(accepts_mime_type("text/*", "image/gif"));
}
