// What a parsed command line or world event carries to its handler.
#pragma once

#include "model/base/assert.hpp"
#include "model/base/field.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asaemu {

/// Values by the names their declaration gave them, and the keywords that stood in the line.
class Arguments {
 public:
  void set(std::string_view name, FieldValue value) {
    values_.emplace_back(name, std::move(value));
  }
  void add_keyword(std::string_view keyword) { keywords_.push_back(keyword); }

  /// Restores an earlier size: the grammar backs out of a branch.
  [[nodiscard]] std::pair<std::size_t, std::size_t> mark() const {
    return {values_.size(), keywords_.size()};
  }
  void rewind(std::pair<std::size_t, std::size_t> mark) {
    values_.resize(mark.first);
    keywords_.resize(mark.second);
  }

  /// True if this keyword (whole, even if it was abbreviated) stood in the line.
  [[nodiscard]] bool has(std::string_view keyword) const {
    return std::find(keywords_.begin(), keywords_.end(), keyword) != keywords_.end();
  }

  /// nullptr if the argument was not given.
  template <class T>
  [[nodiscard]] const T* find(std::string_view name) const {
    for (const auto& [key, value] : values_) {
      if (key == name) return std::get_if<T>(&value);
    }
    return nullptr;
  }

  /// The argument, which the pattern guarantees.
  template <class T>
  [[nodiscard]] const T& get(std::string_view name) const {
    const T* value = find<T>(name);
    ASAEMU_ASSERT(value != nullptr);
    return *value;
  }

  template <class T>
  [[nodiscard]] T get_or(std::string_view name, T otherwise) const {
    const T* value = find<T>(name);
    return value != nullptr ? *value : otherwise;
  }

 private:
  std::vector<std::pair<std::string_view, FieldValue>> values_;
  std::vector<std::string_view> keywords_;
};

}  // namespace asaemu
