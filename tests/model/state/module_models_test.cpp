#include "model/state/module_models.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("a platform knows the modules made for it") {
  const auto known = [](std::string_view platform, std::string_view model) {
    return find_module_model(*find_platform(platform), model) != nullptr;
  };
  CHECK(known("ASA5520", "ASA-SSM-10"));
  CHECK_FALSE(known("ASA5520", "ASA5585-SSP-IPS10"));
  CHECK_FALSE(known("ASA5520", "ips"));
  CHECK(known("ASA5585", "ASA5585-SSP-P60K7"));
  CHECK_FALSE(known("ASA5585", "ASA-SSM-10"));
  CHECK(known("ASA5525", "cxsc"));
  CHECK_FALSE(known("ASA5525", "ASA-SSM-10"));
  CHECK(known("ASA5508", "sfr"));
  CHECK_FALSE(known("ASA5508", "ips"));
  CHECK_FALSE(known("ASAv", "sfr"));
  CHECK_FALSE(known("ASA5525", "nonsense"));
}

TEST_CASE("versions are compared number by number") {
  CHECK((compare_versions("7.1(6)E4", "7.1(6)E4") == 0));
  CHECK((compare_versions("7.1(6)E4", "7.1.6.4") == 0));
  CHECK((compare_versions("7.1(6)E4", "7.1(10)E4") < 0));
  CHECK((compare_versions("7.1(6)E4", "7.1(6)") > 0));
  CHECK((compare_versions("", "0") < 0));
  CHECK((compare_versions("5.3.1-152", "5.3.1-151") > 0));
  CHECK((compare_versions("99999999999999999999", "1") > 0));
}

TEST_CASE("an image's name says its version") {
  CHECK(image_version("disk0:/asasfr-5500x-boot-6.2.3-4.img") == "6.2.3-4");
  CHECK(image_version("tftp://10.0.0.60/IPS-SSM_10-K9-sys-1.1-a-7.0-8-E4.img") == "7.0(8)E4");
  CHECK(image_version("csc6-6.6.1125.0.pkg") == "6.6.1125.0");
  CHECK(image_version("image") == "0");
  CHECK(image_version("") == "0");
}

TEST_CASE("main boards and cards go together by class and restriction") {
  CHECK(ssp_class("ASA5585-SSP-IPS20") == 20);
  CHECK(ssp_class("ASA5585-SSP-P60K7") == 60);
  CHECK(ssp_class("ASA5525") == 0);
  CHECK(go_together("ASA5585-SSP-40", "ASA5585-SSP-IPS40"));
  CHECK_FALSE(go_together("ASA5585-SSP-40", "ASA5585-SSP-IPS20"));
  CHECK_FALSE(go_together("ASA5585-SSP-40", "ASA5585-SSP-P40K7"));
  CHECK(go_together("ASA5585-SSP-40-K7", "ASA5585-SSP-P40K7"));
}
