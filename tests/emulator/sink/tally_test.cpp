#include "emulator/sink/tally.hpp"

#include <catch2/catch.hpp>
#include <fmt/core.h>

using namespace asaemu;

namespace {

CalendarTime at(int seconds) {
  return CalendarTime{std::chrono::seconds{seconds}};
}

void take(Tally& tally, std::string_view text, int seconds) {
  tally.take({text, "10.0.0.1", text.size() + 1}, at(seconds));
}

}  // namespace

TEST_CASE("messages are counted by id and by sender") {
  Tally tally;
  CHECK_FALSE(tally.first());
  take(tally, "<164>fw-a : %ASA-4-401004: Shunned", 10);
  take(tally, "<164>fw-b : %ASA-4-401004: Shunned", 11);
  take(tally, "<164>%ASA-4-402119: IPSEC", 12);
  take(tally, "hello", 13);
  CHECK(tally.messages() == 4);
  CHECK(tally.bytes() == 35 + 35 + 26 + 6);
  CHECK(tally.malformed() == 1);
  CHECK(tally.first() == at(10));
  CHECK(tally.last() == at(13));
  CHECK(tally.by_id() == Tally::ById{{401004, 2}, {402119, 1}});
  CHECK(tally.by_sender() == Tally::BySender{{"fw-a", 1}, {"fw-b", 1}, {"10.0.0.1", 2}});
}

TEST_CASE("cut and unfinished lines are counted as such") {
  Tally tally;
  tally.take({"x", "peer", 2, true, false}, at(0));
  tally.take({"x", "peer", 1, false, true}, at(0));
  CHECK(tally.messages() == 2);
  CHECK(tally.cut() == 1);
  CHECK(tally.unfinished() == 1);
}

TEST_CASE("names of senders do not fill the memory") {
  Tally tally;
  for (std::size_t i = 0; i < Tally::kSendersMax + 2; ++i) {
    const auto name = fmt::format("peer-{}", i);
    tally.take({"%ASA-4-401004: x", name, 17}, at(0));
  }
  CHECK(tally.by_sender().size() == Tally::kSendersMax + 1);
  CHECK(tally.by_sender().at(std::string{Tally::kOthers}) == 2);
}
