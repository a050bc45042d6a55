// What the crypto library can do: its operations, which of its functions each needs, what FIPS mode
// thinks of it, and in which order sessions of the usual protocols ask for them.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace asaemu {

enum class HashAlgorithm : std::uint8_t { kMd5, kSha1, kSha256, kSha384, kSha512 };
inline constexpr std::array<std::string_view, 5> kHashNames{"MD5", "SHA1", "SHA256", "SHA384",
                                                            "SHA512"};
enum class HmacAlgorithm : std::uint8_t { kMd5, kSha1, kSha2, kAesXcbc };
enum class CipherAlgorithm : std::uint8_t { kDes, k3des, kAes, kRc4 };
enum class CipherMode : std::uint8_t { kCbc, kCtr, kCfb, kEcb, kStatefulRc4, kStatelessRc4 };
enum class KeyAlgorithm : std::uint8_t { kRsa, kDsa };
enum class KeySet : std::uint8_t { kDh, kRsa, kDsa, kUnknown };

/// Parts of the library that can break by themselves. The records of sessions say what kind of keys
/// a session has, which its end needs to know to wipe them.
enum class CryptoFunction : std::uint8_t {
  kRandom,
  kRsa,
  kDsa,
  kDes,
  k3des,
  kAes,
  kRc4,
  kMd5,
  kSha1,
  kSha256,
  kSha384,
  kSha512,
  kSessionRecords,
};
/// As scenarios name them; in the order of CryptoFunction.
inline constexpr std::array<std::string_view, 13> kCryptoFunctionNames{
    "random", "rsa",    "dsa",    "des",    "3des",           "aes", "rc4", "md5",
    "sha1",   "sha256", "sha384", "sha512", "session-records"};

using CryptoFunctions = std::bitset<kCryptoFunctionNames.size()>;

namespace crypto_operation {

struct Random {};
struct GenerateRsaKey {
  std::uint16_t modulus;  ///< bits
};
/// Diffie-Hellman with this group; group 0 is the one that `ssl dh-group` configures.
struct AgreeOnKey {
  std::uint8_t group;
};
struct EncryptBulk {
  CipherAlgorithm algorithm;
  CipherMode mode;
};
struct DecryptBulk {
  CipherAlgorithm algorithm;
  CipherMode mode;
};
/// With the peer's key.
struct EncryptWithPublicKey {};
/// With the peer's key: how an RSA signature is checked.
struct DecryptWithPublicKey {};
/// With the device's own key.
struct DecryptWithPrivateKey {};
/// With the device's own key.
struct Sign {
  KeyAlgorithm key;
  HashAlgorithm hash;
};
struct Hash {
  HashAlgorithm hash;
};
struct KeyedHash {
  HashAlgorithm hash;
  std::uint16_t key_bits;
};
struct Hmac {
  HmacAlgorithm algorithm;
};
/// The end of a session, or of a key.
struct Wipe {
  KeySet keys;
};

}  // namespace crypto_operation

using CryptoOperation =
    std::variant<crypto_operation::Random, crypto_operation::GenerateRsaKey,
                 crypto_operation::AgreeOnKey, crypto_operation::EncryptBulk,
                 crypto_operation::DecryptBulk, crypto_operation::EncryptWithPublicKey,
                 crypto_operation::DecryptWithPublicKey, crypto_operation::DecryptWithPrivateKey,
                 crypto_operation::Sign, crypto_operation::Hash, crypto_operation::KeyedHash,
                 crypto_operation::Hmac, crypto_operation::Wipe>;

/// The functions without which the operation fails.
CryptoFunctions functions_of(const CryptoOperation& operation);
/// True if it uses the device's own RSA key.
bool uses_own_rsa_key(const CryptoOperation& operation);
/// True if it uses an RSA key, the device's own or the peer's.
bool uses_rsa_key(const CryptoOperation& operation);

/// What FIPS mode says to an operation.
enum class FipsVerdict : std::uint8_t {
  kAllowed,
  kWeakKey,         ///< an RSA key that is too short
  kWeakGroup,       ///< Diffie-Hellman group 1, 2 or 5
  kDeprecatedHash,  ///< a signature over a hash below SHA-256
  kNotApproved,     ///< an algorithm that FIPS 140-2 does not know at all
};

inline constexpr std::uint16_t kFipsModulusMin = 2048;

bool is_weak_group(std::uint64_t group);
bool is_deprecated(HashAlgorithm hash);
/// `key_bits` is the length of the device's own RSA key.
FipsVerdict judge(const CryptoOperation& operation, std::uint16_t key_bits);

/// A session of a protocol: what it asks of the library, in this order.
struct CryptoSession {
  std::string_view name;  ///< as scenarios name it
  std::span<const CryptoOperation> operations;
};

std::span<const CryptoSession> crypto_sessions();
/// Their names, in the same order.
std::span<const std::string_view> crypto_session_names();

/// The known-answer tests of `fips self-test poweron`, in this order.
std::span<const CryptoOperation> self_tests();

}  // namespace asaemu
