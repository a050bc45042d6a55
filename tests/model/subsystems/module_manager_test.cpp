#include "tests/model/subsystems/module_bench.hpp"

using asaemu::ModuleStatus;
using asaemu::SimDuration;
using asaemu::test::ModuleBench;
using namespace std::chrono_literals;

namespace {

/// A card that boots for a minute and takes two to be recovered.
class CardBench : public ModuleBench {
 public:
  explicit CardBench(const std::string& model = "ASA-SSM-10", std::string_view platform = "ASA5520",
                     const std::string& version = "usual")
      : ModuleBench(platform, model, "ips inline fail-open",
                    {{"module-version", version},
                     {"module-boot-time", SimDuration(1min)},
                     {"module-recover-time", SimDuration(2min)}}) {}

  void expect_status(ModuleStatus status) {
    REQUIRE(module() != nullptr);
    CHECK(module_status_name(module()->status) == module_status_name(status));
  }
  CardBench& task(const std::vector<std::pair<std::string, std::string>>& more,
                  const std::string& id = "1") {
    auto fields = more;
    fields.emplace_back("module-task", id);
    world("module-task", fields);
    return *this;
  }
  CardBench& flash(const std::string& state) {
    world("module-flash", {{"module-flash", "1"}, {"state", state}});
    return *this;
  }
  CardBench& recover(const std::string& image) {
    commands({"hw-module module 1 recover configure url tftp://10.0.0.60/" + image,
              "hw-module module 1 recover boot"});
    return *this;
  }
};

}  // namespace

TEST_CASE("a module the device is delivered with is up when it begins and boots with it later") {
  CardBench bench;
  bench.expect_status(ModuleStatus::kUp);
  REQUIRE(bench.module()->version == "7.0(8)E4");
  REQUIRE(bench.module()->id == "1");
  const std::string serial = bench.module()->serial;
  bench.command("reload noconfirm").advance(3min);
  bench.expect_status(ModuleStatus::kInit);
  bench.advance(1min - 1ns);
  bench.expect_status(ModuleStatus::kInit);
  bench.advance(1ns);
  bench.expect_status(ModuleStatus::kUp);
  REQUIRE(bench.module()->serial == serial);
  bench.expect_nothing();
}

TEST_CASE("a module that is put in boots and one that is taken out is gone") {
  CardBench bench("none");
  REQUIRE(bench.module() == nullptr);
  bench.world("module-inserted", {{"module-inserted", "ASA-SSM-20"}});
  bench.expect_status(ModuleStatus::kInit);
  bench.world("module-inserted", {{"module-inserted", "ASA-SSM-40"}});
  REQUIRE(bench.module()->model == "ASA-SSM-20");
  bench.advance(1min - 1ns);
  bench.expect_status(ModuleStatus::kInit);
  bench.module_is("removed");
  REQUIRE(bench.module() == nullptr);
  bench.advance(10min).expect_nothing();
  bench.command("reload noconfirm").advance(10min);
  REQUIRE(bench.module() == nullptr);
}

TEST_CASE("a module of an unknown model is told of and stays unused") {
  CardBench bench("none");
  for (const char* model : {"ASA-NEXT-1", "ASA5585-SSP-IPS10", "sfr"}) {
    bench.world("module-inserted", {{"module-inserted", model}});
    bench.expect(413003, "Module 1 is not a recognized type.");
    bench.expect_status(ModuleStatus::kDown);
    bench.command("hw-module module 1 reset");
    REQUIRE(bench.output() == "ERROR: The module in slot 1 is in \"Down\" state.\n");
    bench.module_is("restarts").advance(10min).expect_nothing();
    bench.expect_status(ModuleStatus::kDown);
    bench.module_is("removed");
  }
  CardBench delivered("ASA-NEXT-1");
  delivered.expect(413003, "Module 1 is not a recognized type.").expect_nothing();
}

TEST_CASE("a module that answers no heartbeats for two seconds is unresponsive") {
  CardBench bench;
  bench.module_is("silent").advance(2s - 1ns);
  bench.expect_status(ModuleStatus::kUp);
  bench.module_is("answers").advance(2s);
  bench.expect_status(ModuleStatus::kUp);
  bench.module_is("silent").advance(2s);
  bench.expect_status(ModuleStatus::kUnresponsive);
  bench.module_is("answers");
  bench.expect_status(ModuleStatus::kUp);
  bench.module_is("restarts");
  bench.module_is("silent").advance(1min);
  bench.expect_status(ModuleStatus::kUnresponsive);
  bench.command("hw-module module 1 reset").advance(1min);
  bench.expect_status(ModuleStatus::kUp);
  bench.expect_nothing();
}

