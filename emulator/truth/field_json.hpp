// Typed fields as JSON, and out of message structs.
#pragma once

#include "emulator/truth/fragment.hpp"
#include "model/base/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// Writes the fields of one message type as JSON, straight from its structs.
class FieldWriter {
 public:
  /// What stands before the first field, `,"fields":{`, and behind the last one.
  FieldWriter(const MessageType& type, std::string_view before, std::string_view behind);

  /// Bytes that write() may touch.
  [[nodiscard]] std::size_t room(const std::byte* fields) const;
  /// Writes the fields as they lie in a message struct: numbers and ports as numbers, durations as
  /// seconds, all else as the string that the message shows.
  char* write(char* out, const std::byte* fields) const;

 private:
  struct Part {
    Fragment before;  ///< `,"destination":`
    const FieldDef* field;
    std::uint16_t offset;
  };
  std::vector<Part> parts_;
  Fragment behind_;
  std::size_t fixed_room_ = 0;
  std::vector<std::uint16_t> strings_;  ///< offsets of what has any length
};

/// Appends the same of a value that is held apart from a struct.
void append_field_json(std::string& out, const FieldDef& field, const FieldValue& value);

/// The value of a field as it lies in a message struct.
FieldValue load_field(const FieldDef& field, const std::byte* at);

}  // namespace asaemu
