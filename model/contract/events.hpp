// Typed events: how one subsystem lets the others know, without knowing them.
#pragma once

#include "model/base/time.hpp"
#include "model/base/values.hpp"
#include "model/state/connection_table.hpp"
#include "model/state/failover.hpp"
#include "model/state/flash.hpp"
#include "model/state/h323_tables.hpp"
#include "model/state/inspect_maps.hpp"
#include "model/state/interface_table.hpp"
#include "model/state/licensing_cloud.hpp"
#include "model/state/modules.hpp"
#include "model/state/sa_database.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

enum class EventKind : std::uint8_t {
  kLineProtocol,
  kInterface,
  kHostname,
  kBooted,
  kClock,
  kTimeZone,
  kConnectionBuilt,
  kConnectionChanged,
  kConnectionClosed,
  kConnectionIdle,
  kConnectionOrder,
  kConfigurationSaved,
  kFailoverRole,
  kLicensingData,
  kLicensingRequest,
  kLicensingAnswer,
  kLicensingNotice,
  kShutdown,
  kLicence,
  kSharedLicence,
  kFlashWrite,
  kFlashRemove,
  kCryptoPolicy,
  kSaExpired,
  kSaInstalled,
  kSaNeeded,
  kSaNegotiated,
  kSaRefused,
  kVpnPeer,
  kInterfaceWanted,
  kInterfaceAdded,
  kInterfaceRemoved,
  kMembership,
  kCarrier,
  kSpannedCandidates,
  kSpannedSelection,
  kDefaultRoute,
  kKeyChains,
  kH323Pinhole,
  kInspectLine,
  kServicePolicies,
  kModule,
  kCount
};

/// An interface's line protocol changed; the interface table already shows the new state.
struct LineProtocolChanged {
  static constexpr EventKind kKind = EventKind::kLineProtocol;
  InterfaceId interface;
  bool up;
};

/// An interface's nameif or address was configured; the interface table already shows it.
struct InterfaceConfigured {
  static constexpr EventKind kKind = EventKind::kInterface;
  InterfaceId interface;
  /// The nameif that it had, if it has another or none now; empty otherwise.
  std::string_view former_nameif = {};
};

/// A request to the interfaces: an interface without hardware of its own is to be, as `channel-group`
/// makes its port channel. Afterwards the interface table shows it, unless the platform has none.
struct InterfaceWanted {
  static constexpr EventKind kKind = EventKind::kInterfaceWanted;
  std::string_view hardware;
};

/// An interface without hardware of its own was created; the table shows it.
struct InterfaceAdded {
  static constexpr EventKind kKind = EventKind::kInterfaceAdded;
  InterfaceId interface;
};

/// An interface is about to leave the configuration; the table still shows it as it was.
struct InterfaceRemoved {
  static constexpr EventKind kKind = EventKind::kInterfaceRemoved;
  InterfaceId interface;
};

/// A request to the interfaces: a port joins a group, or leaves the one it is in.
struct MembershipChanged {
  static constexpr EventKind kKind = EventKind::kMembership;
  InterfaceId port;
  InterfaceId group;  ///< kNoInterface: it leaves
};

/// A request to the interfaces: what carrier and bandwidth a group's members give its interface.
struct CarrierChanged {
  static constexpr EventKind kKind = EventKind::kCarrier;
  InterfaceId interface;
  bool is_present;
  std::uint32_t speed_mbps;  ///< of all members that carry traffic; 0 leaves it as it was
};

/// Ports of a spanned port channel came, went or changed; the channel table already shows it. The
/// cluster answers with SpannedSelectionMade.
struct SpannedCandidatesChanged {
  static constexpr EventKind kKind = EventKind::kSpannedCandidates;
  InterfaceId channel;
};

/// The cluster has decided which ports of a spanned port channel may bundle; the table of spanned
/// ports already shows it.
struct SpannedSelectionMade {
  static constexpr EventKind kKind = EventKind::kSpannedSelection;
  InterfaceId channel;
};

/// The device got another hostname; the identity already shows it.
struct HostnameChanged {
  static constexpr EventKind kKind = EventKind::kHostname;
};

