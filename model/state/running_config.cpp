#include "model/state/running_config.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

/// Commands of which the last one counts, whatever follows.
constexpr auto kSingle = std::to_array<std::string_view>({"hostname",
                                                          "domain-name",
                                                          "nameif",
                                                          "security-level",
                                                          "ip address",
                                                          "description",
                                                          "speed",
                                                          "duplex",
                                                          "vlan",
                                                          "mac-address",
                                                          "channel-group",
                                                          "logging trap",
                                                          "logging buffered",
                                                          "logging console",
                                                          "logging monitor",
                                                          "logging facility",
                                                          "logging queue",
                                                          "logging buffer-size",
                                                          "logging device-id",
                                                          "logging timestamp"});

/// Lines that move between modes and set nothing.
constexpr auto kMoves = std::to_array<std::string_view>({"exit", "quit", "end"});

/// Whether the line is these words, or begins with them.
bool begins_with(std::string_view line, std::string_view words) {
  return line.starts_with(words) && (line.size() == words.size() || line[words.size()] == ' ');
}

bool take_word(std::string_view& line, std::string_view word) {
  if (!begins_with(line, word) || line.size() == word.size()) return false;
  line.remove_prefix(word.size() + 1);
  return true;
}

std::string_view single_of(std::string_view line) {
  const auto* found = std::ranges::find_if(
      kSingle, [&](std::string_view single) { return begins_with(line, single); });
  return found == kSingle.end() ? std::string_view() : *found;
}

const std::string& text_of(const ConfigBlock& block) {
  return block.line;
}
const std::string& text_of(const std::string& line) {
  return line;
}
std::string& text_of(ConfigBlock& block) {
  return block.line;
}
std::string& text_of(std::string& line) {
  return line;
}

/// Takes away what begins with these words; whether there was any.
template <class Lines>
bool remove(Lines& lines, std::string_view words) {
  return std::erase_if(lines, [&](const auto& each) { return begins_with(text_of(each), words); }) >
         0;
}

template <class Lines>
auto find(Lines& lines, std::string_view line) {
  return std::ranges::find_if(lines, [&](const auto& each) { return text_of(each) == line; });
}

/// Enters a line among its like; where it stands, the end if it is gone.
template <class Lines>
auto enter(Lines& lines, std::string_view line, typename Lines::value_type made) {
  std::string_view rest = line;
  if (take_word(rest, "clear configure") || (take_word(rest, "no") && remove(lines, rest))) {
    remove(lines, rest);
    return lines.end();
  }
  if (rest == line) remove(lines, "no " + std::string(line));
  auto place = find(lines, line);
  if (place != lines.end()) return place;
  if (const auto single = single_of(line); !single.empty()) {
    place = std::ranges::find_if(
        lines, [&](const auto& each) { return begins_with(text_of(each), single); });
    if (place != lines.end()) {
      text_of(*place) = line;
      return place;
    }
  }
  lines.push_back(std::move(made));
  return lines.end() - 1;
}

}  // namespace

std::vector<ConfigBlock> arrange_config(std::string_view text) {
  std::vector<ConfigBlock> blocks;
  auto current = blocks.end();
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = line.find_first_not_of(" \t");
    const auto last = line.find_last_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '!' || line[first] == ':') continue;
    line = line.substr(first, last + 1 - first);
    if (std::ranges::find(kMoves, line) != kMoves.end()) continue;
    if (first == 0) {
      current = enter(blocks, line, {std::string(line), {}});
    } else if (current != blocks.end()) {
      enter(current->below, line, std::string(line));
    }
  }
  return blocks;
}

std::string print_config(const std::vector<ConfigBlock>& blocks, std::string_view section) {
  std::string text;
  bool was_long = true;
  for (const ConfigBlock& block : blocks) {
    if (!section.empty() && !begins_with(block.line, section)) continue;
    // A command with lines below it stands between exclamation marks, in the whole configuration.
    const bool is_long = !block.below.empty();
    if (section.empty() && (is_long || was_long)) text += "!\n";
    was_long = is_long;
    text += block.line + "\n";
    for (const std::string& line : block.below) text += " " + line + "\n";
  }
  if (section.empty()) text += "!\n";
  return text;
}

}  // namespace asaemu
