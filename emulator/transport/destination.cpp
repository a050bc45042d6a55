#include "emulator/transport/destination.hpp"

#include <fmt/core.h>

namespace asaemu {

namespace {

using Kind = Destination::Kind;

constexpr std::string_view kForms =
    "expected udp://HOST:PORT, tcp://HOST:PORT, file:PATH, stdout:, null: or sink:";

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Reads what follows the `?` of a destination.
bool read_query(std::string_view query, Destination& destination, std::string& complaint) {
  if (destination.kind == Kind::kTcp) {
    destination.proxy = query == "proxy=v2";
    if (!destination.proxy) {
      complaint = fmt::format(
          "unknown option '?{}'; tcp:// takes ?proxy=v2, and LF always ends its lines", query);
    }
    return destination.proxy;
  }
  if (query != "lf=on" && query != "lf=off") {
    complaint = fmt::format("unknown option '?{}'; expected ?lf=on or ?lf=off", query);
    return false;
  }
  destination.line_feed = query == "lf=on";
  return true;
}

bool read_network(std::string_view rest, Destination& destination, std::string& complaint) {
  const bool udp = destination.kind == Kind::kUdp;
  if (!take_prefix(rest, "//")) {
    complaint =
        fmt::format("two slashes are missing; expected {}://HOST:PORT", udp ? "udp" : "tcp");
    return false;
  }
  const auto question = rest.find('?');
  if (question != std::string_view::npos) {
    if (!read_query(rest.substr(question + 1), destination, complaint)) return false;
  }
  const auto peer = parse_host_port(rest.substr(0, question), 1, complaint);
  if (peer) destination.peer = *peer;
  return peer.has_value();
}

bool read_file(std::string_view rest, Destination& destination, std::string& complaint) {
  if (rest.empty()) complaint = "the path is missing; expected file:PATH";
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
  if (scheme == "udp" || scheme == "tcp") {
    destination.kind = scheme == "udp" ? Kind::kUdp : Kind::kTcp;
    return read_network(rest, destination, complaint);
  }
  if (scheme == "file") {
    destination.kind = Kind::kFile;
    return read_file(rest, destination, complaint);
  }
  if (scheme == "stdout" || scheme == "null" || scheme == "sink") {
    destination.kind = scheme == "stdout" ? Kind::kStandardOutput
                       : scheme == "null" ? Kind::kNull
                                          : Kind::kSink;
    return read_word(scheme, rest, complaint);
  }
  if (scheme == "tls") {
    complaint = "tls:// is not supported yet; expected tcp://HOST:PORT or udp://HOST:PORT";
  } else if (scheme == "pcap") {
    complaint = "pcap: is not supported yet; expected file:PATH";
  } else {
    complaint = fmt::format("'{}:' is not a kind of destination; {}", scheme, kForms);
  }
  return false;
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
      return fmt::format("udp://{}{}", to_string(destination.peer),
                         destination.line_feed ? "" : "?lf=off");
    case Kind::kTcp:
      return fmt::format("tcp://{}{}", to_string(destination.peer),
                         destination.proxy ? "?proxy=v2" : "");
    case Kind::kFile:
      return fmt::format("file:{}", destination.path);
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
