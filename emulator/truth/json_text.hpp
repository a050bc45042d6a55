// JSON strings, fast: what ground truth and the corpus are written with.
#pragma once

#include <string>
#include <string_view>

namespace asaemu {

/// Appends `text` in quotes as a JSON string. Bytes that are not UTF-8 become U+FFFD each.
void append_json_string(std::string& out, std::string_view text);

}  // namespace asaemu
