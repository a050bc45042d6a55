#include "model/state/audit_policies.hpp"

#include <catch2/catch.hpp>

namespace asaemu {
namespace {

constexpr AuditActions kAlarm{.alarm = true};
constexpr AuditActions kDrop{.drop = true};

TEST_CASE("a policy has its own actions, or those of its class") {
  AuditPolicies policies;
  policies.set("own", {AuditClass::kAttack, kDrop});
  policies.set("default", {AuditClass::kAttack, std::nullopt});
  CHECK(policies.actions_of(*policies.find("own")) == kDrop);
  CHECK(policies.actions_of(*policies.find("default")) == kAlarm);
  policies.set_default(AuditClass::kInfo, kDrop);
  CHECK(policies.actions_of(*policies.find("default")) == kAlarm);
  policies.set_default(AuditClass::kAttack, kDrop);
  CHECK(policies.actions_of(*policies.find("default")) == kDrop);
}

TEST_CASE("a policy that is set again changes its actions, not its class") {
  AuditPolicies policies;
  CHECK(policies.set("a", {AuditClass::kInfo, kDrop}) == AuditPolicies::Outcome::kDone);
  CHECK(policies.set("a", {AuditClass::kAttack, kAlarm}) == AuditPolicies::Outcome::kOtherClass);
  CHECK(policies.describe() == "ip audit name a info action drop\n");
  CHECK(policies.set("a", {AuditClass::kInfo, AuditActions{}}) == AuditPolicies::Outcome::kDone);
  CHECK(policies.describe() == "ip audit name a info action\n");
  CHECK(policies.remove("a"));
  CHECK_FALSE(policies.remove("a"));
}

}  // namespace
}  // namespace asaemu