/// The device has read its startup configuration and forwards packets from now on. State that a
/// boot does not keep is fresh already: every subsystem is made anew.
struct Booted {
  static constexpr EventKind kKind = EventKind::kBooted;
};

/// Somebody set the device's clock, which already shows the new time.
struct ClockChanged {
  static constexpr EventKind kKind = EventKind::kClock;
  SimDuration by;  ///< negative if it was set back
};

/// The zone of the device's clock was configured; the table already shows it.
struct TimeZoneChanged {
  static constexpr EventKind kKind = EventKind::kTimeZone;
};

/// A connection was added to the table; its first packet is still on its way.
struct ConnectionBuilt {
  static constexpr EventKind kKind = EventKind::kConnectionBuilt;
  const Connection& connection;
};

/// A connection went from one phase to another.
struct ConnectionChanged {
  static constexpr EventKind kKind = EventKind::kConnectionChanged;
  const Connection& connection;
  Connection::Phase before;
};

/// A connection is about to leave the table.
struct ConnectionClosed {
  static constexpr EventKind kKind = EventKind::kConnectionClosed;
  enum class Reason : std::uint8_t { kFins, kReset, kIdle, kCleared, kOrdered };
  const Connection& connection;
  Reason reason;
};

/// A connection's idle timeout has passed. A listener that wants to probe its ends first keeps it,
/// and later orders it closed or refreshed.
struct ConnectionIdle {
  static constexpr EventKind kKind = EventKind::kConnectionIdle;
  const Connection& connection;
  bool& is_kept;
};

/// A request to the owner of the connection table.
struct ConnectionOrder {
  static constexpr EventKind kKind = EventKind::kConnectionOrder;
  enum class What : std::uint8_t {
    kClose,
    kRefresh,  ///< the idle timeout begins anew
    kSetIdle,  ///< the same, and it is `idle` from now on
  };
  ConnectionId connection;
  What what;
  SimDuration idle{};  ///< kSetIdle only; zero: the connection never ends for being idle
};

/// Somebody saved the running configuration (`write memory`).
struct ConfigurationSaved {
  static constexpr EventKind kKind = EventKind::kConfigurationSaved;
};

/// Failover gave the unit, or the chassis it runs in, a role; the table already shows it.
struct FailoverRoleChanged {
  static constexpr EventKind kKind = EventKind::kFailoverRole;
  FailoverRole role;
  bool is_chassis;
};

/// The active unit's licensing data has reached this unit.
struct LicensingDataReplicated {
  static constexpr EventKind kKind = EventKind::kLicensingData;
  bool is_readable;
};

/// The licensing agent asks the vendor's cloud for something. Asked again, it no longer waits for
/// the first answer.
struct LicensingRequested {
  static constexpr EventKind kKind = EventKind::kLicensingRequest;
  AgentRequest request;
  std::string_view token;  ///< kRegister only
};

/// The cloud has answered, or the device has given up waiting for it.
struct LicensingAnswered {
  static constexpr EventKind kKind = EventKind::kLicensingAnswer;
  AgentRequest request;
  const CloudAnswer& answer;
};

/// The cloud asks the licensing agent for something: a fresh authorization if `is_known`, else for
/// what no agent of this age knows.
struct LicensingNoticed {
  static constexpr EventKind kKind = EventKind::kLicensingNotice;
  bool is_known;
};

/// The device reloads or loses its power: nothing it sets or logs now comes to pass, but what it
/// keeps can take note of the time.
struct ShuttingDown {
  static constexpr EventKind kKind = EventKind::kShutdown;
};

/// Keys came into effect or ran out; DeviceState::licence already shows what is licensed now.
struct LicenceChanged {
  static constexpr EventKind kKind = EventKind::kLicence;
};

/// What the device knows of shared licence servers, or the servers themselves, changed
/// (DeviceState::shared_licence).
struct SharedLicenceChanged {
  static constexpr EventKind kKind = EventKind::kSharedLicence;
};

/// A subsystem wants a file, or a directory, on flash. The owner of the file system has answered in
/// `result` when publish() returns.
struct FlashWriteRequested {
  static constexpr EventKind kKind = EventKind::kFlashWrite;
  std::string_view path;   ///< below the root: `crypto_archive/crypto_arch_1.bin`
  std::uint64_t size = 0;  ///< of a file, in bytes
  bool is_directory = false;
  FlashResult& result;
};

