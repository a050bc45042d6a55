// The `fields:` of a message in a catalogue file.
#pragma once

#include "emulator/yaml/arena.hpp"
#include "emulator/yaml/document.hpp"
#include "model/base/field.hpp"

#include <string_view>
#include <vector>

namespace asaemu {

/// More fields than any message has, so that a struct's size stays far below 64 KiB.
inline constexpr std::size_t kFieldsMax = 64;

/// A field and where it is declared.
struct DeclaredField {
  FieldDef def;
  const Node* name;
};

/// Reads `{name: type, …}` in order; texts are kept in `arena`. A field whose type is faulty is
/// still listed, so that texts which name it draw no second complaint. `struct_name` is the
/// message's: no enumeration may share it.
std::vector<DeclaredField> read_fields(const Node& node, std::string_view struct_name, Arena& arena,
                                       Faults& faults);

/// A text that may be printed in a syslog line: not empty, no control characters. Kept in `arena`;
/// empty, and a complaint, otherwise.
std::string_view read_line(const Node& node, std::string_view what, Arena& arena, Faults& faults);

}  // namespace asaemu
