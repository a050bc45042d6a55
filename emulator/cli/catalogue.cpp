#include "emulator/cli/commands.hpp"
#include "templates/reader.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

/// A catalogue and the overlay files whose texts it points into.
struct Loaded {
  CatalogueFiles files;
  Catalogue catalogue;
};

}  // namespace

std::shared_ptr<const Catalogue> load_catalogue(const Globals& globals) {
  auto loaded = std::make_shared<Loaded>();
  if (!globals.templates_directory.empty()) {
    Faults faults;
    loaded->files.read_directory(globals.templates_directory, faults);
    if (faults.empty()) {
      for (const auto& fault : loaded->catalogue.overlay(loaded->files.messages())) {
        faults.add(loaded->files.position(fault.definition), fault.what);
      }
    }
    if (!faults.empty()) {
      fmt::print(stderr, "{}", faults.to_string());
      return nullptr;
    }
  }
  return {loaded, &loaded->catalogue};
}

}  // namespace asaemu
