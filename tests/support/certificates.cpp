#include "tests/support/certificates.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdio>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace asaemu::test {

namespace {

constexpr long kDay = 24 * 60 * 60;

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  REQUIRE(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// A certificate without a signature.
X509* make_certificate(const std::string& name, EVP_PKEY* key, long from, long until) {
  static std::atomic<long> serial{1};
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_set_pubkey(certificate, key);
  const auto* const text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1,
                             0);
  return certificate;
}

std::FILE* create(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  REQUIRE(file != nullptr);
  return file;
}

void write_certificate(const std::string& path, X509* certificate) {
  std::FILE* const file = create(path);
  REQUIRE(PEM_write_X509(file, certificate) == 1);
  std::fclose(file);
}

void write_key(const std::string& path, EVP_PKEY* key) {
  std::FILE* const file = create(path);
  REQUIRE(PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
}

}  // namespace

Authority::Authority(const std::string& folder, const std::string& name)
    : folder_(folder),
      file_(folder + "/" + name + ".pem"),
      key_(EVP_EC_gen("P-256")),
      certificate_(make_certificate(name, key_, -kDay, kDay)) {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  add_extension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate_, certificate_, NID_key_usage, "critical,keyCertSign");
  add_extension(certificate_, certificate_, NID_subject_key_identifier, "hash");
  REQUIRE(X509_sign(certificate_, key_, EVP_sha256()) > 0);
  write_certificate(file_, certificate_);
}

Authority::~Authority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

CertificateFiles Authority::issue(const Wish& wish) const {
  const CertificateFiles files{folder_ + "/" + wish.stem + ".pem",
                               folder_ + "/" + wish.stem + ".key"};
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate =
      make_certificate(wish.stem, key, -2 * kDay, wish.expired ? -kDay : kDay);
  X509* const issuer = wish.self_signed ? certificate : certificate_;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  add_extension(certificate, issuer, NID_subject_alt_name, wish.names);
  add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  REQUIRE(X509_sign(certificate, wish.self_signed ? key : key_, EVP_sha256()) > 0);
  write_certificate(files.certificate, certificate);
  write_key(files.key, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

}  // namespace asaemu::test
