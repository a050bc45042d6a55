#include "model/base/values.hpp"

#include <charconv>

namespace asaemu {

namespace {

struct ProtocolName {
  std::uint8_t number;
  std::string_view name;
};

// IANA protocol numbers that the ASA's CLI knows by name.
constexpr std::array<ProtocolName, 16> kProtocolNames{{{0, "ip"},
                                                       {1, "icmp"},
                                                       {2, "igmp"},
                                                       {4, "ipinip"},
                                                       {6, "tcp"},
                                                       {9, "igrp"},
                                                       {17, "udp"},
                                                       {47, "gre"},
                                                       {50, "esp"},
                                                       {51, "ah"},
                                                       {58, "icmp6"},
                                                       {88, "eigrp"},
                                                       {89, "ospf"},
                                                       {94, "nos"},
                                                       {103, "pim"},
                                                       {132, "sctp"}}};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (upper(a[i]) != upper(b[i])) return false;
  }
  return true;
}

/// Reads an unsigned number at the front of `text` and removes it.
template <class T>
bool take_number(std::string_view& text, T& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end == text.data()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  std::uint64_t value = 0;
  unsigned digits = 0;
  const bool dotted = text.size() == 14;
  if (!dotted && text.size() != 17) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separator = dotted ? i % 5 == 4 : i % 3 == 2;
    if (separator) {
      const bool good = dotted ? text[i] == '.' : text[i] == ':' || text[i] == '-';
      if (!good) return std::nullopt;
      continue;
    }
    unsigned digit = 0;
    std::string_view one = text.substr(i, 1);
    if (!take_number(one, digit, 16)) return std::nullopt;
    value = value << 4 | digit;
    ++digits;
  }
  if (digits != 12) return std::nullopt;
  return MacAddress{value};
}

std::string to_string(MacAddress mac) {
  std::array<char, kPrintedValueMax> text;
  return {text.data(), mac.write(text.data())};
}

std::optional<IpProtocol> IpProtocol::parse(std::string_view text) {
  for (const auto& known : kProtocolNames) {
    if (equal_ignoring_case(known.name, text)) return IpProtocol{known.number};
  }
  unsigned number = 0;
  if (!take_number(text, number) || !text.empty() || number > 255) return std::nullopt;
  return IpProtocol{static_cast<std::uint8_t>(number)};
}

std::string_view IpProtocol::name() const {
  for (const auto& known : kProtocolNames) {
    if (known.number == value) return known.name;
  }
  return {};
}

char* IpProtocol::write(char* out, bool in_upper) const {
  const auto text = name();
  if (text.empty()) return write_decimal(out, value);
  for (const char c : text) *out++ = in_upper ? upper(c) : c;
  return out;
}

std::optional<ActivationKey> ActivationKey::parse(std::string_view text) {
  ActivationKey key;
  for (std::size_t i = 0; i < key.words.size(); ++i) {
    if (i > 0 && !take(text, ' ')) return std::nullopt;
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    if (!take_number(text, key.words[i], 16)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return key;
}

char* ActivationKey::write(char* out) const {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) *out++ = ' ';
    out = write_text(out, "0x");
    out = write_hex(out, words[i], HexCase::kLower);
  }
  return out;
}

std::optional<Release> Release::parse(std::string_view text) {
  Release release{0, 0, 0, 0};
  if (!take_number(text, release.major) || !take(text, '.')) return std::nullopt;
  if (!take_number(text, release.minor)) return std::nullopt;
  if (take(text, '(')) {
    if (!take_number(text, release.maintenance) || !take(text, ')')) return std::nullopt;
    if (!text.empty() && !take_number(text, release.interim)) return std::nullopt;
  } else if (take(text, '.')) {
    if (!take_number(text, release.maintenance)) return std::nullopt;
    if (take(text, '.') && !take_number(text, release.interim)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return release;
}

char* write_hms(char* out, std::int64_t seconds) {
  const auto total = static_cast<std::uint64_t>(seconds < 0 ? 0 : seconds);
  out = write_decimal(out, total / 3600);
  *out++ = ':';
  out = write_two_digits(out, static_cast<unsigned>(total / 60 % 60));
  *out++ = ':';
  return write_two_digits(out, static_cast<unsigned>(total % 60));
}

}  // namespace asaemu
