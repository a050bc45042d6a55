// Crypto library: keys, and the operations that sessions, certificates and operators ask of it.
//
// Scope: crypto key generate and zeroize rsa, show crypto key mypubkey rsa, ssl dh-group; FIPS mode
//   with what it refuses and its self-tests; faults of algorithms, of keys and of the source of
//   random numbers; messages 402140 to 402150.
// Limitations: nothing is computed; an operation fails because a function it needs is broken or its
//   key is damaged. Sessions are the scenario's, over in an instant, and use the temporary key that
//   the device makes for TLS at boot unless they name another. What FIPS 140-2 does not approve
//   (DES, RC4, MD5) is refused in FIPS mode without a message. `fips enable` holds at once; on a
//   device that must be saved and reloaded, it is unclear what holds before. A failed self-test in
//   FIPS mode reloads the device (inferred); other failures in operation do not. Keys are on flash as
//   soon as they are made, without `write memory`; nothing is asked back. Key data is not printed.
//   The answers to refused commands, and the default of `ssl dh-group`, are inferred.
// State: RSA keys, at most kKeyBound, which outlive reloads; so does a source of random numbers that
//   is stuck. Broken functions are as new after a reload, which loads the software again.
// Validation: the example texts of the guide; the console's words from memory (inferred).
// References: asa-behaviour C.4; syslog guide 402140 to 402150.
#include "messages/crypto_library.hpp"

#include "model/base/bounded_table.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/crypto_operations.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::size_t kKeyBound = 64;
constexpr std::string_view kDefaultLabel = "<Default-RSA-Key>";
constexpr std::array<std::uint64_t, 6> kModuli{512, 768, 1024, 2048, 3072, 4096};

struct RsaKey {
  std::uint16_t modulus = 2048;
  bool is_damaged = false;  ///< its bits on flash are no longer those that were written
  CalendarTime generated;
};

/// What outlives a boot.
struct KeyStore {
  BoundedTable<std::string, RsaKey> keys{kKeyBound};
  bool is_noise_stuck = false;
};

/// The messages' enumerators stand in the same order as ours.
template <class To, class From>
constexpr To as(From from) {
  return static_cast<To>(static_cast<std::uint8_t>(from));
}
static_assert(as<msg::HashGenerationError::Hash>(HashAlgorithm::kSha512) ==
              msg::HashGenerationError::Hash::kSha512);
static_assert(as<msg::HmacGenerationError::Algorithm>(HmacAlgorithm::kAesXcbc) ==
              msg::HmacGenerationError::Algorithm::kAesXcbc);
static_assert(as<msg::BulkDataError::Algorithm>(CipherAlgorithm::kRc4) ==
              msg::BulkDataError::Algorithm::kRc4);
static_assert(as<msg::BulkDataError::Mode>(CipherMode::kStatelessRc4) ==
              msg::BulkDataError::Mode::kStatelessRc4);
static_assert(as<msg::KeyZeroizationError::Type>(KeySet::kUnknown) ==
              msg::KeyZeroizationError::Type::kUnknown);

class CryptoLibrary final : public Subsystem {
 public:
  explicit CryptoLibrary(Claims& claims)
      : store_(claims.kept<KeyStore>()),
        self_test_time_(claims.option<SimDuration>("fips-self-test-time")) {}

  static void declare(Declarations<CryptoLibrary>& declare);

 private:
  static void declare_world(Declarations<CryptoLibrary>& declare);

  void on_booted(Context& context, const Booted&);
  void on_timer(Context& context, std::uint16_t, std::uint64_t) override {
    run_self_tests(context);
  }

  void generate_key(Context& context, const Arguments& arguments);
  void zeroize_keys(Context& context, const Arguments& arguments);
  void show_keys(Context& context, const Arguments&);
  void set_dh_group(Context& context, const Arguments& arguments);
  void set_fips(Context&, const Arguments& arguments) { is_fips_ = !arguments.has("no"); }
  void show_fips(Context& context, const Arguments&);
  void self_test(Context& context, const Arguments&);
  bool run_self_tests(Context& context);

  void on_fault(Context&, const Arguments& arguments);
  void on_noise(Context&, const Arguments& arguments);
  void on_key(Context&, const Arguments& arguments);
  void on_session(Context& context, const Arguments& arguments);
  void on_certificate(Context& context, const Arguments& arguments);

  bool perform(Context& context, CryptoOperation operation, const RsaKey& key);
  bool attempt(Context& context, const CryptoOperation& operation, const RsaKey& key);
  static void report_refusal(Context& context, FipsVerdict verdict,
                             const CryptoOperation& operation, const RsaKey& key);

