#include "model/state/crypto_operations.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace asaemu;
using namespace asaemu::crypto_operation;

namespace {

constexpr std::uint16_t kLong = 2048;

bool needs(const CryptoOperation& operation, CryptoFunction function) {
  return functions_of(operation).test(static_cast<std::size_t>(function));
}

}  // namespace

TEST_CASE("an operation needs its algorithm and what that is made of") {
  REQUIRE(needs(Hmac{HmacAlgorithm::kSha2}, CryptoFunction::kSha256));
  REQUIRE(needs(Hmac{HmacAlgorithm::kAesXcbc}, CryptoFunction::kAes));
  REQUIRE(needs(Sign{KeyAlgorithm::kDsa, HashAlgorithm::kSha1}, CryptoFunction::kDsa));
  REQUIRE(needs(Sign{KeyAlgorithm::kDsa, HashAlgorithm::kSha1}, CryptoFunction::kSha1));
  REQUIRE_FALSE(needs(Sign{KeyAlgorithm::kDsa, HashAlgorithm::kSha1}, CryptoFunction::kRsa));
  REQUIRE(needs(GenerateRsaKey{kLong}, CryptoFunction::kRandom));
  REQUIRE(
      needs(DecryptBulk{CipherAlgorithm::kRc4, CipherMode::kStatefulRc4}, CryptoFunction::kRc4));
  REQUIRE(functions_of(AgreeOnKey{14}).none());
}

TEST_CASE("a key of 2048 bits is long enough for FIPS mode, one of 2047 is not") {
  REQUIRE(judge(GenerateRsaKey{2047}, kLong) == FipsVerdict::kWeakKey);
  REQUIRE(judge(GenerateRsaKey{2048}, kLong) == FipsVerdict::kAllowed);
  REQUIRE(judge(DecryptWithPrivateKey{}, 2047) == FipsVerdict::kWeakKey);
  REQUIRE(judge(DecryptWithPrivateKey{}, 2048) == FipsVerdict::kAllowed);
  REQUIRE(judge(Sign{KeyAlgorithm::kRsa, HashAlgorithm::kSha256}, 1024) == FipsVerdict::kWeakKey);
  REQUIRE(judge(Sign{KeyAlgorithm::kDsa, HashAlgorithm::kSha1}, 1024) == FipsVerdict::kAllowed);
}

TEST_CASE("FIPS mode knows weak groups, deprecated hashes and algorithms it never approved") {
  for (const std::uint8_t group : std::initializer_list<std::uint8_t>{1, 2, 5}) {
    REQUIRE(judge(AgreeOnKey{group}, kLong) == FipsVerdict::kWeakGroup);
  }
  for (const std::uint8_t group : std::initializer_list<std::uint8_t>{14, 15, 24}) {
    REQUIRE(judge(AgreeOnKey{group}, kLong) == FipsVerdict::kAllowed);
  }
  REQUIRE(judge(Sign{KeyAlgorithm::kRsa, HashAlgorithm::kSha1}, kLong) ==
          FipsVerdict::kDeprecatedHash);
  REQUIRE(judge(Sign{KeyAlgorithm::kRsa, HashAlgorithm::kSha256}, kLong) == FipsVerdict::kAllowed);
  REQUIRE(judge(Hmac{HmacAlgorithm::kMd5}, kLong) == FipsVerdict::kNotApproved);
  REQUIRE(judge(Hmac{HmacAlgorithm::kSha1}, kLong) == FipsVerdict::kAllowed);
  REQUIRE(judge(EncryptBulk{CipherAlgorithm::kDes, CipherMode::kCbc}, kLong) ==
          FipsVerdict::kNotApproved);
}

TEST_CASE("the self-tests ask only for what FIPS mode approves") {
  for (const CryptoOperation& test : self_tests()) {
    REQUIRE(judge(test, kLong) != FipsVerdict::kNotApproved);
  }
}

TEST_CASE("a session wipes its keys last, if it has any") {
  for (const CryptoSession& session : crypto_sessions()) {
    INFO(session.name);
    const auto wipes = std::ranges::count_if(session.operations, [](const CryptoOperation& one) {
      return std::holds_alternative<Wipe>(one);
    });
    REQUIRE(wipes <= 1);
    if (wipes == 1) REQUIRE(std::holds_alternative<Wipe>(session.operations.back()));
  }
}
