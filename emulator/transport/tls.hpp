// TLS over a socket that does not block, for either end.
#pragma once

#include "emulator/transport/destination.hpp"

#include <memory>
#include <openssl/types.h>
#include <span>
#include <string>

namespace asaemu {

/// What all connections of one end share: certificates, whom to believe, which versions.
class TlsContext {
 public:
  TlsContext();
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// For connections to collectors. What went wrong (a file, a key), or an empty string.
  std::string be_client(const TlsSettings& settings);
  /// For a collector: its own chain and key, and who signs for clients; those need no certificate
  /// if `authorities` is empty. What went wrong, or an empty string.
  std::string be_server(const std::string& certificate, const std::string& key,
                        const std::string& authorities);

  [[nodiscard]] ssl_ctx_st* get() const { return context_; }

 private:
  std::string load(const std::string& certificate, const std::string& key);

  ssl_ctx_st* context_;
};

/// One connection. Borrows its socket, which must outlive it. The process must ignore SIGPIPE.
class TlsStream {
 public:
  enum class Progress : std::uint8_t { kDone, kWantsRead, kWantsWrite, kClosed, kFailed };
  struct Result {
    Progress progress = Progress::kDone;
    std::size_t size = 0;  ///< bytes read or written, if kDone
  };

  /// The client's end: `name` is what the peer's certificate must be for: an address, or host names
  /// with commas between them, any one of which will do and the first of which is sent as SNI.
  /// Nothing is checked if it is empty.
  TlsStream(const TlsContext& context, int socket, const std::string& name);
  /// The server's end.
  TlsStream(const TlsContext& context, int socket);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  Result handshake();
  /// Reads what has come; shakes hands first if that is still to be done.
  Result read(std::span<char> bytes);
  /// Writes at most one record. After kWantsWrite or kWantsRead the next call must begin with the
  /// same bytes. What is not yet reported as written cannot have been read by the peer: its record
  /// is not whole.
  Result write(std::span<const char> bytes);
  /// Tells the peer that nothing follows, if that can be said at once.
  void end();

  /// Whether hands have been shaken.
  [[nodiscard]] bool is_ready() const;
  /// After kFailed or kClosed: what happened, and whether the peer's certificate was the reason.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] bool is_certificate_fault() const { return is_certificate_fault_; }
  /// After kFailed: the errno, if it was the connection beneath that failed; else 0.
  [[nodiscard]] int socket_error() const { return socket_error_; }

 private:
  Result conclude(int returned, std::size_t size, int error);

  ssl_st* ssl_;
  std::string failure_;
  bool is_certificate_fault_ = false;
  int socket_error_ = 0;
};

}  // namespace asaemu
