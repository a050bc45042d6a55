// Reads a scenario: its files, its top level, and through the other readers all that stands below.
#include "emulator/scenario/device_reader.hpp"
#include "emulator/scenario/expect_reader.hpp"
#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/timeline_reader.hpp"
#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

/// The top level of a file; nullptr where a key is absent.
struct TopNodes {
  TopNodes(const Source& source, bool is_main, Faults& faults) {
    MappingReader reader(source.document.root(), is_main ? "a scenario" : "an included file",
                         faults);
    name = is_main ? reader.required("name") : reader.optional("name");
    summary = is_main ? reader.required("summary") : reader.optional("summary");
    seed = reader.optional("seed");
    start = reader.optional("start");
    duration = reader.optional("duration");
    reader.optional("includes");  // Followed when the files were loaded.
    vars = reader.optional("vars");
    devices = reader.optional("devices");
    collectors = reader.optional("collectors");
    timeline = reader.optional("timeline");
    tags = reader.optional("tags");
    expect = reader.optional("expect");
    reader.finish();
  }

  const Node* name;
  const Node* summary;
  const Node* seed;
  const Node* start;
  const Node* duration;
  const Node* vars;
  const Node* devices;
  const Node* collectors;
  const Node* timeline;
  const Node* tags;
  const Node* expect;
};

class ScenarioReader {
 public:
  ScenarioReader(const PlanOverrides& overrides, const Catalogue& catalogue, Faults& faults)
      : overrides_(overrides), catalogue_(catalogue), faults_(faults), scope_(variables_, faults) {}

  Plan read(const std::vector<Source>& sources) {
    std::vector<TopNodes> tops;
    tops.reserve(sources.size());
    for (const Source& source : sources) {
      tops.emplace_back(source, &source == &sources.back(), faults_);
    }
    for (const TopNodes& top : tops) {
      if (top.vars != nullptr) variables_.declare(*top.vars, faults_);
    }
    for (const auto& [name, value] : overrides_.variables) variables_.set(name, value, faults_);
    for (std::size_t i = 0; i + 1 < tops.size(); ++i) refuse_top_values(tops[i]);
    read_top_values(tops.back());
    read_devices(sources, tops);
    for (const TopNodes& top : tops) {
      if (top.collectors != nullptr) read_collectors(*top.collectors);
    }
    read_timelines(sources, tops);
    return std::move(plan_);
  }

 private:
  /// What only the scenario that is run can say.
  void refuse_top_values(const TopNodes& top) {
    const std::array<std::pair<std::string_view, const Node*>, 4> values{
        {{"seed", top.seed}, {"start", top.start}, {"duration", top.duration}, {"tags", top.tags}}};
    for (const auto& [key, node] : values) {
      if (node != nullptr) {
        scope_.complain(*node,
                        fmt::format("'{}' has no place in an included file; the scenario that "
                                    "is run says it",
                                    key));
      }
    }
  }

  void read_top_values(const TopNodes& top) {
    if (top.name != nullptr) plan_.name = read_line(*top.name, "name");
    if (top.summary != nullptr) plan_.summary = read_line(*top.summary, "summary");
    if (top.seed != nullptr) {
      plan_.seed = read_whole(scope_, *top.seed, "seed", 0, ~std::uint64_t{0}).value_or(1);
    }
    if (overrides_.seed) plan_.seed = *overrides_.seed;
    if (top.start != nullptr) read_start(*top.start);
    if (top.duration != nullptr) plan_.duration = read_duration(scope_, *top.duration, "duration");
    if (plan_.duration == SimDuration::zero()) {
      scope_.complain(*top.duration, "duration is 0s; it must be longer");
    }
    if (top.tags != nullptr) plan_.tags = read_tags(*top.tags, scope_);
    if (!overrides_.duration) return;
    plan_.is_whole = plan_.duration && *overrides_.duration >= *plan_.duration;
    plan_.duration = overrides_.duration;
  }

  std::string read_line(const Node& node, std::string_view what) {
    auto text = scope_.text(node, what);
    if (text && text->find('\n') != std::string::npos) {
      scope_.complain(node, fmt::format("{} is several lines; write it in one", what));
    }
    return text.value_or("");
  }

  void read_start(const Node& node) {
    const auto text = scope_.text(node, "start");
    if (!text || *text == "now") return;
    plan_.start = parse_calendar(*text);
    if (plan_.start) return;
    scope_.complain(node, fmt::format("start is {}; it is now, or a time in UTC such as "
                                      "2026-11-20T08:00:00Z",
                                      shown(*text)));
  }

