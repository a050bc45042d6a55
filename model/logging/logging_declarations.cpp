// What logging answers: its commands, options and world events.
#include "model/logging/logging.hpp"

#include <array>

namespace asaemu {

void Logging::declare(Declarations<Logging>& declare) {
  declare.option(
      FieldDef{.name = "syslog-line-limit", .kind = FieldKind::kNumber}, "0",
      "longest syslog line in bytes, LF included; strict RFC 3164 is 1024, 0 is no limit");
  declare.option(FieldDef{.name = "syslog-retry", .kind = FieldKind::kDuration}, "0:00:10",
                 "time between two tries to reach a lost TCP syslog server (inferred)");
  declare.option(FieldDef{.name = "syslog-dead-time", .kind = FieldKind::kDuration}, "0:06:00",
                 "time until a TCP syslog server that does not answer any more counts as lost");
  declare.config<&Logging::set_enable>("[no] logging {enable|on}", "Switch logging on");
  declare.config<&Logging::set_flag>(
      "[no] logging {standby|hide username|debug-trace|emblem|flash-bufferwrap|ftp-bufferwrap}",
      "Log on a standby unit, hide user names, log debug output, use EMBLEM in the buffer, save "
      "the "
      "full buffer to flash or FTP");
  declare.config<&Logging::set_permit_hostdown>(
      "[no] logging permit-hostdown",
      "Let new connections pass although no TCP syslog server can be reached");
  declare.config<&Logging::set_timestamp>("logging timestamp [rfc5424]",
                                          "Put the time into messages");
  declare.config<&Logging::clear_timestamp>("no logging timestamp [rfc5424]", "Leave the time out");
  declare.config<&Logging::set_device_id>(
      "logging device-id {hostname|ipaddress <nameif:interface> [system]|string <word:text>|"
      "context-name|cluster-id}",
      "Put the device's name or address into messages");
  declare.config<&Logging::set_device_id>("no logging device-id [<line:was>]",
                                          "Leave the name out");
  declare.config<&Logging::set_facility>("logging facility <number:facility:16-23>",
                                         "Set the syslog facility");
  declare.config<&Logging::set_facility>("no logging facility [<number:facility:16-23>]",
                                         "Return to facility 20");
  declare_destinations(declare);
  declare_hosts(declare);
  declare_identities(declare);
  declare_messages(declare);
  declare_reports(declare);
  declare.on<&Logging::on_interface>();
  declare.on<&Logging::on_hostname>();
  declare.on<&Logging::on_time_zone>();
  declare.on<&Logging::on_failover>();
  declare.on<&Logging::on_booted>();
  declare.on<&Logging::on_shutdown>();
}

void Logging::declare_destinations(Declarations<Logging>& declare) {
  declare.config<&Logging::set_filter>(
      "logging {trap|buffered|console|monitor|history|asdm|mail} <word:level>",
      "Send messages of this level and more severe ones, or of this list, to a destination");
  declare.config<&Logging::set_filter>(
      "no logging {trap|buffered|console|monitor|history|asdm|mail} [<word:level>]",
      "Send nothing to a destination");
  declare.config<&Logging::set_class>(
      "logging class <word:class> <line:levels>",
      "Give a class of messages levels of its own: DESTINATION LEVEL [DESTINATION LEVEL …]");
  declare.config<&Logging::set_class>("no logging class <word:class> [<line:levels>]",
                                      "Treat a class as all others at these destinations");
  declare.config<&Logging::add_to_list>(
      "logging list <word:name> {level <level:level> [class <word:class>]|message <word:ids>}",
      "Add to a list the messages of a level, of a class, or with some ids");
  declare.config<&Logging::remove_list>("no logging list <word:name>", "Remove a list");
  declare.config<&Logging::set_buffer_size>("logging buffer-size <number:bytes:4096-1048576>",
                                            "Set the size of the buffer in bytes");
  declare.config<&Logging::set_buffer_size>("no logging buffer-size [<number:bytes:4096-1048576>]",
                                            "Return to a buffer of 4096 bytes");
  declare.config<&Logging::set_asdm_size>("logging asdm-buffer-size <number:messages:100-512>",
                                          "Set the size of the ASDM buffer in messages");
  declare.config<&Logging::set_asdm_size>("no logging asdm-buffer-size [<number:messages:100-512>]",
                                          "Return to an ASDM buffer of 100 messages");
  declare.config<&Logging::set_flash>(
      "logging {flash-maximum-allocation|flash-minimum-free} <number:kilobytes:4-15750>",
      "Bound what saved buffers take of flash, and leave, in KB");
  declare.config<&Logging::set_flash>(
      "no logging {flash-maximum-allocation|flash-minimum-free} [<number:kilobytes:4-15750>]",
      "Return to 1024 KB that saved buffers may take, or 3076 KB that they leave");
  declare.config<&Logging::set_ftp_server>(
      "logging ftp-server <ip:address> <word:path> <word:user> [0|8] <word:password>",
      "Set where the full buffer is put by FTP");
  declare.config<&Logging::set_ftp_server>("no logging ftp-server [<line:settings>]",
                                           "Put the full buffer nowhere by FTP");
  declare.config<&Logging::set_from_address>("[no] logging from-address <word:address>",
                                             "Set the sender of mailed messages");
  declare.config<&Logging::set_recipient>(
      "[no] logging recipient-address <word:address> [level <level:level>]",
      "Set who gets mailed messages");
}

void Logging::declare_hosts(Declarations<Logging>& declare) {
  declare.config<&Logging::set_queue>("logging queue <number:messages:0-8192>",
                                      "Set the length of the queue; 0 is the longest there is");
  declare.config<&Logging::set_queue>("no logging queue [<number:messages:0-8192>]",
                                      "Return to a queue of 512 messages");
  declare.config<&Logging::add_host>(
      "logging host <nameif:interface> <ip:address> [<word:protocol>] "
      "[format emblem|timestamp {legacy|rfc5424}] [secure [reference-identity <word:name>]] "
      "[permit-hostdown]",
      "Send messages to a syslog server: udp/PORT (17/PORT) or tcp/PORT (6/PORT)");
  declare.config<&Logging::remove_host>(
      "no logging host <nameif:interface> <ip:address> [<line:settings>]",
      "Remove a syslog server");
  static constexpr auto kCollector = std::to_array<std::string_view>(
      {"up", "down", "refused", "closed", "certificate", "blocked", "channel-lost"});
  declare.world_always<&Logging::on_collector>(
      "collector",
      "something happens to a TCP syslog server: it comes up again, no longer answers (down), is "
      "not running (refused), ends the connections once (closed), shows a certificate that is not "
      "accepted (to `secure` hosts), is connected but reads nothing (blocked), or one of the four "
      "channels breaks",
      {{FieldDef{.name = "collector", .kind = FieldKind::kIp},
        "its address as the device knows it"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kCollector},
        "what happens"}});
  static constexpr auto kFtp = std::to_array<std::string_view>({"up", "down", "login-refused"});
  declare.world_always<&Logging::on_ftp_server>(
      "log-ftp-server", "an FTP server that log buffers are put on works, or does not",
      {{FieldDef{.name = "log-ftp-server", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kFtp}, "its state"}});
}

