#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace asaemu::test {

const char* const kBenchConfig = R"(
hostname fw
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/2
 no nameif
interface GigabitEthernet0/2.30
 vlan 30
 nameif dmz
 security-level 50
 ip address 172.16.30.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
logging enable
logging trap debugging
logging host inside 10.0.0.50
no logging message 111008
no logging message 111009
no logging message 111010
)";

class Bench::Recorder final : public Outlet {
 public:
  explicit Recorder(std::deque<std::string>& lines) : Outlet(kLineMax, 1), lines_(lines) {}

  void set(CollectorStatus status, bool is_ready) {
    const std::uint64_t changes = status_.changes + 1;
    status_ = status;
    status_.changes = changes;
    is_ready_ = is_ready;
  }
  [[nodiscard]] CollectorStatus status() const override { return status_; }
  [[nodiscard]] bool is_ready() const override { return is_ready_; }

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override {
    std::size_t begin = 0;
    for (const Line& line : lines) {
      lines_.emplace_back(bytes.data() + begin, line.end - begin - 1);
      REQUIRE(bytes[line.end - 1] == '\n');
      count_sent(line, line.end - begin);
      begin = line.end;
    }
  }

 private:
  std::deque<std::string>& lines_;
  CollectorStatus status_;
  bool is_ready_ = true;
};

class Bench::Provider final : public OutletProvider {
 public:
  explicit Provider(std::deque<std::string>& lines) : lines_(lines) {}
  Outlet& outlet_for(std::string_view, const LogHostSpec& host) override {
    return recorder_of(host.address);
  }
  Recorder& recorder_of(const IpAddress& address) {
    for (auto& [own, recorder] : recorders_) {
      if (own == address) return *recorder;
    }
    return *recorders_.emplace_back(address, std::make_unique<Recorder>(lines_)).second;
  }
  void flush() {
    for (auto& [address, recorder] : recorders_) recorder->flush();
  }

 private:
  std::deque<std::string>& lines_;
  std::vector<std::pair<IpAddress, std::unique_ptr<Recorder>>> recorders_;
};

const Catalogue& Bench::catalogue() {
  static const Catalogue instance;
  return instance;
}

Bench::Bench(std::string config, std::vector<std::pair<std::string_view, FieldValue>> options,
             Release release, std::string_view platform)
    : counts_(catalogue().size(), 0), provider_(std::make_shared<Provider>(lines_)) {
  DeviceSpec spec;
  spec.name = "fw-test";
  spec.platform = find_platform(platform);
  spec.release = release;
  spec.config = std::move(config);
  spec.seed = 7;
  spec.start = *parse_calendar("2026-11-20T08:00:00Z");
  for (const OptionDef& option : registry().options()) {
    FieldValue value = *parse_field(option.field, option.otherwise);
    for (const auto& [name, given] : options) {
      if (name == option.field.name) value = given;
    }
    spec.options.set(option.field.name, value);
  }
  device_ = std::make_unique<Device>(std::move(spec),
                                     DeviceEnvironment{.catalogue = &catalogue(),
                                                       .scheduler = &scheduler_,
                                                       .outlets = provider_.get(),
                                                       .message_counts = counts_.data()});
  device_->boot(now_);
}

Bench& Bench::command(const std::string& line) {
  return commands({line});
}

Bench& Bench::commands(const std::vector<std::string>& lines) {
  for (const auto& line : lines) note("> " + line);
  const auto result = device_->type_lines(now_, lines);
  // The echo of the last line ends where its answer begins.
  const std::string echo = "# " + lines.back() + "\n";
  const auto at = result.text.rfind(echo);
  output_ = at == std::string::npos ? result.text : result.text.substr(at + echo.size());
  if (!output_.empty()) note(output_);
  provider_->flush();
  return *this;
}