  [[nodiscard]] std::uint8_t dh_group(const Context& context) const {
    if (dh_group_ != 0) return dh_group_;
    return context.release() < Release{9, 13, 0, 0} ? 2 : 14;
  }
  [[nodiscard]] CryptoFunctions broken() const {
    auto all = broken_;
    if (store_.is_noise_stuck) all.set(static_cast<std::size_t>(CryptoFunction::kRandom));
    return all;
  }

  KeyStore& store_;
  SimDuration self_test_time_;
  RsaKey temporary_key_;  ///< for TLS sessions that name no other
  CryptoFunctions broken_;
  std::uint8_t dh_group_ = 0;  ///< of `ssl dh-group`; 0 if it is not configured
  bool is_fips_ = false;
};

void CryptoLibrary::declare(Declarations<CryptoLibrary>& declare) {
  declare.option(FieldDef{.name = "fips-self-test-time", .kind = FieldKind::kDuration}, "0:00:02",
                 "time from boot until the self-tests of FIPS mode are over");
  declare.config<&CryptoLibrary::generate_key>(
      "crypto key generate rsa [general-keys] [label <word:label>] "
      "[modulus <number:modulus:512-4096>] [noconfirm]",
      "Make a pair of RSA keys");
  declare.config<&CryptoLibrary::zeroize_keys>(
      "crypto key zeroize rsa [default|label <word:label>] [noconfirm]", "Remove RSA keys");
  declare.exec<&CryptoLibrary::show_keys>("show crypto key mypubkey rsa", "Show the RSA keys");
  declare.config<&CryptoLibrary::set_dh_group>(
      "ssl dh-group {group1|group2|group5|group14|group15|group24}",
      "Set the Diffie-Hellman group of TLS");
  declare.config<&CryptoLibrary::set_dh_group>("no ssl dh-group",
                                               "Back to the default Diffie-Hellman group of TLS");
  declare.config<&CryptoLibrary::set_fips>("[no] fips enable", "Turn FIPS 140-2 mode on or off");
  declare.exec<&CryptoLibrary::show_fips>("show fips status", "Show whether FIPS mode is on");
  declare.exec<&CryptoLibrary::self_test>("fips self-test poweron",
                                          "Run the self-tests of FIPS mode");
  declare.on<&CryptoLibrary::on_booted>();
  declare_world(declare);
}

void CryptoLibrary::declare_world(Declarations<CryptoLibrary>& declare) {
  const auto one_of = [](std::string_view name, std::span<const std::string_view> choices) {
    return FieldDef{.name = name, .kind = FieldKind::kOneOf, .choices = choices};
  };
  const auto word = [](std::string_view name) {
    return FieldDef{.name = name, .kind = FieldKind::kWord};
  };
  static constexpr std::array<std::string_view, 2> kConditions{"broken", "sound"};
  declare.world<&CryptoLibrary::on_fault>(
      "crypto-fault", "a part of the crypto library breaks in memory; a reload loads it again",
      {{one_of("crypto-fault", std::span(kCryptoFunctionNames).subspan(1)), "the part"},
       {one_of("state", kConditions), "its condition"}});
  static constexpr std::array<std::string_view, 2> kNoise{"stuck", "random"};
  declare.world_always<&CryptoLibrary::on_noise>(
      "crypto-noise", "the hardware source of random numbers sticks at one value, or recovers",
      {{one_of("crypto-noise", kNoise), "what it gives"}});
  static constexpr std::array<std::string_view, 2> kKeyConditions{"damaged", "restored"};
  declare.world_always<&CryptoLibrary::on_key>(
      "crypto-key", "the bits of an RSA key on flash change, or are put right",
      {{word("crypto-key"), "the key's label"},
       {one_of("state", kKeyConditions), "its condition"}});
  declare.world<&CryptoLibrary::on_session>(
      "crypto-session", "a peer and the device set up a session, use it and end it",
      {{one_of("crypto-session", crypto_session_names()), "protocol and algorithms"},
       {word("key"), "label of the device's RSA key; a temporary key if left out", false}});
  static constexpr std::array<std::string_view, 2> kCertificateKeys{"sound", "damaged"};
  declare.world<&CryptoLibrary::on_certificate>(
      "crypto-certificate", "a peer shows a certificate with an RSA signature, which is checked",
      {{one_of("crypto-certificate", kHashNames), "the hash that was signed"},
       {FieldDef{.name = "bits", .kind = FieldKind::kNumber}, "length of the signer's key"},
       {one_of("key", kCertificateKeys), "whether that key is one; sound if left out", false}});
}

