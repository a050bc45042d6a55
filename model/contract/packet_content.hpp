// Packet fields for application content that several subsystems look at: each declares the kind of
// content it reads, and finds the same fields as the others.
#pragma once

#include "model/contract/declarations.hpp"

#include <array>

namespace asaemu {

/// A DNS message, by the port it goes to a request.
struct DnsContent {
  std::uint16_t query_type = 0;  ///< std::string: a record type in lower case

  template <class S>
  static DnsContent declare(Declarations<S>& declare) {
    static constexpr auto kTypes = std::to_array<std::string_view>(
        {"a",   "ns", "cname", "soa",  "ptr",    "hinfo", "mx",   "txt",  "aaaa", "srv", "naptr",
         "opt", "ds", "rrsig", "nsec", "dnskey", "tkey",  "tsig", "ixfr", "axfr", "any"});
    return {declare.packet_field(
        FieldDef{.name = "dns-query-type", .kind = FieldKind::kOneOf, .choices = kTypes},
        "DNS: the type of the record that the question asks for, such as a or axfr")};
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

}  // namespace asaemu
