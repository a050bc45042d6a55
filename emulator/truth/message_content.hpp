// What of a line is the message, whatever form its header has.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

namespace asaemu {

/// The line from its `%ASA-` on, without the class word that EMBLEM puts into the tag
/// (`%ASA-ips-4-401004`); the whole line if there is no tag. `room` holds the result where it is no
/// part of the line.
inline std::string_view message_content(std::string_view line, std::string& room) {
  constexpr std::string_view kTag = "%ASA-";
  // Hardly a header has another per cent sign.
  std::size_t at = line.find(kTag.front());
  const auto is_tag = [&] {
    return line.size() - at >= kTag.size() &&
           std::memcmp(line.data() + at, kTag.data(), kTag.size()) == 0;
  };
  while (at != std::string_view::npos && !is_tag()) at = line.find(kTag.front(), at + 1);
  if (at == std::string_view::npos) return line;
  const auto content = line.substr(at);
  const bool is_plain =
      content.size() > kTag.size() && content[kTag.size()] >= '0' && content[kTag.size()] <= '9';
  const std::size_t dash = is_plain ? std::string_view::npos : content.find('-', kTag.size());
  if (dash == std::string_view::npos) return content;
  room.assign(kTag);
  room.append(content.substr(dash + 1));
  return room;
}

/// The same where it is known at which place of the line the text behind the tag begins.
inline std::string_view message_content(std::string_view line, std::size_t text,
                                        std::string& room) {
  constexpr std::string_view kTag = "%ASA-n-nnnnnn: ";
  constexpr std::string_view kBegin = "%ASA-";
  if (text < kTag.size() || text > line.size() ||
      std::memcmp(line.data() + text - kTag.size(), kBegin.data(), kBegin.size()) != 0) {
    return message_content(line, room);
  }
  return line.substr(text - kTag.size());
}

}  // namespace asaemu
