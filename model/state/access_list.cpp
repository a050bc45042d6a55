#include "model/state/access_list.hpp"

#include "model/state/port_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace asaemu {

namespace {

constexpr IpProtocol kProtocolSctp{132};

/// Reads a rule word by word.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  std::string_view word() {
    const auto begin = std::min(rest_.find_first_not_of(' '), rest_.size());
    rest_.remove_prefix(begin);
    const std::string_view found = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(found.size());
    return found;
  }

  [[nodiscard]] bool at_end() const { return rest_.find_first_not_of(' ') == rest_.npos; }

  /// Whether nothing follows but `log` with its settings, which make messages out of our range.
  bool skip_log() {
    if (at_end()) return true;
    if (word() != "log") return false;
    while (!at_end()) {
      const std::string_view setting = word();
      if (setting == "interval") {
        constexpr std::uint32_t kSecondsMax = 600;
        const auto seconds = number(word());
        if (!seconds || *seconds == 0 || *seconds > kSecondsMax) return false;
      } else if (setting != "disable" && setting != "default" && !is_level(setting)) {
        return false;
      }
    }
    return true;
  }

  std::optional<AddressRange> addresses() {
    const std::string_view first = word();
    if (first == "any") return AddressRange{};
    if (first == "any4") return AddressRange{IpPrefix(IpAddress(), 0)};
    if (first == "any6") return AddressRange{IpPrefix(IpAddress::v6(0, 0), 0)};
    if (first == "host") {
      const auto address = IpAddress::parse(word());
      if (!address) return std::nullopt;
      return AddressRange{IpPrefix(*address, address->width())};
    }
    if (first.find('/') != first.npos) {
      const auto prefix = IpPrefix::parse(first);
      if (!prefix || !prefix->network().is_v6()) return std::nullopt;
      return AddressRange{*prefix};
    }
    const auto network = IpAddress::parse(first);
    const auto mask = IpAddress::parse(word());
    if (!network || network->is_v6() || !mask || mask->is_v6()) return std::nullopt;
    const auto length = mask_length(*mask);
    if (!length) return std::nullopt;
    return AddressRange{IpPrefix(*network, *length)};
  }

  /// Any port if no operator follows; nullopt if one follows and is malformed.
  std::optional<PortRange> ports(IpProtocol protocol) {
    const RuleReader before = *this;
    const std::string_view relation = word();
    const bool known = relation == "eq" || relation == "neq" || relation == "lt" ||
                       relation == "gt" || relation == "range";
    if (!known) {
      *this = before;
      return PortRange{};
    }
    const auto named = parse_port_name(protocol, word());
    if (!named) return std::nullopt;
    const std::uint16_t port = named->value;
    if (relation == "eq") return PortRange{port, port, false};
    if (relation == "neq") return PortRange{port, port, true};
    if (relation == "lt" && port > 0) {
      return PortRange{0, static_cast<std::uint16_t>(port - 1), false};
    }
    if (relation == "gt" && port < 65535) {
      return PortRange{static_cast<std::uint16_t>(port + 1), 65535, false};
    }
    if (relation != "range") return std::nullopt;
    const auto high = parse_port_name(protocol, word());
    if (!high || high->value < port) return std::nullopt;
    return PortRange{port, high->value, false};
  }

 private:
  static std::optional<std::uint32_t> number(std::string_view text) {
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
  }

  static bool is_level(std::string_view word) {
    constexpr auto kLevels = std::to_array<std::string_view>(
        {"emergencies", "alerts", "critical", "errors", "warnings", "notifications",
         "informational", "debugging", "0", "1", "2", "3", "4", "5", "6", "7"});
    return std::ranges::find(kLevels, word) != kLevels.end();
  }

  std::string_view rest_;
};

std::string range_text(const AddressRange& range) {
  if (!range.prefix) return "any";
  const IpPrefix& prefix = *range.prefix;
  const IpAddress& network = prefix.network();
  if (prefix.length() == 0) return network.is_v6() ? "any6" : "any4";
  if (prefix.length() == network.width()) return fmt::format("host {}", to_string(network));
  if (network.is_v6()) return fmt::format("{}/{}", to_string(network), prefix.length());
  return fmt::format("{} {}", to_string(network), to_string(ipv4_mask(prefix.length())));
}

std::string range_text(const PortRange& range, IpProtocol protocol) {
  const auto name = [protocol](int port) {
    return port_name(protocol, Port{static_cast<std::uint16_t>(port)});
  };
  if (range.is_any()) return {};
  if (range.is_negated) return " neq " + name(range.low);
  if (range.low == range.high) return " eq " + name(range.low);
  if (range.low == 0) return " lt " + name(range.high + 1);
  if (range.high == 65535) return " gt " + name(range.low - 1);
  return fmt::format(" range {} {}", name(range.low), name(range.high));
}

}  // namespace

std::optional<AccessRule> AccessRule::parse(bool is_permit, std::string_view text) {
  RuleReader reader(text);
  const auto protocol = IpProtocol::parse(reader.word());
  if (!protocol) return std::nullopt;
  const bool has_ports =
      *protocol == kProtocolTcp || *protocol == kProtocolUdp || *protocol == kProtocolSctp;
  const auto source = reader.addresses();
  const auto source_ports = has_ports ? reader.ports(*protocol) : PortRange{};
  const auto destination = reader.addresses();
  const auto destination_ports = has_ports ? reader.ports(*protocol) : PortRange{};
  if (!source || !destination || !source_ports || !destination_ports || !reader.skip_log()) {
    return std::nullopt;
  }
  return AccessRule{is_permit, *protocol, *source, *destination, *source_ports, *destination_ports};
}

bool AccessRule::matches(const FiveTuple& packet) const {
  return (protocol == kProtocolIp || protocol == packet.protocol) &&
         source.contains(packet.source) && destination.contains(packet.destination) &&
         source_ports.contains(packet.source_port) &&
         destination_ports.contains(packet.destination_port);
}

std::string AccessRule::to_string() const {
  std::array<char, 8> name{};
  const char* const end = protocol.write(name.data(), false);
  return fmt::format("{} {} {}{} {}{}", is_permit ? "permit" : "deny",
                     std::string_view(name.data(), static_cast<std::size_t>(end - name.data())),
                     range_text(source), range_text(source_ports, protocol),
                     range_text(destination), range_text(destination_ports, protocol));
}

bool AccessList::insert(std::size_t at, const AccessRule& rule) {
  if (rules_.size() >= kBound) return false;
  const auto place = static_cast<std::ptrdiff_t>(std::min(at, rules_.size()));
  rules_.insert(rules_.begin() + place, rule);
  hits_.insert(hits_.begin() + place, 0);
  return true;
}

bool AccessList::remove(const AccessRule& rule) {
  const auto found = std::find(rules_.begin(), rules_.end(), rule);
  if (found == rules_.end()) return false;
  hits_.erase(hits_.begin() + (found - rules_.begin()));
  rules_.erase(found);
  return true;
}

bool AccessList::contains(const AccessRule& rule) const {
  return std::find(rules_.begin(), rules_.end(), rule) != rules_.end();
}

const AccessRule* AccessList::match(const FiveTuple& packet) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].matches(packet)) continue;
    ++hits_[i];
    return &rules_[i];
  }
  return nullptr;
}

}  // namespace asaemu
