// Any bytes as a scenario: read, expanded, and where they are right and small, tried on devices.
#include "emulator/scenario/plan.hpp"

#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {

/// The text as a file without a name on any disk.
const std::string& write_scenario(std::string_view text) {
  static const int file = memfd_create("scenario", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) < 0) std::abort();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asaemu;
  static const Catalogue catalogue;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Faults faults;
  const Plan plan = read_scenario(write_scenario(text), {}, catalogue, faults);
  static_cast<void>(faults.to_string());
  constexpr std::size_t kSmall = 4;
  if (!faults.empty() || plan.devices.size() > kSmall || plan.steps.size() > kSmall) return 0;
  std::vector<std::string> notes;
  check_on_devices(plan, catalogue, faults, notes);
  return 0;
}
