#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::Release;
using asaemu::SimDuration;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;

namespace {

Bench fips() {
  return Bench(std::string(kBenchConfig) + "fips enable\nssl dh-group group14\n");
}

Bench& configure(Bench& bench, const char* line) {
  return bench.commands({"configure terminal", line});
}

Bench& fault(Bench& bench, const char* part, const char* state = "broken") {
  return bench.world("crypto-fault", {{"crypto-fault", part}, {"state", state}});
}

Bench& noise(Bench& bench, const char* state) {
  return bench.world("crypto-noise", {{"crypto-noise", state}});
}

Bench& session(Bench& bench, const char* kind) {
  return bench.world("crypto-session", {{"crypto-session", kind}});
}

Bench& session(Bench& bench, const char* kind, const char* key) {
  return bench.world("crypto-session", {{"crypto-session", kind}, {"key", key}});
}

Bench& certificate(Bench& bench, const char* hash, const char* bits, const char* key = "sound") {
  return bench.world("crypto-certificate",
                     {{"crypto-certificate", hash}, {"bits", bits}, {"key", key}});
}

}  // namespace

TEST_CASE("a pair of keys is made, shown and zeroized") {
  Bench bench;
  bench.advance(90s);
  configure(bench, "crypto key generate rsa modulus 4096").expect_nothing();
  REQUIRE(bench.output() ==
          "INFO: The name for the keys will be: <Default-RSA-Key>\n"
          "Keypair generation process begin. Please wait...\n");
  configure(bench, "crypto key generate rsa label vpn noconfirm")
      .command("show crypto key mypubkey rsa");
  REQUIRE(bench.output() ==
          "Key pair was generated at: 08:01:30 UTC Nov 20 2026\n"
          "Key name: <Default-RSA-Key>\n"
          " Usage: General Purpose Key\n"
          " Modulus Size (bits): 4096\n\n"
          "Key pair was generated at: 08:01:30 UTC Nov 20 2026\n"
          "Key name: vpn\n"
          " Usage: General Purpose Key\n"
          " Modulus Size (bits): 2048\n\n");
  configure(bench, "crypto key zeroize rsa default");
  REQUIRE(bench.output() ==
          "WARNING: Keys to be removed are named '<Default-RSA-Key>'.\n"
          "WARNING: All device digital certificates issued using these keys will also be "
          "removed.\n");
  configure(bench, "crypto key zeroize rsa label none");
  REQUIRE(bench.output() == "WARNING: No RSA keys found\n");
  configure(bench, "crypto key zeroize rsa").command("show crypto key mypubkey rsa");
  REQUIRE(bench.output().empty());
}

TEST_CASE("keys are made again over old ones, with a warning") {
  Bench bench;
  configure(bench, "crypto key generate rsa label a modulus 1024");
  configure(bench, "crypto key generate rsa label a modulus 2048");
  REQUIRE(bench.output() ==
          "WARNING: You have a RSA keypair already defined named a.\n"
          "INFO: The name for the keys will be: a\n"
          "Keypair generation process begin. Please wait...\n");
  bench.command("show crypto key mypubkey rsa | include Modulus");
  REQUIRE(bench.output() == " Modulus Size (bits): 2048\n");
  configure(bench, "crypto key generate rsa modulus 2000");
  REQUIRE(bench.output() == "ERROR: 2000 is not a modulus size\n");
}

TEST_CASE("keys outlive reloads and are not made anew by a saved command") {
  Bench bench;
  configure(bench, "crypto key generate rsa label a").command("write memory");
  bench.command("reload noconfirm").advance(10min).command("show crypto key mypubkey rsa");
  REQUIRE(bench.output().starts_with("Key pair was generated at: 08:00:00 UTC Nov 20 2026\n"));
}

TEST_CASE("there are so many keys and no more") {
  Bench bench;
  for (int i = 0; i < 64; ++i) {
    configure(bench, ("crypto key generate rsa label key" + std::to_string(i)).c_str());
    REQUIRE(bench.output().find("ERROR") == std::string::npos);
  }
  configure(bench, "crypto key generate rsa label more");
  REQUIRE(bench.output().ends_with("ERROR: No room for another keypair\n"));
  configure(bench, "crypto key generate rsa label key0");
  REQUIRE(bench.output().find("ERROR") == std::string::npos);
}

TEST_CASE("FIPS mode refuses a short RSA key and makes a long one") {
  Bench bench = fips();
  configure(bench, "crypto key generate rsa modulus 1024")
      .expect(402149,
              "CRYPTO: Weak RSA key (1024) provided. Operation disallowed. Not FIPS 140-2 "
              "compliant")
      .expect_nothing();
  REQUIRE(bench.output() ==
          "INFO: The name for the keys will be: <Default-RSA-Key>\n"
          "ERROR: A modulus of 1024 is not allowed in FIPS mode\n");
  configure(bench, "crypto key generate rsa modulus 2048").expect_nothing();
  bench.command("show fips status");
  REQUIRE(bench.output() == "FIPS is currently enabled\n");
  configure(bench, "no fips enable");
  configure(bench, "crypto key generate rsa modulus 1024").expect_nothing();
  bench.command("show fips status");
  REQUIRE(bench.output() == "FIPS is currently disabled\n");
}

