// What a collector stored: the message inside a line, whatever was put around it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// How the lines of a received file are made.
struct ReceivedForm {
  std::string column;  ///< of a CSV file with a line of names; empty for lines and JSON lines
  std::string time;    ///< field or column with the time of receipt; `start` of a plain line: its
                       ///< first word; empty if there is none
};

/// A line taken apart. Views live until the next one is.
struct ReceivedMessage {
  std::string_view content;  ///< from `%ASA-` on; empty if there is none
  std::uint32_t id = 0;
  std::vector<std::string_view> words;  ///< of what stands around it: the device may be among them
  std::optional<std::int64_t> at;       ///< time of receipt, microseconds since 1970
};

class ReceivedParser {
 public:
  explicit ReceivedParser(ReceivedForm form) : form_(std::move(form)) {}

  /// Begins a file. With a column, its first line, which names the columns, goes to begin_csv().
  [[nodiscard]] bool is_csv() const { return !form_.column.empty(); }
  /// Error text if a named column is missing.
  std::string begin_csv(std::string_view header);

  const ReceivedMessage& parse(std::string_view line);

 private:
  void take_text(std::string_view text);
  void take_json(std::string_view line);
  void take_csv(std::string_view line);
  void add_words(std::string_view text);
  void split_csv(std::string_view line);

  ReceivedForm form_;
  std::size_t message_column_ = 0;
  std::size_t time_column_ = ~std::size_t{0};
  std::string message_;  ///< with its escapes undone
  std::string plain_;    ///< without the class word of EMBLEM
  std::vector<std::string> cells_;
  std::size_t cell_count_ = 0;
  ReceivedMessage result_;
};

/// Seconds since 1970 with decimals, or RFC 3339 (`2026-11-20T08:00:31.5+01:00`). nullopt otherwise.
std::optional<std::int64_t> parse_receipt(std::string_view text);

}  // namespace asaemu
