#include "templates/tool/output.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <system_error>

namespace asaemu {
namespace {

namespace fs = std::filesystem;

bool has_content(const fs::path& path, std::string_view content) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  return std::string(std::istreambuf_iterator<char>(file), {}) == content;
}

}  // namespace

std::string write_if_changed(const fs::path& path, std::string_view content) {
  if (has_content(path, content)) return "";
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return fmt::format("{}: {}", path.parent_path().string(), error.message());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  return file ? "" : fmt::format("{}: cannot be written", path.string());
}

std::string remove_others(const fs::path& folder, const std::set<std::string>& keep) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const fs::path& file = at->path();
    if (file.extension() != ".hpp" || keep.contains(file.filename().string())) continue;
    std::error_code removal;
    fs::remove(file, removal);
    if (removal) return fmt::format("{}: {}", file.string(), removal.message());
  }
  return error ? fmt::format("{}: {}", folder.string(), error.message()) : "";
}

}  // namespace asaemu
