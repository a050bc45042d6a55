// The flash file system, which an ASA calls disk0: or flash:. Written by the flash subsystem;
// survives reloads and power failures.
#pragma once

#include "model/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A file or a directory.
struct FlashEntry {
  std::string path;  ///< below the root: `crypto_archive/crypto_arch_1.bin`
  std::uint64_t size = 0;
  CalendarTime modified;
  std::uint32_t number = 0;  ///< as `dir` prints it
  bool is_directory = false;
};

/// What became of a change to the file system.
enum class FlashResult : std::uint8_t {
  kDone,
  kNotFound,
  kExists,
  kIsDirectory,   ///< a file was asked for
  kNotDirectory,  ///< a directory was asked for
  kNotEmpty,      ///< a directory with files in it stays
  kNoSpace,       ///< neither for the bytes or for one more entry
};

/// Entries in the order in which they were created, at most kBound of them and at most `capacity`
/// bytes. The contents of files are not kept.
class Flash {
 public:
  static constexpr std::size_t kBound = 256;
  static constexpr std::uint64_t kBlock = 4096;  ///< what a file takes is a multiple of this

  /// Empties the file system. `capacity` is not zero.
  void format(std::uint64_t capacity);
  /// False until the file system was formatted for the first time; it has no room before.
  [[nodiscard]] bool is_formatted() const { return capacity_ != 0; }

  /// Creates the file, or replaces the one of this name.
  FlashResult write(std::string_view path, std::uint64_t size, CalendarTime time);
  FlashResult make_directory(std::string_view path, CalendarTime time);
  FlashResult remove_file(std::string_view path);
  FlashResult remove_directory(std::string_view path);

  /// nullptr if there is none. The root has no entry.
  [[nodiscard]] const FlashEntry* find(std::string_view path) const;
  [[nodiscard]] const std::vector<FlashEntry>& all() const { return entries_; }
  [[nodiscard]] std::uint64_t capacity() const { return capacity_; }
  [[nodiscard]] std::uint64_t free_bytes() const { return capacity_ - used_; }

  /// The path that an operator means by `flash:/NAME`, `disk0:NAME` or `NAME`; empty for the root.
  /// nullopt for another file system.
  static std::optional<std::string> parse_path(std::string_view text);
  /// The directory that holds the entry; empty for the root.
  static std::string_view parent_of(std::string_view path);

 private:
  [[nodiscard]] static std::uint64_t room_for(std::uint64_t size) {
    return (size + kBlock - 1) / kBlock * kBlock;
  }
  [[nodiscard]] bool has_parent(std::string_view path) const;
  FlashResult add(FlashEntry entry);
  void erase(std::string_view path);

  std::vector<FlashEntry> entries_;
  std::uint64_t capacity_ = 0;
  std::uint64_t used_ = 0;
  std::uint32_t next_number_ = 1;
};

}  // namespace asaemu
