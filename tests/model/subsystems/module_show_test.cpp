#include "tests/model/subsystems/module_bench.hpp"

using asaemu::Release;
using asaemu::test::ModuleBench;

TEST_CASE("show module lists the main board and a card") {
  ModuleBench bench("ASA5520", "ASA-SSM-10", "ips inline fail-open", {}, Release{8, 4, 2, 0});
  const std::string serial = bench.module()->serial;
  bench.command("show module");
  REQUIRE(bench.output() ==
          "\n"
          "Mod Card Type                                    Model              Serial No.\n"
          "--- -------------------------------------------- ------------------ -----------\n"
          "  0 ASA 5520 Adaptive Security Appliance         ASA5520            N/A\n"
          "  1 ASA 5500 Series Security Services Module-10  ASA-SSM-10         " +
              serial +
              "\n"
              "\n"
              "Mod MAC Address Range                 Hw Version   Fw Version   Sw Version\n"
              "--- --------------------------------- ------------ ------------ "
              "---------------\n"
              "  0 001b.2a00.0001 to 001b.2a00.0005  1.0          2.1(9)8      8.4(2)\n"
              "  1 001b.2a00.0000 to 001b.2a00.0000  1.0          1.0(11)5     7.0(8)E4\n"
              "\n"
              "Mod SSM Application Name           Status           SSM Application Version\n"
              "--- ------------------------------ ---------------- "
              "--------------------------\n"
              "  1 IPS                            Up               7.0(8)E4\n"
              "\n"
              "Mod Status             Data Plane Status     Compatibility\n"
              "--- ------------------ --------------------- -------------\n"
              "  0 Up Sys             Not Applicable        \n"
              "  1 Up                 Up                    \n"
              "\n");
  bench.module_is("data-plane-down");
  bench.command("show module 1");
  REQUIRE(bench.output().find("  1 Up                 Down                  \n") !=
          std::string::npos);
  REQUIRE(bench.output().find("Up Sys") == std::string::npos);
}

TEST_CASE("show module lists software modules whose image is missing") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-open");
  bench.command("show module all");
  const std::string text = bench.output();
  for (const char* line :
       {" ips Unknown                                      N/A                N/A\n",
        "cxsc Unknown                        No Image Present Not Applicable\n",
        "cxsc Unresponsive       Not Applicable        \n",
        " sfr FirePOWER Services Software Module           ASA5525            ",
        " sfr ASA FirePOWER                  Up               6.2.3-83\n",
        " sfr Up                 Up                    \n"}) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("a module's details are there while it is up") {
  ModuleBench bench("ASA5508", "sfr", "sfr fail-open");
  bench.command("show module sfr details");
  REQUIRE(bench.output().find("App. name:          ASA FirePOWER\n") != std::string::npos);
  REQUIRE(bench.output().find("Data plane Status:  Up\n") != std::string::npos);
  bench.command("sw-module module sfr shutdown");
  bench.command("show module sfr details");
  REQUIRE(bench.output() == "Unable to read details from the module.\n");
  bench.command("show module ips details");
  REQUIRE(bench.output() == "Unable to read details from the module.\n");
}

TEST_CASE("a session needs a module that is up") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-open");
  bench.command("session sfr console");
  REQUIRE(bench.output().starts_with("Opening command session with module sfr.\n"));
  bench.command("session ips");
  REQUIRE(bench.output() == "ERROR: Module ips is not present.\n");
  bench.command("sw-module module sfr shutdown");
  bench.command("session sfr do setup");
  REQUIRE(bench.output() ==
          "ERROR: Failed opening session with module sfr. Module is in \"Shutting Down\" "
          "state.\n");
}