void Logging::declare_messages(Declarations<Logging>& declare) {
  declare.config<&Logging::set_message>(
      "logging message <number:id:100000-999999> level <level:level>", "Change a message's level");
  declare.config<&Logging::enable_message>("logging message <number:id:100000-999999>",
                                           "Enable a disabled message");
  declare.config<&Logging::disable_message>("no logging message <number:id:100000-999999>",
                                            "Disable a message");
  declare.config<&Logging::set_message>(
      "no logging message <number:id:100000-999999> level [<level:level>]",
      "Return a message to its own level");
  declare.config<&Logging::set_rate_limit>(
      "logging rate-limit {unlimited|<number:messages:1-2147483647> "
      "[<number:seconds:1-2147483647>]} "
      "{level <level:level>|message <number:id:100000-999999>}",
      "Let only so many messages of a level, or with an id, pass in so many seconds");
  declare.config<&Logging::clear_rate_limit>(
      "no logging rate-limit [unlimited|<number:messages:1-2147483647> "
      "[<number:seconds:1-2147483647>]] {level <level:level>|message <number:id:100000-999999>}",
      "Return to the limits that messages have of themselves");
  declare.config<&Logging::clear_configuration>(
      "clear configure logging [disabled|level|rate-limit]",
      "Return to no logging at all, or of messages to their own state, level or rate limit");
}

void Logging::declare_reports(Declarations<Logging>& declare) {
  declare.exec<&Logging::show>("show logging [setting]", "Show how and how much is logged");
  declare.exec<&Logging::show_asdm>("show logging asdm", "Show the ASDM buffer");
  declare.exec<&Logging::show_message>("show logging message [all|<number:id:100000-999999>]",
                                       "Show messages whose level or state was changed, or all");
  declare.exec<&Logging::show_queue>("show logging queue", "Show the queue of messages");
  declare.exec<&Logging::show_configuration>("show running-config [all] logging [rate-limit]",
                                             "Show how logging is configured");
  declare.exec<&Logging::clear_buffer>("clear logging buffer", "Empty the buffer");
  declare.exec<&Logging::clear_asdm>("clear logging asdm", "Empty the ASDM buffer");
  declare.exec<&Logging::clear_saves>("clear logging queue bufferwrap",
                                      "Forget full buffers that wait to be saved");
  declare.exec<&Logging::save_log>("logging savelog [<word:name>]", "Save the buffer to flash");
}

}  // namespace asaemu
