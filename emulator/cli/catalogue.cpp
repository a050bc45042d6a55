#include "emulator/cli/commands.hpp"
#include "templates/reader.hpp"

#include <fmt/format.h>

#include <charconv>

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

std::string check_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error == std::errc{} && stop == end) return {};
  return fmt::format("'{}' is no seed; a whole number from 0 to {} is", text, ~std::uint64_t{0});
}

}  // namespace asaemu