TEST_CASE("FIPS mode refuses to use a short key that was there before") {
  Bench bench;
  configure(bench, "crypto key generate rsa label old modulus 1024");
  session(bench, "tls-rsa-aes-sha1", "old").expect_nothing();
  configure(bench, "fips enable");
  session(bench, "tls-rsa-aes-sha1", "old")
      .expect(402149,
              "CRYPTO: Weak RSA key (1024) provided. Operation disallowed. Not FIPS 140-2 "
              "compliant")
      .expect_nothing();
  session(bench, "tls-rsa-aes-sha1").expect_nothing();
  session(bench, "tls-rsa-aes-sha1", "none").expect_nothing();
}

TEST_CASE("FIPS mode refuses weak Diffie-Hellman groups, configured or asked for") {
  Bench bench = fips();
  session(bench, "tls-dhe-rsa-aes-sha256").expect_nothing();
  configure(bench, "ssl dh-group group5")
      .expect(402149,
              "CRYPTO: Weak DH group (5) provided. Operation disallowed. Not FIPS 140-2 compliant")
      .expect_nothing();
  REQUIRE(bench.output() == "ERROR: DH group 5 is not allowed in FIPS mode\n");
  session(bench, "tls-dhe-rsa-aes-sha256").expect_nothing();
  session(bench, "ikev1-group2-des-md5")
      .expect(402149,
              "CRYPTO: Weak DH group (2) provided. Operation disallowed. Not FIPS 140-2 compliant")
      .expect_nothing();
  configure(bench, "no fips enable");
  configure(bench, "ssl dh-group group1");
  configure(bench, "fips enable");
  session(bench, "tls-dhe-rsa-aes-sha256")
      .expect(402149,
              "CRYPTO: Weak DH group (1) provided. Operation disallowed. Not FIPS 140-2 compliant")
      .expect_nothing();
}

TEST_CASE("the default group of an older release is too weak for FIPS mode") {
  Bench old(std::string(kBenchConfig) + "fips enable\n", {}, Release{9, 12, 4, 0});
  session(old, "tls-dhe-rsa-aes-sha256")
      .expect(402149,
              "CRYPTO: Weak DH group (2) provided. Operation disallowed. Not FIPS 140-2 compliant");
  Bench current(std::string(kBenchConfig) + "fips enable\n", {}, Release{9, 13, 0, 0});
  session(current, "tls-dhe-rsa-aes-sha256").expect_nothing();
}

TEST_CASE("FIPS mode refuses signatures over old hashes") {
  Bench bench = fips();
  session(bench, "ssh-aes-ctr-sha1")
      .expect(402150,
              "CRYPTO: Deprecated hash algorithm used for RSA sign (SHA1). Operation disallowed. "
              "Not FIPS 140-2 compliant")
      .expect_nothing();
  certificate(bench, "MD5", "2048")
      .expect(402150,
              "CRYPTO: Deprecated hash algorithm used for RSA verify (MD5). Operation disallowed. "
              "Not FIPS 140-2 compliant")
      .expect_nothing();
  certificate(bench, "SHA256", "2047")
      .expect(402149,
              "CRYPTO: Weak RSA key (2047) provided. Operation disallowed. Not FIPS 140-2 "
              "compliant");
  certificate(bench, "SHA256", "2048").expect_nothing();
  session(bench, "tls-rsa-rc4-md5").expect_nothing();
}

TEST_CASE("without FIPS mode nothing that works is refused") {
  Bench bench;
  for (const char* kind :
       {"tls-rsa-aes-sha1", "tls-dhe-rsa-aes-sha256", "tls-dhe-dss-3des-sha1", "tls-rsa-rc4-md5",
        "tls-client-aes-sha1", "ssh-aes-ctr-sha1", "ikev1-group2-des-md5", "ikev2-group14-aes-xcbc",
        "snmpv3-aes-sha1", "pptp-mppe", "ntp-sha1", "ospf-md5"}) {
    session(bench, kind);
  }
  certificate(bench, "MD5", "512");
  bench.expect_nothing();
}

