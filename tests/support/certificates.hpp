// Certificates for tests, made on the spot.
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace asaemu::test {

/// PEM files.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

/// Signs certificates for servers and clients.
class Authority {
 public:
  /// Writes NAME.pem, its own certificate, to a folder.
  Authority(const std::string& folder, const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  [[nodiscard]] const std::string& file() const { return file_; }

  struct Wish {
    std::string stem;                                  ///< of the files: STEM.pem, STEM.key
    std::string names = "DNS:localhost,IP:127.0.0.1";  ///< subject alternative names
    bool expired = false;                              ///< since yesterday
    bool self_signed = false;
  };
  [[nodiscard]] CertificateFiles issue(const Wish& wish) const;

 private:
  std::string folder_;
  std::string file_;
  evp_pkey_st* key_;
  x509_st* certificate_;
};

}  // namespace asaemu::test
