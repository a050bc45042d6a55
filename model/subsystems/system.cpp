// System: what is the device's own and no other subsystem's: name, modes, clock display, reload.
//
// Scope: hostname, domain-name, enable, configure terminal, exit, end, show clock, write memory,
//   reload.
// Limitations: a reload is silent (the boot messages 199xxx are not modelled) and takes the option
//   `boot-time`; no passwords and no privilege levels: every session may do everything; `reload` never
//   asks back.
// State: the identity (two strings).
// Validation: prompts, `write memory` and `show clock` against captured consoles (asa-behaviour G).
// References: asa-behaviour G.1, G.2.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace asaemu {

namespace {

class System final : public Subsystem {
 public:
  explicit System(Claims& claims) : identity_(claims.own(&DeviceState::identity)) {}

  static void declare(Declarations<System>& declare) {
    declare.option(FieldDef{.name = "boot-time", .kind = FieldKind::kDuration}, "0:03:00",
                   "time a reload takes until the device forwards packets again (inferred)");
    declare.command<&System::enable>(kExecMode, "enable", "Turn on privileged commands");
    declare.exec<&System::configure>("configure terminal", "Enter configuration mode");
    declare.exec<&System::exit_session>("{exit|logout|quit}", "Leave the session");
    declare.exec<&System::show_clock>("show clock [detail]", "Show the device's clock");
    declare.exec<&System::write_memory>("{write memory|copy running-config startup-config}",
                                        "Keep the configuration over a reload");
    declare.exec<&System::reload>("reload [noconfirm|quick]",
                                  "Restart the device with its startup configuration");
    declare.exec<&System::nothing>("terminal pager <number:lines:0-2147483647>",
                                   "Lines a page; output is never paged here");
    declare.config<&System::set_hostname>("hostname <word:name>", "Name the device");
    declare.config<&System::set_domain>("domain-name <word:name>", "Set the domain name");
    declare.config<&System::leave_config>("{exit|quit}", "Leave configuration mode");
    declare.config<&System::end>("end", "Return to privileged mode");
  }

 private:
  void enable(Context& context, const Arguments&) { context.enter_mode(kPrivilegedMode, 0); }
  void configure(Context& context, const Arguments&) { context.enter_mode(kConfigMode, 0); }
  void leave_config(Context& context, const Arguments&) { context.leave_mode(); }
  void end(Context& context, const Arguments&) { context.enter_mode(kPrivilegedMode, 0); }
  void nothing(Context&, const Arguments&) {}

  void exit_session(Context& context, const Arguments&) {
    context.print("\nLogoff\n\n");
    context.enter_mode(kExecMode, 0);
  }

  void set_hostname(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    const bool valid =
        name.size() <= 63 && name.find_first_not_of(
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789-_.") == std::string::npos;
    if (!valid) {
      context.print("Command not allowed\nERROR: % Invalid Hostname\n");
      return;
    }
    identity_.hostname = name;
    context.publish(HostnameChanged{});
  }

  void set_domain(Context&, const Arguments& arguments) {
    identity_.domain_name = arguments.get<std::string>("name");
  }

  void show_clock(Context& context, const Arguments& arguments) {
    const auto now = context.calendar();
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(now - day));
    static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    context.print(
        fmt::format("{:02}:{:02}:{:02}.{:03} UTC {} {} {} {}\n", time.hours().count(),
                    time.minutes().count(), time.seconds().count(), time.subseconds().count(),
                    kDays[std::chrono::weekday(day).c_encoding()],
                    kMonths[unsigned{date.month()} - 1], unsigned{date.day()}, int{date.year()}));
    if (arguments.has("detail")) context.print("No time source\n");
  }

  void write_memory(Context& context, const Arguments&) {
    context.request(DeviceRequest::kSaveConfiguration);
  }

  void reload(Context& context, const Arguments&) { context.request(DeviceRequest::kReload); }

  Identity& identity_;
};

}  // namespace

void register_system(Registry& registry);
void register_system(Registry& registry) {
  registry.add<System>("system");
}

}  // namespace asaemu
