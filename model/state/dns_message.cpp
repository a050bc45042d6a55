#include "model/state/dns_message.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

struct Named {
  std::string_view name;
  std::uint16_t number;
};

constexpr std::array<Named, 21> kTypes{
    {{"a", 1},      {"ns", 2},     {"cname", 5}, {"soa", 6},     {"ptr", 12},   {"hinfo", 13},
     {"mx", 15},    {"txt", 16},   {"aaaa", 28}, {"srv", 33},    {"naptr", 35}, {"opt", 41},
     {"ds", 43},    {"rrsig", 46}, {"nsec", 47}, {"dnskey", 48}, {"tkey", 249}, {"tsig", 250},
     {"ixfr", 251}, {"axfr", 252}, {"any", 255}}};
constexpr std::array<Named, 6> kClasses{
    {{"in", 1}, {"cs", 2}, {"ch", 3}, {"hs", 4}, {"none", 254}, {"any", 255}}};
constexpr std::array<Named, 5> kFlags{{{"qr", DnsMessage::kQr},
                                       {"aa", DnsMessage::kAa},
                                       {"tc", DnsMessage::kTc},
                                       {"rd", DnsMessage::kRd},
                                       {"ra", DnsMessage::kRa}}};
constexpr std::uint16_t kTsig = 250;
constexpr std::uint64_t kHeaderSize = 12;
constexpr std::uint64_t kLabelMax = 63;
constexpr std::uint64_t kNameMax = 255;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<std::uint16_t> number_in(std::span<const Named> all, std::string_view text) {
  for (const Named& each : all) {
    if (std::ranges::equal(each.name, text, {}, {}, lower)) return each.number;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> parse_number(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Calls `take(part)` for each part of the text.
template <class Take>
void split_at(std::string_view text, char separator, Take&& take) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    take(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

struct SectionName {
  std::string_view name;
  DnsMessage::Section section;
};
constexpr std::array<SectionName, 3> kSections{{{"answer", DnsMessage::Section::kAnswer},
                                                {"authority", DnsMessage::Section::kAuthority},
                                                {"additional", DnsMessage::Section::kAdditional}}};

std::optional<DnsMessage::Section> parse_section(std::string_view text) {
  for (const SectionName& each : kSections) {
    if (each.name == text) return each.section;
  }
  return std::nullopt;
}

using Parse = std::optional<std::uint16_t> (*)(std::string_view);

/// `eq VALUE` or `range LOW HIGH` behind the first word.
struct Range {
  std::uint16_t low;
  std::uint16_t high;
};

std::optional<Range> parse_range(const LineWords& words, Parse parse) {
  if (words.size() == 3 && words[1] == "eq") {
    const auto value = parse(words[2]);
    return value ? std::optional(Range{*value, *value}) : std::nullopt;
  }
  if (words.size() != 4 || words[1] != "range") return std::nullopt;
  const auto low = parse(words[2]);
  const auto high = parse(words[3]);
  return low && high && *low <= *high ? std::optional(Range{*low, *high}) : std::nullopt;
}

bool contains(const std::optional<Range>& range, std::uint16_t value) {
  return range && range->low <= value && value <= range->high;
}

/// The mask of `header-flag [eq] {NAME… | 0xVALUE}`.
std::optional<std::uint16_t> header_mask(const LineWords& words) {
  std::size_t at = words.size() > 1 && words[1] == "eq" ? 2 : 1;
  if (at == words.size()) return std::nullopt;
  if (words[at].starts_with("0x")) {
    return at + 1 == words.size() ? parse_number(words[at]) : std::nullopt;
  }
  std::uint16_t mask = 0;
  for (; at < words.size(); ++at) {
    const auto flag = parse_dns_flag(words[at]);
    if (!flag) return std::nullopt;
    mask = static_cast<std::uint16_t>(mask | *flag);
  }
  return mask;
}

/// Criteria in the order in which a message is read.
enum Rank : std::uint16_t { kHeader, kQuestion, kName, kType, kClass, kRecords };

bool is_regex_criterion(const LineWords& words) {
  return (words.size() == 3 && words[1] == "regex") ||
         (words.size() == 4 && words[1] == "regex" && words[2] == "class");
}

}  // namespace

bool DnsMessage::has(Section section) const {
  return std::ranges::find(records, section, &Record::section) != records.end();
}

bool DnsMessage::has_tsig() const {
  return std::ranges::find(records, kTsig, &Record::type) != records.end();
}

std::optional<std::uint16_t> parse_dns_type(std::string_view text) {
  const auto named = number_in(kTypes, text);
  return named ? named : parse_number(text);
}

std::optional<std::uint16_t> parse_dns_class(std::string_view text) {
  const auto named = number_in(kClasses, text);
  return named ? named : parse_number(text);
}

std::optional<std::uint16_t> parse_dns_flag(std::string_view text) {
  return number_in(kFlags, text);
}

std::optional<std::uint16_t> parse_dns_flags(std::string_view text) {
  std::uint16_t flags = 0;
  bool is_known = true;
  split_at(text, '+', [&](std::string_view name) {
    const auto flag = parse_dns_flag(name);
    is_known = is_known && flag.has_value();
    flags = static_cast<std::uint16_t>(flags | flag.value_or(0));
  });
  return is_known ? std::optional(flags) : std::nullopt;
}

std::vector<DnsMessage::Record> parse_dns_records(std::string_view text) {
  std::vector<DnsMessage::Record> records;
  split_at(text, ',', [&](std::string_view part) {
    const auto blank = std::min(part.find(' '), part.size());
    const auto section = parse_section(part.substr(0, blank));
    const auto type = parse_dns_type(trimmed(part.substr(blank)));
    if (section && type) records.push_back({*section, *type});
  });
  return records;
}

std::uint64_t dns_message_size(std::string_view name) {
  constexpr std::uint64_t kTypeAndClass = 4;
  const std::uint64_t name_size = name.empty() ? 1 : name.size() + 2;
  return kHeaderSize + name_size + kTypeAndClass;
}

std::optional<DnsLengthFault> check_dns_name(const DnsMessage& message) {
  std::optional<DnsLengthFault> fault;
  std::uint64_t at = kHeaderSize;
  std::uint64_t name_size = 1;  // the root's empty label
  split_at(message.name, '.', [&](std::string_view label) {
    if (fault) return;
    ++at;  // the label's length
    const std::uint64_t left = message.length > at ? message.length - at : 0;
    if (label.size() > kLabelMax) {
      fault = {DnsLengthFault::Kind::kLabel, label.size(), kLabelMax};
    } else if (label.size() > left) {
      fault = {DnsLengthFault::Kind::kLabelBeyondPacket, label.size(), left};
    }
    at += label.size();
    name_size += label.size() + 1;
  });
  if (!fault && name_size > kNameMax) {
    fault = {DnsLengthFault::Kind::kName, name_size, kNameMax};
  }
  return fault;
}

std::optional<std::uint16_t> dns_criterion_rank(const LineWords& words) {
  const std::string& what = words.front();
  const auto rank_if = [](bool is_good, Rank rank) {
    return is_good ? std::optional<std::uint16_t>(rank) : std::nullopt;
  };
  if (what == "header-flag") return rank_if(header_mask(words).has_value(), kHeader);
  if (what == "question") return rank_if(words.size() == 1, kQuestion);
  if (what == "domain-name") return rank_if(is_regex_criterion(words), kName);
  if (what == "dns-type") return rank_if(parse_range(words, parse_dns_type).has_value(), kType);
  if (what == "dns-class") return rank_if(parse_range(words, parse_dns_class).has_value(), kClass);
  return rank_if(
      what == "resource-record" && words.size() == 2 && parse_section(words[1]).has_value(),
      kRecords);
}

std::optional<bool> dns_criterion_holds(const InspectMaps& maps, const InspectMatch& match,
                                        const DnsMessage& message) {
  const LineWords& words = match.words;
  const std::string& what = words.front();
  if (what == "header-flag") {
    const std::uint16_t mask = header_mask(words).value_or(0);
    return words[1] == "eq" ? message.flags == mask : (message.flags & mask) == mask;
  }
  if (what == "question") return true;
  if (what == "domain-name") return maps.regex_finds(words, 2, message.name);
  if (what == "dns-class") {
    return contains(parse_range(words, parse_dns_class), message.query_class);
  }
  if (what == "resource-record") {
    const auto section = parse_section(words[1]);
    return section && message.has(*section);
  }
  const auto range = parse_range(words, parse_dns_type);
  return contains(range, message.type) ||
         std::ranges::any_of(message.records, [&](const DnsMessage::Record& record) {
           return contains(range, record.type);
         });
}

}  // namespace asaemu
