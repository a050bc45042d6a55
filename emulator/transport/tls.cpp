#include "emulator/transport/tls.hpp"

#include "model/base/assert.hpp"
#include "model/base/ip_address.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <system_error>

namespace asaemu {

namespace {

/// The oldest error of this thread's queue, which it empties.
std::string take_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* const reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason != nullptr ? reason : "unknown TLS error";
}

/// The same for a file that was to be read.
std::string file_error(const char* what, const std::string& file) {
  return fmt::format("{} {}: {}", what, file, take_error());
}

}  // namespace

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_method())) {
  ASAEMU_ASSERT(context_ != nullptr);
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A peer that ends without a close_notify has ended; lines are whole or not by their framing.
  SSL_CTX_set_options(context_, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

std::string TlsContext::load(const std::string& certificate, const std::string& key) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context_, certificate.c_str()) != 1) {
    return file_error("certificate", certificate);
  }
  const std::string& from = key.empty() ? certificate : key;
  if (SSL_CTX_use_PrivateKey_file(context_, from.c_str(), SSL_FILETYPE_PEM) != 1) {
    return file_error("key", from);
  }
  return {};
}

std::string TlsContext::be_client(const TlsSettings& settings) {
  ERR_clear_error();
  if (settings.version != TlsSettings::Version::kAny) {
    const int version =
        settings.version == TlsSettings::Version::k12 ? TLS1_2_VERSION : TLS1_3_VERSION;
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
  }
  SSL_CTX_set_verify(context_, settings.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (settings.authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context_);
  } else if (SSL_CTX_load_verify_file(context_, settings.authorities.c_str()) != 1) {
    return file_error("ca", settings.authorities);
  }
  return settings.certificate.empty() ? std::string{} : load(settings.certificate, settings.key);
}

std::string TlsContext::be_server(const std::string& certificate, const std::string& key,
                                  const std::string& authorities) {
  if (auto error = load(certificate, key); !error.empty()) return error;
  // Connections share nothing: a ticket would only be read by who does not close in an orderly way.
  SSL_CTX_set_num_tickets(context_, 0);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  if (authorities.empty()) return {};
  if (SSL_CTX_load_verify_file(context_, authorities.c_str()) != 1) {
    return file_error("ca", authorities);
  }
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

TlsStream::TlsStream(const TlsContext& context, int socket, const std::string& name)
    : ssl_(SSL_new(context.get())) {
  ASAEMU_ASSERT(ssl_ != nullptr && SSL_set_fd(ssl_, socket) == 1);
  SSL_set_connect_state(ssl_);
  if (name.empty()) return;
  if (IpAddress::parse(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), name.c_str());
    return;
  }
  SSL_set_hostflags(ssl_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find(',', at), name.size());
    const std::string one = name.substr(at, end - at);
    SSL_add1_host(ssl_, one.c_str());
    if (at == 0) SSL_set_tlsext_host_name(ssl_, one.c_str());  // NOLINT: the macro's cast
    at = end + 1;
  }
}

TlsStream::TlsStream(const TlsContext& context, int socket) : ssl_(SSL_new(context.get())) {
  ASAEMU_ASSERT(ssl_ != nullptr && SSL_set_fd(ssl_, socket) == 1);
  SSL_set_accept_state(ssl_);
}

TlsStream::~TlsStream() {
  SSL_free(ssl_);
}

TlsStream::Result TlsStream::handshake() {
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_do_handshake(ssl_);
  return conclude(returned, 0, errno);
}

TlsStream::Result TlsStream::read(std::span<char> bytes) {
  ERR_clear_error();
  errno = 0;
  std::size_t size = 0;
  const int returned = SSL_read_ex(ssl_, bytes.data(), bytes.size(), &size);
  return conclude(returned, size, errno);
}

TlsStream::Result TlsStream::write(std::span<const char> bytes) {
  ERR_clear_error();
  errno = 0;
  std::size_t size = 0;
  const int returned = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &size);
  return conclude(returned, size, errno);
}

void TlsStream::end() {
  ERR_clear_error();
  if (failure_.empty() && is_ready()) SSL_shutdown(ssl_);
  ERR_clear_error();
}

bool TlsStream::is_ready() const {
  return SSL_is_init_finished(ssl_) != 0;
}

TlsStream::Result TlsStream::conclude(int returned, std::size_t size, int error) {
  if (returned > 0) return {Progress::kDone, size};
  switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ:
      return {Progress::kWantsRead};
    case SSL_ERROR_WANT_WRITE:
      return {Progress::kWantsWrite};
    case SSL_ERROR_ZERO_RETURN:
      failure_ = "the connection was closed";
      return {Progress::kClosed};
    case SSL_ERROR_SYSCALL:
      socket_error_ = error != 0 ? error : ECONNRESET;
      failure_ = std::generic_category().message(socket_error_);
      return {Progress::kFailed};
    default:
      break;
  }
  const long verdict = SSL_get_verify_result(ssl_);
  is_certificate_fault_ = verdict != X509_V_OK && SSL_is_server(ssl_) == 0 &&
                          (SSL_get_verify_mode(ssl_) & SSL_VERIFY_PEER) != 0;
  failure_ = is_certificate_fault_ ? fmt::format("its certificate is not accepted: {}",
                                                 X509_verify_cert_error_string(verdict))
                                   : fmt::format("TLS: {}", take_error());
  ERR_clear_error();
  return {Progress::kFailed};
}

}  // namespace asaemu
