// A bench with a service module, to which a policy sends all traffic from the inside.
#pragma once

#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace asaemu::test {

class ModuleBench : public Bench {
 public:
  using Options = std::vector<std::pair<std::string_view, FieldValue>>;

  /// `action` is a line below the policy's class-default: `sfr fail-close`.
  ModuleBench(std::string_view platform, const std::string& module, const std::string& action,
              Options more = {}, Release release = Release{})
      : Bench(config(action), with_module(std::move(more), module), release, platform) {
    advance(SimDuration(0));
  }

  static std::string config(const std::string& action) {
    return std::string(kBenchConfig) + "policy-map redirected\n class class-default\n  " + action +
           "\nservice-policy redirected global\n";
  }

  /// A packet from 10.0.0.8 to 198.51.100.9 with this source port and these fields besides.
  ModuleBench& send(int source_port,
                    const std::vector<std::pair<std::string, std::string>>& more = {}) {
    std::vector<std::pair<std::string, std::string>> fields{
        {"src", "10.0.0.8"}, {"dst", "198.51.100.9"}, {"sport", fmt::format("{}", source_port)}};
    fields.insert(fields.end(), more.begin(), more.end());
    const auto has = [&fields](std::string_view name) {
      return std::any_of(fields.begin(), fields.end(),
                         [&](const auto& field) { return field.first == name; });
    };
    if (!has("proto")) fields.emplace_back("proto", "tcp");
    if (!has("dport")) fields.emplace_back("dport", "80");
    packet("inside", fields);
    return *this;
  }

  ModuleBench& module_is(const std::string& state, const std::string& id = "1") {
    world("module", {{"module", id}, {"state", state}});
    return *this;
  }

  /// The policy's action becomes this one.
  ModuleBench& act(const std::string& action) {
    commands({"configure terminal", "policy-map redirected", "class class-default", action});
    return *this;
  }

  [[nodiscard]] const Module* module() { return device().tables().modules.fitted(); }
  [[nodiscard]] std::size_t connections() { return device().tables().connections.size(); }

 private:
  static Options with_module(Options options, const std::string& module) {
    options.emplace_back("module", module);
    return options;
  }
};

}  // namespace asaemu::test
