#include "model/state/crypto_operations.hpp"

#include <algorithm>

namespace asaemu {

using namespace crypto_operation;

namespace {

constexpr std::size_t place(CryptoFunction function) {
  return static_cast<std::size_t>(function);
}

/// One of a run of functions, which stand in the order of their algorithms.
template <class Algorithm>
constexpr std::size_t place(CryptoFunction first, Algorithm algorithm) {
  return place(first) + static_cast<std::size_t>(algorithm);
}

/// Answers for each kind of operation with the functions it needs.
struct FunctionsOf {
  CryptoFunctions operator()(const Random&) const { return one(place(CryptoFunction::kRandom)); }
  CryptoFunctions operator()(const GenerateRsaKey&) const {
    return one(place(CryptoFunction::kRsa)) | one(place(CryptoFunction::kRandom));
  }
  CryptoFunctions operator()(const AgreeOnKey&) const { return {}; }
  CryptoFunctions operator()(const EncryptBulk& bulk) const { return cipher(bulk.algorithm); }
  CryptoFunctions operator()(const DecryptBulk& bulk) const { return cipher(bulk.algorithm); }
  CryptoFunctions operator()(const EncryptWithPublicKey&) const { return rsa(); }
  CryptoFunctions operator()(const DecryptWithPublicKey&) const { return rsa(); }
  CryptoFunctions operator()(const DecryptWithPrivateKey&) const { return rsa(); }
  CryptoFunctions operator()(const Sign& sign) const {
    return one(place(CryptoFunction::kRsa, sign.key)) | digest(sign.hash);
  }
  CryptoFunctions operator()(const Hash& hash) const { return digest(hash.hash); }
  CryptoFunctions operator()(const KeyedHash& hash) const { return digest(hash.hash); }
  CryptoFunctions operator()(const Hmac& hmac) const {
    switch (hmac.algorithm) {
      case HmacAlgorithm::kMd5:
        return digest(HashAlgorithm::kMd5);
      case HmacAlgorithm::kSha1:
        return digest(HashAlgorithm::kSha1);
      case HmacAlgorithm::kSha2:
        return digest(HashAlgorithm::kSha256);
      case HmacAlgorithm::kAesXcbc:
        break;
    }
    return cipher(CipherAlgorithm::kAes);
  }
  CryptoFunctions operator()(const Wipe&) const {
    return one(place(CryptoFunction::kSessionRecords));
  }

