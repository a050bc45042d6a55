// Memory for many small texts and arrays that live and die together.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory_resource>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace asaemu {

/// Keeps copies; they stay where they are until the arena dies. Nothing kept here has a destructor.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    auto* to = static_cast<char*>(memory_.allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  template <class T>
  requires std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T> std::span<const T>
  keep(const std::vector<T>& values) {
    if (values.empty()) return {};
    const auto bytes = std::as_bytes(std::span<const T>(values));
    void* to = memory_.allocate(bytes.size(), alignof(T));
    std::memcpy(to, bytes.data(), bytes.size());
    return {std::launder(static_cast<const T*>(to)), values.size()};
  }

  template <class T>
  requires std::is_trivially_destructible_v<T>
  const T* make(const T& value) { return ::new (memory_.allocate(sizeof(T), alignof(T))) T(value); }

 private:
  std::pmr::monotonic_buffer_resource memory_;
};

}  // namespace asaemu