TEST_CASE("a broken function shows in the first operation that needs it") {
  Bench bench;
  const auto broken = [&bench](const char* part, const char* kind) -> Bench& {
    fault(bench, part);
    session(bench, kind);
    return fault(bench, part, "sound");
  };
  broken("aes", "tls-rsa-aes-sha1")
      .expect(402142, "CRYPTO: Bulk data decryption error: algorithm 'AES', mode 'CBC'");
  broken("aes", "ssh-aes-ctr-sha1")
      .expect(402142, "CRYPTO: Bulk data decryption error: algorithm 'AES', mode 'CTR'");
  broken("aes", "snmpv3-aes-sha1")
      .expect(402142, "CRYPTO: Bulk data decryption error: algorithm 'AES', mode 'CFB'");
  broken("des", "ikev1-group2-des-md5")
      .expect(402142, "CRYPTO: Bulk data encryption error: algorithm 'DES', mode 'CBC'");
  broken("3des", "tls-dhe-dss-3des-sha1")
      .expect(402142, "CRYPTO: Bulk data decryption error: algorithm '3DES', mode 'CBC'");
  broken("rc4", "tls-rsa-rc4-md5")
      .expect(402142, "CRYPTO: Bulk data decryption error: algorithm 'RC4', mode 'stateful-RC4'");
  broken("rc4", "pptp-mppe")
      .expect(402142, "CRYPTO: Bulk data decryption error: algorithm 'RC4', mode 'stateless-RC4'");
  broken("rsa", "tls-rsa-aes-sha1").expect(402143, "CRYPTO: RSA private key decryption error");
  broken("rsa", "tls-client-aes-sha1").expect(402143, "CRYPTO: RSA public key decryption error");
  broken("rsa", "tls-dhe-rsa-aes-sha256")
      .expect(402144,
              "CRYPTO: Digital signature error: signature algorithm 'RSA', hash algorithm "
              "'SHA256'");
  broken("dsa", "tls-dhe-dss-3des-sha1")
      .expect(402144,
              "CRYPTO: Digital signature error: signature algorithm 'DSA', hash algorithm 'SHA1'");
  broken("sha1", "pptp-mppe").expect(402145, "CRYPTO: Hash generation error: algorithm 'SHA1'");
  broken("sha1", "ntp-sha1")
      .expect(402146, "CRYPTO: Keyed hash generation error: algorithm 'SHA1', key len 160");
  broken("md5", "ospf-md5")
      .expect(402146, "CRYPTO: Keyed hash generation error: algorithm 'MD5', key len 128");
  broken("md5", "tls-rsa-rc4-md5")
      .expect(402147, "CRYPTO: HMAC generation error: algorithm 'HMAC-MD5'");
  broken("aes", "ikev2-group14-aes-xcbc")
      .expect(402147, "CRYPTO: HMAC generation error: algorithm 'AES-XCBC'");
  bench.expect_nothing();
}

TEST_CASE("keys whose session lost its type are not wiped") {
  Bench bench;
  fault(bench, "session-records");
  session(bench, "tls-dhe-rsa-aes-sha256")
      .expect(402141,
              "CRYPTO: Key zeroization error: key set 'DH', reason 'unexpected session type'");
  session(bench, "tls-dhe-dss-3des-sha1")
      .expect(402141,
              "CRYPTO: Key zeroization error: key set 'DSA', reason 'unexpected session type'");
  session(bench, "pptp-mppe")
      .expect(402141,
              "CRYPTO: Key zeroization error: key set 'unknown', reason 'unexpected session type'");
  session(bench, "ntp-sha1").expect_nothing();
  configure(bench, "crypto key generate rsa");
  configure(bench, "crypto key zeroize rsa")
      .expect(402141,
              "CRYPTO: Key zeroization error: key set 'RSA', reason 'unexpected session type'")
      .expect_nothing();
  REQUIRE(bench.output().ends_with("ERROR: Failed to zeroize the keys\n"));
  bench.command("show crypto key mypubkey rsa | include name");
  REQUIRE(bench.output() == "Key name: <Default-RSA-Key>\n");
}

TEST_CASE("a session that fails wipes its keys all the same") {
  Bench bench;
  fault(bench, "session-records");
  fault(bench, "rsa");
  session(bench, "tls-rsa-aes-sha1")
      .expect(402143, "CRYPTO: RSA private key decryption error")
      .expect(402141,
              "CRYPTO: Key zeroization error: key set 'RSA', reason 'unexpected session type'")
      .expect_nothing();
}

