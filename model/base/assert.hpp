// Assertions that stay on in release: an impossible state ends the program where it is found.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace asaemu::detail {

[[noreturn]] inline void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "asaemu: %s:%d: internal error, this does not hold: %s\n", file, line,
               condition);
  std::abort();
}

}  // namespace asaemu::detail

#define ASAEMU_ASSERT(condition)                                          \
  do {                                                                    \
    if (!(condition)) [[unlikely]] {                                      \
      ::asaemu::detail::assertion_failed(#condition, __FILE__, __LINE__); \
    }                                                                     \
  } while (false)
