#include "emulator/truth/line_hash.hpp"

// The library's own way to be compiled in: a call costs as much as the hash of a short line.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace asaemu {

std::uint64_t line_hash(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace asaemu
