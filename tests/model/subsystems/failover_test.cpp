#include "tests/model/asav.hpp"

#include <catch2/catch.hpp>

using namespace asaemu::test;
using namespace std::chrono_literals;

TEST_CASE("a standby unit is told its roles, and what it cannot make sense of") {
  Asav device;
  device.boot().enrol().role("standby");
  device.expect(444306, "%SMART_LIC-6-HA_ROLE_CHANGED: Smart Agent HA role changed to Standby.");
  device.role("standby", "chassis")
      .expect(444306,
              "%SMART_LIC-6-HA_CHASSIS_ROLE_CHANGED: Smart Agent HA chassis role changed to "
              "Standby.")
      .expect_nothing();
  for (int i = 0; i < 2; ++i) device.world("failover-sync", {{"failover-sync", "unreadable"}});
  device
      .expect(
          444303,
          "%SMART_LIC-3-HOT_STANDBY_OUT_OF_SYNC: Smart Licensing agent on hot standby is out of "
          "sync with active Smart Licensing agent.")
      .expect_nothing();
  device.role("active").advance(5s);
  device.expect(444306, "%SMART_LIC-6-HA_ROLE_CHANGED: Smart Agent HA role changed to Active.");
  device.expect(444306, kAuthorized);
  device.expect(444306,
                "%SMART_LIC-6-ID_CERT_RENEW_SUCCESS: Identity certificate renewal successful.");
  device.role("failed").expect_nothing();
  device.role("active");
  device.expect(
      444303,
      "%SMART_LIC-3-INVALID_ROLE_STATE: The current role is not allowed to move to the new role.");
  device.expect_nothing();
}
