// Names in catalogue files and what becomes of them in C++.
#pragma once

#include <string>
#include <string_view>

namespace asaemu {

/// Whether the name is words of [a-z0-9] joined by single underscores, the first starting with a
/// letter.
bool is_snake_case(std::string_view name);

/// Whether C++ keeps the word for itself: its keywords, `and`, `or` and the like, and the few
/// lower-case names that the C library defines as macros.
bool is_reserved_in_cpp(std::string_view word);

/// Whether a generated struct or enumeration of this name would hide a type that message structs
/// are made of.
bool hides_field_type(std::string_view type_name);

/// `shunned_packet` becomes `ShunnedPacket`. The name must be in snake case.
std::string pascal_case(std::string_view snake_case);

/// The enumerator of a one_of word: `not allowed` becomes `kNotAllowed`, `HMAC-SHA1` becomes
/// `kHmacSha1`, `3DES` becomes `kN3des`. A word in capitals counts as a word, mixed case stays.
/// Empty if the text has no letter or digit of ASCII.
std::string enumerator(std::string_view words);

}  // namespace asaemu
