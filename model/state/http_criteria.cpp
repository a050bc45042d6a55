#include "model/state/http_criteria.hpp"

#include "model/base/characters.hpp"
#include "model/state/http_content_type.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

using Kind = HttpCriterion::Kind;

constexpr auto kEncodings =
    std::to_array<std::string_view>({"chunked", "compress", "deflate", "gzip", "identity"});

std::optional<std::uint64_t> parse_limit(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Reads the words of a criterion one after the other.
class CriterionReader {
 public:
  explicit CriterionReader(const LineWords& words) : words_(words) {}

  std::optional<HttpCriterion> read() {
    const bool is_good = take("req-resp") ? read_pair() : read_side();
    return is_good ? std::optional(criterion_) : std::nullopt;
  }

 private:
  bool read_pair() {
    return take("content-type") && take("mismatch") && ends(Kind::kContentTypeMismatch);
  }

  bool read_side() {
    criterion_.is_about_request = take("request");
    if (!criterion_.is_about_request && !take("response")) return false;
    if (take("header")) return read_header();
    if (take("body")) return read_body();
    if (!criterion_.is_about_request) {
      return take("status-line") && take("regex") && pattern(Kind::kStatusLine);
    }
    if (take("args")) return take("regex") && pattern(Kind::kArguments);
    if (take("method")) return take("regex") ? pattern(Kind::kMethod) : method();
    if (!take("uri")) return false;
    return take("regex") ? pattern(Kind::kUri) : limit("length", Kind::kUriLength);
  }

  bool read_body() {
    if (take("regex")) return pattern(Kind::kBody);
    if (!criterion_.is_about_request && (is_next("active-x") || is_next("java-applet"))) {
      criterion_.keyword = words_[at_++];
      return ends(Kind::kBody);
    }
    return limit("length", Kind::kBodyLength);
  }

  bool read_header() {
    if (take("non-ascii")) return ends(Kind::kNonAscii);
    if (is_next("length")) return limit("length", Kind::kHeaderLength);
    if (is_next("count")) return limit("count", Kind::kHeaderCount);
    if (at_ == words_.size() || is_next("regex")) return false;
    criterion_.field = words_[at_++];
    if (is_next("length")) return limit("length", Kind::kFieldLength);
    if (is_next("count")) return limit("count", Kind::kHeaderCount);
    if (criterion_.field == "transfer-encoding") return read_encoding();
    if (criterion_.field == "content-type") {
      if (take("unknown")) return ends(Kind::kContentTypeUnknown);
      if (take("violation")) return ends(Kind::kContentTypeViolation);
    }
    return take("regex") && pattern(Kind::kField);
  }

  bool read_encoding() {
    if (take("regex")) return pattern(Kind::kTransferEncoding);
    if (take("empty")) return ends(Kind::kTransferEncodingEmpty);
    if (at_ == words_.size()) return false;
    criterion_.keyword = words_[at_++];
    return std::ranges::find(kEncodings, criterion_.keyword) != kEncodings.end() &&
           ends(Kind::kTransferEncoding);
  }

  bool method() {
    if (at_ == words_.size() || !std::ranges::all_of(words_[at_], is_letter)) return false;
    criterion_.keyword = words_[at_++];
    return ends(Kind::kMethod);
  }

  /// `NAME` or `class NAME`, and no more.
  bool pattern(Kind kind) {
    criterion_.kind = kind;
    criterion_.regex_at = at_;
    const std::size_t left = words_.size() - at_;
    return left == 1 || (left == 2 && words_[at_] == "class");
  }

  /// `length gt LIMIT`, and no more.
  bool limit(std::string_view what, Kind kind) {
    if (!take(what) || !take("gt") || at_ == words_.size()) return false;
    const auto value = parse_limit(words_[at_++]);
    criterion_.limit = value.value_or(0);
    return value && ends(kind);
  }

  bool ends(Kind kind) {
    criterion_.kind = kind;
    return at_ == words_.size();
  }

  [[nodiscard]] bool is_next(std::string_view word) const {
    return at_ < words_.size() && words_[at_] == word;
  }
  bool take(std::string_view word) {
    if (!is_next(word)) return false;
    ++at_;
    return true;
  }

  const LineWords& words_;
  HttpCriterion criterion_;
  std::size_t at_ = 0;
};

/// Whether a text in lower case stands in the body, whose case does not matter.
bool contains(std::string_view body, std::string_view wanted) {
  for (std::size_t at = 0; at + wanted.size() <= body.size(); ++at) {
    if (equal_ignoring_case(body.substr(at, wanted.size()), wanted)) return true;
  }
  return false;
}

/// Holds a message against a criterion about its own direction.
class Judge {
 public:
  Judge(const InspectMaps& maps, const LineWords& words, const HttpCriterion& criterion,
        const HttpExchange& exchange)
      : maps_(maps),
        words_(words),
        criterion_(criterion),
        exchange_(exchange),
        message_(exchange.message) {}

  [[nodiscard]] bool holds() const {
    switch (criterion_.kind) {
      case Kind::kMethod:
        if (criterion_.keyword.empty()) return finds(message_.method);
        return equal_ignoring_case(message_.method, criterion_.keyword);
      case Kind::kStatusLine:
        return finds(message_.start_line);
      case Kind::kUriLength:
        return message_.uri.size() > criterion_.limit;
      case Kind::kUri:
        // Patterns in use end with ` HTTP/1.[01]`: the version is searched with it.
        return finds(message_.start_line.substr(message_.method.size() + 1));
      case Kind::kArguments:
        return finds(message_.arguments);
      case Kind::kBodyLength:
        return message_.body_length > criterion_.limit;
      case Kind::kBody:
        return body_matches();
      default:
        return header_matches();
    }
  }

 private:
  [[nodiscard]] bool header_matches() const {
    const std::string_view type = content_type();
    switch (criterion_.kind) {
      case Kind::kHeaderLength:
        return message_.header.size() > criterion_.limit;
      case Kind::kHeaderCount:
        return (criterion_.field.empty() ? message_.fields.size()
                                         : message_.count(criterion_.field)) > criterion_.limit;
      case Kind::kFieldLength:
        return any_field([&](std::string_view value) { return value.size() > criterion_.limit; });
      case Kind::kNonAscii:
        return std::ranges::any_of(message_.header,
                                   [](char c) { return static_cast<unsigned char>(c) > 127; });
      case Kind::kField:
        return any_field([&](std::string_view value) { return finds(value); });
      case Kind::kTransferEncoding:
        return any_field([&](std::string_view value) {
          return criterion_.keyword.empty() ? finds(value) : contains(value, criterion_.keyword);
        });
      case Kind::kTransferEncodingEmpty:
        return any_field([](std::string_view value) { return value.empty(); });
      case Kind::kContentTypeUnknown:
        return !type.empty() && !is_known_mime_type(type);
      case Kind::kContentTypeViolation:
        return !type.empty() && !fits_mime_type(type, message_.body);
      case Kind::kContentTypeMismatch:
        return !type.empty() && !accepts_mime_type(exchange_.accept, type);
      default:
        return false;
    }
  }

  [[nodiscard]] bool body_matches() const {
    const std::string_view body = message_.body;
    if (criterion_.keyword == "active-x") return contains(body, "<object");
    if (criterion_.keyword == "java-applet") return contains(body, "<applet");
    return finds(body.substr(0, exchange_.body_searched));
  }

  [[nodiscard]] bool finds(std::string_view text) const {
    return maps_.regex_finds(words_, criterion_.regex_at, text);
  }

  /// Whether some field of the criterion's name has a value that `test` likes.
  template <class Test>
  [[nodiscard]] bool any_field(Test&& test) const {
    return std::ranges::any_of(message_.fields, [&](const HttpField& field) {
      return equal_ignoring_case(field.name, criterion_.field) && test(field.value);
    });
  }

  [[nodiscard]] std::string_view content_type() const {
    const HttpField* field = message_.find("content-type");
    return field == nullptr ? std::string_view() : mime_type_of(field->value);
  }

  const InspectMaps& maps_;
  const LineWords& words_;
  const HttpCriterion& criterion_;
  const HttpExchange& exchange_;
  const HttpMessage& message_;
};

}  // namespace

std::optional<HttpCriterion> parse_http_criterion(const LineWords& words) {
  return CriterionReader(words).read();
}

std::optional<bool> http_criterion_holds(const InspectMaps& maps, const InspectMatch& match,
                                         const HttpExchange& exchange) {
  const auto criterion = parse_http_criterion(match.words);
  if (!criterion || criterion->is_about_request != exchange.message.is_request) {
    return std::nullopt;
  }
  return Judge(maps, match.words, *criterion, exchange).holds();
}

}  // namespace asaemu
