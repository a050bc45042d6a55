// The small domain values that messages, packets and commands carry. Each is a type of its own, so
// that a port cannot stand where an SPI belongs.
#pragma once

#include "model/base/print.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// A TCP or UDP port, 0 to 65535.
struct Port {
  std::uint16_t value = 0;
  friend constexpr auto operator<=>(Port, Port) = default;
};

/// A MAC address in its low 48 bits, printed `0016.a421.94ef` (asa-behaviour D.5).
struct MacAddress {
  std::uint64_t value = 0;
  /// `0016.a421.94ef`, `00:16:a4:21:94:ef` or `00-16-a4-21-94-ef`.
  static std::optional<MacAddress> parse(std::string_view text);
  char* write(char* out) const {
    for (int i = 0; i < 3; ++i) {
      if (i > 0) *out++ = '.';
      out = write_hex(out, static_cast<std::uint32_t>(value >> (32 - 16 * i) & 0xFFFF),
                      HexCase::kLower, 4);
    }
    return out;
  }
  friend constexpr auto operator<=>(MacAddress, MacAddress) = default;
};

std::string to_string(MacAddress mac);

/// An IPsec Security Parameter Index, printed `0x0C190BF9` (asa-behaviour C.1: eight upper-case
/// digits).
struct Spi {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Spi, Spi) = default;
};

/// A number that an ASA prints in unpadded hex: sequence numbers `0x598243`, register contents.
struct Hex32 {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Hex32, Hex32) = default;
};

/// An IP protocol number with the names an ASA uses; 0 is `ip`.
struct IpProtocol {
  std::uint8_t value = 0;
  /// A name in either case, or a decimal number 0 to 255.
  static std::optional<IpProtocol> parse(std::string_view text);
  /// Lower-case name, empty if the ASA has none for it.
  [[nodiscard]] std::string_view name() const;
  char* write(char* out, bool upper) const;
  friend constexpr auto operator<=>(IpProtocol, IpProtocol) = default;
};

inline constexpr IpProtocol kProtocolIp{0};
inline constexpr IpProtocol kProtocolIcmp{1};
inline constexpr IpProtocol kProtocolTcp{6};
inline constexpr IpProtocol kProtocolUdp{17};
inline constexpr IpProtocol kProtocolEsp{50};

/// A nameif (`outside`) or hardware name (`GigabitEthernet0/0`). A view: it lives as long as what
/// it names.
struct InterfaceName {
  std::string_view value;
  friend constexpr auto operator<=>(InterfaceName, InterfaceName) = default;
};

/// A licence key: five words, printed `0x5b0349c2 … 0x373ecb2` without zero padding (asa-behaviour
/// E.1).
struct ActivationKey {
  std::array<std::uint32_t, 5> words{};
  /// Five hex words with single blanks between, each with or without `0x`.
  static std::optional<ActivationKey> parse(std::string_view text);
  char* write(char* out) const;
  friend constexpr auto operator<=>(const ActivationKey&, const ActivationKey&) = default;
};

/// A software release such as 9.20 or 9.8(2)32, for ordering.
struct Release {
  unsigned major = 9;
  unsigned minor = 20;
  unsigned maintenance = 0;
  unsigned interim = 0;
  static std::optional<Release> parse(std::string_view text);
  // clang-tidy 14 takes the 0 in what the compiler makes of this for a pointer.
  friend constexpr auto operator<=>(const Release&, const Release&) = default;  // NOLINT
};

/// Writes `h:mm:ss`; negative lengths print as zero.
char* write_hms(char* out, std::int64_t seconds);

}  // namespace asaemu
