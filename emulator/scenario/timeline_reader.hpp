// Reads `timeline:` and expands it: groups into their steps, steps that name the device into one
// for each device.
#pragma once

#include "emulator/scenario/device_selector.hpp"
#include "emulator/scenario/schedule_reader.hpp"

namespace asaemu {

/// Most steps after groups are expanded.
inline constexpr std::size_t kStepsMax = 100'000;
/// How deep groups may nest.
inline constexpr unsigned kGroupDepthMax = 4;
/// Most pairs of a step and a device that it happens to.
inline constexpr std::size_t kStepDevicesMax = 5'000'000;

class TimelineReader {
 public:
  /// `has_devices` is false if devices are missing because of faults: then nobody complains that
  /// none is selected. `has_end` says whether the scenario has a duration.
  TimelineReader(Plan& plan, const Catalogue& catalogue, const Scope& scope, bool has_devices,
                 bool has_end);

  /// Adds the steps of a list, which stands in `source`.
  void read(const Source& source, const Node& list);

 private:
  /// What a step takes from the groups around it.
  struct Frame {
    SimDuration offset{};
    unsigned depth = 0;
    std::string label;
    std::string attack;
    const Node* device = nullptr;
  };
  /// What a step or a part of a mix does; nullptr where absent.
  struct StimulusNodes {
    const Node* cli = nullptr;
    const Node* packet = nullptr;
    const Node* world = nullptr;
    const Node* emit = nullptr;
  };
  struct StepNodes;
  /// A part of a mix: its stimulus, and how much of the step's rate is its.
  struct Part;

  void read_steps(const Node& list, const Frame& frame);
  void read_step(const Node& node, const Frame& frame);
  void read_group(const Node& node, const StepNodes& nodes, const Frame& frame);
  void repeat(const StepNodes& nodes, const Frame& frame, std::uint64_t count, SimDuration every);
  void read_plain(const Node& node, const StepNodes& nodes, const Frame& frame);
  void read_for_each(const Node& node, const StepNodes& nodes, const Frame& frame, Step step);
  bool read_for(const Node& node, const StepNodes& nodes, const Frame& frame, const Scope& scope,
                std::size_t devices, Step& step);
  void add(const Step& step, const std::vector<Part>& parts);
  std::vector<Part> read_parts(const StepNodes& nodes, const Scope& scope);
  std::optional<Part> read_part(const Node& node, const Scope& scope);
  std::optional<Stimulus> read_stimulus(const StimulusNodes& nodes, const Scope& scope);

  std::string read_label(const Node* node, const std::string& otherwise);
  std::string read_attack(const Node* node, const std::string& otherwise);
  [[nodiscard]] DeviceIdentity identity(std::uint32_t device) const;

  /// Says once that the timeline is too large; reading stops.
  void stop(const Node& node, std::string what);

  Plan& plan_;
  const Catalogue& catalogue_;
  const Source* source_ = nullptr;  ///< of what is read
  Scope scope_;
  DeviceSelector selector_;
  bool has_end_;
  bool stopped_ = false;
  std::size_t steps_ = 0;
  std::size_t step_devices_ = 0;
};

}  // namespace asaemu
