// Reading a whole file whose name an author gave us, which may be anything.
#pragma once

#include "emulator/yaml/faults.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace asaemu {

/// The bytes of a regular file. nullopt and one fault if it cannot be read, is a directory, a FIFO
/// or a device, or holds more than `size_max` bytes; its size is looked at before anything is read.
std::optional<std::string> read_text_file(const std::string& path, std::size_t size_max,
                                          Faults& faults);

}  // namespace asaemu
