// Every line of the whole scenario library, read back by the catalogue and held against the scenario:
// interface names are the device's, addresses and ports are those of its configuration, its operators
// and its packets, sources stand behind the interfaces they are said to come from, counters count.
#include "emulator/yaml/embedded.hpp"
#include "tests/golden/played.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

using namespace asaemu;
using asaemu::test::Played;

namespace {

/// Addresses and ports that somebody named.
class Named {
 public:
  /// Takes what looks like an address, a network or a number from configuration, commands, YAML.
  void read(std::string_view text) {
    IpAddress before;
    while (!text.empty()) {
      const auto end = text.find_first_of(" \t\r\n,;{}[]()\"'=");
      take(text.substr(0, end), before);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  void add(const Generator& generator, FieldKind kind) {
    const auto examples = generator.examples();
    if (kind == FieldKind::kIp) {
      std::vector<IpAddress> addresses;
      for (const auto& value : examples) addresses.push_back(std::get<IpAddress>(value));
      add_all(addresses, addresses_, ranges_);
    } else if (kind == FieldKind::kPort) {
      std::vector<std::uint64_t> ports;
      for (const auto& value : examples) ports.push_back(std::get<Port>(value).value);
      add_all(ports, numbers_, number_ranges_);
    } else if (kind == FieldKind::kText || kind == FieldKind::kWord) {
      for (const auto& value : examples) read_ftp(std::get<std::string>(value));
    }
  }

  [[nodiscard]] bool has(const IpAddress& address) const {
    return address.is_unspecified() || addresses_.contains(address) ||
           std::ranges::any_of(ranges_,
                               [&](const auto& range) {
                                 return range.first.is_v6() == address.is_v6() &&
                                        range.first <= address && address <= range.second;
                               }) ||
           std::ranges::any_of(networks_, [&](const auto& net) { return net.contains(address); });
  }
  [[nodiscard]] bool has(Port port) const {
    constexpr std::uint16_t kAuthProxy = 885;  // of CX modules, by default
    return port.value == 0 || port.value == kAuthProxy || numbers_.contains(port.value) ||
           std::ranges::any_of(number_ranges_, [&](const auto& range) {
             return range.first <= port.value && port.value <= range.second;
           });
  }

 private:
  /// Two values are the ends of a range or of a pool, others are all there are.
  template <class T>
  static void add_all(std::vector<T> values, std::set<T>& singles,
                      std::set<std::pair<T, T>>& ranges) {
    if (values.size() == 2) {
      ranges.emplace(std::min(values[0], values[1]), std::max(values[0], values[1]));
    } else {
      singles.insert(values.begin(), values.end());
    }
  }

  void take(std::string_view word, IpAddress& before) {
    constexpr unsigned kShortestNetwork = 8;
    if (const auto address = IpAddress::parse(word)) {
      const auto length = mask_length(*address);
      if (length && *length >= kShortestNetwork && !before.is_unspecified()) {
        networks_.emplace_back(before, *length);
      }
      addresses_.insert(*address);
      before = *address;
      return;
    }
    before = {};
    const auto slash = word.find('/');
    if (const auto network = IpPrefix::parse(word)) {
      if (network->length() >= kShortestNetwork) networks_.push_back(*network);
    } else if (slash != std::string_view::npos) {
      take(word.substr(slash + 1), before);
    } else {
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
      if (error == std::errc{} && end == word.data() + word.size()) numbers_.insert(number);
    }
  }

  /// `PORT 10,0,0,5,4,1` names an address and a port.
  void read_ftp(std::string_view text) {
    std::vector<std::uint64_t> parts;
    const char* at = text.data() + std::min(text.find_first_of("0123456789"), text.size());
    const char* const end = text.data() + text.size();
    for (std::uint64_t part = 0; at != end; ++at) {
      const auto [next, error] = std::from_chars(at, end, part);
      if (error != std::errc{}) break;
      parts.push_back(part);
      if (next == end || *next != ',') break;
      at = next;
    }
    if (parts.size() != 6) return;
    addresses_.insert(IpAddress::v4(
        static_cast<std::uint32_t>(parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3])));
    numbers_.insert(parts[4] * 256 + parts[5]);
  }

  std::set<IpAddress> addresses_;
  std::set<std::pair<IpAddress, IpAddress>> ranges_;
  std::vector<IpPrefix> networks_;
  std::set<std::uint64_t> numbers_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> number_ranges_;
};

/// What the messages of one device may speak of.
class Judge {
 public:
  Judge(const Plan& plan, const Named& scenario, const Device& device, const Catalogue& catalogue)
      : scenario_(scenario), device_(device), catalogue_(catalogue) {
    const DeviceSpec& spec = device.spec();
    own_.read(spec.config);
    read_words(spec.config);
    for (const Step& step : plan.steps) {
      if (std::ranges::find(step.devices, spec.index) == step.devices.end()) continue;
      if (const auto* cli = std::get_if<CliStimulus>(&step.stimulus)) {
        for (const auto& line : cli->lines) {
          own_.read(line);
          read_words(line);
        }
      } else if (const auto* packet = std::get_if<PacketStimulus>(&step.stimulus)) {
        read_packet(*packet);
      }
    }
    for (const Interface& interface : device.tables().interfaces.all()) {
      words_.insert(interface.hardware);
      words_.insert(interface.nameif);
    }
  }