void CryptoLibrary::on_booted(Context& context, const Booted&) {
  temporary_key_.generated = context.calendar();
  if (is_fips_) context.after(self_test_time_, 0);
}

void CryptoLibrary::generate_key(Context& context, const Arguments& arguments) {
  // Keys are not configuration. A command that was typed in configuration mode and saved with it
  // does not make them anew.
  if (context.is_booting()) return;
  const auto modulus = arguments.get_or<std::uint64_t>("modulus", 2048);
  if (std::ranges::find(kModuli, modulus) == kModuli.end()) {
    context.print(fmt::format("ERROR: {} is not a modulus size\n", modulus));
    return;
  }
  const auto label = arguments.get_or("label", std::string(kDefaultLabel));
  if (store_.keys.find(label) != nullptr) {
    context.print(
        fmt::format("WARNING: You have a RSA keypair already defined named {}.\n", label));
  }
  context.print(fmt::format("INFO: The name for the keys will be: {}\n", label));
  const RsaKey key{.modulus = static_cast<std::uint16_t>(modulus), .generated = context.calendar()};
  if (is_fips_ && modulus < kFipsModulusMin) {
    report_refusal(context, FipsVerdict::kWeakKey, crypto_operation::GenerateRsaKey{key.modulus},
                   key);
    context.print(fmt::format("ERROR: A modulus of {} is not allowed in FIPS mode\n", modulus));
    return;
  }
  context.print("Keypair generation process begin. Please wait...\n");
  attempt(context, crypto_operation::Random{}, key);
  if (!attempt(context, crypto_operation::GenerateRsaKey{key.modulus}, key)) {
    context.print("ERROR: Failed to generate the keypair\n");
    return;
  }
  store_.keys.erase(label);
  if (store_.keys.insert(label, key) == nullptr) {
    context.print("ERROR: No room for another keypair\n");
  }
}

void CryptoLibrary::zeroize_keys(Context& context, const Arguments& arguments) {
  if (context.is_booting()) return;
  const auto* given = arguments.find<std::string>("label");
  const bool is_one = given != nullptr || arguments.has("default");
  const std::string label = given != nullptr ? *given : std::string(kDefaultLabel);
  if (is_one ? store_.keys.find(label) == nullptr : store_.keys.empty()) {
    context.print("WARNING: No RSA keys found\n");
    return;
  }
  context.print(is_one ? fmt::format("WARNING: Keys to be removed are named '{}'.\n", label)
                       : "WARNING: All RSA keys will be removed.\n");
  context.print(
      "WARNING: All device digital certificates issued using these keys will also be removed.\n");
  if (!attempt(context, crypto_operation::Wipe{KeySet::kRsa}, temporary_key_)) {
    context.print("ERROR: Failed to zeroize the keys\n");
    return;
  }
  if (is_one) {
    store_.keys.erase(label);
  } else {
    store_.keys.clear();
  }
}

void CryptoLibrary::set_dh_group(Context& context, const Arguments& arguments) {
  std::uint8_t group = 0;
  for (const std::uint8_t candidate : std::initializer_list<std::uint8_t>{1, 2, 5, 14, 15, 24}) {
    if (arguments.has(fmt::format("group{}", candidate))) group = candidate;
  }
  if (is_fips_ && is_weak_group(group)) {
    report_refusal(context, FipsVerdict::kWeakGroup, crypto_operation::AgreeOnKey{group},
                   temporary_key_);
    context.print(fmt::format("ERROR: DH group {} is not allowed in FIPS mode\n", group));
    return;
  }
  dh_group_ = group;
}

void CryptoLibrary::show_fips(Context& context, const Arguments&) {
  context.print(fmt::format("FIPS is currently {}\n", is_fips_ ? "enabled" : "disabled"));
}

void CryptoLibrary::self_test(Context& context, const Arguments&) {
  if (!run_self_tests(context)) context.print("ERROR: FIPS self-test failed\n");
}

/// Runs all of them; each that fails says so. A device in FIPS mode does not go on after that.
bool CryptoLibrary::run_self_tests(Context& context) {
  bool is_sound = true;
  for (const CryptoOperation& test : self_tests()) {
    is_sound = attempt(context, test, RsaKey()) && is_sound;
  }
  if (!is_sound && is_fips_) context.request(DeviceRequest::kReload);
  return is_sound;
}

