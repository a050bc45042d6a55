// Plausible field values for `emit:` and for tests of the whole catalogue.
#include "model/base/field.hpp"

#include <array>

namespace asaemu {

namespace {

template <class T, std::size_t kSize>
const T& pick(const std::array<T, kSize>& choices, RandomStream& random) {
  return choices[random.below(kSize)];
}

IpAddress sample_address(RandomStream& random) {
  // RFC 5737's three documentation networks and RFC 1918's private ones.
  constexpr std::array<std::uint32_t, 6> kNetworks{0xC6336400, 0xCB007100, 0xC0000200,
                                                   0x0A000000, 0xAC100000, 0xC0A80100};
  const auto host = static_cast<std::uint32_t>(random.between(1, 254));
  return IpAddress::v4(pick(kNetworks, random) | host);
}

Port sample_port(RandomStream& random) {
  constexpr std::array<std::uint16_t, 6> kServices{22, 53, 80, 161, 443, 500};
  const bool service = random.below(8) == 0;
  return Port{service ? pick(kServices, random)
                      : static_cast<std::uint16_t>(random.between(1024, 65535))};
}

std::uint64_t sample_number(std::string_view name, RandomStream& random) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  if (has("bytes") || has("length") || has("size")) return random.between(40, 1500);
  if (has("percent")) return random.between(1, 100);
  return random.between(1, 1000);
}

/// Eight hex digits at most, of any length: sequence numbers start at 1.
std::uint32_t sample_hex(RandomStream& random) {
  const auto bits = random.between(1, 32);
  return static_cast<std::uint32_t>(random.between(1, (std::uint64_t{1} << bits) - 1));
}

ActivationKey sample_key(RandomStream& random) {
  ActivationKey key;
  for (auto& word : key.words) word = static_cast<std::uint32_t>(random.next());
  return key;
}

struct NamedWords {
  std::string_view part;  ///< of the field's name
  std::array<std::string_view, 4> words;
};

constexpr std::array<NamedWords, 10> kWords{{
    {"user", {"alice", "bob", "jsilva", "svc-backup"}},
    {"group", {"RADIUS", "TACACS", "LDAP-EMPLOYEES", "DefaultWEBVPNGroup"}},
    {"file", {"crypto_arch_1.bin", "startup-config", "asa-image.bin", "usage.log"}},
    {"host", {"edge-1", "edge-2", "branch-7", "core-3"}},
    {"device", {"edge-1", "edge-2", "branch-7", "core-3"}},
    {"domain", {"example.com", "example.net", "example.org", "mail.example.com"}},
    {"url",
     {"http://example.com/", "http://example.net/a", "http://example.org/b",
      "https://example.com/c"}},
    {"command", {"PORT", "PASV", "RETR", "STOR"}},
    {"policy", {"global_policy", "outside_policy", "dns_map", "voice_policy"}},
    {"map", {"global_policy", "outside_policy", "dns_map", "voice_policy"}},
}};

constexpr std::array<NamedWords, 4> kTexts{{
    {"reason", {"connection timed out", "peer not responding", "no memory", "checksum mismatch"}},
    {"error", {"connection timed out", "peer not responding", "no memory", "checksum mismatch"}},
    {"signature",
     {"IP options-Bad Option List", "Large ICMP packet", "ICMP unreachable", "TCP NULL flags"}},
    {"feature",
     {"AnyConnect Premium", "Security Contexts", "Botnet Traffic Filter", "Mobility Advantage"}},
}};

template <std::size_t kSize>
const std::array<std::string_view, 4>* named(const std::array<NamedWords, kSize>& known,
                                             std::string_view name) {
  for (const auto& one : known) {
    if (name.find(one.part) != std::string_view::npos) return &one.words;
  }
  return nullptr;
}

std::string sample_word(std::string_view name, RandomStream& random) {
  constexpr std::array<std::string_view, 4> kPlain{"alpha", "bravo", "charlie", "delta"};
  const auto* words = named(kWords, name);
  return std::string(pick(words != nullptr ? *words : kPlain, random));
}

std::string sample_text(std::string_view name, RandomStream& random) {
  const auto* texts = named(kTexts, name);
  if (texts != nullptr) return std::string(pick(*texts, random));
  if (named(kWords, name) != nullptr) return sample_word(name, random);
  std::string text = sample_word(name, random) + ' ';
  return text += sample_word(name, random);
}

std::string sample_interface(RandomStream& random) {
  constexpr std::array<std::string_view, 5> kInterfaces{"outside", "inside", "dmz", "management",
                                                        "GigabitEthernet0/1"};
  return std::string(pick(kInterfaces, random));
}

}  // namespace

FieldValue sample_field(const FieldDef& field, RandomStream& random) {
  constexpr std::array<IpProtocol, 4> kProtocols{kProtocolTcp, kProtocolUdp, kProtocolIcmp,
                                                 kProtocolEsp};
  switch (field.kind) {
    case FieldKind::kIp:
      if (field.name.find("mask") != std::string_view::npos) {
        return ipv4_mask(static_cast<unsigned>(random.between(16, 30)));
      }
      return sample_address(random);
    case FieldKind::kPort:
      return sample_port(random);
    // The lowest bit of the first octet marks group addresses.
    case FieldKind::kMac:
      return MacAddress{random.next() & 0xFEFF'FFFF'FFFF};
    case FieldKind::kInterface:
      return sample_interface(random);
    case FieldKind::kNumber:
      return sample_number(field.name, random);
    // RFC 4303 reserves the values below 256.
    case FieldKind::kSpi:
      return Spi{static_cast<std::uint32_t>(random.between(256, 0xFFFFFFFF))};
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return Hex32{sample_hex(random)};
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return pick(kProtocols, random);
    case FieldKind::kDuration:
      return SimDuration{std::chrono::seconds{random.between(1, 86'400)}};
    case FieldKind::kActivationKey:
      return sample_key(random);
    case FieldKind::kWord:
      return sample_word(field.name, random);
    case FieldKind::kText:
      return sample_text(field.name, random);
    case FieldKind::kOneOf:
      return std::string(field.choices[random.below(field.choices.size())]);
    case FieldKind::kOptionalWord:
      return random.below(2) == 0 ? std::string() : sample_word(field.name, random);
    case FieldKind::kOptionalText:
      return random.below(2) == 0 ? std::string() : sample_text(field.name, random);
  }
  return std::string();
}

}  // namespace asaemu
