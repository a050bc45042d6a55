#include "emulator/transport/destination.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace asaemu {

namespace {

using Kind = Destination::Kind;

constexpr std::string_view kForms =
    "expected udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, file:PATH, pcap:PATH, stdout:, "
    "null: or sink:";

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Reads what follows the `?`: `option=value`, or `option` for `option=on`, with `&` between them.
bool read_query(std::string_view query, Destination& destination, std::string& complaint) {
  while (!query.empty()) {
    const auto item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    const auto equals = item.find('=');
    const auto value = equals == std::string_view::npos ? "on" : item.substr(equals + 1);
    if (!destination.set_option(item.substr(0, equals), value, complaint)) return false;
  }
  return true;
}

bool read_network(std::string_view scheme, std::string_view rest, Destination& destination,
                  std::string& complaint) {
  if (!take_prefix(rest, "//")) {
    complaint = fmt::format("two slashes are missing; expected {}://HOST:PORT", scheme);
    return false;
  }
  const auto question = rest.find('?');
  const auto query =
      question == std::string_view::npos ? std::string_view{} : rest.substr(question + 1);
  if (!read_query(query, destination, complaint)) return false;
  const auto peer = parse_host_port(rest.substr(0, question), 1, complaint);
  if (peer) destination.peer = *peer;
  return peer.has_value();
}

bool read_path(std::string_view scheme, std::string_view rest, Destination& destination,
               std::string& complaint) {
  if (rest.empty()) complaint = fmt::format("the path is missing; expected {}:PATH", scheme);
  destination.path = rest;
  return !rest.empty();
}

/// Destinations that are a word and a colon, and nothing more.
bool read_word(std::string_view scheme, std::string_view rest, std::string& complaint) {
  if (!rest.empty()) {
    complaint = fmt::format("'{}' does not belong there; expected {}:", rest, scheme);
  }
  return rest.empty();
}

bool read_rest(std::string_view scheme, std::string_view rest, Destination& destination,
               std::string& complaint) {
  if (scheme == "udp" || scheme == "tcp" || scheme == "tls") {
    destination.kind = scheme == "udp" ? Kind::kUdp : scheme == "tcp" ? Kind::kTcp : Kind::kTls;
    return read_network(scheme, rest, destination, complaint);
  }
  if (scheme == "file" || scheme == "pcap") {
    destination.kind = scheme == "file" ? Kind::kFile : Kind::kPcap;
    return read_path(scheme, rest, destination, complaint);
  }
  if (scheme == "stdout" || scheme == "null" || scheme == "sink") {
    destination.kind = scheme == "stdout" ? Kind::kStandardOutput
                       : scheme == "null" ? Kind::kNull
                                          : Kind::kSink;
    return read_word(scheme, rest, complaint);
  }
  complaint = fmt::format("'{}:' is not a kind of destination; {}", scheme, kForms);
  return false;
}

/// The options of a network that are not as they are without being named.
std::string query_of(const Destination& destination) {
  std::string text;
  const auto add = [&text](std::string_view option, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? '?' : '&', option, value);
  };
  const auto& tls = destination.tls;
  add("lf", destination.line_feed ? "" : "off");
  add("offload", destination.offload ? "" : "off");
  if (destination.channels != Destination::kChannels) {
    add("channels", std::to_string(destination.channels));
  }
  add("framing", destination.octet_counting ? "octet" : "");
  add("proxy", destination.proxy ? "v2" : "");
  add("ca", tls.authorities);
  add("cert", tls.certificate);
  add("key", tls.key);
  add("name", tls.name);
  if (tls.version != TlsSettings::Version::kAny) {
    add("tls", tls.version == TlsSettings::Version::k12 ? "1.2" : "1.3");
  }
  add("insecure", tls.insecure ? "on" : "");
  return text;
}

}  // namespace

std::optional<Destination> Destination::parse(std::string_view text, std::string& complaint) {
  const auto colon = text.find(':');
  Destination destination;
  std::string reason;
  if (colon == std::string_view::npos) {
    reason = fmt::format("there is no colon; {}", kForms);
  } else if (read_rest(text.substr(0, colon), text.substr(colon + 1), destination, reason)) {
    return destination;
  }
  complaint = fmt::format("destination '{}': {}", text, reason);
  return std::nullopt;
}

std::string to_string(const Destination& destination) {
  switch (destination.kind) {
    case Kind::kUdp:
      return fmt::format("udp://{}{}", to_string(destination.peer), query_of(destination));
    case Kind::kTcp:
      return fmt::format("tcp://{}{}", to_string(destination.peer), query_of(destination));
    case Kind::kTls:
      return fmt::format("tls://{}{}", to_string(destination.peer), query_of(destination));
    case Kind::kFile:
      return fmt::format("file:{}", destination.path);
    case Kind::kPcap:
      return fmt::format("pcap:{}", destination.path);
    case Kind::kStandardOutput:
      return "stdout:";
    case Kind::kNull:
      return "null:";
    case Kind::kSink:
      break;
  }
  return "sink:";
}

}  // namespace asaemu
