// What is wrong with an author's files: collected, never thrown, all of it shown at once.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A place in a file. Line and column count from 1, the column in bytes; line 0 means the file as a
/// whole.
struct Position {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// `file:line:column`, or `file` alone for the file as a whole.
std::string to_string(const Position& position);

/// One mistake and where it is. `what` says what was wrong and, after a semicolon, what would be
/// right.
struct Fault {
  Position where;
  std::string what;
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// The mistakes found so far.
class Faults {
 public:
  void add(Position where, std::string what);

  [[nodiscard]] bool empty() const { return faults_.empty(); }
  /// How many were added; the same mistake reached twice (through an alias) counts twice here.
  [[nodiscard]] std::size_t size() const { return faults_.size(); }

  /// By file name, then place, then in the order found; the same mistake at the same place once.
  [[nodiscard]] std::vector<Fault> sorted() const;

  /// The sorted faults as `file:line:column: what`, each with a line end.
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<Fault> faults_;
};

/// An author's text for use in a complaint: in single quotes, on one line (control characters and
/// bytes that are not UTF-8 as \xNN), cut after 60 bytes.
std::string quoted(std::string_view text);

/// Exact matches: a std::string would else go to std::quoted wherever <iomanip> is included.
inline std::string quoted(const std::string& text) {
  return quoted(std::string_view(text));
}
inline std::string quoted(const char* text) {
  return quoted(std::string_view(text));
}

}  // namespace asaemu