  /// What is wrong with a line; empty if nothing is.
  std::string complain(std::string_view line) {
    // `%ASA-4-401004: text`, in EMBLEM `%ASA-ips-4-401004: text`.
    const auto tag = line.find("%ASA-");
    const auto colon = line.find(": ", std::min(tag, line.size()));
    if (colon == std::string_view::npos) return "it has no tag";
    const auto dash = line.rfind('-', colon);
    std::uint32_t id = 0;
    std::from_chars(line.data() + dash + 1, line.data() + colon, id);
    const auto read = catalogue_.recognise(id, line.substr(colon + 2));
    if (!read) return "the catalogue does not know it";
    const auto fields = read->type->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!read->values[i]) continue;
      if (auto complaint = complain_of(fields[i], *read->values[i]); !complaint.empty()) {
        return complaint;
      }
    }
    if (auto complaint = complain_of_way(*read); !complaint.empty()) return complaint;
    return complain_of_counts(*read);
  }

 private:
  void read_words(std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find_first_of(" \r\n");
      words_.emplace(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  void read_packet(const PacketStimulus& packet) {
    const auto field_of = [&packet](std::string_view name) {
      return std::ranges::find_if(packet.fields, [&](const PacketStimulus::Field& field) {
        return field.field->field.name == name;
      });
    };
    for (const auto& field : packet.fields) own_.add(field.generator, field.field->field.kind);
    const auto source = field_of("src");
    if (source != packet.fields.end()) arrivals_[packet.in].add(source->generator, FieldKind::kIp);
  }

  std::string complain_of(const FieldDef& field, const FieldValue& value) {
    if (field.kind == FieldKind::kInterface) {
      const auto& name = std::get<std::string>(value);
      // PPP virtual interfaces are numbers; what leads to modules inside is no one's to configure.
      const bool is_inner = name.find_first_not_of("0123456789") == std::string::npos ||
                            name.starts_with("Internal-Data");
      if (words_.contains(name) || is_inner) return {};
      return fmt::format("{} is {}, which the device does not have", field.name, name);
    }
    if (const auto* address = std::get_if<IpAddress>(&value)) {
      if (known_.contains(*address)) return {};
      if (field.name.find("mask") != std::string_view::npos && mask_length(*address)) return {};
      if (!own_.has(*address) && !scenario_.has(*address)) {
        return fmt::format("{} is {}, which nobody named", field.name, to_string(*address));
      }
      known_.insert(*address);
    }
    if (const auto* port = std::get_if<Port>(&value)) {
      if (own_.has(*port) || scenario_.has(*port)) return {};
      return fmt::format("{} is {}, which nobody named", field.name, port->value);
    }
    return {};
  }

  static const FieldValue* find(const Catalogue::Recognised& read, std::string_view name) {
    const auto fields = read.type->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == name && read.values[i]) return &*read.values[i];
    }
    return nullptr;
  }
  template <class T>
  static const T* get(const Catalogue::Recognised& read, std::string_view name) {
    const FieldValue* value = find(read, name);
    return value == nullptr ? nullptr : std::get_if<T>(value);
  }

  /// Where a packet is said to come from and go to.
  std::string complain_of_way(const Catalogue::Recognised& read) {
    for (const auto& [interface_field, address_field] :
         {std::pair{"source_interface", "source"}, std::pair{"interface", "source"},
          std::pair{"destination_interface", "destination"}}) {
      // A message that names both interfaces may name a third one, which is about something else.
      const bool is_third = interface_field == std::string_view("interface") &&
                            find(read, "source_interface") != nullptr;
      if (is_third) continue;
      const auto* interface = get<std::string>(read, interface_field);
      const auto* address = get<IpAddress>(read, address_field);
      if (interface == nullptr || address == nullptr || address->is_unspecified()) continue;
      if (behind_.contains({*interface, *address})) continue;
      if (!is_behind(*interface, *address)) {
        return fmt::format("{} is not behind {}", to_string(*address), *interface);
      }
      behind_.emplace(*interface, *address);
    }
    return {};
  }

  /// By the routes, or because a packet from there arrived.
  bool is_behind(const std::string& interface, const IpAddress& address) {
    const auto& interfaces = device_.tables().interfaces;
    const InterfaceId id = interfaces.find_nameif(interface);
    if (id == kNoInterface) return true;  // of hardware, or renamed since
    if (interfaces[id].address == address) return true;
    const auto arrivals = arrivals_.find(interface);
    if (arrivals != arrivals_.end() && arrivals->second.has(address)) return true;
    const InterfaceId way = device_.tables().routes.lookup(address, interfaces);
    return way == id || way == kNoInterface;
  }

