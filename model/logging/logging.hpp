// Logging: which messages leave the device, at which level, in which form, to which destinations, and
// what the device does when a syslog server fails.
//
// Scope: the commands of asa-behaviour A.1 that concern syslog, show logging and its relatives, show
//   running-config logging, clear logging, clear configure logging; PRI, header forms and tags as in A.2 to A.4;
//   the queue; TCP servers that are lost and restored, with the denial of new connections (A.6); the
//   buffer saved to flash and FTP; messages 414001 to 414009 and 201008. What happens to a server is
//   told by the world event `collector`, and in real time by its transport (Outlet::status). `crypto ca
//   reference-identity`, as far as `secure` hosts name one. A standby unit has no TCP servers (A.1).
// Limitations: console, monitor, history and mail count what they would show or send. UDP servers
//   never fail by the world: nothing tells a device of it. A server's interface may go down without
//   consequence. A reference identity's cn-id and dns-id are one list of host names to the transport,
//   which has its own rules for a certificate's common name; srv-id and uri-id are not asked for. A change of
//   it reaches a host that is configured, or a device that boots, after it. A standby unit's
//   transports to TCP servers stay connected, but no line leaves by them. `hide username`, `debug-trace` and
//   `smtp-server` change no message of the catalogue. Classes are known by the words that EMBLEM prints, which no source gives for ids above 410000 (A.8). Commands are
//   logged after they were carried out, so that the line that ends logging is not logged itself.
// State: at most kHostMax hosts, ReferenceIdentities::kBound identities, kListsMax lists, kRecipientMax mail recipients; a level or a disable
//   for messages that have one; a window for each limited id; the buffer, at most LogBuffer::kSizeMax, and the ASDM
//   buffer, at most kAsdmMax lines; the queue, at most the platform's longest; kSavesMax buffers to be
//   saved; LogServers (kept over reloads).
// Validation: header forms against captured lines, quoted in the tests; `show logging` against
//   captured output (A.10), `show logging queue` against A.7. Inferred: which lines wait for a lost server, and that they are sent
//   when it is back; that one message 414007 ends a denial by a full queue; the order 414003, 201008; when
//   414005 is logged for a server that was never lost; the layouts of `show running-config logging`.
// References: asa-behaviour A, T; syslog guide 414001 to 414009; ASA command reference (flash limits).
#pragma once

#include "model/base/catalogue.hpp"
#include "model/contract/declarations.hpp"
#include "model/logging/collectors.hpp"
#include "model/logging/filter.hpp"
#include "model/logging/header.hpp"
#include "model/logging/log_buffer.hpp"
#include "model/logging/log_queue.hpp"
#include "model/logging/outlet.hpp"
#include "model/logging/rate_limits.hpp"
#include "model/logging/reference_identities.hpp"
#include "model/logging/witness.hpp"

#include <array>
#include <deque>
#include <map>

namespace asaemu {

struct SyslogPolicy;

/// What Logging needs of the world around the device; all of it outlives the device.
struct LoggingEnvironment {
  const Catalogue* catalogue = nullptr;
  OutletProvider* outlets = nullptr;
  std::uint64_t* message_counts = nullptr;  ///< of the worker, by catalogue index
  LogAccount* account = nullptr;
  std::string_view device;     ///< the device's name in the scenario
  std::uint32_t index = 0;     ///< its number there
  Witness* witness = nullptr;  ///< null if nobody watches
};

class Logging final : public Subsystem {
 public:
  static constexpr std::size_t kHostMax = 16;       ///< asa-behaviour A.1
  static constexpr std::uint64_t kQueueMax = 8192;  ///< messages, of large platforms (A.1)
  static constexpr std::size_t kAsdmDefault = 100;  ///< messages (A.1)
  static constexpr std::size_t kAsdmMax = 512;      ///< messages, as `asdm-buffer-size` allows
  static constexpr std::size_t kRecipientMax = 5;   ///< of mail; ASA command reference
  static constexpr std::size_t kSavesMax = 16;      ///< full buffers that wait to be saved
  static constexpr SimDuration kSaveTime = std::chrono::seconds(1);  ///< until they are; inferred
  /// What a TCP server takes to be connected after it was configured; inferred.
  static constexpr SimDuration kConnectTime = std::chrono::seconds(1);

  explicit Logging(Claims& claims);
  static void declare(Declarations<Logging>& declare);

  /// Called once, before the startup configuration is read.
  void attach(const LoggingEnvironment& environment) { environment_ = environment; }

  /// Takes a message on its way at `now`. `calendar` is the device's clock, `release` decides the wording.
  void log(SimTime now, CalendarTime calendar, const Release& release, std::size_t message_index,
           const std::byte* fields);

  /// Whether a message had consequences, which attend() draws.
  [[nodiscard]] bool has_news() const { return has_news_; }
  void attend(Context& context);

  /// Collectors' transports may have news.
  void look_at_collectors(Context& context);

