// The options of a destination: behind the `?` of its text, or keys of a mapping.
#include "emulator/transport/destination.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

/// on and off, for options that are no more than that.
bool read_switch(std::string_view option, std::string_view value, bool& target,
                 std::string& complaint) {
  if (value == "on" || value == "off") {
    target = value == "on";
    return true;
  }
  complaint = fmt::format("{} is on or off, not '{}'", option, value);
  return false;
}

bool read_channels(std::string_view value, unsigned& channels, std::string& complaint) {
  unsigned number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc{} && stop == end && number >= 1 && number <= Destination::kChannelsMax) {
    channels = number;
    return true;
  }
  complaint = fmt::format("'{}' is not a number of channels; expected 1 to {}", value,
                          Destination::kChannelsMax);
  return false;
}

bool read_framing(std::string_view value, bool& octet_counting, std::string& complaint) {
  if (value == "lf" || value == "octet") {
    octet_counting = value == "octet";
    return true;
  }
  complaint = fmt::format("framing is lf or octet, not '{}'", value);
  return false;
}

bool read_proxy(std::string_view value, bool& proxy, std::string& complaint) {
  proxy = value == "v2";
  if (!proxy) complaint = fmt::format("proxy is v2, not '{}'", value);
  return proxy;
}

bool read_version(std::string_view value, TlsSettings::Version& version, std::string& complaint) {
  if (value == "1.2" || value == "1.3") {
    version = value == "1.2" ? TlsSettings::Version::k12 : TlsSettings::Version::k13;
    return true;
  }
  complaint = fmt::format("tls is 1.2 or 1.3, not '{}'", value);
  return false;
}

bool read_text(std::string_view option, std::string_view value, std::string& target,
               std::string& complaint) {
  target = value;
  if (value.empty()) complaint = fmt::format("{} has no value", option);
  return !value.empty();
}

/// An address, or host names with commas between them.
bool read_name(std::string_view value, std::string& target, std::string& complaint) {
  const bool is_list = value.find(',') != std::string_view::npos;
  for (std::size_t at = 0; is_list && at <= value.size();) {
    const auto end = std::min(value.find(',', at), value.size());
    const auto one = value.substr(at, end - at);
    if (one.empty() || IpAddress::parse(one)) {
      complaint = fmt::format(
          "name is an address, or host names with commas between them, not '{}'", value);
      return false;
    }
    at = end + 1;
  }
  return read_text("name", value, target, complaint);
}

bool set_tls_option(TlsSettings& tls, std::string_view option, std::string_view value,
                    std::string& complaint) {
  if (option == "tls") return read_version(value, tls.version, complaint);
  if (option == "name") return read_name(value, tls.name, complaint);
  if (option == "insecure") return read_switch(option, value, tls.insecure, complaint);
  std::string& target = option == "ca"     ? tls.authorities
                        : option == "cert" ? tls.certificate
                                           : tls.key;
  return read_text(option, value, target, complaint);
}

}  // namespace

std::vector<std::string_view> Destination::options() const {
  switch (kind) {
    case Kind::kUdp:
      return {"lf", "offload"};
    case Kind::kTcp:
      return {"channels", "framing", "proxy"};
    case Kind::kTls:
      return {"channels", "framing", "proxy", "ca", "cert", "key", "name", "tls", "insecure"};
    default:
      return {};
  }
}

bool Destination::set_option(std::string_view option, std::string_view value,
                             std::string& complaint) {
  const auto known = options();
  if (std::find(known.begin(), known.end(), option) == known.end()) {
    complaint = known.empty() ? fmt::format("'{}': there are no options here", option)
                              : fmt::format("unknown option '{}'; expected {}", option,
                                            fmt::join(known, ", "));
    return false;
  }
  if (option == "lf") return read_switch(option, value, line_feed, complaint);
  if (option == "offload") return read_switch(option, value, offload, complaint);
  if (option == "channels") return read_channels(value, channels, complaint);
  if (option == "framing") return read_framing(value, octet_counting, complaint);
  if (option == "proxy") return read_proxy(value, proxy, complaint);
  return set_tls_option(tls, option, value, complaint);
}

}  // namespace asaemu
