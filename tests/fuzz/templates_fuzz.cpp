// Any bytes as a catalogue file, laid over the built-in messages where they are right.
#include "model/base/catalogue.hpp"
#include "templates/reader.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asaemu;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CatalogueFiles files;
  Faults faults;
  files.read_text("shun.yaml", text, faults);
  static_cast<void>(faults.to_string());
  if (!faults.empty()) return 0;
  Catalogue catalogue;
  static_cast<void>(catalogue.overlay(files.messages()));
  return 0;
}
