#include "model/state/channel_table.hpp"

#include <algorithm>
#include <utility>

namespace asaemu {

LacpSystem lacp_identity(const ChannelTable& channels, const InterfaceTable& interfaces) {
  return {channels.system_priority, interfaces[InterfaceId{0}].mac};
}

const Channel* ChannelTable::find(InterfaceId interface) const {
  const auto found = std::ranges::find(channels_, interface, &Channel::interface);
  return found == channels_.end() ? nullptr : &*found;
}

Channel* ChannelTable::find(InterfaceId interface) {
  return const_cast<Channel*>(std::as_const(*this).find(interface));
}

const ChannelMember* ChannelTable::find_member(InterfaceId port) const {
  const auto found = std::ranges::find(members_, port, &ChannelMember::port);
  return found == members_.end() ? nullptr : &*found;
}

ChannelMember* ChannelTable::find_member(InterfaceId port) {
  return const_cast<ChannelMember*>(std::as_const(*this).find_member(port));
}

ChannelMember& ChannelTable::member(InterfaceId port) {
  const auto place = std::ranges::lower_bound(members_, port, {}, &ChannelMember::port);
  if (place != members_.end() && place->port == port) return *place;
  ChannelMember added;
  added.port = port;
  return *members_.insert(place, added);
}

std::size_t ChannelTable::count(InterfaceId channel, MemberState state) const {
  return static_cast<std::size_t>(std::ranges::count_if(members_, [&](const auto& member) {
    return member.channel == channel && member.state == state;
  }));
}

std::size_t ChannelTable::count(InterfaceId channel) const {
  return static_cast<std::size_t>(std::ranges::count(members_, channel, &ChannelMember::channel));
}

}  // namespace asaemu