  /// The device's time is over: hands lines that wait to servers that are there and take them, and
  /// nothing else happens. Returns how many lines are left that a server may yet take. `at` is the
  /// device's clock.
  std::size_t drain(CalendarTime at);

 private:
  static constexpr int kNoLevel = DestinationFilter::kNoLevel;
  /// Of timers.
  enum Tag : std::uint16_t { kRetry, kGiveUp, kConnected, kSave };

  struct Host {
    DestinationAccount* account = nullptr;
    Outlet* outlet = nullptr;  ///< null only while the device boots
    bool flows = true;         ///< lines go to the outlet; otherwise into the queue
    HeaderCache header;

    std::uint64_t number = 0;  ///< never used twice
    std::string interface;
    IpAddress address;
    bool tcp = false;
    bool secure = false;
    std::string reference_identity;
    Port port{514};
    std::optional<Timestamp> own_timestamp;
    HeaderForm form;

    bool is_lost = false;           ///< the device has noticed that it is not connected
    bool by_world = false;          ///< lost, as the world says
    bool by_outlet = false;         ///< lost, as the transport says
    bool is_blocked = false;        ///< takes no more, as the world says
    bool outlet_waits = false;      ///< takes no more, as the transport says
    bool is_connecting = false;     ///< the transport has no answer yet
    bool channel_down = false;      ///< one of several, now
    bool channel_was_lost = false;  ///< one or all, and the server has not been told yet
    bool was_complete = false;      ///< the transport had all its channels when it was last asked
    bool is_announced = false;      ///< nothing more is to be said about its first connection
    CollectorState world = CollectorState::kUp;
    std::uint64_t seen_changes = 0;  ///< of the transport; none seen yet
    SimTime announce_at;
    SimTime lost_at;          ///< tries to connect are counted from here
    CalendarTime lost_since;  ///< UTC; before its first connection, when it was configured
    TimerHandle retry;
    TimerHandle give_up;
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

  /// How TCP servers fared, as `show logging` has it (asa-behaviour A.10).
  struct TcpCounters {
    std::uint64_t not_putable = 0;  ///< lines that a blocked server had to wait for
    std::uint64_t all_down = 0;     ///< lines that came while a server was lost
    std::uint64_t flaps = 0;        ///< of channels
    std::uint64_t lost = 0;         ///< lines that the full queue dropped
  };

  struct FtpServer {
    IpAddress address;
    std::string path;
    std::string user;
  };

  struct Recipient {
    std::string address;
    int level = kNoLevel;
  };

  /// A full buffer on its way to a file.
  struct Save {
    CalendarTime time;
    std::size_t bytes = 0;
  };

  /// What is configured and has no state beside; `clear configure logging` makes it new.
  struct Settings {
    bool enabled = false;
    bool standby = false;
    bool hide_username = true;
    bool debug_trace = false;
    bool permit_hostdown = false;
    bool emblem = false;  ///< in the buffer
    bool flash_wrap = false;
    bool ftp_wrap = false;
    Timestamp timestamp = Timestamp::kNone;
    unsigned facility = 20;
    std::uint64_t flash_allocation = kFlashAllocation;     ///< KB
    std::uint64_t flash_minimum_free = kFlashMinimumFree;  ///< KB
    std::optional<FtpServer> ftp_server;
    std::string from_address;
    std::vector<Recipient> recipients;
  };
  static constexpr std::uint64_t kFlashAllocation = 1024;   ///< KB (asa-behaviour A.1)
  static constexpr std::uint64_t kFlashMinimumFree = 3076;  ///< KB (asa-behaviour A.1)

  enum class DeviceId : std::uint8_t {
    kNone,
    kHostname,
    kAddress,
    kString,
    kContextName,
    kClusterId
  };

  /// Why the denial of new connections may begin or end.
  enum class Why : std::uint8_t { kServer, kQueue, kPolicy, kRemoved, kDisabled };

  void set_enable(Context& context, const Arguments& arguments);
  void set_flag(Context& context, const Arguments& arguments);
  void set_permit_hostdown(Context& context, const Arguments& arguments);
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
  void set_asdm_size(Context& context, const Arguments& arguments);
  void set_queue(Context& context, const Arguments& arguments);
  void set_flash(Context& context, const Arguments& arguments);
  void set_ftp_server(Context& context, const Arguments& arguments);
  void set_from_address(Context& context, const Arguments& arguments);
  void set_recipient(Context& context, const Arguments& arguments);
  void clear_buffer(Context& context, const Arguments& arguments);
  void clear_asdm(Context& context, const Arguments& arguments);
  void clear_saves(Context& context, const Arguments& arguments);
  void save_log(Context& context, const Arguments& arguments);
  void add_host(Context& context, const Arguments& arguments);
  void enter_identity(Context& context, const Arguments& arguments);
  void remove_identity(Context& context, const Arguments& arguments);
  void change_identity(Context& context, const Arguments& arguments);
  void remove_host(Context& context, const Arguments& arguments);
  void set_message(Context& context, const Arguments& arguments);
  void disable_message(Context& context, const Arguments& arguments);
  void enable_message(Context& context, const Arguments& arguments);
  void clear_configuration(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);
  void show_hosts(Context& context);
  void show_asdm(Context& context, const Arguments& arguments);
  void show_message(Context& context, const Arguments& arguments);
  void show_queue(Context& context, const Arguments& arguments);
  void show_configuration(Context& context, const Arguments& arguments);
  void on_interface(Context& context, const InterfaceConfigured& event);
  void on_hostname(Context& context, const HostnameChanged& event);
  void on_time_zone(Context& context, const TimeZoneChanged& event);
  void on_failover(Context& context, const FailoverRoleChanged& event);
  void on_booted(Context& context, const Booted& event);
  void on_shutdown(Context& context, const ShuttingDown& event);
  void on_collector(Context& context, const Arguments& arguments);
  void on_ftp_server(Context& context, const Arguments& arguments);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  static void declare_destinations(Declarations<Logging>& declare);
  static void declare_hosts(Declarations<Logging>& declare);
  static void declare_identities(Declarations<Logging>& declare);
  static void declare_messages(Declarations<Logging>& declare);
  static void declare_reports(Declarations<Logging>& declare);

