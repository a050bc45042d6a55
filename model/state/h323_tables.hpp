// What H.323 inspection knows: the connections it looks into, the calls they carry, and the pinholes
// it has opened for them. Written by the h323 subsystem; RAS inspection reads which connections are
// its own, RTP conformance which are media, and by which rules.
#pragma once

#include "model/state/connection_table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// What a connection is to H.323.
enum class H323Role : std::uint8_t { kRas, kSignalling, kControl, kRtp, kRtcp };

/// What a logical channel carries.
enum class MediaType : std::uint8_t { kAudio, kVideo, kData };

/// `rtp-conformance` for one media flow.
struct MediaRules {
  bool is_checked = false;
  bool enforces_payload_type = false;
  MediaType type = MediaType::kAudio;
};

/// A call is known by its signalling connection and its call reference there.
struct H323CallKey {
  ConnectionId signalling = kNoConnection;
  std::uint16_t reference = 0;
  friend bool operator==(const H323CallKey&, const H323CallKey&) = default;
};

/// Where a connection that signalling announced may come from, and where to. A default `from` is
/// anywhere.
struct H323PinholeKey {
  IpProtocol protocol;
  IpAddress from;
  IpAddress to;
  Port port;
  friend bool operator==(const H323PinholeKey&, const H323PinholeKey&) = default;
};

struct H323Pinhole {
  H323PinholeKey key;
  H323Role role = H323Role::kSignalling;
  H323CallKey call;  ///< its signalling is kNoConnection if it belongs to none
  std::string map;   ///< inspection map for what comes through
  MediaRules media;
  bool serves_many = false;    ///< stays when a connection has come through
  std::optional<SimTime> end;  ///< none: it stays open
};

/// A connection under inspection.
struct H323Connection {
  H323Role role = H323Role::kSignalling;
  H323CallKey call;  ///< of control and media
  std::string map;   ///< empty if the `inspect` line has none
  bool has_setup = false;
  std::vector<std::uint16_t> calls;  ///< references of those in progress, of signalling
  MediaRules media;
};

/// A logical channel of H.245, from the terminal that opened it to the one that acknowledges it.
struct H323Channel {
  std::uint16_t number = 0;
  IpAddress opener;  ///< who signalled; its media may be elsewhere
  IpAddress opener_media;
  Port opener_control;  ///< where the opener takes RTCP; 0 if it did not say
  IpAddress receiver_media;
  Port receiver_port;  ///< where the receiver takes RTP; 0 before the acknowledgement
  Port receiver_control;
  MediaType type = MediaType::kAudio;
};

struct H323Call {
  /// Logical channels, pinholes and connections of one call; inferred.
  static constexpr std::size_t kChannelBound = 32;
  static constexpr std::size_t kPinholeBound = 4 * kChannelBound;
  static constexpr std::size_t kConnectionBound = 4 * kChannelBound;
  enum class Phase : std::uint8_t { kSetup, kProceeding, kAlerting, kActive };

  H323CallKey key;
  Phase phase = Phase::kSetup;
  std::string map;
  std::vector<H323Channel> channels;
  std::vector<H323PinholeKey> pinholes;
  std::vector<ConnectionId> connections;  ///< of control and media
  TimerHandle limit;                      ///< of `call-duration-limit`

  /// Takes the call to the phase that a Q.931 message stands for; false if it has been beyond that,
  /// or there already. Messages that stand for none are always good.
  bool advance(std::string_view message);
  /// A terminal asks for a channel; one with its number is replaced. False if there are too many.
  bool add_channel(const H323Channel& channel);
  /// The channel that `opener` asked for under this number; nullptr if there is none.
  [[nodiscard]] H323Channel* find_channel(std::uint16_t number, const IpAddress& opener);
  void remove_channel(std::uint16_t number, const IpAddress& opener);
};

class H323Tables {
 public:
  /// Most entries of each table; the options of the h323 subsystem set a device's own (inferred).
  struct Bounds {
    std::size_t connections = 65536;
    std::size_t calls = 10000;
    std::size_t pinholes = 20000;
  };
  H323Tables() : H323Tables(Bounds{}) {}
  explicit H323Tables(const Bounds& bounds)
      : connections(bounds.connections), calls(bounds.calls), pinholes_(bounds.pinholes) {}

  struct CallHash {
    std::uint64_t operator()(const H323CallKey& key) const {
      return combine_hash(KeyHash<ConnectionId>()(key.signalling), key.reference);
    }
  };
  BoundedTable<ConnectionId, H323Connection> connections;
  BoundedTable<H323CallKey, H323Call, CallHash> calls;

  /// Opens a pinhole, in place of one with the same key; false if there is no room, not even of
  /// those whose time is over.
  bool open(H323Pinhole pinhole, SimTime now);
  void close(const H323PinholeKey& key) { pinholes_.erase(key); }
  /// The pinhole that the first packet of a connection would pass through; nullptr if none.
  [[nodiscard]] const H323Pinhole* find_pinhole(const FiveTuple& tuple, SimTime now) const;
  [[nodiscard]] const auto& pinholes() const { return pinholes_; }

 private:
  struct PinholeHash {
    std::uint64_t operator()(const H323PinholeKey& key) const {
      const std::uint64_t ends = combine_hash(KeyHash<IpAddress>()(key.from), key.protocol.value);
      return combine_hash(combine_hash(ends, KeyHash<IpAddress>()(key.to)), key.port.value);
    }
  };

  BoundedTable<H323PinholeKey, H323Pinhole, PinholeHash> pinholes_;
};

}  // namespace asaemu
