// A scenario, checked and expanded: what `asaemu run` carries out.
#pragma once

#include "emulator/expect/expectation.hpp"
#include "emulator/scenario/generator.hpp"
#include "emulator/scenario/shape.hpp"
#include "emulator/scenario/text_template.hpp"
#include "emulator/transport/destination.hpp"
#include "emulator/yaml/faults.hpp"
#include "model/device.hpp"

#include <memory>
#include <variant>

namespace asaemu {

/// When a step's stimulus occurs, on each selected device. Even gaps (kConstant, kShape) are shared:
/// device k of n starts k/n of a gap later.
struct Schedule {
  enum class Kind : std::uint8_t {
    kOnce,      ///< at `at`
    kEvery,     ///< at `at`, then every `interval`, each delayed by up to `jitter`
    kConstant,  ///< `per_second`, evenly
    kPoisson,   ///< `per_second` on average, gaps exponentially distributed
    kShape,     ///< as `shape` says, evenly or at random
    kHawkes,    ///< `per_second` on average; each occurrence makes more follow
  };
  Kind kind = Kind::kOnce;
  SimDuration at{};
  SimDuration until = SimDuration::max();  ///< the first instant at which it no longer occurs
  SimDuration interval{};
  SimDuration jitter{};
  double per_second = 0;
  std::shared_ptr<const Shape> shape;  ///< of kShape
  bool is_random = false;              ///< of kShape: gaps are exponentially distributed
  bool is_weekly = false;  ///< of kShape: it begins on Mondays at midnight of the devices' clock
  double branching = 0;    ///< of kHawkes: how many each occurrence makes follow, below 1
  SimDuration decay{};     ///< of kHawkes: how long after it they follow, on average
  bool is_shared = false;  ///< the rate is that of all selected devices together
  double phase = 0;        ///< of even gaps: part of a gap by which this one is later, 0 to 1
  std::uint64_t count = ~std::uint64_t{0};  ///< at most so many occurrences on each device
};

/// Lines that an operator types into one session.
struct CliStimulus {
  std::vector<std::string> lines;
};

struct PacketStimulus {
  struct Field {
    const PacketFieldDef* field = nullptr;
    Generator generator = Generator::constant(std::uint64_t{0});
  };
  std::string in;  ///< nameif
  std::vector<Field> fields;
};

struct WorldStimulus {
  const WorldEvent* event = nullptr;
  Arguments arguments;
};

/// The escape hatch for parser authors: a message that no state caused.
struct EmitStimulus {
  struct Field {
    std::size_t field = 0;  ///< of the message type
    Generator generator = Generator::constant(std::uint64_t{0});
  };
  const MessageType* type = nullptr;
  std::vector<Field> fields;  ///< all of the type's fields
};

using Stimulus = std::variant<CliStimulus, PacketStimulus, WorldStimulus, EmitStimulus>;

struct Step {
  Position position;
  std::string label;                   ///< `step:`
  std::string attack;                  ///< `attack:`, an ATT&CK technique
  std::vector<std::uint32_t> devices;  ///< indexes into Plan::devices, rising
  Schedule schedule;
  Stimulus stimulus;
};

/// An entry of `devices:`, which makes one device or, with fw-{001..250}, many.
struct DeviceEntry {
  std::uint32_t first = 0;                ///< its first device's place in Plan::devices
  std::uint32_t count = 0;                ///< how many it makes, from 1
  std::uint64_t first_number = 1;         ///< the first device's `{n}`; the next ones count on
  std::vector<DeviceVariable> variables;  ///< what `{name}` of the entry's `vars:` stands for
  Position config;  ///< of the configuration block; the file as a whole with config-file
};

/// Stands in Plan::collectors for every logging host without an entry: `default`.
inline constexpr IpAddress kAnyLoggingHost{};

struct Plan {
  std::string name;
  std::string summary;
  std::uint64_t seed = 1;
  std::optional<CalendarTime> start;    ///< nullopt: the wall clock when the run begins
  std::optional<SimDuration> duration;  ///< nullopt: until nothing is left to happen
  std::vector<DeviceSpec> devices;      ///< `start` of each is set when the run begins
  /// The devices' own source addresses, by index; IpAddress() for one without. Empty if none has one.
  std::vector<IpAddress> sources;
  std::vector<DeviceEntry> entries;  ///< which entry made which devices, in their order
  std::vector<std::pair<IpAddress, Destination>> collectors;  ///< by logging host
  /// Where lines for this logging host go; nullptr: to standard output.
  [[nodiscard]] const Destination* collector_of(const IpAddress& host) const;
  std::vector<Step> steps;  ///< in file order; groups are expanded
  std::vector<std::string> tags;
  std::vector<Expectation> expectations;
  /// False if the command line ends the run before its scenario would.
  bool is_whole = true;
};

/// What the command line changes in a scenario.
struct PlanOverrides {
  std::optional<std::uint64_t> seed;
  std::optional<SimDuration> duration;
  std::vector<std::pair<std::string, std::string>> variables;  ///< --set
};

/// Reads a scenario: a file, or the name of a shipped one. All faults are collected; the plan is
/// meaningful only if there are none.
Plan read_scenario(const std::string& file_or_name, const PlanOverrides& overrides,
                   const Catalogue& catalogue, Faults& faults);

/// What only a device can tell: boots one of each kind, looks up the interfaces that steps name and types their
/// commands. Faults are added; `notes` gets a line for each device kind's unmodelled configuration lines, and
/// whatever else may not be as it was meant. `to` is where all lines go; nullopt: as the plan says.
void check_on_devices(const Plan& plan, const Catalogue& catalogue, Faults& faults,
                      std::vector<std::string>& notes,
                      const std::optional<Destination>& to = std::nullopt);

}  // namespace asaemu
