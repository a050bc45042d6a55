// Flash: the file system disk0:, also called flash:, with what is on it from the factory.
//
// Scope: dir, show flash:, delete, mkdir, rmdir; files that other subsystems have written by the
//   event FlashWriteRequested, or have removed by FlashRemoveRequested. Reloads and power failures leave it as it is.
// Limitations: files have a name, a size and a time but no contents; there is no `copy`, no `cd` and
//   no second disk. Nothing is asked back, with `/noconfirm` or without. Sizes of the disk and of
//   the software image are those of usual devices, not of one device (inferred).
// State: at most Flash::kBound entries in Flash, and the capacity of the platform or of the option
//   `flash-capacity`. A write for which there is no room fails; nothing is removed for it.
// Validation: none; the layouts of `dir` and `show flash:` are from memory of real consoles
//   (inferred).
// References: asa-behaviour C.4 (the archive directory on flash).
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/platform.hpp"

#include <fmt/format.h>

#include <array>

namespace asaemu {

namespace {

/// What a platform's disk is like.
struct Disk {
  std::string_view platform;
  std::uint64_t capacity;
  std::string_view image_suffix;  ///< of the software image's name, behind the release
  std::uint64_t image_size;
};

constexpr std::array<Disk, 11> kDisks{{
    {"ASA1000V", 2'136'547'328, "-smp-k8.bin", 30'468'096},
    {"ASA5505", 127'111'168, "-k8.bin", 30'468'096},
    {"ASA5506", 7'365'472'256, "-lfbff-k8.SPA", 112'478'304},
    {"ASA5508", 7'365'472'256, "-lfbff-k8.SPA", 112'478'304},
    {"ASA5515", 8'238'202'880, "-smp-k8.bin", 111'947'776},
    {"ASA5516", 7'365'472'256, "-lfbff-k8.SPA", 112'478'304},
    {"ASA5520", 255'426'560, "-k8.bin", 30'468'096},
    {"ASA5525", 8'238'202'880, "-smp-k8.bin", 111'947'776},
    {"ASA5545", 8'238'202'880, "-smp-k8.bin", 111'947'776},
    {"ASA5585", 2'136'547'328, "-smp-k8.bin", 111'947'776},
    {"ASAv", 8'571'076'608, "-smp-k8.bin", 111'947'776},
}};

const Disk& disk_of(const Platform& platform) {
  for (const Disk& disk : kDisks) {
    if (disk.platform == platform.name) return disk;
  }
  return kDisks.back();
}

class FlashSubsystem final : public Subsystem {
 public:
  explicit FlashSubsystem(Claims& claims)
      : flash_(claims.own(&DeviceState::flash)),
        capacity_(claims.option<std::uint64_t>("flash-capacity")) {}

  static void declare(Declarations<FlashSubsystem>& declare) {
    declare.option(FieldDef{.name = "flash-capacity", .kind = FieldKind::kNumber}, "0",
                   "bytes on flash, before the software image; 0 is what the platform has");
    declare.exec<&FlashSubsystem::dir>("dir [<word:path>]", "List files on flash");
    declare.exec<&FlashSubsystem::show>("show {flash:|disk0:}", "List all files on flash");
    declare.exec<&FlashSubsystem::delete_file>("delete [/noconfirm] <word:path>", "Delete a file");
    declare.exec<&FlashSubsystem::mkdir>("mkdir [/noconfirm] <word:path>", "Create a directory");
    declare.exec<&FlashSubsystem::rmdir>("rmdir [/noconfirm] <word:path>",
                                         "Remove an empty directory");
    declare.on<&FlashSubsystem::on_booted>();
    declare.on<&FlashSubsystem::on_write>();
    declare.on<&FlashSubsystem::on_remove>();
  }

 private:
  void on_booted(Context& context, const Booted&) { disk(context); }

  void on_write(Context& context, const FlashWriteRequested& wanted) {
    Flash& flash = disk(context);
    wanted.result = wanted.is_directory ? flash.make_directory(wanted.path, context.calendar())
                                        : flash.write(wanted.path, wanted.size, context.calendar());
  }

  void on_remove(Context& context, const FlashRemoveRequested& wanted) {
    wanted.result = disk(context).remove_file(wanted.path);
  }

  /// The file system. When a device is used for the first time there is on it what the factory left
  /// there: the software and a few directories.
  Flash& disk(Context& context) {
    if (flash_.is_formatted()) return flash_;
    const Disk& made = disk_of(context.platform());
    flash_.format(capacity_ != 0 ? capacity_ : made.capacity);
    const Release& release = context.release();
    const auto now = context.calendar();
    flash_.write(
        fmt::format("asa{}-{}{}{}", release.major, release.minor,
                    release.maintenance != 0 ? fmt::format("-{}", release.maintenance) : "",
                    made.image_suffix),
        made.image_size, now);
    flash_.make_directory("log", now);
    flash_.make_directory("coredumpinfo", now);
    return flash_;
  }

  void dir(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments&);

  void delete_file(Context& context, const Arguments& arguments) {
    change(context, arguments, "deleting", &Flash::remove_file);
  }
  void rmdir(Context& context, const Arguments& arguments) {
    change(context, arguments, "Removing dir", &Flash::remove_directory);
  }
  void mkdir(Context& context, const Arguments& arguments) {
    const auto path = Flash::parse_path(arguments.get<std::string>("path"));
    const FlashResult result =
        path ? disk(context).make_directory(*path, context.calendar()) : FlashResult::kNotFound;
    report(context, arguments, "Creating dir", result);
  }

  void change(Context& context, const Arguments& arguments, std::string_view action,
              FlashResult (Flash::*remove)(std::string_view)) {
    const auto path = Flash::parse_path(arguments.get<std::string>("path"));
    report(context, arguments, action,
           path ? (disk(context).*remove)(*path) : FlashResult::kNotFound);
  }

  static void report(Context& context, const Arguments& arguments, std::string_view action,
                     FlashResult result);
  void print_total(Context& context) {
    const Flash& flash = disk(context);
    context.print(
        fmt::format("\n{} bytes total ({} bytes free)\n", flash.capacity(), flash.free_bytes()));
  }

  Flash& flash_;
  std::uint64_t capacity_;
};

/// Why a file operation failed, as the device's file system says it.
std::string_view reason(FlashResult result) {
  switch (result) {
    case FlashResult::kDone:
      break;
    case FlashResult::kNotFound:
      return "No such file or directory";
    case FlashResult::kExists:
      return "File exists";
    case FlashResult::kIsDirectory:
      return "Is a directory";
    case FlashResult::kNotDirectory:
      return "Not a directory";
    case FlashResult::kNotEmpty:
      return "Directory not empty";
    case FlashResult::kNoSpace:
      return "No space left on device";
  }
  return "";
}

void FlashSubsystem::report(Context& context, const Arguments& arguments, std::string_view action,
                            FlashResult result) {
  if (result == FlashResult::kDone) return;
  const auto& given = arguments.get<std::string>("path");
  const auto path = Flash::parse_path(given);
  context.print(fmt::format("\n%Error {} {} ({})\n", action,
                            path ? fmt::format("disk0:/{}", *path) : given, reason(result)));
}

/// `Nov 20 2026 08:00:30`.
std::string stamp(CalendarTime time) {
  std::array<char, kLegacyStampSize> text{};
  write_legacy_stamp(text.data(), time);
  return {text.data(), text.size()};
}

void FlashSubsystem::dir(Context& context, const Arguments& arguments) {
  const auto given = arguments.get_or<std::string>("path", "disk0:");
  const auto path = Flash::parse_path(given);
  const Flash& flash = disk(context);
  const FlashEntry* named = path ? flash.find(*path) : nullptr;
  if (!path || (!path->empty() && named == nullptr)) {
    context.print(fmt::format("\n%Error opening {} (No such file or directory)\n", given));
    return;
  }
  context.print(fmt::format("\nDirectory of disk0:/{}\n\n", *path));
  const bool is_file = named != nullptr && !named->is_directory;
  for (const FlashEntry& entry : flash.all()) {
    if (is_file ? &entry != named : Flash::parent_of(entry.path) != *path) continue;
    const std::string time = stamp(entry.modified);
    constexpr std::size_t kDate = sizeof("Nov 20 2026") - 1;
    const auto name = entry.path.substr(entry.path.rfind('/') + 1);
    context.print(fmt::format("{:<7}{}rwx  {:<13}{} {}  {}\n", entry.number,
                              entry.is_directory ? 'd' : '-', entry.size, time.substr(kDate + 1),
                              time.substr(0, kDate), name));
  }
  print_total(context);
}

void FlashSubsystem::show(Context& context, const Arguments&) {
  context.print("--#--  --length--  -----date/time------  path\n");
  for (const FlashEntry& entry : disk(context).all()) {
    context.print(fmt::format("{:>5}  {:<12}{}  {}\n", entry.number, entry.size,
                              stamp(entry.modified), entry.path));
  }
  print_total(context);
}

}  // namespace

void register_flash(Registry& registry);
void register_flash(Registry& registry) {
  registry.add<FlashSubsystem>("flash");
}

}  // namespace asaemu
