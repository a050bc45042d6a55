// The vendor's licensing cloud (or a satellite of it) as one device sees it: whether it can be
// reached, what it holds for the account, and what it answers.
#pragma once

#include "model/base/time.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A licence that a device can ask for.
struct EntitlementInfo {
  std::string_view tag;    ///< as the portal lists it
  std::string_view name;   ///< as `show license all` prints it
  std::string_view level;  ///< of `throughput level`; empty for a feature of its own
};

inline constexpr std::size_t kEntitlementCount = 6;
inline constexpr std::size_t kStrongEncryption = kEntitlementCount - 1;
using EntitlementSet = std::bitset<kEntitlementCount>;

// Tags and names of 100M and 10G from captured `show license all` (asa-behaviour E.3), the others
// formed like them.
inline constexpr std::array<EntitlementInfo, kEntitlementCount> kEntitlements{{
    {"ASAv-STD-100M", "ASAv5 Standard - 100M", "100M"},
    {"ASAv-STD-1G", "ASAv10 Standard - 1G", "1G"},
    {"ASAv-STD-2G", "ASAv30 Standard - 2G", "2G"},
    {"ASAv-STD-10G", "ASAv50 Standard - 10G", "10G"},
    {"ASAv-STD-20G", "ASAv100 Standard - 20G", "20G"},
    {"ASAv-STRONG-ENCRYPTION", "ASAv Strong Encryption", ""},
}};

/// What a licensing agent can ask the cloud.
enum class AgentRequest : std::uint8_t {
  kRegister,
  kDeregister,
  kRenewCertificate,
  kAuthorize,  ///< the regular renewal of the authorization
  kEntitle,    ///< other licences than before
};
inline constexpr std::size_t kAgentRequestCount = 5;

/// What the cloud says of one licence.
enum class Compliance : std::uint8_t {
  kAuthorized,
  kOverage,  ///< more in use than bought, within what the contract tolerates
  kOutOfCompliance,
  kUnknownMode,  ///< it names an enforcement mode that the agent has never heard of
  kUnknownTag,   ///< the portal has no such licence
};

/// The identity certificate: from when until when, in the cloud's time.
struct IdentityCertificate {
  CalendarTime from;
  CalendarTime until;
};

struct CloudAnswer {
  enum class Result : std::uint8_t {
    kGranted,
    kNoTransport,   ///< not the cloud's word: the device could not even begin
    kUnresolvable,  ///< nor this: its name has no address
    kSilent,        ///< nor this: nobody answered in time
    kUntrusted,     ///< the cloud's certificate does not hold
    kWrongRoot,     ///< the cloud's certificate is rooted in another authority than the agent's
    kBadToken,
    kUnknownDevice,
  };
  Result result = Result::kGranted;
  IdentityCertificate certificate;
  bool is_export_allowed = false;
  CalendarTime time;  ///< the cloud's clock
  std::array<Compliance, kEntitlementCount> compliance{};

  [[nodiscard]] bool is_failed_communication() const {
    return result == Result::kNoTransport || result == Result::kUnresolvable ||
           result == Result::kSilent;
  }
};

class LicensingCloud {
 public:
  /// The identity certificate is valid for a year (asa-behaviour E.3).
  static constexpr SimDuration kCertificateLife = std::chrono::days(365);
  /// Tokens that the portal is known to hold; of one more the oldest is forgotten.
  static constexpr std::size_t kTokenBound = 64;

  enum class Reach : std::uint8_t { kReachable, kUnresolvable, kSilent };
  enum class Proof : std::uint8_t { kTrusted, kUntrusted, kWrongRoot };

  /// An identity token that somebody made on the portal.
  struct Token {
    std::string text;
    bool is_valid = true;
    bool is_export_allowed = true;
  };

  /// What the account holds of one licence.
  struct Account {
    enum class Entry : std::uint8_t { kListed, kMissing, kUnknownMode };
    std::uint64_t purchased = ~std::uint64_t{0};
    std::uint64_t in_use = 0;   ///< by other devices
    std::uint64_t overage = 0;  ///< how many more the contract tolerates
    Entry entry = Entry::kListed;
  };

  /// What a device sends along.
  struct Question {
    AgentRequest request = AgentRequest::kAuthorize;
    std::string_view token;  ///< kRegister only
    CalendarTime time;       ///< the true time, which the cloud's clock shows
  };

  void set_reach(Reach reach) { reach_ = reach; }
  void set_proof(Proof proof) { proof_ = proof; }
  void set_token(const Token& token);
  void set_account(std::size_t entitlement, const Account& account) {
    accounts_[entitlement] = account;
  }
  /// Somebody takes the device off the account.
  void remove_device() { is_device_known_ = false; }

  [[nodiscard]] Reach reach() const { return reach_; }
  [[nodiscard]] CloudAnswer answer(const Question& question);

 private:
  [[nodiscard]] Compliance compliance_of(std::size_t entitlement) const;
  [[nodiscard]] const Token* find_token(std::string_view text) const;
  void enrol(const Question& question, CloudAnswer& answer);

  Reach reach_ = Reach::kReachable;
  Proof proof_ = Proof::kTrusted;
  bool is_device_known_ = false;
  bool is_export_allowed_ = false;
  std::vector<Token> tokens_;
  std::array<Account, kEntitlementCount> accounts_{};
};

}  // namespace asaemu