  /// The destination of this name, as commands have it; nullptr if there is none.
  DestinationFilter* filter_named(std::string_view name);
  [[nodiscard]] std::vector<std::string> configuration() const;
  [[nodiscard]] std::uint64_t partial_writes() const;
  void change_message(std::uint32_t id, const Override& change);
  [[nodiscard]] std::string host_line(const Host& host) const;
  [[nodiscard]] std::string describe_message(std::uint32_t id) const;
  [[nodiscard]] static std::uint64_t queue_max(const Platform& platform);
  void keep(CalendarTime calendar, const Wording& wording, const MessageType& type,
            unsigned severity, const std::byte* fields);
  void find_outlet(Host& host);
  void refresh();
  void renew_headers();
  [[nodiscard]] std::string device_id_text() const;
  char* cut(char* begin, char* end) const;
  void deliver(Host& host, CalendarTime calendar, const Wording& wording, const MessageType& type,
               unsigned severity, const std::byte* fields);
  void hold(Host& host, std::string_view line);
  /// Logs a message that only this host is to have.
  template <class M>
  void tell(Context& context, Host& host, const M& message);

  [[nodiscard]] bool has_tcp_host() const;
  [[nodiscard]] bool must_deny() const;
  void look_at_queue();
  void reconsider(Context& context, Why why);
  void connect(Context& context, Host& host);
  void settle(Context& context, Host& host);
  void lose(Context& context, Host& host);
  void restore(Context& context, Host& host);
  void resume(Context& context, Host& host);
  void announce(Context& context, Host& host);
  void break_channel(Context& context, Host& host);
  void break_off(Host& host);
  void schedule_retry(Context& context, Host& host);
  void apply(Context& context, Host& host, std::string_view state);
  void look_at(Context& context, Host& host);
  bool note_status(Host& host);
  void release(CalendarTime at, Host& host);
  [[nodiscard]] CollectorState state_of(const Host& host) const;

  void save_buffers(Context& context);
  void save_to_ftp(Context& context, const std::string& name);
  FlashResult save_to_flash(Context& context, const std::string& name, std::size_t bytes);

  // What every message needs stands first and together.
  std::size_t line_limit_;  ///< bytes, the LF included; 0 for none
  LoggingEnvironment environment_;
  bool sends_ = true;  ///< to hosts; a standby unit does not unless told to, and then by UDP only
  bool has_news_ = false;
  std::uint64_t trap_logged_ = 0;
  std::vector<Host> hosts_;
  std::vector<Local*> counted_;  ///< of console, monitor, history and mail those that are on
  std::map<std::uint32_t, Override> overrides_;
  Settings settings_;
  DestinationFilter trap_;
  Local buffered_;
  Local asdm_;
  RateLimits rates_;

  const DeviceState& state_;
  SyslogPolicy& policy_;
  LogServers& servers_;
  SimDuration retry_interval_;
  SimDuration dead_time_;
  DeviceId device_id_ = DeviceId::kNone;
  std::string device_id_value_;
  Local console_;
  Local monitor_;
  Local history_;
  Local mail_;
  LogBuffer buffer_;
  HeaderCache buffer_header_;
  std::deque<std::string> asdm_lines_;
  std::size_t asdm_size_ = kAsdmDefault;
  MessageLists lists_;
  LogQueue queue_;
  std::uint64_t queue_setting_ = LogQueue::kLimitDefault;
  ReferenceIdentities identities_;
  std::uint64_t next_host_ = 0;
  bool is_standby_ = false;
  TcpCounters tcp_;
  bool queue_denies_ = false;  ///< it was full and is not empty yet
  bool has_overflowed_ = false;
  std::deque<Save> saves_;
  std::size_t full_bytes_ = 0;  ///< of the buffer that has just begun anew
  CalendarTime full_at_;
};

/// Adds logging to the registry and returns its subsystem number.
std::uint16_t register_logging(Registry& registry);

}  // namespace asaemu
