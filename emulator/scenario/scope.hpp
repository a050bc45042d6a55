// What a scenario's texts mean where they stand: `${variables}` and the device they are for.
#pragma once

#include "emulator/scenario/text_template.hpp"
#include "emulator/yaml/document.hpp"

#include <map>
#include <memory>

namespace asaemu {

/// A scenario's variables.
class Variables {
 public:
  /// Reads the mapping `vars:`. A later declaration replaces an earlier one: files that include
  /// come after the files they include.
  void declare(const Node& node, Faults& faults);

  /// What --set says; it must name a declared variable.
  void set(const std::string& name, const std::string& value, Faults& faults);

  /// `text` with every `${name}` replaced; `$${` stands for `${`. Complaints are about `where`, one
  /// of them about a result of more than kDocumentSizeMax bytes.
  [[nodiscard]] std::string expand(std::string_view text, const Position& where,
                                   Faults& faults) const;

 private:
  void expand_one(std::string_view name, const Position& where, std::string& out,
                  Faults& faults) const;

  std::map<std::string, std::string, std::less<>> values_;
};

/// What all texts of a scenario, as often as they are read, may weigh together: one each, and one
/// for every 64 bytes. Aliases, repeats and steps for each device make much of little; this bounds
/// it.
inline constexpr std::size_t kTextWeightMax = 10'000'000;

/// Where texts are read: with variables, and for one device or for all alike. Copies share the
/// weight.
class Scope {
 public:
  Scope(const Variables& variables, Faults& faults)
      : variables_(&variables), faults_(&faults), weight_(std::make_shared<std::size_t>(0)) {}

  /// The same for one device: `{n}` and the like are replaced too. Its name must outlive the scope.
  [[nodiscard]] Scope for_device(const DeviceIdentity& device) const {
    Scope scope = *this;
    scope.device_ = device;
    return scope;
  }

  /// The same where devices have these variables.
  [[nodiscard]] Scope with_device_variables(std::vector<std::string> names) const {
    Scope scope = *this;
    scope.names_ = std::make_shared<const std::vector<std::string>>(std::move(names));
    return scope;
  }
  [[nodiscard]] std::span<const std::string> device_variables() const {
    return names_ ? std::span<const std::string>(*names_) : std::span<const std::string>();
  }

  /// A scalar's text with everything replaced. nullopt, and a complaint, for anything else and for
  /// empty text; `what` names the value in complaints.
  [[nodiscard]] std::optional<std::string> text(const Node& node, std::string_view what) const;
  /// The same, but empty text is good.
  [[nodiscard]] std::optional<std::string> any_text(const Node& node, std::string_view what) const;

  /// Whether kTextWeightMax was reached, which was complained about.
  [[nodiscard]] bool is_exhausted() const { return *weight_ > kTextWeightMax; }

  /// Whether a text anywhere in the node differs from device to device.
  [[nodiscard]] bool varies(const Node& node) const;

  void complain(const Node& node, std::string what) const {
    faults_->add(node.position(), std::move(what));
  }
  [[nodiscard]] Faults& faults() const { return *faults_; }

 private:
  /// False once the weight is too much.
  [[nodiscard]] bool weigh(const Node& node, std::size_t size) const;

  const Variables* variables_;
  Faults* faults_;
  std::shared_ptr<std::size_t> weight_;
  std::optional<DeviceIdentity> device_;
  std::shared_ptr<const std::vector<std::string>> names_;  ///< of devices' variables
};

/// An author's value in a complaint: a number as it is, all else in quotes.
std::string shown(std::string_view text);
/// What a node is, in a complaint: its text, or `a list`, `nothing`, ….
std::string shown(const Node& node);

/// `; did you mean 'x'?`, else the candidates if they are few, else `hint`.
std::string suggest(std::string_view word, std::span<const std::string_view> candidates,
                    std::string_view hint = {});

}  // namespace asaemu
