// The options of an IPv4 header, as the bytes that travel.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace asaemu {

/// Option numbers: the low five bits of an option's first byte (RFC 791, 3.1).
enum class IpOption : std::uint8_t {
  kEndOfList = 0,
  kNoOperation = 1,
  kSecurity = 2,
  kLooseSourceRoute = 3,
  kTimestamp = 4,
  kRecordRoute = 7,
  kStreamId = 8,
  kStrictSourceRoute = 9,
  kRouterAlert = 20,
};

/// Which options a list holds, and whether it can be read to its end.
struct IpOptionScan {
  std::uint32_t numbers = 0;  ///< bit n: option n stands in the list, before what cannot be read
  bool is_malformed = false;

  [[nodiscard]] bool has(IpOption option) const {
    return (numbers >> static_cast<unsigned>(option) & 1U) != 0;
  }
};

class IpOptions {
 public:
  /// What the length of an IPv4 header leaves for options.
  static constexpr std::size_t kBytesMax = 40;

  /// Options joined by '+': `record-route`, `timestamp`, `security`, `loose-source-route`,
  /// `strict-source-route`, `stream-id`, `router-alert`, `nop`, or raw bytes such as `0x0727`. Filled
  /// up with zeros to whole words, as a header is; nullopt if an option is unknown or they are too
  /// long together.
  static std::optional<IpOptions> parse(std::string_view text);

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }

  /// Reads the list as a router does.
  [[nodiscard]] IpOptionScan scan() const;

  friend bool operator==(const IpOptions&, const IpOptions&) = default;

 private:
  bool add(std::uint8_t byte);
  bool add_named(std::string_view name);
  bool add_raw(std::string_view hex);

  std::array<std::uint8_t, kBytesMax> bytes_{};
  std::uint8_t size_ = 0;
};

}  // namespace asaemu
