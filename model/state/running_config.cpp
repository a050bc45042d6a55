#include "model/state/running_config.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace asaemu {

namespace {

using Blocks = std::vector<ConfigBlock>;

/// Commands of which the last one counts, whatever follows.
constexpr auto kSingle = std::to_array<std::string_view>({
    "hostname",
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
    "clock timezone",
    "clock summer-time",
    "crypto engine accelerator-bias",
    "crypto ipsec security-association lifetime seconds",
    "crypto ipsec security-association lifetime kilobytes",
    "crypto ipsec security-association replay",
    "exceed-mss",
    "urgent-flag",
    "arp timeout",
    "mac-address-table aging-time",
    "tls-proxy maximum-sessions",
    "timeout conn",
    "timeout half-closed",
    "timeout udp",
    "timeout icmp",
    "timeout xlate",
    "timeout uauth",
    "logging trap",
    "logging buffered",
    "logging console",
    "logging monitor",
    "logging facility",
    "logging queue",
    "logging buffer-size",
    "logging device-id",
    "logging timestamp",
});

/// Lines that move between modes and set nothing, and keys, which are not shown.
constexpr auto kHidden =
    std::to_array<std::string_view>({"exit", "quit", "end", "exit-address-family", "crypto key"});

/// Commands that are absent by default, so that their negation is no configuration.
constexpr auto kAbsent = std::to_array<std::string_view>({
    "aaa",
    "aaa-server",
    "access-group",
    "access-list",
    "arp",
    "channel-group",
    "class",
    "class-map",
    "clock",
    "crypto",
    "description",
    "domain-name",
    "hostname",
    "interface",
    "ip address",
    "ip audit",
    "ip local",
    "key",
    "license-server",
    "logging host",
    "mac-address",
    "mac-list",
    "match",
    "member-interface",
    "nameif",
    "neighbor",
    "network",
    "policy-map",
    "regex",
    "route",
    "router",
    "security-level",
    "service-policy",
    "shutdown",
    "sla",
    "snmp-map",
    "speed",
    "static",
    "tcp-map",
    "timeout",
    "tunnel-group",
    "vlan",
    "vpdn",
});

/// Commands whose first argument is a nameif.
constexpr auto kAboutInterface =
    std::to_array<std::string_view>({"route", "arp", "logging host", "logging device-id ipaddress",
                                     "mac-learn", "mac-address-table static", "vpdn enable",
                                     "license-server enable", "license-server backup enable"});

/// Whether the line is these words, or begins with them.
bool begins_with(std::string_view line, std::string_view words) {
  return line.starts_with(words) && (line.size() == words.size() || line[words.size()] == ' ');
}

template <std::size_t kCount>
bool begins_with_one(std::string_view line, const std::array<std::string_view, kCount>& all) {
  return std::ranges::any_of(all, [&](std::string_view words) { return begins_with(line, words); });
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

/// Takes away what begins with these words; whether there was any.
bool remove(Blocks& blocks, std::string_view words) {
  return std::erase_if(blocks,
                       [&](const ConfigBlock& each) { return begins_with(each.line, words); }) > 0;
}

/// What begins with `words` and ends with ` end`, or, without an end, is not longer than `words`.
void remove_between(Blocks& blocks, std::string_view words, std::string_view end) {
  std::erase_if(blocks, [&](const ConfigBlock& each) {
    if (!begins_with(each.line, words)) return false;
    return end.empty() || each.line.find(end, words.size()) != std::string::npos;
  });
}

/// `clear configure …`: the parts of logging that it names are not words of the commands.
void clear(Blocks& blocks, std::string_view what) {
  if (what == "logging disabled") {
    remove(blocks, "no logging message");
  } else if (what == "logging level") {
    remove_between(blocks, "logging message", " level ");
  } else {
    remove(blocks, what);
  }
}

/// Messages are on by default and have two settings, of which one may be negated without the other.
bool enter_message(Blocks& blocks, std::string_view line) {
  const bool negates = take_word(line, "no");
  if (!begins_with(line, "logging message")) return false;
  const bool has_level = std::ranges::count(line, ' ') > 2;
  if (has_level) return false;
  const std::string negated = "no " + std::string(line);
  remove(blocks, negated);
  if (negates) blocks.push_back({negated, {}});
  return true;
}

/// The first words of a line.
std::string_view first_words(std::string_view line, std::size_t count) {
  std::size_t end = 0;
  while (count-- > 0 && end != line.npos) end = line.find(' ', end + 1);
  return line.substr(0, end);
}

/// What a negated line is about, without the settings that do not matter when it is taken away.
std::string_view subject(std::string_view what) {
  const bool is_group = what.find(" protocol ") != what.npos;
  if (begins_with(what, "aaa-server") && is_group) return first_words(what, 2);
  if (begins_with(what, "tunnel-group") && what.find(" type ") != what.npos) {
    return first_words(what, 2);
  }
  if (begins_with(what, "neighbor") && what.find(" remote-as ") != what.npos) {
    return first_words(what, 2);
  }
  if (begins_with(what, "logging host") || begins_with(what, "static")) return first_words(what, 4);
  if (begins_with(what, "route")) return first_words(what, 5);
  return what;
}

/// Class maps are told apart by their names, which stand behind settings.
bool remove_class_map(Blocks& blocks, std::string_view what) {
  std::string_view rest = what;
  if (!take_word(rest, "class-map")) return false;
  const std::string_view name = what.substr(what.rfind(' '));
  std::erase_if(blocks, [&](const ConfigBlock& each) {
    return begins_with(each.line, "class-map") && each.line.ends_with(name);
  });
  return true;
}

/// `no …`: true if that is all there is to do.
bool negate(Blocks& blocks, std::string_view what) {
  if (remove_class_map(blocks, what)) return true;
  // A setting with one value goes, whichever value the line gives.
  if (const auto single = single_of(what); !single.empty()) {
    remove(blocks, single);
    return true;
  }
  if (std::string_view operation = what; take_word(operation, "sla monitor")) {
    remove(blocks, "sla monitor schedule " + std::string(operation));
  }
  static constexpr std::string_view kExtended = " extended";
  if (const auto at = what.find(kExtended); begins_with(what, "access-list") && at != what.npos) {
    remove(blocks,
           std::string(what.substr(0, at)) + std::string(what.substr(at + kExtended.size())));
  }
  return remove(blocks, subject(what)) || begins_with_one(what, kAbsent);
}

/// Enters a line among its like; the block it is now, nullptr if there is none.
ConfigBlock* enter(Blocks& blocks, std::string_view line) {
  if (enter_message(blocks, line)) return nullptr;
  if (line == "speed auto" || line == "duplex auto") {
    remove(blocks, single_of(line));
    return nullptr;
  }
  std::string_view rest = line;
  if (take_word(rest, "clear configure")) {
    clear(blocks, rest);
    return nullptr;
  }
  if (take_word(rest, "no") && negate(blocks, rest)) return nullptr;
  if (rest == line) remove(blocks, "no " + std::string(line));
  const auto same =
      std::ranges::find_if(blocks, [&](const ConfigBlock& each) { return each.line == line; });
  if (same != blocks.end()) return &*same;
  if (const auto single = single_of(line); !single.empty()) {
    const auto place = std::ranges::find_if(
        blocks, [&](const ConfigBlock& each) { return begins_with(each.line, single); });
    if (place != blocks.end()) {
      place->line = line;
      return &*place;
    }
  }
  blocks.push_back({std::string(line), {}});
  return &blocks.back();
}

/// Prints what is below a command, in sub-modes of sub-modes too.
void print_below(const Blocks& blocks, std::size_t indentation, std::string& text) {
  for (const ConfigBlock& block : blocks) {
    text.append(indentation, ' ').append(block.line).append("\n");
    print_below(block.below, indentation + 1, text);
  }
}

/// Where the line refers to the nameif: the place of the name; nothing if it does not.
std::optional<std::size_t> reference(std::string_view line, std::string_view nameif) {
  const auto stands_at = [&](std::size_t at) {
    if (line.substr(at, nameif.size()) != nameif) return false;
    const std::size_t end = at + nameif.size();
    return end == line.size() || line[end] == ' ';
  };
  for (const std::string_view words : kAboutInterface) {
    std::string_view rest = line;
    if (take_word(rest, words) && stands_at(words.size() + 1)) return words.size() + 1;
  }
  static constexpr std::string_view kInterface = " interface ";
  if (const auto at = line.find(kInterface); at != line.npos && stands_at(at + kInterface.size())) {
    return at + kInterface.size();
  }
  // `static (inside,outside) …`, `nat (inside,outside) …`, `aaa-server group (inside) host …`
  const auto open = line.find(" (");
  const auto close = line.find(')', open == line.npos ? 0 : open);
  if (open == line.npos || close == line.npos) return std::nullopt;
  for (std::size_t at = open + 2; at < close;) {
    const std::size_t end = std::min(line.find_first_of(",)", at), close);
    if (line.substr(at, end - at) == nameif) return at;
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace

std::vector<ConfigBlock> arrange_config(std::string_view text) {
  std::vector<ConfigBlock> blocks;
  ConfigBlock* outer = nullptr;
  ConfigBlock* inner = nullptr;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = line.find_first_not_of(" \t");
    const auto last = line.find_last_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '!' || line[first] == ':') continue;
    line = line.substr(first, last + 1 - first);
    if (begins_with_one(line, kHidden)) continue;
    if (first == 0) {
      outer = enter(blocks, line);
      inner = nullptr;
    } else if (first > 1 && inner != nullptr) {
      enter(inner->below, line);
    } else if (outer != nullptr) {
      inner = enter(outer->below, line);
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
    print_below(block.below, 1, text);
  }
  if (section.empty()) text += "!\n";
  return text;
}

std::vector<ConfigBlock> blocks_about(const std::vector<ConfigBlock>& blocks,
                                      std::string_view nameif) {
  std::vector<ConfigBlock> found;
  for (const ConfigBlock& block : blocks) {
    if (!begins_with(block.line, "no") && reference(block.line, nameif)) found.push_back(block);
  }
  return found;
}

std::string with_nameif(std::string_view line, std::string_view nameif, std::string_view other) {
  std::string text(line);
  for (std::size_t count = 0; count < 2; ++count) {
    const auto at = reference(text, nameif);
    if (!at) break;
    text.replace(*at, nameif.size(), other);
  }
  return text;
}

}  // namespace asaemu
