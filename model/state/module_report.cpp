#include "model/state/module_report.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace asaemu {

namespace {

/// A line in each of the tables.
struct Row {
  std::string id;
  std::string card;
  std::string model;
  std::string serial;
  std::string macs;
  std::string hardware;
  std::string firmware;
  std::string software;
  std::string application;  ///< empty: no line in the table of applications
  std::string application_status;
  std::string application_version;
  std::string status;
  std::string data_plane;
};

struct BoardName {
  std::string_view model;
  std::string_view card;
};

// As captured consoles have them, cut to the column; those not captured are inferred.
constexpr auto kBoards = std::to_array<BoardName>({
    {"ASA5505", "ASA 5505 Adaptive Security Appliance"},
    {"ASA5506", "ASA 5506-X with SW, 8GE Data, 1GE Mgmt, AC"},
    {"ASA5508", "ASA 5508-X with SW, 8GE Data, 1GE Mgmt, AC"},
    {"ASA5515", "ASA 5515-X with SW, 6 GE Data, 1 GE Mgmt, AC"},
    {"ASA5516", "ASA 5516-X with SW, 8GE Data, 1GE Mgmt, AC"},
    {"ASA5520", "ASA 5520 Adaptive Security Appliance"},
    {"ASA5525", "ASA 5525-X with SW, 8 GE Data, 1 GE Mgmt, AC"},
    {"ASA5545", "ASA 5545-X with SW, 8 GE Data, 1 GE Mgmt, AC"},
    {"ASAv", "ASAv"},
});

constexpr std::string_view kUnknown = "Unknown";
constexpr std::string_view kNone = "N/A";
constexpr std::string_view kNotApplicable = "Not Applicable";

std::string board_card(std::string_view model) {
  for (const BoardName& board : kBoards) {
    if (board.model == model) return std::string(board.card);
  }
  return fmt::format("ASA 5585-X Security Services Processor-{} w", ssp_class(model));
}

std::string mac_range(const InterfaceTable& interfaces) {
  MacAddress first;
  MacAddress last;
  for (const Interface& interface : interfaces.all()) {
    if (interface.is_virtual || interface.parent != kNoInterface) continue;
    if (first.value == 0) first = interface.mac;
    last = interface.mac;
  }
  return fmt::format("{} to {}", to_string(first), to_string(last));
}

Row board_row(const ModuleView& view) {
  // The main board of the models without a slot for cards is module 1.
  const auto software = software_modules(view.platform);
  return {.id = software.size() == 1 ? "1" : "0",
          .card = board_card(view.main_board),
          .model = std::string(view.main_board),
          .serial = std::string(kNone),
          .macs = mac_range(view.state.interfaces),
          .hardware = "1.0",
          .firmware = "2.1(9)8",
          .software = view.release,
          .application = {},
          .application_status = {},
          .application_version = {},
          .status = "Up Sys",
          .data_plane = std::string(kNotApplicable)};
}

Row module_row(const ModuleView& view, const Module& module) {
  const bool is_up = module.status == ModuleStatus::kUp;
  const std::string_view card = module.known == nullptr ? kUnknown : module.known->card;
  // A module's own address lies below those of the device's ports.
  const MacAddress mac{view.state.interfaces.all().front().mac.value - 1};
  return {
      .id = module.id,
      .card = std::string(card),
      .model = module.is_software() ? std::string(view.main_board) : module.model,
      .serial = module.serial,
      .macs = fmt::format("{0} to {0}", to_string(mac)),
      .hardware = std::string(module.is_software() ? kNone : "1.0"),
      .firmware = std::string(module.is_software() ? kNone : "1.0(11)5"),
      .software = module.known == nullptr ? "" : module.version,
      .application = is_up ? module.application : "",
      .application_status = is_up && module.is_supported ? "Up" : "Not Supported",
      .application_version = module.version,
      .status = std::string(module_status_name(module.status)),
      .data_plane = std::string(is_up ? module.takes_traffic() ? "Up" : "Down" : kNotApplicable)};
}

/// Software that is not there: its image is missing.
Row absent_row(std::string_view id) {
  return {.id = std::string(id),
          .card = std::string(kUnknown),
          .model = std::string(kNone),
          .serial = std::string(kNone),
          .macs = std::string(kNone),
          .hardware = std::string(kNone),
          .firmware = std::string(kNone),
          .software = {},
          .application = std::string(kUnknown),
          .application_status = "No Image Present",
          .application_version = std::string(kNotApplicable),
          .status = "Unresponsive",
          .data_plane = std::string(kNotApplicable)};
}

std::vector<Row> rows(const ModuleView& view, std::string_view only) {
  std::vector<Row> all{board_row(view)};
  const Module* fitted = view.state.modules.fitted();
  if (fitted != nullptr && !fitted->is_software()) all.push_back(module_row(view, *fitted));
  for (const std::string_view id : software_modules(view.platform)) {
    const Module* module = view.state.modules.find(id);
    all.push_back(module == nullptr ? absent_row(id) : module_row(view, *module));
  }
  if (!only.empty() && only != "all") {
    std::erase_if(all, [only](const Row& row) { return row.id != only; });
  }
  return all;
}

}  // namespace