TEST_CASE("a key that was damaged on flash fails in use until it is restored") {
  Bench bench;
  configure(bench, "crypto key generate rsa label vpn");
  bench.world("crypto-key", {{"crypto-key", "vpn"}, {"state", "damaged"}});
  session(bench, "tls-rsa-aes-sha1", "vpn")
      .expect(402143, "CRYPTO: RSA private key decryption error");
  session(bench, "ssh-aes-ctr-sha1", "vpn")
      .expect(402144,
              "CRYPTO: Digital signature error: signature algorithm 'RSA', hash algorithm 'SHA1'");
  session(bench, "tls-client-aes-sha1", "vpn").expect_nothing();
  session(bench, "tls-rsa-aes-sha1").expect_nothing();
  bench.command("reload noconfirm").advance(10min);
  session(bench, "tls-rsa-aes-sha1", "vpn")
      .expect(402143, "CRYPTO: RSA private key decryption error");
  bench.world("crypto-key", {{"crypto-key", "vpn"}, {"state", "restored"}});
  session(bench, "tls-rsa-aes-sha1", "vpn").expect_nothing();
  bench.world("crypto-key", {{"crypto-key", "none"}, {"state", "damaged"}}).expect_nothing();
}

TEST_CASE("a certificate whose key is none does not verify, nor does any without its hash") {
  Bench bench;
  certificate(bench, "SHA256", "2048").expect_nothing();
  certificate(bench, "SHA256", "2048", "damaged")
      .expect(402143, "CRYPTO: RSA public key decryption error");
  fault(bench, "sha384");
  certificate(bench, "SHA384", "2048")
      .expect(402145, "CRYPTO: Hash generation error: algorithm 'SHA384'")
      .expect_nothing();
}

TEST_CASE("without random numbers there are no sessions and no keys") {
  Bench bench;
  noise(bench, "stuck").expect_nothing();
  session(bench, "tls-rsa-aes-sha1")
      .expect(402148, "CRYPTO: Random Number Generator error")
      .expect_nothing();
  session(bench, "snmpv3-aes-sha1").expect_nothing();
  configure(bench, "crypto key generate rsa modulus 2048")
      .expect(402148, "CRYPTO: Random Number Generator error")
      .expect(402140, "CRYPTO: RSA key generation error: modulus len 2048")
      .expect_nothing();
  REQUIRE(bench.output().ends_with("ERROR: Failed to generate the keypair\n"));
  bench.command("show crypto key mypubkey rsa");
  REQUIRE(bench.output().empty());
  noise(bench, "random");
  fault(bench, "rsa");
  configure(bench, "crypto key generate rsa modulus 3072")
      .expect(402140, "CRYPTO: RSA key generation error: modulus len 3072")
      .expect_nothing();
}

TEST_CASE("the self-tests find what FIPS mode approves and is broken") {
  Bench bench;
  bench.command("fips self-test poweron").expect_nothing();
  REQUIRE(bench.output().empty());
  fault(bench, "sha1");
  fault(bench, "3des");
  fault(bench, "rc4");
  bench.command("fips self-test poweron")
      .expect(402142, "CRYPTO: Bulk data encryption error: algorithm '3DES', mode 'CBC'")
      .expect(402145, "CRYPTO: Hash generation error: algorithm 'SHA1'")
      .expect(402147, "CRYPTO: HMAC generation error: algorithm 'HMAC-SHA1'")
      .expect(402144,
              "CRYPTO: Digital signature error: signature algorithm 'DSA', hash algorithm 'SHA1'")
      .expect_nothing();
  REQUIRE(bench.output() == "ERROR: FIPS self-test failed\n");
  REQUIRE(bench.device().is_booted());
}

TEST_CASE("a self-test that fails in FIPS mode reloads the device, which repairs its software") {
  Bench bench = fips();
  bench.advance(1h).expect_nothing();
  fault(bench, "sha512");
  bench.command("fips self-test poweron")
      .expect(402145, "CRYPTO: Hash generation error: algorithm 'SHA512'")
      .expect_nothing();
  REQUIRE_FALSE(bench.device().is_booted());
  bench.advance(10min).expect_nothing();
  REQUIRE(bench.device().is_booted());
  bench.command("fips self-test poweron").expect_nothing();
}

TEST_CASE("a device in FIPS mode without random numbers reloads again and again") {
  Bench bench(std::string(kBenchConfig) + "fips enable\n",
              {{"boot-time", SimDuration(3min)}, {"fips-self-test-time", SimDuration(2s)}});
  noise(bench, "stuck");
  bench.advance(2s - 1ns).expect_nothing();
  for (int i = 0; i < 3; ++i) {
    bench.advance(1ns).expect(402148, "CRYPTO: Random Number Generator error").expect_nothing();
    REQUIRE_FALSE(bench.device().is_booted());
    bench.advance(3min + 2s - 1ns).expect_nothing();
  }
  bench.advance(1ns).expect(402148, "CRYPTO: Random Number Generator error");
  // The device does not need to be up to get another source.
  noise(bench, "random");
  bench.advance(1h).expect_nothing();
  REQUIRE(bench.device().is_booted());
}

TEST_CASE("self-tests at boot belong to FIPS mode") {
  Bench bench;
  noise(bench, "stuck").command("reload noconfirm").advance(1h).expect_nothing();
}