 private:
  static CryptoFunctions one(std::size_t function) { return CryptoFunctions().set(function); }
  static CryptoFunctions rsa() { return one(place(CryptoFunction::kRsa)); }
  static CryptoFunctions digest(HashAlgorithm hash) {
    return one(place(CryptoFunction::kMd5, hash));
  }
  static CryptoFunctions cipher(CipherAlgorithm algorithm) {
    return one(place(CryptoFunction::kDes, algorithm));
  }
};

static_assert(place(CryptoFunction::kMd5, HashAlgorithm::kSha512) ==
              place(CryptoFunction::kSha512));
static_assert(place(CryptoFunction::kDes, CipherAlgorithm::kRc4) == place(CryptoFunction::kRc4));
static_assert(place(CryptoFunction::kRsa, KeyAlgorithm::kDsa) == place(CryptoFunction::kDsa));

constexpr EncryptBulk encrypt(CipherAlgorithm algorithm, CipherMode mode) {
  return {algorithm, mode};
}
constexpr DecryptBulk decrypt(CipherAlgorithm algorithm, CipherMode mode) {
  return {algorithm, mode};
}

// The device is the server of TLS and SSH sessions, so the peer's encrypted message comes first; of
// IKE sessions it is the initiator. Which protocols use which modes is theirs: SSH counters, SNMPv3
// feedback, MPPE a key that changes with each packet or does not.
constexpr std::array<CryptoOperation, 6> kTlsRsa{
    Random{},
    DecryptWithPrivateKey{},
    Hmac{HmacAlgorithm::kSha1},
    decrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    encrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    Wipe{KeySet::kRsa},
};
constexpr std::array<CryptoOperation, 7> kTlsDhe{
    Random{},
    AgreeOnKey{0},
    Sign{KeyAlgorithm::kRsa, HashAlgorithm::kSha256},
    Hmac{HmacAlgorithm::kSha2},
    decrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    encrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    Wipe{KeySet::kDh},
};
constexpr std::array<CryptoOperation, 7> kTlsDss{
    Random{},
    AgreeOnKey{0},
    Sign{KeyAlgorithm::kDsa, HashAlgorithm::kSha1},
    Hmac{HmacAlgorithm::kSha1},
    decrypt(CipherAlgorithm::k3des, CipherMode::kCbc),
    encrypt(CipherAlgorithm::k3des, CipherMode::kCbc),
    Wipe{KeySet::kDsa},
};
constexpr std::array<CryptoOperation, 6> kTlsRc4{
    Random{},
    DecryptWithPrivateKey{},
    Hmac{HmacAlgorithm::kMd5},
    decrypt(CipherAlgorithm::kRc4, CipherMode::kStatefulRc4),
    encrypt(CipherAlgorithm::kRc4, CipherMode::kStatefulRc4),
    Wipe{KeySet::kRsa},
};
constexpr std::array<CryptoOperation, 7> kTlsClient{
    Random{},
    DecryptWithPublicKey{},
    EncryptWithPublicKey{},
    Hmac{HmacAlgorithm::kSha1},
    encrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    decrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    Wipe{KeySet::kRsa},
};
constexpr std::array<CryptoOperation, 7> kSsh{
    Random{},
    AgreeOnKey{14},
    Sign{KeyAlgorithm::kRsa, HashAlgorithm::kSha1},
    Hmac{HmacAlgorithm::kSha1},
    decrypt(CipherAlgorithm::kAes, CipherMode::kCtr),
    encrypt(CipherAlgorithm::kAes, CipherMode::kCtr),
    Wipe{KeySet::kDh},
};
constexpr std::array<CryptoOperation, 6> kIkev1{
    Random{},
    AgreeOnKey{2},
    Hmac{HmacAlgorithm::kMd5},
    encrypt(CipherAlgorithm::kDes, CipherMode::kCbc),
    decrypt(CipherAlgorithm::kDes, CipherMode::kCbc),
    Wipe{KeySet::kDh},
};
constexpr std::array<CryptoOperation, 6> kIkev2{
    Random{},
    AgreeOnKey{14},
    Hmac{HmacAlgorithm::kAesXcbc},
    encrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    decrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    Wipe{KeySet::kDh},
};
constexpr std::array<CryptoOperation, 3> kSnmp{
    Hmac{HmacAlgorithm::kSha1},
    decrypt(CipherAlgorithm::kAes, CipherMode::kCfb),
    encrypt(CipherAlgorithm::kAes, CipherMode::kCfb),
};
constexpr std::array<CryptoOperation, 5> kMppe{
    Random{},
    Hash{HashAlgorithm::kSha1},
    decrypt(CipherAlgorithm::kRc4, CipherMode::kStatelessRc4),
    encrypt(CipherAlgorithm::kRc4, CipherMode::kStatelessRc4),
    Wipe{KeySet::kUnknown},  // a password's keys are of none of the kinds
};
constexpr std::array<CryptoOperation, 1> kNtp{KeyedHash{HashAlgorithm::kSha1, 160}};
constexpr std::array<CryptoOperation, 1> kOspf{KeyedHash{HashAlgorithm::kMd5, 128}};

constexpr std::array<CryptoSession, 12> kSessions{{
    {"tls-rsa-aes-sha1", kTlsRsa},
    {"tls-dhe-rsa-aes-sha256", kTlsDhe},
    {"tls-dhe-dss-3des-sha1", kTlsDss},
    {"tls-rsa-rc4-md5", kTlsRc4},
    {"tls-client-aes-sha1", kTlsClient},
    {"ssh-aes-ctr-sha1", kSsh},
    {"ikev1-group2-des-md5", kIkev1},
    {"ikev2-group14-aes-xcbc", kIkev2},
    {"snmpv3-aes-sha1", kSnmp},
    {"pptp-mppe", kMppe},
    {"ntp-sha1", kNtp},
    {"ospf-md5", kOspf},
}};

constexpr auto kSessionNames = [] {
  std::array<std::string_view, kSessions.size()> names;
  std::ranges::transform(kSessions, names.begin(), &CryptoSession::name);
  return names;
}();

// The algorithms that FIPS 140-2 approves; the others (DES, RC4, MD5) are not tested.
constexpr std::array<CryptoOperation, 11> kSelfTests{
    Random{},
    encrypt(CipherAlgorithm::k3des, CipherMode::kCbc),
    encrypt(CipherAlgorithm::kAes, CipherMode::kCbc),
    Hash{HashAlgorithm::kSha1},
    Hash{HashAlgorithm::kSha256},
    Hash{HashAlgorithm::kSha384},
    Hash{HashAlgorithm::kSha512},
    Hmac{HmacAlgorithm::kSha1},
    Hmac{HmacAlgorithm::kSha2},
    Sign{KeyAlgorithm::kDsa, HashAlgorithm::kSha1},
    Sign{KeyAlgorithm::kRsa, HashAlgorithm::kSha256},
};

}  // namespace

CryptoFunctions functions_of(const CryptoOperation& operation) {
  return std::visit(FunctionsOf{}, operation);
}

bool uses_own_rsa_key(const CryptoOperation& operation) {
  const auto* sign = std::get_if<Sign>(&operation);
  return std::holds_alternative<DecryptWithPrivateKey>(operation) ||
         (sign != nullptr && sign->key == KeyAlgorithm::kRsa);
}

bool uses_rsa_key(const CryptoOperation& operation) {
  return uses_own_rsa_key(operation) || std::holds_alternative<EncryptWithPublicKey>(operation) ||
         std::holds_alternative<DecryptWithPublicKey>(operation);
}

bool is_weak_group(std::uint64_t group) {
  return group == 1 || group == 2 || group == 5;  // syslog guide 402149
}

bool is_deprecated(HashAlgorithm hash) {
  return hash < HashAlgorithm::kSha256;  // syslog guide 402150
}

FipsVerdict judge(const CryptoOperation& operation, std::uint16_t key_bits) {
  static constexpr CryptoFunctions kNotApproved(1U << place(CryptoFunction::kDes) |
                                                1U << place(CryptoFunction::kRc4) |
                                                1U << place(CryptoFunction::kMd5));
  if (const auto* key = std::get_if<GenerateRsaKey>(&operation)) {
    if (key->modulus < kFipsModulusMin) return FipsVerdict::kWeakKey;
  }
  if (const auto* agreement = std::get_if<AgreeOnKey>(&operation)) {
    if (is_weak_group(agreement->group)) return FipsVerdict::kWeakGroup;
  }
  if (uses_own_rsa_key(operation) && key_bits < kFipsModulusMin) return FipsVerdict::kWeakKey;
  const auto* sign = std::get_if<Sign>(&operation);
  if (sign != nullptr && sign->key == KeyAlgorithm::kRsa && is_deprecated(sign->hash)) {
    return FipsVerdict::kDeprecatedHash;
  }
  const bool is_approved = (functions_of(operation) & kNotApproved).none();
  return is_approved ? FipsVerdict::kAllowed : FipsVerdict::kNotApproved;
}

std::span<const CryptoSession> crypto_sessions() {
  return kSessions;
}

std::span<const std::string_view> crypto_session_names() {
  return kSessionNames;
}

std::span<const CryptoOperation> self_tests() {
  return kSelfTests;
}

}  // namespace asaemu