TEST_CASE("a module without data plane takes no traffic until it is back or the module restarts") {
  CardBench bench;
  REQUIRE(bench.module()->takes_traffic());
  bench.module_is("data-plane-down");
  REQUIRE_FALSE(bench.module()->takes_traffic());
  bench.module_is("data-plane-up");
  REQUIRE(bench.module()->takes_traffic());
  bench.module_is("data-plane-down").module_is("restarts").advance(1min);
  REQUIRE(bench.module()->takes_traffic());
}

TEST_CASE("shutdown and reload take their time") {
  CardBench bench;
  bench.command("hw-module module 1 shutdown");
  REQUIRE(bench.output() == "Shutdown issued for module in slot 1.\n");
  bench.expect_status(ModuleStatus::kShuttingDown);
  bench.advance(30s - 1ns);
  bench.expect_status(ModuleStatus::kShuttingDown);
  bench.advance(1ns);
  bench.expect_status(ModuleStatus::kDown);
  bench.command("hw-module module 1 reload");
  REQUIRE(bench.output() == "ERROR: The module in slot 1 is in \"Down\" state.\n");
  bench.command("hw-module module 1 reset").advance(1min);
  bench.expect_status(ModuleStatus::kUp);
  bench.command("hw-module module 1 reload");
  bench.expect_status(ModuleStatus::kReload);
  bench.advance(30s);
  bench.expect_status(ModuleStatus::kInit);
  bench.advance(1min);
  bench.expect_status(ModuleStatus::kUp);
  bench.command("hw-module module 1 password-reset");
  REQUIRE(bench.output() == "Password reset issued for module in slot 1.\n");
  bench.expect_status(ModuleStatus::kUp);
  bench.expect_nothing();
}

TEST_CASE("a busy module refuses to stop and runs what it installed from its next start on") {
  CardBench bench;
  bench.task({{"state", "begins"}});
  bench.command("hw-module module 1 shutdown")
      .expect(413001,
              "Module 1 is not able to shut down. Module Error: 12 Software upgrade in progress");
  bench.command("hw-module module 1 reload")
      .expect(413002,
              "Module 1 is not able to reload. Module Error: 12 Software upgrade in progress");
  bench.expect_status(ModuleStatus::kUp);
  bench.task({{"state", "begins"}, {"task", "Signature update in progress"}, {"error", "8"}});
  bench.command("hw-module module 1 shutdown")
      .expect(413001,
              "Module 1 is not able to shut down. Module Error: 8 Signature update in progress");
  bench.task({{"state", "ends"}, {"version", "7.0(9)E4"}});
  REQUIRE(bench.module()->version == "7.0(8)E4");
  bench.command("hw-module module 1 reload").advance(90s);
  REQUIRE(bench.module()->version == "7.0(9)E4");
  bench.expect_nothing();
}

TEST_CASE("a reset ends what a module is busy with") {
  CardBench bench;
  bench.task({{"state", "begins"}});
  bench.command("hw-module module 1 reset").advance(1min);
  bench.command("hw-module module 1 shutdown").expect_nothing();
  bench.expect_status(ModuleStatus::kShuttingDown);
}

TEST_CASE("a module is recovered with an image") {
  CardBench bench;
  bench.command("hw-module module 1 recover boot");
  REQUIRE(bench.output() == "ERROR: The recover parameters are not configured.\n");
  bench.recover("IPS-SSM_10-K9-sys-1.1-a-6.0-5-E2.img");
  REQUIRE(bench.output() == "Recover issued for module in slot 1.\n");
  bench.expect_status(ModuleStatus::kRecover);
  bench.advance(2min - 1ns);
  bench.expect_status(ModuleStatus::kRecover);
  bench.advance(1ns);
  bench.expect_status(ModuleStatus::kInit);
  bench.advance(1min);
  bench.expect_status(ModuleStatus::kUp);
  REQUIRE(bench.module()->version == "6.0(5)E2");
  bench.expect_nothing();
}

TEST_CASE("an image that cannot be written is tried again") {
  CardBench bench;
  bench.flash("write-failure").recover("IPS-SSM_10-K9-sys-1.1-a-7.0-9-E4.img");
  bench.advance(2min);
  bench.expect(413004,
               "Module in slot 1 failed to write software v7.0(9)E4 (currently v7.0(8)E4), write "
               "failure. Trying again.");
  bench.expect_status(ModuleStatus::kUnresponsive);
  bench.module_is("answers");
  bench.expect_status(ModuleStatus::kUnresponsive);
  bench.flash("no-thread").advance(2min - 1ns).expect_nothing();
  bench.advance(1ns).expect(
      413004,
      "Module in slot 1 failed to write software v7.0(9)E4 (currently v7.0(8)E4), failed to "
      "create a thread to write the image. Trying again.");
  bench.flash("good").advance(2min);
  bench.expect_status(ModuleStatus::kInit);
  bench.advance(1min);
  bench.expect_status(ModuleStatus::kUp);
  REQUIRE(bench.module()->version == "7.0(9)E4");
  bench.expect_nothing();
}

