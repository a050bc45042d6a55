// Packet fields for application content that several subsystems look at: each declares the kind of
// content it reads, and finds the same fields as the others.
#pragma once

#include "model/contract/declarations.hpp"

#include <array>

namespace asaemu {

/// A DNS message, by the port it goes to a request.
struct DnsContent {
  std::uint16_t query_type = 0;   ///< std::string: a record type in lower case
  std::uint16_t id = 0;           ///< std::uint64_t
  std::uint16_t name = 0;         ///< std::string: labels with dots between
  std::uint16_t flags = 0;        ///< std::string: names of header flags joined by +
  std::uint16_t query_class = 0;  ///< std::string
  std::uint16_t records = 0;      ///< std::string: `answer a, additional tsig`
  std::uint16_t edns_size = 0;    ///< std::uint64_t, bytes

  template <class S>
  static DnsContent declare(Declarations<S>& declare) {
    static constexpr auto kTypes = std::to_array<std::string_view>(
        {"a",   "ns", "cname", "soa",  "ptr",    "hinfo", "mx",   "txt",  "aaaa", "srv", "naptr",
         "opt", "ds", "rrsig", "nsec", "dnskey", "tkey",  "tsig", "ixfr", "axfr", "any"});
    static constexpr auto kClasses =
        std::to_array<std::string_view>({"in", "cs", "ch", "hs", "none", "any"});
    const auto field = [&declare](std::string_view word, FieldKind kind, std::string_view help) {
      return declare.packet_field(FieldDef{.name = word, .kind = kind}, help);
    };
    DnsContent content;
    content.query_type = declare.packet_field(
        FieldDef{.name = "dns-query-type", .kind = FieldKind::kOneOf, .choices = kTypes},
        "DNS: the type of the record that the question asks for, such as a or axfr");
    content.id = field("dns-id", FieldKind::kNumber, "DNS: the message's id, 0 to 65535");
    content.name = field("dns-name", FieldKind::kText,
                         "DNS: the name in the question, its labels with dots between");
    content.flags = field("dns-flags", FieldKind::kText,
                          "DNS: header flags that are set, joined by +: aa, tc, rd, ra");
    content.query_class = declare.packet_field(
        FieldDef{.name = "dns-query-class", .kind = FieldKind::kOneOf, .choices = kClasses},
        "DNS: the class of the question, in unless it is said");
    content.records = field("dns-records", FieldKind::kText,
                            "DNS: records behind the question, section and type of each: answer "
                            "a, authority ns, additional tsig");
    content.edns_size =
        field("dns-edns-size", FieldKind::kNumber,
              "DNS: the size of a reply in bytes that a request's OPT record offers to take");
    return content;
  }
};

/// What the header of a UDP packet says.
struct UdpContent {
  std::uint16_t length = 0;  ///< std::uint64_t, bytes with the header

  template <class S>
  static UdpContent declare(Declarations<S>& declare) {
    return {declare.packet_field(
        FieldDef{.name = "udp-length", .kind = FieldKind::kNumber},
        "UDP: the length that the UDP header claims; without, that of what the IP packet carries")};
  }
};

/// A call of Sun RPC (RFC 5531).
struct RpcContent {
  std::uint16_t program = 0;         ///< std::uint64_t
  std::uint16_t procedure = 0;       ///< std::uint64_t
  std::uint16_t wanted_program = 0;  ///< std::uint64_t

  template <class S>
  static RpcContent declare(Declarations<S>& declare) {
    const auto number = [&declare](std::string_view name, std::string_view help) {
      return declare.packet_field(FieldDef{.name = name, .kind = FieldKind::kNumber}, help);
    };
    return {number("rpc-program", "RPC call: the program, such as 100000 for the portmapper"),
            number("rpc-procedure",
                   "RPC call: the procedure; of the portmapper 1 set, 2 unset, 3 getport, 4 dump, "
                   "5 callit"),
            number("rpc-wanted-program",
                   "RPC call of the portmapper: the program whose port it is about")};
  }
};

/// An FTP control connection.
struct FtpContent {
  std::uint16_t command = 0;  ///< std::string: a line of the client, without its end

  template <class S>
  static FtpContent declare(Declarations<S>& declare) {
    return {declare.packet_field(FieldDef{.name = "ftp-command", .kind = FieldKind::kText},
                                 "FTP: a line that the client sends, such as PORT 10,0,0,5,4,1")};
  }
};

/// What the policy of a service module says of a packet that it is shown. The module is a box of its
/// own, and its policy is not the device's.
struct ModuleContent {
  std::uint16_t verdict = 0;  ///< std::string

  template <class S>
  static ModuleContent declare(Declarations<S>& declare) {
    static constexpr auto kVerdicts =
        std::to_array<std::string_view>({"allow", "drop", "reset", "bypass"});
    return {declare.packet_field(
        FieldDef{.name = "module-verdict", .kind = FieldKind::kOneOf, .choices = kVerdicts},
        "what a service module that is shown the packet wants done with it: allow (as without), "
        "drop, reset, or bypass (it has seen enough of the flow)")};
  }
};

/// An HTTP connection. Lines end with a line feed, a carriage return before it or not.
struct HttpContent {
  std::uint16_t request = 0;   ///< std::string: what the client sends, from the request line on
  std::uint16_t response = 0;  ///< std::string: what the server sends, from the status line on

  template <class S>
  static HttpContent declare(Declarations<S>& declare) {
    return {
        declare.packet_field(FieldDef{.name = "http-request", .kind = FieldKind::kText},
                             "HTTP: what the client sends: request line, header, empty line, body"),
        declare.packet_field(FieldDef{.name = "http-response", .kind = FieldKind::kText},
                             "HTTP: what the server sends: status line, header, empty line, body")};
  }
};

}  // namespace asaemu
