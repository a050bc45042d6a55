#include "model/base/ip_address.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

std::optional<IpAddress> parse_v4(std::string_view text) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    std::uint32_t octet = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
      octet = octet * 10 + static_cast<std::uint32_t>(text[digits] - '0');
      ++digits;
    }
    const bool leading_zero = digits > 1 && text[0] == '0';
    if (digits == 0 || octet > 255 || leading_zero) return std::nullopt;
    text.remove_prefix(digits);
    value = value << 8 | octet;
  }
  if (!text.empty()) return std::nullopt;
  return IpAddress::v4(value);
}

/// Reads up to eight groups; `gap` is where `::` stood, or 8 if nowhere.
struct Groups {
  std::array<std::uint16_t, 8> value{};
  std::size_t count = 0;
  std::size_t gap = 8;
  bool seen_gap = false;
};

bool read_tail_v4(std::string_view text, Groups& groups) {
  const auto tail = parse_v4(text);
  if (!tail || groups.count > 6) return false;
  groups.value[groups.count++] = static_cast<std::uint16_t>(tail->v4_value() >> 16);
  groups.value[groups.count++] = static_cast<std::uint16_t>(tail->v4_value());
  return true;
}

bool read_groups(std::string_view text, Groups& groups) {
  while (!text.empty()) {
    const auto colon = text.find(':');
    const auto part = text.substr(0, colon);
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      return read_tail_v4(part, groups);
    }
    unsigned value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, 16);
    if (part.empty() || part.size() > 4 || error != std::errc{} ||
        end != part.data() + part.size() || groups.count == 8) {
      return false;
    }
    groups.value[groups.count++] = static_cast<std::uint16_t>(value);
    if (colon == std::string_view::npos) return true;
    text.remove_prefix(colon + 1);
    if (text.empty()) return false;
    if (text.front() == ':') {
      if (groups.seen_gap) return false;
      groups.seen_gap = true;
      groups.gap = groups.count;
      text.remove_prefix(1);
    }
  }
  return true;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  Groups groups;
  if (text.starts_with("::")) {
    groups.seen_gap = true;
    groups.gap = 0;
    text.remove_prefix(2);
  }
  if (!read_groups(text, groups)) return std::nullopt;
  if (groups.seen_gap ? groups.count > 7 : groups.count != 8) return std::nullopt;
  std::array<std::uint16_t, 8> all{};
  const std::size_t tail = groups.count - (groups.seen_gap ? groups.gap : groups.count);
  for (std::size_t i = 0; i < groups.count - tail; ++i) all[i] = groups.value[i];
  for (std::size_t i = 0; i < tail; ++i) all[8 - tail + i] = groups.value[groups.count - tail + i];
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 4; ++i) high = high << 16 | all[i];
  for (std::size_t i = 4; i < 8; ++i) low = low << 16 | all[i];
  return IpAddress::v6(high, low);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  return parse_v4(text);
}

IpAddress IpAddress::plus(std::uint64_t offset) const {
  if (!is_v6_) return v4(static_cast<std::uint32_t>(low_ + offset));
  const std::uint64_t low = low_ + offset;
  return v6(high_ + (low < low_ ? 1 : 0), low);
}

char* IpAddress::write_v6(char* out) const {
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < 4; ++i) {
    groups[i] = static_cast<std::uint16_t>(high_ >> (48 - 16 * i));
    groups[i + 4] = static_cast<std::uint16_t>(low_ >> (48 - 16 * i));
  }
  std::size_t best = 8;
  std::size_t best_length = 1;  // a single zero group is not shortened (RFC 5952, 4.2.2)
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  for (std::size_t i = 0; i < 8;) {
    if (i == best) {
      *out++ = ':';
      *out++ = ':';
      i += best_length;
      continue;
    }
    if (i != 0 && i != best + best_length) *out++ = ':';
    out = write_hex(out, groups[i], HexCase::kLower);
    ++i;
  }
  return out;
}

std::string to_string(const IpAddress& address) {
  std::array<char, kPrintedValueMax> buffer;
  return {buffer.data(), address.write(buffer.data())};
}

std::optional<unsigned> mask_length(const IpAddress& mask) {
  if (mask.is_v6()) return std::nullopt;
  for (unsigned length = 0; length <= 32; ++length) {
    if (ipv4_mask(length) == mask) return length;
  }
  return std::nullopt;
}

IpPrefix::IpPrefix(IpAddress address, unsigned length) : length_(length) {
  if (!address.is_v6()) {
    network_ = IpAddress::v4(address.v4_value() & ipv4_mask(length).v4_value());
    return;
  }
  const auto keep = [](unsigned bits) {
    return bits == 0 ? std::uint64_t{0} : ~std::uint64_t{0} << (64 - bits);
  };
  const unsigned high_bits = length < 64 ? length : 64;
  network_ =
      IpAddress::v6(address.high() & keep(high_bits), address.low() & keep(length - high_bits));
}

std::optional<IpPrefix> IpPrefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return IpPrefix(*address, address->width());
  const auto digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc{} || end != digits.data() + digits.size() || length > address->width()) {
    return std::nullopt;
  }
  return IpPrefix(*address, length);
}

bool IpPrefix::contains(const IpAddress& address) const {
  return address.is_v6() == network_.is_v6() && IpPrefix(address, length_).network_ == network_;
}

std::uint64_t IpPrefix::size() const {
  const unsigned host_bits = network_.width() - length_;
  return host_bits >= 63 ? std::uint64_t{1} << 63 : std::uint64_t{1} << host_bits;
}

}  // namespace asaemu
