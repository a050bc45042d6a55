#include "emulator/transport/host_port.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_v6(const std::string& text) {
  boost::system::error_code error;
  boost::asio::ip::make_address_v6(text, error);
  return !error;
}

/// A name of digits and dots would be looked up as a host name, which nobody means.
bool is_broken_v4(const std::string& host) {
  if (host.find_first_not_of("0123456789.") != std::string::npos) return false;
  boost::system::error_code error;
  boost::asio::ip::make_address_v4(host, error);
  return error.failed();
}

bool check_host(const std::string& host, bool bracketed, std::string& complaint) {
  if (bracketed) {
    if (is_v6(host)) return true;
    complaint = fmt::format("'{}' is not an IPv6 address; brackets are for those alone", host);
  } else if (host.empty()) {
    complaint = "the host is missing; expected HOST:PORT";
  } else if (is_broken_v4(host)) {
    complaint = fmt::format("'{}' is not an IPv4 address; expected four numbers up to 255", host);
  } else if (!std::all_of(host.begin(), host.end(), is_name_character)) {
    complaint = fmt::format("'{}' is not a host; expected a name, an IPv4 address or [IPv6]", host);
  } else {
    return true;
  }
  return false;
}

bool read_port(std::string_view text, std::uint16_t lowest, std::uint16_t& port,
               std::string& complaint) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (!text.empty() && error == std::errc{} && stop == end && port >= lowest) return true;
  complaint = fmt::format("'{}' is not a port; expected a number from {} to 65535", text, lowest);
  return false;
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t lowest_port,
                                        std::string& complaint) {
  const bool bracketed = text.starts_with('[');
  const auto bracket = text.find(']');
  if (bracketed && bracket == std::string_view::npos) {
    complaint = fmt::format("'{}' has no closing bracket; expected [IPv6]:PORT", text);
    return std::nullopt;
  }
  if (!bracketed && is_v6(std::string{text.substr(0, text.rfind(':'))})) {
    complaint = fmt::format("an IPv6 address stands in brackets; expected [{}]:PORT",
                            is_v6(std::string{text}) ? text : text.substr(0, text.rfind(':')));
    return std::nullopt;
  }
  const auto colon = bracketed ? bracket + 1 : text.rfind(':');
  if (colon >= text.size() || text[colon] != ':') {
    complaint = fmt::format("the port is missing; expected {}:PORT",
                            text.empty() ? std::string_view{"HOST"} : text);
    return std::nullopt;
  }
  HostPort result;
  result.host = bracketed ? text.substr(1, bracket - 1) : text.substr(0, colon);
  if (!check_host(result.host, bracketed, complaint)) return std::nullopt;
  if (!read_port(text.substr(colon + 1), lowest_port, result.port, complaint)) return std::nullopt;
  return result;
}

std::string to_string(const HostPort& host_port) {
  const bool v6 = host_port.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", host_port.host, host_port.port)
            : fmt::format("{}:{}", host_port.host, host_port.port);
}

}  // namespace asaemu
