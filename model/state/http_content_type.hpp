// MIME types that HTTP inspection knows, and what content of each begins with.
#pragma once

#include <string_view>

namespace asaemu {

/// `text/html` of `Text/HTML; charset=utf-8`, in the case given.
std::string_view mime_type_of(std::string_view content_type);

/// One of the device's built-in types. Source: ASA command reference, content-type-verification.
bool is_known_mime_type(std::string_view type);

/// Whether a body begins as content of this type does. A type without a beginning of its own must not begin
/// like one that has; an empty body and an unknown type fit always.
bool fits_mime_type(std::string_view type, std::string_view body);

/// Whether a request's Accept field (RFC 9110, 12.5.1) takes a type; an empty one takes all. Weights are
/// not looked at.
bool accepts_mime_type(std::string_view accept, std::string_view type);

}  // namespace asaemu