  void read_devices(const std::vector<Source>& sources, const std::vector<TopNodes>& tops) {
    const std::size_t faults_before = faults_.size();
    DeviceReader reader(plan_, scope_);
    for (std::size_t i = 0; i < tops.size(); ++i) {
      if (tops[i].devices != nullptr) reader.read(sources[i], *tops[i].devices);
    }
    has_all_devices_ = faults_.size() == faults_before;
    device_variables_ = reader.variable_names();
    if (!plan_.devices.empty() || !has_all_devices_) return;
    const Node& root = sources.back().document.root();
    if (root.is_mapping())
      scope_.complain(root, "the scenario has no devices; list at least one under devices");
    has_all_devices_ = false;
  }

  void read_collectors(const Node& node) {
    if (!node.is_mapping()) {
      scope_.complain(node,
                      fmt::format("collectors must be a mapping of addresses to destinations, "
                                  "found {}",
                                  shown(node)));
      return;
    }
    std::vector<IpAddress> here;
    for (const Node::Entry& entry : node.entries()) read_collector(entry, here);
  }

  /// A destination's text, or a mapping of `to` and options: what is behind its `?` otherwise.
  std::optional<Destination> read_destination(const Node& node) {
    const Node* to = &node;
    if (node.is_mapping()) {
      const auto found = std::ranges::find_if(
          node.entries(), [](const Node::Entry& entry) { return entry.key->text() == "to"; });
      if (found == node.entries().end()) {
        scope_.complain(node, "a collector has no 'to'; to: tls://HOST:PORT, for one, says where");
        return std::nullopt;
      }
      to = found->value;
    }
    const auto text = scope_.text(*to, "a destination");
    std::string complaint;
    auto destination = text ? Destination::parse(*text, complaint) : std::nullopt;
    if (text && !destination) scope_.complain(*to, complaint);
    if (!destination || to == &node) return destination;
    bool is_good = true;
    for (const Node::Entry& entry : node.entries()) {
      if (entry.value == to) continue;
      const auto value = scope_.text(*entry.value, entry.key->text());
      if (value && !destination->set_option(entry.key->text(), *value, complaint)) {
        scope_.complain(*entry.value, complaint);
      }
      is_good = is_good && value && complaint.empty();
    }
    return is_good ? destination : std::nullopt;
  }

  void read_collector(const Node::Entry& entry, std::vector<IpAddress>& here) {
    const auto key = scope_.text(*entry.key, "a collector's address");
    const auto destination = read_destination(*entry.value);
    auto address = key ? IpAddress::parse(*key) : std::nullopt;
    if (key && *key == "default") address = kAnyLoggingHost;
    if (key && !address) {
      scope_.complain(*entry.key,
                      fmt::format("{} is no IP address; a collector is named by the address "
                                  "of a logging host, or 'default' for all others",
                                  asaemu::quoted(*key)));
    }
    if (!address || !destination) return;
    if (std::ranges::find(here, *address) != here.end()) {
      scope_.complain(*entry.key, fmt::format("collector {} is given twice", to_string(*address)));
    }
    here.push_back(*address);
    // A file that includes another has the last word.
    const auto known =
        std::ranges::find(plan_.collectors, *address, &std::pair<IpAddress, Destination>::first);
    if (known != plan_.collectors.end()) {
      known->second = *destination;
    } else {
      plan_.collectors.emplace_back(*address, *destination);
    }
  }

  void read_timelines(const std::vector<Source>& sources, const std::vector<TopNodes>& tops) {
    // A duration that is wrong is one; its own complaint is enough.
    const bool has_end = tops.back().duration != nullptr || overrides_.duration.has_value();
    const std::size_t faults_before = faults_.size();
    TimelineReader reader(plan_, catalogue_, scope_.with_device_variables(device_variables_),
                          has_all_devices_, has_end);
    for (std::size_t i = 0; i < tops.size(); ++i) {
      if (tops[i].timeline != nullptr) reader.read(sources[i], *tops[i].timeline);
    }
    const bool has_steps = faults_.size() == faults_before;
    for (const TopNodes& top : tops) {
      if (top.expect == nullptr) continue;
      read_expectations(*top.expect, plan_, catalogue_, scope_, has_all_devices_, has_steps);
    }
  }

  const PlanOverrides& overrides_;
  const Catalogue& catalogue_;
  Faults& faults_;
  Variables variables_;
  Scope scope_;
  Plan plan_;
  bool has_all_devices_ = false;
  std::vector<std::string> device_variables_;
};

}  // namespace

const Destination* Plan::collector_of(const IpAddress& host) const {
  const Destination* found = nullptr;
  for (const auto& wanted : {kAnyLoggingHost, host}) {
    const auto known =
        std::ranges::find(collectors, wanted, &std::pair<IpAddress, Destination>::first);
    if (known != collectors.end()) found = &known->second;
  }
  return found;
}

Plan read_scenario(const std::string& file_or_name, const PlanOverrides& overrides,
                   const Catalogue& catalogue, Faults& faults) {
  const auto sources = load_sources(file_or_name, faults);
  if (sources.empty()) return {};
  return ScenarioReader(overrides, catalogue, faults).read(sources);
}

}  // namespace asaemu
