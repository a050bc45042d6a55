// The commands for reference identities, and what hosts make of them.
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

constexpr Mode kIdentityMode{"config-ca-ref-identity"};

/// A host name, perhaps with a `*`; nothing that could stand between two of them.
bool is_host_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '*';
  });
}

}  // namespace

void Logging::declare_identities(Declarations<Logging>& declare) {
  declare.config<&Logging::enter_identity>(
      "crypto ca reference-identity <word:name>",
      "Configure what certificates of servers are held against (cn-id, dns-id, srv-id, uri-id)");
  declare.config<&Logging::remove_identity>("no crypto ca reference-identity <word:name>",
                                            "Remove a reference identity");
  declare.command<&Logging::change_identity>(
      kIdentityMode, "[no] {cn-id|dns-id|srv-id|uri-id} <word:value>",
      "Add or remove a name that the server's certificate may have");
}

void Logging::enter_identity(Context& context, const Arguments& arguments) {
  const ReferenceIdentity* identity = identities_.make(arguments.get<std::string>("name"));
  if (identity == nullptr) {
    context.print(fmt::format("ERROR: At most {} reference identities can be configured\n",
                              ReferenceIdentities::kBound));
    return;
  }
  context.enter_mode(kIdentityMode, identity->number);
}

/// A host keeps the name: the identity may come again.
void Logging::remove_identity(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (!identities_.remove(name)) {
    context.print(fmt::format("ERROR: There is no reference identity {}\n", name));
  }
}

void Logging::change_identity(Context& context, const Arguments& arguments) {
  ReferenceIdentity* const identity = identities_.find(context.mode_object());
  if (identity == nullptr) return;
  const bool is_host = arguments.has("cn-id") || arguments.has("dns-id");
  auto value = arguments.get<std::string>("value");
  if (is_host && !is_host_name(value)) {
    context.print(fmt::format("ERROR: {} is not a host name\n", value));
    return;
  }
  if (!is_host) value = (arguments.has("srv-id") ? "srv-id " : "uri-id ") + value;
  auto& values = is_host ? identity->hosts : identity->services;
  const auto known = std::ranges::find(values, value);
  if (arguments.has("no")) {
    if (known != values.end()) values.erase(known);
  } else if (known == values.end() && values.size() == ReferenceIdentity::kIdsMax) {
    context.print(
        fmt::format("ERROR: At most {} names can be configured\n", ReferenceIdentity::kIdsMax));
  } else if (known == values.end()) {
    values.push_back(std::move(value));
  }
}

/// Finds the transport for a host, which is held against its reference identity as that is now.
void Logging::find_outlet(Host& host) {
  const InterfaceId via = state_.interfaces.find_nameif(host.interface);
  const bool has_source = via != kNoInterface && state_.interfaces[via].has_address;
  LogHostSpec spec{.interface = host.interface,
                   .address = host.address,
                   .tcp = host.tcp,
                   .port = host.port,
                   .source = has_source ? state_.interfaces[via].address : IpAddress{},
                   .secure = host.secure,
                   .account = host.account};
  const ReferenceIdentity* identity = identities_.find(host.reference_identity);
  if (identity != nullptr) spec.identities = identity->hosts;
  host.outlet = &environment_.outlets->outlet_for(environment_.device, spec);
}

}  // namespace asaemu