/// A subsystem wants a file on flash removed. Answered as FlashWriteRequested is.
struct FlashRemoveRequested {
  static constexpr EventKind kKind = EventKind::kFlashRemove;
  std::string_view path;
  FlashResult& result;
};

/// What tunnels are negotiated by was changed; on an ASA that drops those that stand.
struct CryptoPolicyChanged {
  static constexpr EventKind kKind = EventKind::kCryptoPolicy;
  InterfaceId interface;  ///< whose tunnels are concerned; kNoInterface for all
};

// Between the SA database and key exchange, after the messages of RFC 2367 (PF_KEY): the former asks
// with SaNeeded, the latter answers with SaNegotiated or SaRefused, at once or later.

/// Traffic waits for an SA, or one is about to end.
struct SaNeeded {
  static constexpr EventKind kKind = EventKind::kSaNeeded;
  const SaRequest& request;
};

/// Both ends agreed on a new pair of SAs.
struct SaNegotiated {
  static constexpr EventKind kKind = EventKind::kSaNegotiated;
  const SaRequest& request;
};

/// There is no agreement: no answer, or no configuration for this peer.
struct SaRefused {
  static constexpr EventKind kKind = EventKind::kSaRefused;
  const SaRequest& request;
};

/// A negotiated pair stands in the SA database.
struct SaInstalled {
  static constexpr EventKind kKind = EventKind::kSaInstalled;
  const SaRequest& request;
  Spi inbound;
};

/// A tunnel's SAs reached the end of their lifetime, which both ends keep.
struct SaExpired {
  static constexpr EventKind kKind = EventKind::kSaExpired;
  Selectors selectors;
};

/// Something happened to the far end of IPsec tunnels, or this device believes so.
struct VpnPeerChanged {
  static constexpr EventKind kKind = EventKind::kVpnPeer;
  enum class What : std::uint8_t {
    kVanished,      ///< it sends and answers nothing any more
    kReturned,      ///< it is there again, with the SAs it had
    kRestarted,     ///< it lost its SAs
    kDeclaredDead,  ///< this device's dead peer detection gave it up
    kDisconnected,  ///< it took its tunnels down and said so
  };
  IpAddress peer;
  What what;
};

/// A provider gave a default route, or takes it back; the owner of the routes enters or removes it.
struct DefaultRouteLearned {
  static constexpr EventKind kKind = EventKind::kDefaultRoute;
  InterfaceId interface;
  IpAddress gateway;
  std::uint8_t distance;
  bool present;
};

/// A key chain was configured; the key chains already show it.
struct KeyChainsChanged {
  static constexpr EventKind kKind = EventKind::kKeyChains;
};

/// A request to the owner of the H.323 tables: a pinhole is to be opened, or closed.
struct H323PinholeOrder {
  static constexpr EventKind kKind = EventKind::kH323Pinhole;
  const H323Pinhole& pinhole;
  bool is_closed;  ///< the one with this key is no longer wanted
  bool& is_done;   ///< false: there is no room for it
};

/// Somebody typed a line of an inspection map, which is not entered yet. The subsystem of the protocol
/// checks it and completes the answer; a line of a protocol that nobody answers for is taken as it is.
struct InspectLineTyped {
  static constexpr EventKind kKind = EventKind::kInspectLine;
  enum class Section : std::uint8_t { kMatch, kParameter };
  /// `dns`, `http`, …: what stands behind `type inspect`.
  std::string_view protocol;
  Section section;
  /// What follows `match [not]`, or the parameter; never empty.
  const std::vector<std::string>& words;
  InspectLineAnswer& answer;
};

/// Policies, or where they apply, were configured; the service policies already show it.
struct ServicePoliciesChanged {
  static constexpr EventKind kKind = EventKind::kServicePolicies;
};

/// The service module came, went, or changed its status or its data plane; the modules already show
/// it, but for one that leaves, which they show for the last time.
struct ModuleChanged {
  static constexpr EventKind kKind = EventKind::kModule;
  enum class What : std::uint8_t { kInserted, kRemoved, kStatus, kDataPlane };
  const Module& module;
  What what;
};

}  // namespace asaemu