Bench& Bench::packet(std::string_view in, std::string_view source, std::string_view destination,
                     IpProtocol protocol) {
  Packet packet;
  packet.in = device_->tables().interfaces.find_nameif(in);
  packet.source = *IpAddress::parse(source);
  packet.destination = *IpAddress::parse(destination);
  packet.protocol = protocol;
  packet.source_port = Port{40000};
  packet.destination_port = Port{22};
  note(fmt::format("packet at {} from {} to {}", in, source, destination));
  device_->receive(now_, packet);
  provider_->flush();
  return *this;
}

Bench& Bench::packet(std::string_view in,
                     const std::vector<std::pair<std::string, std::string>>& fields) {
  Packet packet;
  packet.in = device_->tables().interfaces.find_nameif(in);
  std::string shown;
  for (const auto& [name, text] : fields) {
    bool known = false;
    for (const PacketFieldDef& def : registry().packet_fields()) {
      if (def.field.name != name) continue;
      known = true;
      REQUIRE(def.set(packet, *parse_field(def.field, text), def.extra));
    }
    REQUIRE(known);
    shown += fmt::format(" {}={}", name, text);
  }
  note(fmt::format("packet at {}:{}", in, shown));
  device_->receive(now_, packet);
  provider_->flush();
  return *this;
}

Bench& Bench::world(std::string_view event,
                    const std::vector<std::pair<std::string, std::string>>& parameters) {
  const WorldEvent* declared = registry().find_world_event(event);
  REQUIRE(declared != nullptr);
  Arguments arguments;
  std::string shown;
  for (const auto& [name, text] : parameters) {
    for (const auto& parameter : declared->parameters) {
      if (parameter.field.name != name) continue;
      arguments.set(parameter.field.name, *parse_field(parameter.field, text));
    }
    shown += fmt::format(" {}={}", name, text);
  }
  note("world:" + shown);
  device_->happen(now_, *declared, arguments);
  provider_->flush();
  return *this;
}

Bench& Bench::advance(SimDuration duration) {
  note("advance " + to_string(duration));
  const SimTime until = now_ + duration;
  while (scheduler_.next_time() <= until) {
    now_ = scheduler_.next_time();
    device_->run(now_, scheduler_.pop());
  }
  now_ = until;
  provider_->flush();
  return *this;
}

Bench& Bench::collector(std::string_view address, CollectorStatus status, bool is_ready) {
  note(fmt::format("collector {}: state {}, {} of {} channels{}", address,
                   static_cast<int>(status.state), status.channels_up, status.channels,
                   is_ready ? "" : ", not ready"));
  provider_->recorder_of(*IpAddress::parse(address)).set(status, is_ready);
  device_->look_at_collectors(now_);
  provider_->flush();
  return *this;
}

std::string Bench::history() const {
  std::string text = "history:\n";
  for (const auto& step : history_) text += "  " + step + "\n";
  return text;
}

Bench& Bench::expect_line(std::string_view line) {
  INFO(history());
  REQUIRE_FALSE(lines_.empty());
  REQUIRE(lines_.front() == line);
  note("logged " + lines_.front());
  lines_.pop_front();
  return *this;
}

Bench& Bench::expect(std::uint32_t id, std::string_view text) {
  INFO(history());
  INFO("expected " << id << ": " << text);
  REQUIRE_FALSE(lines_.empty());
  const auto types = catalogue().find(id);
  REQUIRE_FALSE(types.empty());
  const unsigned severity = types.front()->current().severity();
  const std::string tag = fmt::format("%ASA-{}-{}: ", severity, id);
  const auto at = lines_.front().find(tag);
  INFO("logged " << lines_.front());
  REQUIRE(at != std::string::npos);
  REQUIRE(lines_.front().substr(at + tag.size()) == text);
  note("logged " + lines_.front());
  lines_.pop_front();
  return *this;
}

Bench& Bench::expect_nothing() {
  INFO(history());
  for (const auto& line : lines_) UNSCOPED_INFO("logged " << line);
  REQUIRE(lines_.empty());
  return *this;
}

}  // namespace asaemu::test
