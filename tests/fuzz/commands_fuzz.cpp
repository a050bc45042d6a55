// Any lines typed into a device that has a configuration; its timers run on afterwards.
#include "emulator/scenario/probe.hpp"
#include "model/contract/registry.hpp"

#include <string>

namespace {

constexpr const char* kConfig = R"(interface GigabitEthernet0/0
 nameif outside
 ip address 203.0.113.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
logging enable
logging trap debugging
logging buffered debugging
logging host inside 10.0.0.50
)";

asaemu::DeviceSpec spec() {
  using namespace asaemu;
  DeviceSpec spec;
  spec.name = "fw";
  spec.platform = find_platform("ASA5525");
  spec.config = kConfig;
  spec.seed = 1;
  for (const OptionDef& option : registry().options()) {
    spec.options.set(option.field.name, *parse_field(option.field, option.otherwise));
  }
  return spec;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    lines.emplace_back(line);
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asaemu;
  static const Catalogue catalogue;
  static const DeviceSpec common = spec();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const CalendarTime start{std::chrono::seconds{1'800'000'000}};
  LoggingHosts hosts;
  Probe probe(common, start, catalogue, hosts);
  const auto lines = lines_of(text);
  probe.device().type_lines(kStart + std::chrono::seconds{1}, lines);
  probe.advance(kStart + std::chrono::seconds{60});
  probe.device().type_lines(kStart + std::chrono::seconds{61}, lines);
  return 0;
}
