// Logging: which messages leave the device, at which level, in which form, to which destinations.
//
// Scope: logging enable, timestamp [rfc5424], device-id, facility, trap, buffered, buffer-size,
//   console, monitor, list, class, message (level, disable), rate-limit (by message and by level),
//   host (UDP and TCP, format emblem), queue; show logging, show logging message, show logging
//   queue, clear logging; PRI, header forms and tags as in asa-behaviour A.2 to A.4.
// Limitations: hosts take what their transport takes at once, so the queue is never seen filled; no
//   permit-hostdown, standby, hide username, flash or FTP buffers yet: those lines are "not
//   modelled". Console and monitor count what they would show. The device's clock shows UTC. What a
//   TCP host's failure does to the device is not modelled yet. Classes are known by the words that
//   EMBLEM prints, which no source gives for ids above 410000 (asa-behaviour A.8).
// State: at most kHostMax hosts (asa-behaviour A.1), kListsMax lists; a level or a disable for
//   messages that have one; a window for each limited id; the buffer, at most LogBuffer::kSizeMax.
// Validation: header forms against captured lines, quoted in the tests; `show logging` against
//   captured output (asa-behaviour A.10), `show logging queue` against A.7.
// References: asa-behaviour A.1 to A.5, A.7 to A.10, T.
#pragma once

#include "model/base/catalogue.hpp"
#include "model/contract/declarations.hpp"
#include "model/logging/filter.hpp"
#include "model/logging/header.hpp"
#include "model/logging/log_buffer.hpp"
#include "model/logging/outlet.hpp"
#include "model/logging/rate_limits.hpp"
#include "model/logging/witness.hpp"

#include <map>

namespace asaemu {

/// What Logging needs of the world around the device; all of it outlives the device.
struct LoggingEnvironment {
  const Catalogue* catalogue = nullptr;
  OutletProvider* outlets = nullptr;
  std::uint64_t* message_counts = nullptr;  ///< of the worker, by catalogue index
  LogAccount* account = nullptr;
  std::string_view device;     ///< the device's name in the scenario
  Witness* witness = nullptr;  ///< null if nobody watches
};

class Logging final : public Subsystem {
 public:
  static constexpr std::size_t kHostMax = 16;
  static constexpr std::uint64_t kQueueDefault = 512;  ///< messages (asa-behaviour A.1)
  static constexpr std::uint64_t kQueueMax = 8192;

  explicit Logging(Claims& claims);
  static void declare(Declarations<Logging>& declare);

  /// Called once, before the startup configuration is read.
  void attach(const LoggingEnvironment& environment) { environment_ = environment; }

  /// Takes a message on its way at `now`. `calendar` is the device's clock, `release` decides the wording.
  void log(SimTime now, CalendarTime calendar, const Release& release, std::size_t message_index,
           const std::byte* fields);

  /// Collectors' transports may have news.
  void look_at_collectors(Context& context);

 private:
  static constexpr int kNoLevel = DestinationFilter::kNoLevel;

  struct Host {
    std::string interface;
    IpAddress address;
    bool tcp = false;
    Port port{514};
    HeaderForm form;
    HeaderCache header;
    DestinationAccount* account = nullptr;
    Outlet* outlet = nullptr;
  };

  /// A message whose level was changed or which was disabled.
  struct Override {
    bool disabled = false;
    int level = kNoLevel;
  };

  /// Where messages go beside the hosts, and how many did.
  struct Local {
    DestinationFilter filter;
    std::uint64_t logged = 0;
  };

  enum class DeviceId : std::uint8_t {
    kNone,
    kHostname,
    kAddress,
    kString,
    kContextName,
    kClusterId
  };

  void set_enable(Context& context, const Arguments& arguments);
  void set_timestamp(Context& context, const Arguments& arguments);
  void clear_timestamp(Context& context, const Arguments& arguments);
  void set_device_id(Context& context, const Arguments& arguments);
  void set_facility(Context& context, const Arguments& arguments);
  void set_filter(Context& context, const Arguments& arguments);
  void set_class(Context& context, const Arguments& arguments);
  void add_to_list(Context& context, const Arguments& arguments);
  void remove_list(Context& context, const Arguments& arguments);
  void set_rate_limit(Context& context, const Arguments& arguments);
  void clear_rate_limit(Context& context, const Arguments& arguments);
  void set_buffer_size(Context& context, const Arguments& arguments);
  void set_queue(Context& context, const Arguments& arguments);
  void clear_buffer(Context& context, const Arguments& arguments);
  void add_host(Context& context, const Arguments& arguments);
  void remove_host(Context& context, const Arguments& arguments);
  void set_message(Context& context, const Arguments& arguments);
  void disable_message(Context& context, const Arguments& arguments);
  void enable_message(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);
  void show_message(Context& context, const Arguments& arguments);
  void show_queue(Context& context, const Arguments& arguments);
  void show_rate_limit(Context& context, const Arguments& arguments);
  void on_interface(Context& context, const InterfaceConfigured& event);
  void on_hostname(Context& context, const HostnameChanged& event);
  void on_booted(Context& context, const Booted& event);

  static void declare_destinations(Declarations<Logging>& declare);
  static void declare_messages(Declarations<Logging>& declare);

  /// The destination that a command names, nullptr if it names none.
  DestinationFilter* filter_of(const Arguments& arguments);
  void keep(CalendarTime calendar, const Wording& wording, const MessageType& type,
            unsigned severity, const std::byte* fields);
  void renew_headers();
  [[nodiscard]] std::string device_id_text() const;
  void deliver(Host& host, CalendarTime calendar, const Wording& wording, const MessageType& type,
               unsigned severity, const std::byte* fields);

  const DeviceState& state_;
  LoggingEnvironment environment_;
  bool enabled_ = false;
  Timestamp timestamp_ = Timestamp::kNone;
  DeviceId device_id_ = DeviceId::kNone;
  std::string device_id_value_;
  unsigned facility_ = 20;
  DestinationFilter trap_;
  Local console_;
  Local monitor_;
  Local buffered_;
  LogBuffer buffer_;
  HeaderCache buffer_header_;
  MessageLists lists_;
  RateLimits rates_;
  std::uint64_t queue_limit_ = kQueueDefault;
  std::vector<Host> hosts_;
  std::map<std::uint32_t, Override> overrides_;
  std::uint64_t trap_logged_ = 0;
};

/// Adds logging to the registry and returns its subsystem number.
std::uint16_t register_logging(Registry& registry);

}  // namespace asaemu
