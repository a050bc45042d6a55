// Which messages are the same, whatever file they stand in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace asaemu {

/// Hashes of messages that are the same for a message's bytes and for the JSON string that stands
/// for it, where bytes that are no UTF-8 (as where a line was cut) became U+FFFD. Used by one
/// thread.
class MessageHash {
 public:
  std::uint64_t of_bytes(std::string_view content);
  /// `raw` as JSON has it, with its quotes.
  std::uint64_t of_json(std::string_view raw);

 private:
  std::string scratch_;
};

}  // namespace asaemu
