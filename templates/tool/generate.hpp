// The C++ that the catalogue becomes.
#pragma once

#include "model/base/message.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A message and its place in built_in_messages().
struct IndexedMessage {
  MessageDef def;
  std::size_t index;
};

/// messages/<family>.hpp: one struct per message.
std::string family_header(std::string_view family, std::span<const IndexedMessage> messages);

/// messages/all.hpp: includes the families' headers.
std::string all_header(std::span<const std::string> families);

/// catalogue_data.cpp: built_in_messages(), and the proof that the structs lie as field_offset()
/// says. `messages` in the order of their indexes.
std::string catalogue_data(std::span<const IndexedMessage> messages);

}  // namespace asaemu
