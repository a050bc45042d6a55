// Tracing packets changes nothing: every scenario of the library says the same with and without.
#include "emulator/yaml/embedded.hpp"
#include "tests/golden/played.hpp"

using namespace asaemu;
using asaemu::test::Played;

namespace {

constexpr std::size_t kTracesMax = 200;   ///< in a scenario, spread over its events
constexpr std::size_t kEventsMax = 5000;  ///< of a scenario, what follows is more of the same

/// Traces packets of the scenario's own steps, one after the other, on the devices that they are for.
class Tracer {
 public:
  explicit Tracer(std::size_t events) : every_(events / kTracesMax + 1) {}

  void operator()(Played& played) {
    if (played.events() % every_ != 0) return;
    const auto& steps = played.plan().steps;
    for (std::size_t tried = 0; tried < steps.size(); ++tried) {
      const Step& step = steps[next_++ % steps.size()];
      const auto* stimulus = std::get_if<PacketStimulus>(&step.stimulus);
      if (stimulus == nullptr) continue;
      const auto which = step.devices[next_ % step.devices.size()];
      trace(*played.devices()[which], *stimulus, played.now());
      return;
    }
  }

  [[nodiscard]] std::size_t traces() const { return traces_; }

 private:
  void trace(Device& device, const PacketStimulus& stimulus, SimTime now) {
    Packet packet;
    packet.in = device.tables().interfaces.find_nameif(stimulus.in);
    if (!device.is_booted() || packet.in == kNoInterface) return;
    FieldValue scratch;
    for (const auto& field : stimulus.fields) {
      field.field->set(packet, field.generator.next(values_, next_, scratch), field.field->extra);
    }
    const auto sequence = device.next_sequence();
    const PacketTrace trace = device.trace(now, packet);
    CHECK_FALSE(trace.answers.empty());
    CHECK(device.next_sequence() == sequence + 1);
    ++traces_;
  }

  std::size_t every_;
  std::size_t next_ = 0;
  std::size_t traces_ = 0;
  RandomStream values_{1, "", "trace test"};
};

}  // namespace

TEST_CASE("every shipped scenario says the same when packets are traced all the while") {
  std::size_t traces = 0;
  for (const auto& file : embedded_scenarios()) {
    if (file.name.starts_with("parts/")) continue;
    INFO(file.name);
    const std::string name(file.name);
    Played plain(name, {}, kEventsMax);
    Tracer tracer(plain.events());
    Played traced(name, std::ref(tracer), kEventsMax);
    REQUIRE(traced.events() == plain.events());
    for (std::size_t i = 0; i < plain.devices().size(); ++i) {
      REQUIRE(traced.lines_of(*traced.devices()[i]) == plain.lines_of(*plain.devices()[i]));
    }
    traces += tracer.traces();
  }
  CHECK(traces > 1000);
}