TEST_CASE("a recovery can be stopped") {
  CardBench bench;
  bench.command("hw-module module 1 recover stop");
  bench.expect_status(ModuleStatus::kUp);
  bench.recover("IPS-SSM_10-K9-sys-1.1-a-7.0-9-E4.img");
  bench.command("hw-module module 1 recover stop");
  bench.expect_status(ModuleStatus::kDown);
  bench.advance(10min);
  bench.expect_status(ModuleStatus::kDown);
  bench.command("hw-module module 1 reset").advance(1min);
  REQUIRE(bench.module()->version == "7.0(8)E4");
}

TEST_CASE("a card's application must be its model's and not too old") {
  CardBench oldest("ASA-SSM-10", "ASA5520", "5.1(1)S1");
  oldest.expect_nothing();
  REQUIRE(oldest.module()->takes_traffic());
  CardBench older("ASA-SSM-10", "ASA5520", "5.1(0)S9");
  older.expect(413005,
               "Module ASA-SSM-10 in slot 1, application is not supported IPS version 5.1(0)S9 "
               "type 1");
  older.expect_nothing();
  REQUIRE(older.module()->status == ModuleStatus::kUp);
  REQUIRE_FALSE(older.module()->takes_traffic());
  CardBench other("none");
  other.world("module-inserted", {{"module-inserted", "ASA-SSM-20"},
                                  {"application", "CSC SSM"},
                                  {"version", "6.3.1172.0"},
                                  {"type", "2"}});
  other.advance(1min - 1ns).expect_nothing();
  other.advance(1ns).expect(413005,
                            "Module ASA-SSM-20 in slot 1, application is not supported CSC SSM "
                            "version 6.3.1172.0 type 2");
}

TEST_CASE("a software module's application must not be too old") {
  CardBench good("sfr", "ASA5525", "5.3.1-152");
  good.expect_nothing();
  CardBench old("sfr", "ASA5525", "5.3.1-151");
  old.expect(413005,
             "Module sfr, application is not supported \"ASA FirePOWER\" version \"5.3.1-151\" "
             "type 4.");
  old.expect_nothing();
}

TEST_CASE("the main board of an ASA5585 requires a version of its card") {
  CardBench good("ASA5585-SSP-IPS10", "ASA5585", "7.1(6)E4");
  good.expect_nothing();
  CardBench old("ASA5585-SSP-IPS10", "ASA5585", "7.1(5)E4");
  old.expect(413006,
             "ASA5585-SSP-IPS10 Module software version mismatch; slot 1 is "
             "\"ASA5585-SSP-IPS10\" version \"7.1(5)E4\". Slot 0 \"ASA5585-SSP-10\" requires "
             "version \"7.1(6)E4\"");
  old.expect_nothing();
  REQUIRE_FALSE(old.module()->takes_traffic());
}

TEST_CASE("commands know which module is where") {
  CardBench card;
  card.command("sw-module module ips reset");
  REQUIRE(card.output() == "ERROR: Module ips is not present.\n");
  card.command("sw-module module 1 reset");
  REQUIRE(card.output() == "ERROR: Module 1 is not present.\n");
  card.command("hw-module module 0 reset");
  REQUIRE(card.output() == "ERROR: There is no module in slot 0.\n");
  CardBench software("ips", "ASA5525");
  software.command("hw-module module 1 reset");
  REQUIRE(software.output() == "ERROR: There is no module in slot 1.\n");
  software.command("sw-module module ips reload");
  REQUIRE(software.output() == "Reload issued for module ips.\n");
}

TEST_CASE("an image that takes no time to load takes a second") {
  ModuleBench bench("ASA5520", "ASA-SSM-10", "ips inline fail-open",
                    {{"module-recover-time", SimDuration(0)}});
  bench.world("module-flash", {{"module-flash", "1"}, {"state", "write-failure"}});
  bench.commands({"hw-module module 1 recover configure url tftp://10.0.0.60/x-7.0.img",
                  "hw-module module 1 recover boot"});
  bench.advance(1s - 1ns).expect_nothing();
  bench.advance(1ns).expect(413004,
                            "Module in slot 1 failed to write software v7.0 (currently "
                            "v7.0(8)E4), write failure. Trying again.");
  bench.expect_nothing();
}
