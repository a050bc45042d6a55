// The files of a scenario: the one that is run and all that it includes.
#pragma once

#include "emulator/yaml/document.hpp"

#include <filesystem>
#include <vector>

namespace asaemu {

/// How deep includes may nest.
inline constexpr std::size_t kIncludeDepthMax = 8;

/// A file of a scenario, or a scenario or part that ships inside the program.
struct Source {
  Document document;
  std::filesystem::path directory;  ///< what paths in it are relative to
  bool is_shipped = false;          ///< then there is no directory
};

/// Loads a scenario with its includes, each file once, included files before those that include
/// them; the last one is the scenario itself. Empty if that could not be read. See read_scenario()
/// for `file_or_name`.
std::vector<Source> load_sources(const std::string& file_or_name, Faults& faults);

/// Whether this means a file rather than a shipped scenario: it has a `/`, ends in .yaml or .yml,
/// or exists.
bool means_file(const std::string& file_or_name);

/// Names of the shipped scenarios, parts for inclusion (`parts/…`) left out.
std::vector<std::string_view> shipped_names();

}  // namespace asaemu