  /// What is over a limit is not below it, and days that are left do not grow.
  std::string complain_of_counts(const Catalogue::Recognised& read) {
    const auto* limit = get<std::uint64_t>(read, "limit");
    for (const auto* name : {"connections", "entries", "users", "count"}) {
      const auto* count = get<std::uint64_t>(read, name);
      if (count != nullptr && limit != nullptr && *count < *limit) {
        return fmt::format("{} is {}, below its limit of {}", name, *count, *limit);
      }
    }
    if (const auto* days = get<std::uint64_t>(read, "days")) {
      const auto [last, is_first] = days_.try_emplace(subject_of(read), *days);
      if (!is_first && *days > last->second) {
        return fmt::format("days are {}, and were {}", *days, last->second);
      }
      last->second = *days;
    }
    return {};
  }

  /// The message and what it is about: all its fields but the days.
  static std::string subject_of(const Catalogue::Recognised& read) {
    std::string subject(read.type->name());
    const auto fields = read.type->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!read.values[i] || fields[i].name == "days") continue;
      subject += " " + field_to_string(fields[i], *read.values[i]);
    }
    return subject;
  }

  const Named& scenario_;
  const Device& device_;
  const Catalogue& catalogue_;
  Named own_;
  std::set<std::string, std::less<>> words_;
  std::map<std::string, Named> arrivals_;  ///< sources of packets by interface
  std::set<IpAddress> known_;
  std::set<std::pair<std::string, IpAddress>> behind_;
  std::map<std::string, std::uint64_t> days_;
};

/// A played scenario with what its messages may speak of.
class Case {
 public:
  explicit Case(const std::string& name) : played_(name) {
    for (const auto& file : embedded_scenarios()) {
      if (file.name == name || file.name.starts_with("parts/")) named_.read(file.text);
    }
  }
  [[nodiscard]] Judge judge(const Device& device) const {
    return {played_.plan(), named_, device, test::shared_catalogue()};
  }
  Played& played() { return played_; }

 private:
  Played played_;
  Named named_;
};

}  // namespace

TEST_CASE("every line of every shipped scenario agrees with what the scenario says") {
  std::string complaints;
  std::size_t lines = 0;
  std::size_t wrong = 0;
  for (const auto& file : embedded_scenarios()) {
    if (file.name.starts_with("parts/")) continue;
    Case one{std::string(file.name)};
    for (const auto& device : one.played().devices()) {
      Judge judge = one.judge(*device);
      for (const std::string& line : one.played().lines_of(*device)) {
        ++lines;
        const std::string complaint = judge.complain(line);
        if (complaint.empty()) continue;
        if (++wrong <= 20) complaints += fmt::format("{}: {}: {}\n", file.name, complaint, line);
      }
    }
  }
  INFO(complaints);
  CHECK(wrong == 0);
  CHECK(lines > 1000);
}

TEST_CASE("a line that does not agree with its scenario is found out") {
  Case one("quickstart");
  Judge judge = one.judge(*one.played().devices().front());
  const auto complaint = [&](const std::string& text) {
    return judge.complain("<164>Nov 20 2026 08:00:00 fw-edge : %ASA-4-" + text);
  };
  const std::string scan = "401004: Shunned packet: 198.51.100.7 ==> 10.0.0.24 on interface ";
  CHECK(complaint(scan + "outside").empty());
  CHECK(complaint(scan + "outsid") == "interface is outsid, which the device does not have");
  CHECK(complaint(scan + "inside") == "198.51.100.7 is not behind inside");
  CHECK(complaint("401004: Shunned packet: 198.51.100.8 ==> 10.0.0.24 on interface outside") ==
        "source is 198.51.100.8, which nobody named");
  CHECK(complaint("401004: Shunned packet: 198.51.100.7 ==> 10.0.1.24 on interface outside") ==
        "destination is 10.0.1.24, which nobody named");
  CHECK(complaint("419002: Duplicate TCP SYN from outside:198.51.100.7/1023 to inside:10.0.0.24/22 "
                  "with different initial sequence number") ==
        "source_port is 1023, which nobody named");
  const std::string key =
      "444005: Timebased license key 0x6b1349d2 0x45c93167 0x2395643 0xd48b51fb ";
  CHECK(complaint(key + "0x173ecb2 will expire in 5 days.").empty());
  CHECK(complaint(key + "0x173ecb3 will expire in 6 days.").empty());
  CHECK(complaint(key + "0x173ecb2 will expire in 6 days.") == "days are 6, and were 5");
  CHECK(complaint("401004: Shunned packet from 198.51.100.7") == "the catalogue does not know it");
  CHECK(complaint("407002: Embryonic limit for through connections exceeded 8/9. "
                  "198.51.100.7/4000 to 10.0.0.20(10.0.0.24)/22 on interface outside") ==
        "connections is 8, below its limit of 9");
}
