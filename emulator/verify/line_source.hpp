// Lines of a file: plain, gzip or zstd, told by how it begins.
#pragma once

#include "emulator/transport/file_descriptor.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// Makes plain bytes of compressed ones.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  /// Appends what `packed` holds to `plain`. False if it is damaged.
  virtual bool feed(std::string_view packed, std::string& plain) = 0;
  /// Whether the bytes so far make a whole.
  [[nodiscard]] virtual bool is_whole() const = 0;
};

class LineSource {
 public:
  /// Longer lines are cut; the rest is passed over.
  static constexpr std::size_t kLineMax = std::size_t{1} << 20;

  /// Opens a file; `-` is standard input. Error text, or empty.
  [[nodiscard]] std::string open(const std::string& path);

  /// The next line without its LF (and CR); valid until the next call. nullopt at the end, and
  /// where the file is damaged: then error() says so.
  std::optional<std::string_view> next();
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  bool read_more();

  FileDescriptor file_;
  std::string path_;
  std::unique_ptr<Unpacker> unpacker_;
  bool looked_ = false;  ///< at how the file begins
  bool ended_ = false;
  std::string buffer_;
  std::string packed_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace asaemu
