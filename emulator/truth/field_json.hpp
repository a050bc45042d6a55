// Typed fields as JSON, and out of message structs.
#pragma once

#include "model/base/field.hpp"

#include <string>

namespace asaemu {

/// Bytes that write_field_json() may touch.
std::size_t field_json_room(const FieldDef& field, const std::byte* at);

/// Writes a field as it lies in a message struct: numbers and ports as numbers, durations as
/// seconds, all else as the string that the message shows.
char* write_field_json(char* out, const FieldDef& field, const std::byte* at);

/// Appends the same of a value that is held apart from a struct.
void append_field_json(std::string& out, const FieldDef& field, const FieldValue& value);

/// The value of a field as it lies in a message struct.
FieldValue load_field(const FieldDef& field, const std::byte* at);

}  // namespace asaemu
