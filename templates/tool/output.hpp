// Generated files, written so that an unchanged one causes no rebuild.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace asaemu {

/// Writes the file, and folders it needs, unless it has this content already. Empty on success,
/// else why not.
std::string write_if_changed(const std::filesystem::path& path, std::string_view content);

/// Removes generated headers of the folder that are not in `keep` (file names): a family that is
/// gone must not compile any more. Empty on success, else why not.
std::string remove_others(const std::filesystem::path& folder, const std::set<std::string>& keep);

}  // namespace asaemu