std::string module_tables(const ModuleView& view, std::string_view only) {
  // Devices with software modules have a wider first column, for their names.
  const std::size_t width = software_modules(view.platform).empty() ? 3 : 4;
  const std::vector<Row> all = rows(view, only);
  std::string text;
  const auto head = [&](std::string_view titles, std::string_view dashes) {
    text +=
        fmt::format("\n{:<{}} {}\n{} {}\n", "Mod", width, titles, std::string(width, '-'), dashes);
  };
  head("Card Type                                    Model              Serial No.",
       "-------------------------------------------- ------------------ -----------");
  for (const Row& row : all) {
    text +=
        fmt::format("{:>{}} {:<44.44} {:<18} {}\n", row.id, width, row.card, row.model, row.serial);
  }
  head("MAC Address Range                 Hw Version   Fw Version   Sw Version",
       "--------------------------------- ------------ ------------ ---------------");
  for (const Row& row : all) {
    text += fmt::format("{:>{}} {:<33} {:<12} {:<12} {}\n", row.id, width, row.macs, row.hardware,
                        row.firmware, row.software);
  }
  head("SSM Application Name           Status           SSM Application Version",
       "------------------------------ ---------------- --------------------------");
  for (const Row& row : all) {
    if (row.application.empty()) continue;
    text += fmt::format("{:>{}} {:<30} {:<16} {}\n", row.id, width, row.application,
                        row.application_status, row.application_version);
  }
  head("Status             Data Plane Status     Compatibility",
       "------------------ --------------------- -------------");
  for (const Row& row : all) {
    text += fmt::format("{:>{}} {:<18} {:<21} \n", row.id, width, row.status, row.data_plane);
  }
  return text + "\n";
}

std::string module_details(const Module& module) {
  const std::string_view data_plane = module.takes_traffic() ? "Up" : "Down";
  return fmt::format(
      "Getting details from the Service Module, please wait...\n\n"
      "Card Type:          {}\n"
      "Model:              {}\n"
      "Hardware version:   {}\n"
      "Serial Number:      {}\n"
      "Software version:   {}\n"
      "App. name:          {}\n"
      "App. Status:        {}\n"
      "App. Status Desc:   {}\n"
      "App. version:       {}\n"
      "Data plane Status:  {}\n"
      "Status:             {}\n",
      module.known->card, module.model, module.is_software() ? kNone : "1.0", module.serial,
      module.version, module.application, module.is_supported ? "Up" : "Not Supported",
      module.is_supported ? "Normal Operation" : "Not Supported", module.version, data_plane,
      module_status_name(module.status));
}

}  // namespace asaemu
