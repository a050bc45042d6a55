// HTTP messages as they stand in a packet, read as an inspection reads them (RFC 9112).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

struct HttpField {
  std::string_view name;
  std::string_view value;  ///< without blanks around it
};

/// A request or a response. Views into the text it was read from.
struct HttpMessage {
  bool is_request = false;
  std::string_view start_line;  ///< request line or status line, without its end
  std::string_view method;      ///< of a request
  std::string_view uri;         ///< of a request, with its arguments
  std::string_view arguments;   ///< of a request: behind the `?`
  std::vector<HttpField> fields;
  std::string_view header;        ///< all lines of fields, their ends included
  std::string body;               ///< what of it is there; chunks put together
  std::uint64_t body_length = 0;  ///< what Content-Length says, else of what is there, in bytes
  bool has_bad_chunks = false;    ///< a chunk's size is no number, or its data do not end with it

  /// The first field of this name, in lower case; nullptr if there is none.
  [[nodiscard]] const HttpField* find(std::string_view name) const;
  [[nodiscard]] std::uint64_t count(std::string_view name) const;
};

/// Reads a message; nullopt if the text does not begin with a request line, or a status line.
std::optional<HttpMessage> parse_http_request(std::string_view text);
std::optional<HttpMessage> parse_http_response(std::string_view text);

/// Whether two texts are the same but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace asaemu