void CryptoLibrary::on_fault(Context&, const Arguments& arguments) {
  const auto* const name =
      std::ranges::find(kCryptoFunctionNames, arguments.get<std::string>("crypto-fault"));
  broken_.set(static_cast<std::size_t>(name - kCryptoFunctionNames.begin()),
              arguments.get<std::string>("state") == "broken");
}

void CryptoLibrary::on_noise(Context&, const Arguments& arguments) {
  store_.is_noise_stuck = arguments.get<std::string>("crypto-noise") == "stuck";
}

void CryptoLibrary::on_key(Context&, const Arguments& arguments) {
  RsaKey* key = store_.keys.find(arguments.get<std::string>("crypto-key"));
  if (key != nullptr) key->is_damaged = arguments.get<std::string>("state") == "damaged";
}

void CryptoLibrary::on_session(Context& context, const Arguments& arguments) {
  const auto* label = arguments.find<std::string>("key");
  const RsaKey* key = label == nullptr ? &temporary_key_ : store_.keys.find(*label);
  // A trustpoint without its key: the server has nothing to set a session up with.
  if (key == nullptr) return;
  const auto session = std::ranges::find(
      crypto_sessions(), arguments.get<std::string>("crypto-session"), &CryptoSession::name);
  const RsaKey peer_key;
  bool is_alive = true;
  for (const CryptoOperation& operation : session->operations) {
    // Whatever became of the session, its keys are wiped at its end.
    const bool is_end = std::holds_alternative<crypto_operation::Wipe>(operation);
    if (!is_alive && !is_end) continue;
    const RsaKey& used = uses_own_rsa_key(operation) ? *key : peer_key;
    is_alive = perform(context, operation, used) && is_alive;
  }
}

void CryptoLibrary::on_certificate(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("crypto-certificate");
  const auto hash =
      static_cast<HashAlgorithm>(std::ranges::find(kHashNames, name) - kHashNames.begin());
  const RsaKey key{.modulus = static_cast<std::uint16_t>(
                       std::min<std::uint64_t>(arguments.get<std::uint64_t>("bits"), 0xFFFF)),
                   .is_damaged = arguments.get_or<std::string>("key", "sound") == "damaged",
                   .generated = {}};
  if (is_fips_ && is_deprecated(hash)) {
    context.emit(msg::DeprecatedHashDisallowed{
        .operation = msg::DeprecatedHashDisallowed::Operation::kVerify, .hash = name});
    return;
  }
  const crypto_operation::DecryptWithPublicKey check;
  if (is_fips_ && key.modulus < kFipsModulusMin) {
    report_refusal(context, FipsVerdict::kWeakKey, check, key);
    return;
  }
  if (attempt(context, crypto_operation::Hash{hash}, key)) attempt(context, check, key);
}

/// Prints what the library logs when an operation fails.
class FailureReport {
 public:
  explicit FailureReport(Context& context) : context_(context) {}

  void operator()(const crypto_operation::Random&) {
    context_.emit(msg::RandomNumberGeneratorError{});
  }
  void operator()(const crypto_operation::GenerateRsaKey& key) {
    context_.emit(msg::RsaKeyGenerationError{.modulus_length = key.modulus});
  }
  /// No message belongs to it, and no fault of the model breaks it.
  void operator()(const crypto_operation::AgreeOnKey&) {}
  void operator()(const crypto_operation::EncryptBulk& bulk) {
    report_bulk(msg::BulkDataError::Operation::kEncryption, bulk.algorithm, bulk.mode);
  }
  void operator()(const crypto_operation::DecryptBulk& bulk) {
    report_bulk(msg::BulkDataError::Operation::kDecryption, bulk.algorithm, bulk.mode);
  }
  void operator()(const crypto_operation::EncryptWithPublicKey&) {
    report_key(Key::Type::kPublic, Key::Operation::kEncryption);
  }
  void operator()(const crypto_operation::DecryptWithPublicKey&) {
    report_key(Key::Type::kPublic, Key::Operation::kDecryption);
  }
  void operator()(const crypto_operation::DecryptWithPrivateKey&) {
    report_key(Key::Type::kPrivate, Key::Operation::kDecryption);
  }
  void operator()(const crypto_operation::Sign& sign) {
    context_.emit(
        msg::DigitalSignatureError{.signature = as<msg::DigitalSignatureError::Signature>(sign.key),
                                   .hash = as<msg::DigitalSignatureError::Hash>(sign.hash)});
  }
  void operator()(const crypto_operation::Hash& hash) {
    context_.emit(msg::HashGenerationError{.hash = as<msg::HashGenerationError::Hash>(hash.hash)});
  }
  void operator()(const crypto_operation::KeyedHash& hash) {
    context_.emit(msg::KeyedHashGenerationError{
        .hash = as<msg::KeyedHashGenerationError::Hash>(hash.hash), .key_length = hash.key_bits});
  }
  void operator()(const crypto_operation::Hmac& hmac) {
    context_.emit(msg::HmacGenerationError{
        .algorithm = as<msg::HmacGenerationError::Algorithm>(hmac.algorithm)});
  }
  void operator()(const crypto_operation::Wipe& wipe) {
    context_.emit(msg::KeyZeroizationError{.type = as<msg::KeyZeroizationError::Type>(wipe.keys),
                                           .reason = "unexpected session type"});
  }

