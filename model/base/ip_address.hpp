// IPv4 and IPv6 addresses and prefixes as values.
#pragma once

#include "model/base/print.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// An IPv4 or IPv6 address. Default: 0.0.0.0.
class IpAddress {
 public:
  constexpr IpAddress() = default;

  /// From an IPv4 address in host order: 0x0A000001 is 10.0.0.1.
  static constexpr IpAddress v4(std::uint32_t host_order) { return {0, host_order, false}; }

  /// From the two halves of an IPv6 address, each in host order.
  static constexpr IpAddress v6(std::uint64_t high, std::uint64_t low) { return {high, low, true}; }

  /// Dotted quad (no leading zeros) or any RFC 4291 text form without zone. nullopt otherwise.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] constexpr bool is_v6() const { return is_v6_; }
  [[nodiscard]] constexpr std::uint32_t v4_value() const {
    return static_cast<std::uint32_t>(low_);
  }
  [[nodiscard]] constexpr std::uint64_t high() const { return high_; }
  [[nodiscard]] constexpr std::uint64_t low() const { return low_; }
  /// 32 or 128.
  [[nodiscard]] constexpr unsigned width() const { return is_v6_ ? 128 : 32; }
  [[nodiscard]] constexpr bool is_unspecified() const { return high_ == 0 && low_ == 0; }

  /// This address plus `offset`, wrapping within its family.
  [[nodiscard]] IpAddress plus(std::uint64_t offset) const;

  /// Writes the address: IPv4 dotted, IPv6 by RFC 5952 (lower case, longest zero run shortened).
  char* write(char* out) const {
    if (is_v6_) return write_v6(out);
    return write_dotted(out, v4_value());
  }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  constexpr IpAddress(std::uint64_t high, std::uint64_t low, bool is_v6)
      : high_(high), low_(low), is_v6_(is_v6) {}
  char* write_v6(char* out) const;

  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
  bool is_v6_ = false;
};

std::string to_string(const IpAddress& address);

/// The IPv4 netmask of a prefix length: 24 is 255.255.255.0. Length at most 32.
constexpr IpAddress ipv4_mask(unsigned length) {
  return IpAddress::v4(length == 0 ? 0U : ~std::uint32_t{0} << (32 - length));
}

/// The length of a contiguous IPv4 netmask; nullopt if it has holes.
std::optional<unsigned> mask_length(const IpAddress& mask);

/// An address range such as 10.0.0.0/24 or 2001:db8::/32.
class IpPrefix {
 public:
  constexpr IpPrefix() = default;
  /// Host bits of `address` are cleared. Length at most the family's width.
  IpPrefix(IpAddress address, unsigned length);

  /// `10.0.0.0/24`, `2001:db8::/32`, or an address alone (a prefix of full length).
  static std::optional<IpPrefix> parse(std::string_view text);

  [[nodiscard]] const IpAddress& network() const { return network_; }
  [[nodiscard]] unsigned length() const { return length_; }
  [[nodiscard]] bool contains(const IpAddress& address) const;
  /// Number of addresses, capped at 2^63.
  [[nodiscard]] std::uint64_t size() const;

  friend bool operator==(const IpPrefix&, const IpPrefix&) = default;

 private:
  IpAddress network_;
  unsigned length_ = 0;
};

}  // namespace asaemu
