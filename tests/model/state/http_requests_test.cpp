#include "model/state/http_requests.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

constexpr ConnectionId kOne{1};

}  // namespace

TEST_CASE("an HTTP response answers the oldest request of its connection") {
  HttpRequests requests(4);
  CHECK(requests.answer(kOne).empty());
  CHECK(requests.ask(kOne, "text/html"));
  CHECK(requests.ask(kOne, "image/gif"));
  CHECK(requests.ask(ConnectionId{2}, "text/css"));
  CHECK(requests.answer(kOne) == "text/html");
  CHECK(requests.answer(kOne) == "image/gif");
  CHECK(requests.answer(kOne).empty());
  CHECK(requests.answer(ConnectionId{2}) == "text/css");
}

TEST_CASE("as many HTTP requests wait as are allowed") {
  HttpRequests requests(2);
  CHECK(requests.ask(kOne, "a/1"));
  CHECK(requests.ask(kOne, "a/2"));
  CHECK_FALSE(requests.ask(kOne, "a/3"));
  CHECK(requests.answer(kOne) == "a/1");
  CHECK(requests.ask(kOne, "a/4"));
  CHECK_FALSE(requests.ask(kOne, "a/5"));
  requests.forget(kOne);
  CHECK(requests.ask(kOne, "a/6"));
  CHECK(requests.answer(kOne) == "a/6");
}

TEST_CASE("the table of HTTP requests forgets the oldest connection when it is full") {
  HttpRequests requests(4, 2);
  requests.ask(ConnectionId{1}, "a/1");
  requests.ask(ConnectionId{2}, "a/2");
  CHECK(requests.size() == 2);
  requests.ask(ConnectionId{3}, "a/3");
  CHECK(requests.size() == 2);
  CHECK(requests.answer(ConnectionId{1}).empty());
  CHECK(requests.answer(ConnectionId{2}) == "a/2");
  CHECK(requests.answer(ConnectionId{3}) == "a/3");
}

TEST_CASE("an Accept field of 256 bytes is kept and a longer one takes everything") {
  HttpRequests requests(4);
  const std::string most(HttpRequests::kAcceptBound, 'a');
  requests.ask(kOne, most);
  requests.ask(kOne, most + "a");
  CHECK(requests.answer(kOne) == most);
  CHECK(requests.answer(kOne).empty());
}
