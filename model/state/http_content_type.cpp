#include "model/state/http_content_type.hpp"

#include "model/state/http_message.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

constexpr auto kTypes = std::to_array<std::string_view>({"application/msword",
                                                         "application/octet-stream",
                                                         "application/pdf",
                                                         "application/postscript",
                                                         "application/vnd.ms-excel",
                                                         "application/vnd.ms-powerpoint",
                                                         "application/x-gzip",
                                                         "application/x-java-archive",
                                                         "application/x-java-vm",
                                                         "application/x-msn-messenger",
                                                         "application/zip",
                                                         "audio/basic",
                                                         "audio/midi",
                                                         "audio/mpeg",
                                                         "audio/x-adpcm",
                                                         "audio/x-aiff",
                                                         "audio/x-ogg",
                                                         "audio/x-wav",
                                                         "image/cgf",
                                                         "image/gif",
                                                         "image/jpeg",
                                                         "image/png",
                                                         "image/tiff",
                                                         "image/x-3ds",
                                                         "image/x-bitmap",
                                                         "image/x-niff",
                                                         "image/x-portable-bitmap",
                                                         "image/x-portable-greymap",
                                                         "image/x-xpm",
                                                         "text/css",
                                                         "text/html",
                                                         "text/plain",
                                                         "text/richtext",
                                                         "text/sgml",
                                                         "text/xmcd",
                                                         "text/xml",
                                                         "video/flc",
                                                         "video/mpeg",
                                                         "video/quicktime",
                                                         "video/sgi",
                                                         "video/x-avi",
                                                         "video/x-fli",
                                                         "video/x-mng",
                                                         "video/x-msvideo"});

struct Beginning {
  std::string_view type;
  std::string_view bytes;
};

/// An executable has no type in the list; what begins like one fits none.
constexpr auto kBeginnings =
    std::to_array<Beginning>({{"application/msword", "\xD0\xCF\x11\xE0"},
                              {"application/pdf", "%PDF-"},
                              {"application/postscript", "%!PS"},
                              {"application/x-gzip", "\x1F\x8B"},
                              {"application/x-java-archive", "PK\x03\x04"},
                              {"application/x-java-vm", "\xCA\xFE\xBA\xBE"},
                              {"application/zip", "PK\x03\x04"},
                              {"audio/midi", "MThd"},
                              {"audio/x-ogg", "OggS"},
                              {"audio/x-wav", "RIFF"},
                              {"image/gif", "GIF8"},
                              {"image/jpeg", "\xFF\xD8\xFF"},
                              {"image/png", "\x89PNG"},
                              {"video/x-avi", "RIFF"},
                              {"video/x-msvideo", "RIFF"},
                              {"", "MZ"}});

}  // namespace

std::string_view mime_type_of(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.starts_with(' ')) content_type.remove_prefix(1);
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  return content_type;
}

bool is_known_mime_type(std::string_view type) {
  return std::ranges::any_of(
      kTypes, [&](std::string_view known) { return equal_ignoring_case(known, type); });
}

bool fits_mime_type(std::string_view type, std::string_view body) {
  if (body.empty() || !is_known_mime_type(type)) return true;
  if (equal_ignoring_case(type, "application/octet-stream")) return true;
  bool has_beginning = false;
  bool is_other = false;
  for (const Beginning& each : kBeginnings) {
    const bool begins = body.starts_with(each.bytes);
    if (equal_ignoring_case(each.type, type)) {
      if (begins) return true;
      has_beginning = true;
    }
    is_other = is_other || begins;
  }
  return !has_beginning && !is_other;
}

bool accepts_mime_type(std::string_view accept, std::string_view type) {
  if (accept.empty()) return true;
  while (!accept.empty()) {
    const auto end = std::min(accept.find(','), accept.size());
    const std::string_view range = mime_type_of(accept.substr(0, end));
    accept.remove_prefix(std::min(end + 1, accept.size()));
    if (range == "*/*" || equal_ignoring_case(range, type)) return true;
    const bool is_family = range.ends_with("/*");
    if (is_family &&
        equal_ignoring_case(range.substr(0, range.size() - 1), type.substr(0, range.size() - 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace asaemu
