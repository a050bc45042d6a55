#include "model/logging/filter.hpp"

#include <catch2/catch.hpp>

using asaemu::DestinationFilter;
using asaemu::MessageDef;
using asaemu::MessageList;
using asaemu::MessageLists;

namespace {

MessageDef message(std::uint32_t id, std::string_view event_class) {
  MessageDef def;
  def.id = id;
  def.event_class = event_class;
  return def;
}

const MessageDef kShun = message(401004, "ips");
const MessageDef kVpn = message(402119, "vpn");

}  // namespace

TEST_CASE("a filter with a level takes that level and more severe ones") {
  DestinationFilter filter;
  CHECK_FALSE(filter.takes(kShun, 0, {}));
  filter.set_level(4);
  CHECK(filter.takes(kShun, 4, {}));
  CHECK_FALSE(filter.takes(kShun, 5, {}));
  CHECK(filter.describe() == "level warnings");
}

TEST_CASE("a class goes by its own level, stricter or looser than the filter's") {
  DestinationFilter filter;
  filter.set_level(4);
  filter.set_class("vpn", 2);
  CHECK_FALSE(filter.takes(kVpn, 3, {}));
  CHECK(filter.takes(kVpn, 2, {}));
  CHECK(filter.takes(kShun, 4, {}));
  filter.set_class("vpn", 7);
  CHECK(filter.takes(kVpn, 7, {}));
  CHECK(filter.describe() == "level warnings, class vpn");
  filter.set_class("vpn", DestinationFilter::kNoLevel);
  CHECK_FALSE(filter.takes(kVpn, 5, {}));
}

TEST_CASE("a class alone lets its messages through a filter that is off") {
  DestinationFilter filter;
  filter.set_class("ips", 4);
  CHECK(filter.is_on());
  CHECK(filter.takes(kShun, 4, {}));
  CHECK_FALSE(filter.takes(kVpn, 0, {}));
}

TEST_CASE("a list holds what any of its criteria fits") {
  MessageList list;
  list.add_level(2, "");
  list.add_level(4, "vpn");
  list.add_ids(401002, 401004);
  CHECK(list.holds(message(400000, "session"), 2));
  CHECK_FALSE(list.holds(message(400000, "session"), 3));
  CHECK(list.holds(kVpn, 4));
  CHECK_FALSE(list.holds(kVpn, 5));
  CHECK_FALSE(list.holds(message(401001, "ips"), 4));
  CHECK(list.holds(message(401002, "ips"), 7));
  CHECK(list.holds(message(401004, "ips"), 7));
  CHECK_FALSE(list.holds(message(401005, "ips"), 7));
  list.add_ids(401002, 401004);
  CHECK(list.lines() == std::vector<std::string>{"level critical", "level warnings class vpn",
                                                 "message 401002-401004"});
}

TEST_CASE("a filter with a list takes what is on it, and nothing if the list is gone") {
  MessageLists lists;
  lists["shuns"].add_ids(401004, 401004);
  DestinationFilter filter;
  filter.set_list("shuns");
  CHECK(filter.takes(kShun, 4, lists));
  CHECK_FALSE(filter.takes(kVpn, 0, lists));
  CHECK(filter.describe() == "list shuns");
  CHECK_FALSE(filter.takes(kShun, 4, {}));
  filter.set_level(4);
  CHECK(filter.takes(kVpn, 4, lists));
}