 private:
  using Key = msg::AsymmetricKeyError;

  void report_bulk(msg::BulkDataError::Operation operation, CipherAlgorithm algorithm,
                   CipherMode mode) {
    context_.emit(msg::BulkDataError{.operation = operation,
                                     .algorithm = as<msg::BulkDataError::Algorithm>(algorithm),
                                     .mode = as<msg::BulkDataError::Mode>(mode)});
  }
  void report_key(Key::Type type, Key::Operation operation) {
    context_.emit(Key{.algorithm = Key::Algorithm::kRsa, .type = type, .operation = operation});
  }

  Context& context_;
};

/// An operation, if FIPS mode has nothing against it. `key` is the RSA key that it works with, if
/// with one.
bool CryptoLibrary::perform(Context& context, CryptoOperation operation, const RsaKey& key) {
  if (auto* agreement = std::get_if<crypto_operation::AgreeOnKey>(&operation)) {
    if (agreement->group == 0) agreement->group = dh_group(context);
  }
  const FipsVerdict verdict = is_fips_ ? judge(operation, key.modulus) : FipsVerdict::kAllowed;
  if (verdict == FipsVerdict::kAllowed) return attempt(context, operation, key);
  report_refusal(context, verdict, operation, key);
  return false;
}

bool CryptoLibrary::attempt(Context& context, const CryptoOperation& operation, const RsaKey& key) {
  const bool needs_key = uses_rsa_key(operation);
  const bool fails = (functions_of(operation) & broken()).any() || (needs_key && key.is_damaged);
  if (fails) std::visit(FailureReport(context), operation);
  return !fails;
}

void CryptoLibrary::report_refusal(Context& context, FipsVerdict verdict,
                                   const CryptoOperation& operation, const RsaKey& key) {
  switch (verdict) {
    case FipsVerdict::kWeakKey:
      context.emit(msg::WeakEncryptionDisallowed{.encryption_type = "RSA key",
                                                 .length = std::uint64_t{key.modulus}});
      return;
    case FipsVerdict::kWeakGroup: {
      const auto& agreement = std::get<crypto_operation::AgreeOnKey>(operation);
      context.emit(msg::WeakEncryptionDisallowed{.encryption_type = "DH group",
                                                 .length = std::uint64_t{agreement.group}});
      return;
    }
    case FipsVerdict::kDeprecatedHash: {
      const auto& sign = std::get<crypto_operation::Sign>(operation);
      context.emit(msg::DeprecatedHashDisallowed{
          .operation = msg::DeprecatedHashDisallowed::Operation::kSign,
          .hash = kHashNames[static_cast<std::size_t>(sign.hash)]});
      return;
    }
    case FipsVerdict::kAllowed:
    case FipsVerdict::kNotApproved:
      return;
  }
}

void CryptoLibrary::show_keys(Context& context, const Arguments&) {
  for (auto key = store_.keys.begin(); key != store_.keys.end(); ++key) {
    std::array<char, kLegacyStampSize> stamp{};
    write_legacy_stamp(stamp.data(), key->generated);
    const std::string_view text(stamp.data(), stamp.size());
    constexpr std::size_t kDate = sizeof("Nov 20 2026") - 1;
    context.print(
        fmt::format("Key pair was generated at: {} UTC {}\n"
                    "Key name: {}\n"
                    " Usage: General Purpose Key\n"
                    " Modulus Size (bits): {}\n\n",
                    text.substr(kDate + 1), text.substr(0, kDate), key.key(), key->modulus));
  }
}

}  // namespace

void register_crypto_library(Registry& registry);
void register_crypto_library(Registry& registry) {
  registry.add<CryptoLibrary>("crypto_library");
}

}  // namespace asaemu
