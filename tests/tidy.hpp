// Rules about the tree itself that a compiler does not check: floors, clocks, sizes, comments that
// must be there. Each rule is a function of a file's path and text, so that its negative case is a
// few lines of text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu::tidy {

/// Breaches of a rule, one `path:line: what is wrong; what would be right` each, in the order of
/// lines.
using Findings = std::vector<std::string>;

/// A file of the tree: its path from the root, with `/`, and its bytes.
struct File {
  std::string path;
  std::string text;
};

/// C++ with all comments and the insides of string and character literals blanked. Length, line
/// ends and the paths of #include lines stay as they are.
std::string code_only(std::string_view text);

/// The floor of a file, counted from 1 (base) to 5 (program); 0 for what stands outside the house.
int floor_of(std::string_view path);

/// Includes point down only, and a floor uses only the libraries it may.
Findings check_includes(std::string_view path, std::string_view text);
/// No clock, I/O, thread, chance or unordered container in model/.
Findings check_model(std::string_view path, std::string_view text);
/// A .hpp or .cpp has at most 500 lines.
Findings check_length(std::string_view path, std::string_view text);
/// model/subsystems/ holds only .cpp, whose first comment has its five headings.
Findings check_subsystem(std::string_view path, std::string_view text);
/// A catalogue file has at most 60 messages; a shipped scenario never uses the escape hatch.
Findings check_yaml(std::string_view path, std::string_view text);
/// Nothing put off, and no path or host of one machine.
Findings check_words(std::string_view path, std::string_view text);
/// A test has a name that CTest can carry.
Findings check_test_names(std::string_view path, std::string_view text);
/// All of the above that concern one file.
Findings check_file(std::string_view path, std::string_view text);
/// The names of the folders at the top are those of the layout.
Findings check_folders(const std::vector<std::string>& names);

/// Every file under the root except build/, .git and what editors leave, sorted by path.
std::vector<File> read_tree(const std::filesystem::path& root);
/// The folders at the top, hidden ones included, sorted.
std::vector<std::string> top_folders(const std::filesystem::path& root);

}  // namespace asaemu::tidy
