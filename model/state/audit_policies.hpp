// The policies of `ip audit`: what is done about packets that match a signature.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/state/audit_signatures.hpp"

namespace asaemu {

inline constexpr std::array<AuditClass, 2> kAuditClasses{AuditClass::kInfo, AuditClass::kAttack};

/// `info` or `attack`.
std::string_view audit_class_name(AuditClass kind);

/// What happens to a packet that matches.
struct AuditActions {
  bool alarm = false;
  bool drop = false;
  bool reset = false;
  friend bool operator==(const AuditActions&, const AuditActions&) = default;
};

struct AuditPolicy {
  AuditClass kind = AuditClass::kInfo;
  std::optional<AuditActions> actions;  ///< those of its class if not given
};

class AuditPolicies {
 public:
  /// More than an administrator writes; the ASA's own bound is not documented.
  static constexpr std::size_t kBound = 256;
  static constexpr AuditActions kDefaultActions{.alarm = true};

  /// What policies of the class do that have no actions of their own.
  void set_default(AuditClass kind, const AuditActions& actions) {
    defaults_.at(static_cast<std::size_t>(kind)) = actions;
  }

  enum class Outcome : std::uint8_t { kDone, kOtherClass, kFull };
  /// Adds or changes a policy; its class stays what it was.
  Outcome set(const std::string& name, const AuditPolicy& policy);
  /// False if there is none of this name.
  bool remove(const std::string& name) { return policies_.erase(name); }
  /// Everything as it was without configuration.
  void clear();

  /// nullptr if there is none of this name.
  [[nodiscard]] const AuditPolicy* find(const std::string& name) const {
    return policies_.find(name);
  }
  /// Its own actions, or those of its class.
  [[nodiscard]] const AuditActions& actions_of(const AuditPolicy& policy) const {
    return policy.actions ? *policy.actions : defaults_.at(static_cast<std::size_t>(policy.kind));
  }

  /// As the running configuration has them, a line each.
  [[nodiscard]] std::string describe_default(AuditClass kind) const;
  [[nodiscard]] std::string describe() const;

 private:
  std::array<AuditActions, 2> defaults_{kDefaultActions, kDefaultActions};  ///< by class
  BoundedTable<std::string, AuditPolicy> policies_{kBound};
};

}  // namespace asaemu
