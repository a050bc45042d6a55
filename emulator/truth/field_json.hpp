// Typed fields as JSON, and out of message structs.
#pragma once

#include "model/base/field.hpp"

#include <string>

namespace asaemu {

/// Appends a field as it lies in a message struct: numbers and ports as numbers, durations as
/// seconds, all else as the string that the message shows.
void append_field_json(std::string& out, const FieldDef& field, const std::byte* at);

/// The same for a value that is held apart from a struct.
void append_field_json(std::string& out, const FieldDef& field, const FieldValue& value);

/// The value of a field as it lies in a message struct.
FieldValue load_field(const FieldDef& field, const std::byte* at);

}  // namespace asaemu
