// Logging: which messages leave the device, at which level, in which form, to which hosts.
//
// Scope: logging enable, timestamp [rfc5424], device-id, facility, trap, host (UDP and TCP, format
//   emblem), message (level, disable), show logging; the rate limits that messages have of
//   themselves (a number of messages in a window that begins with the first); PRI, header forms and tags as in asa-behaviour
//   A.2 to A.4.
// Limitations: no buffer, console, monitor, list, class, rate-limit command, queue, permit-hostdown or
//   standby yet; those lines are accepted as "not modelled". The device's clock shows UTC. What a TCP
//   host's failure does to the device is not modelled yet.
// State: at most kHostMax hosts (asa-behaviour A.1), a level or a disable for messages that have one.
// Validation: header forms against captured lines, quoted in the tests.
// References: asa-behaviour A.1 to A.5, A.8, A.10, T.
#pragma once

#include "model/base/catalogue.hpp"
#include "model/contract/declarations.hpp"
#include "model/logging/header.hpp"
#include "model/logging/outlet.hpp"

#include <map>

namespace asaemu {

/// What Logging needs of the world around the device; all of it outlives the device.
struct LoggingEnvironment {
  const Catalogue* catalogue = nullptr;
  OutletProvider* outlets = nullptr;
  std::uint64_t* message_counts = nullptr;  ///< of the worker, by catalogue index
  LogAccount* account = nullptr;
  std::string_view device;  ///< the device's name in the scenario
};

class Logging final : public Subsystem {
 public:
  static constexpr std::size_t kHostMax = 16;

  explicit Logging(Claims& claims);
  static void declare(Declarations<Logging>& declare);

  /// Called once, before the startup configuration is read.
  void attach(const LoggingEnvironment& environment) { environment_ = environment; }

  /// Takes a message on its way at `now`. `calendar` is the device's clock, `release` decides the wording.
  void log(SimTime now, CalendarTime calendar, const Release& release, std::size_t message_index,
           const std::byte* fields);

 private:
  static constexpr int kNoLevel = -1;

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

  /// How much of a message's rate is used up in the window that began then.
  struct RateWindow {
    SimTime begin{};
    std::uint32_t messages = 0;
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
  void set_trap(Context& context, const Arguments& arguments);
  void add_host(Context& context, const Arguments& arguments);
  void remove_host(Context& context, const Arguments& arguments);
  void set_message(Context& context, const Arguments& arguments);
  void disable_message(Context& context, const Arguments& arguments);
  void enable_message(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);
  void show_message(Context& context, const Arguments& arguments);
  void on_interface(Context& context, const InterfaceConfigured& event);
  void on_hostname(Context& context, const HostnameChanged& event);
  void on_booted(Context& context, const Booted& event);

  [[nodiscard]] bool is_within_rate(SimTime now, const MessageDef& message);
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
  int trap_level_ = kNoLevel;
  std::vector<Host> hosts_;
  std::map<std::uint32_t, Override> overrides_;
  std::map<std::uint32_t, RateWindow> windows_;  ///< by id; at most one for each limited id
  std::uint64_t trap_logged_ = 0;
};

/// Adds logging to the registry and returns its subsystem number.
std::uint16_t register_logging(Registry& registry);

}  // namespace asaemu
