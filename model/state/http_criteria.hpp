// The criteria of HTTP inspection maps, and whether a message meets them.
#pragma once

#include "model/state/http_message.hpp"
#include "model/state/inspect_maps.hpp"

namespace asaemu {

/// `match …` of an HTTP map, taken apart.
struct HttpCriterion {
  /// One for each message of the catalogue, in the order in which a message is read: an ASA asks them so.
  enum class Kind : std::uint8_t {
    kMethod,
    kStatusLine,
    kUriLength,
    kUri,
    kArguments,
    kHeaderLength,
    kHeaderCount,  ///< of all fields, or of one
    kFieldLength,
    kNonAscii,
    kField,  ///< a field's value has a pattern
    kTransferEncoding,
    kTransferEncodingEmpty,
    kContentTypeUnknown,
    kContentTypeViolation,
    kContentTypeMismatch,  ///< with what the request accepts
    kBodyLength,
    kBody,
  };
  Kind kind = Kind::kMethod;
  bool is_about_request = false;
  std::string_view field = {};    ///< which; empty for the whole header
  std::string_view keyword = {};  ///< a method, an encoding, `active-x`; empty if a pattern decides
  std::size_t regex_at = 0;       ///< where in the words the pattern's name stands
  std::uint64_t limit = 0;        ///< `gt LIMIT`
};

/// nullopt if it is no criterion of HTTP inspection. Views into the words.
std::optional<HttpCriterion> parse_http_criterion(const LineWords& words);

/// What a message is held against.
struct HttpExchange {
  const HttpMessage& message;
  std::string_view accept;            ///< the Accept field of the request that a response answers
  std::uint64_t body_searched = 200;  ///< bytes of a body that patterns are looked for in
};

/// Whether a checked `match` line holds; nullopt if it is about the other direction.
std::optional<bool> http_criterion_holds(const InspectMaps& maps, const InspectMatch& match,
                                         const HttpExchange& exchange);

}  // namespace asaemu
