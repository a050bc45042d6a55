#include "tests/tidy.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

namespace asaemu::tidy {

namespace {

constexpr std::size_t kLinesMax = 500;
constexpr std::size_t kMessagesMax = 60;
constexpr auto kNowhere = std::string_view::npos;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_cpp(std::string_view path) {
  return path.ends_with(".hpp") || path.ends_with(".cpp");
}

bool is_yaml(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

std::size_t line_at(std::string_view text, std::size_t place) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, place), '\n'));
}

std::string finding(std::string_view path, std::size_t line, std::string_view what) {
  return fmt::format("{}:{}: {}", path, line, what);
}

/// The first place from `from` on where `word` stands and is not part of a longer word.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != kNowhere; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
    const bool ends = end == text.size() || !is_word(text[end]) || !is_word(word.back());
    if (begins && ends) return at;
  }
  return kNowhere;
}

/// The last word of `text`, empty if it does not end with one. Blanks at the end are passed over.
std::string_view last_word(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  return text.substr(begin);
}

struct Include {
  std::size_t line;
  bool quoted;
  std::string name;
};

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> includes;
  const std::string code = code_only(text);
  for (std::size_t at = code.find('#'); at != kNowhere; at = code.find('#', at + 1)) {
    const std::size_t word = code.find_first_not_of(" \t", at + 1);
    if (word == kNowhere || code.compare(word, 7, "include") != 0) continue;
    const std::size_t open = code.find_first_not_of(" \t", word + 7);
    if (open == kNowhere || (code[open] != '"' && code[open] != '<')) continue;
    const std::size_t close = code.find(code[open] == '"' ? '"' : '>', open + 1);
    includes.push_back(
        {line_at(code, at), code[open] == '"', code.substr(open + 1, close - open - 1)});
  }
  return includes;
}

// Standard headers that bring in what the model must not have.
constexpr std::array kBannedHeaders =
    std::to_array<std::string_view>({"barrier",       "condition_variable",
                                     "csignal",       "cstdio",
                                     "ctime",         "filesystem",
                                     "fstream",       "future",
                                     "iostream",      "istream",
                                     "latch",         "mutex",
                                     "ostream",       "print",
                                     "random",        "semaphore",
                                     "shared_mutex",  "stop_token",
                                     "syncstream",    "thread",
                                     "unordered_map", "unordered_set",
                                     "fmt/os.h",      "fmt/ostream.h"});

/// Why a file of model/ may not include this from outside the tree; nothing if it may.
std::optional<std::string> library_fault(std::string_view path, const std::string& name) {
  if (path == "model/base/assert.hpp" && name == "cstdio") return std::nullopt;
  if (std::ranges::find(kBannedHeaders, name) != kBannedHeaders.end()) {
    return fmt::format("<{}> in the model; clock, chance and output are passed in", name);
  }
  const bool standard = name.find_first_of("./") == std::string::npos;
  if (standard || name.starts_with("fmt/")) return std::nullopt;
  return fmt::format("<{}> in the model; it may use the standard library and fmt", name);
}

/// Why a file may not include this file of the tree; nothing if it may.
std::optional<std::string> floor_fault(std::string_view path, const std::string& name) {
  const int from = floor_of(path);
  const int to = floor_of(name);
  if (name.starts_with("model/subsystems/")) {
    return fmt::format("includes subsystem {}; share a table in model/state/ or an event", name);
  }
  if (to == 0 && (from < 5 || name.starts_with("tests/") || name.starts_with('.'))) {
    return fmt::format("includes \"{}\"; includes are from the root and stay in the house", name);
  }
  if (to > from)
    return fmt::format("floor {} includes {} of floor {}; includes point down", from, name, to);
  return std::nullopt;
}

/// A word of code that the model may not use, and what to do instead. With `(` at its end: only as
/// a call of a free function, so that members of that name are left alone.
struct Ban {
  std::string_view word;
  std::string_view instead;
};

constexpr std::string_view kUseTime = "the model is given its time (model/base/time.hpp)";
constexpr std::string_view kUseTransport = "output goes through model/logging/ to a transport";
constexpr std::string_view kUseRandom = "use model/base/random.hpp";
constexpr std::string_view kUseOwner = "a worker owns its devices; the model has no threads";
constexpr std::string_view kUseOrdered =
    "its order differs between machines; use an ordered container";
constexpr std::string_view kUseScenario =
    "what comes from outside comes as configuration or a stimulus";

constexpr std::array kBans = std::to_array<Ban>({
    {"system_clock", kUseTime},
    {"steady_clock", kUseTime},
    {"high_resolution_clock", kUseTime},
    {"utc_clock", kUseTime},
    {"file_clock", kUseTime},
    {"time(", kUseTime},
    {"std::clock(", kUseTime},
    {"clock_gettime(", kUseTime},
    {"gettimeofday(", kUseTime},
    {"timespec_get(", kUseTime},
    {"localtime(", kUseTime},
    {"localtime_r(", kUseTime},
    {"gmtime(", kUseTime},
    {"gmtime_r(", kUseTime},
    {"current_zone(", kUseTime},
    {"sleep(", kUseTime},
    {"usleep(", kUseTime},
    {"nanosleep(", kUseTime},
    {"this_thread", kUseOwner},
    {"thread_local", kUseOwner},
    {"std::thread", kUseOwner},
    {"std::jthread", kUseOwner},
    {"std::mutex", kUseOwner},
    {"std::async", kUseOwner},
    {"rand(", kUseRandom},
    {"srand(", kUseRandom},
    {"drand48(", kUseRandom},
    {"getrandom(", kUseRandom},
    {"random_device", kUseRandom},
    {"printf(", kUseTransport},
    {"fprintf(", kUseTransport},
    {"vprintf(", kUseTransport},
    {"vfprintf(", kUseTransport},
    {"dprintf(", kUseTransport},
    {"sprintf(", "use model/base/print.hpp or fmt"},
    {"snprintf(", "use model/base/print.hpp or fmt"},
    {"vsnprintf(", "use model/base/print.hpp or fmt"},
    {"puts(", kUseTransport},
    {"fputs(", kUseTransport},
    {"putchar(", kUseTransport},
    {"fwrite(", kUseTransport},
    {"fmt::print", kUseTransport},
    {"fmt::println", kUseTransport},
    {"std::cout", kUseTransport},
    {"std::cerr", kUseTransport},
    {"std::clog", kUseTransport},
    {"stdout", kUseTransport},
    {"stderr", kUseTransport},
    {"spdlog", kUseTransport},
    {"std::cin", kUseScenario},
    {"fopen(", kUseScenario},
    {"std::ifstream", kUseScenario},
    {"std::ofstream", kUseScenario},
    {"std::filesystem", kUseScenario},
    {"getenv(", kUseScenario},
    {"std::system(", kUseScenario},
    {"socket(", kUseTransport},
    {"YAML", kUseScenario},
    {"boost", kUseTransport},
    {"unordered_map", kUseOrdered},
    {"unordered_set", kUseOrdered},
    {"unordered_multimap", kUseOrdered},
    {"unordered_multiset", kUseOrdered},
});

/// Whether the name at `at` is that of a member or of a function declared here: `x.time(`,
/// `Timer::time(`, `SimTime time(`, and `time()`, for C's takes an argument. `std::time(`,
/// `::time(` and `return time(` are calls.
bool is_own_name(std::string_view code, std::size_t at) {
  const std::string_view before = code.substr(0, at);
  if (code.substr(at).starts_with("time()")) return true;
  if (before.ends_with('.') || before.ends_with("->")) return true;
  if (before.ends_with("::")) {
    const std::string_view scope = last_word(before.substr(0, before.size() - 2));
    return !scope.empty() && scope != "std" && scope != "return";
  }
  if (before.ends_with("> ") || before.ends_with("& ") || before.ends_with("* ")) {
    return !before.ends_with("&& ");
  }
  const std::string_view word = last_word(before);
  return !word.empty() && word != "return" && word != "else" && word != "do";
}

// Folders of this machine alone, spelled so that this file is clean itself.
constexpr std::array kMachinePaths =
    std::to_array<std::string_view>({"/home/", "/work/", "/tmp/", "/root/"});
constexpr std::array kHostSuffixes =
    std::to_array<std::string_view>({".internal", ".localdomain", ".lan", ".corp", ".intranet"});
constexpr std::array kPutOff =
    std::to_array<std::string_view>({"TO"
                                     "DO",
                                     "FIX"
                                     "ME"});

/// Whether a path begins at `at`, as opposed to a longer one going on: `build/tmp/`, `${x}/tmp/`.
bool path_begins(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return !is_word(before) && std::string_view(".-~}*@)").find(before) == kNowhere;
}

void find_machine_paths(std::string_view path, std::string_view text, Findings& findings) {
  for (const std::string_view folder : kMachinePaths) {
    for (std::size_t at = text.find(folder); at != kNowhere; at = text.find(folder, at + 1)) {
      if (!path_begins(text, at)) continue;
      findings.push_back(finding(
          path, line_at(text, at),
          fmt::format("{} is a path of one machine; use one from the root of the tree", folder)));
    }
  }
}

/// In C++ only comments and literals are looked at: `state.internal` is code.
void find_hosts(std::string_view path, std::string_view text, Findings& findings) {
  const std::string code = is_cpp(path) ? code_only(text) : std::string(text.size(), ' ');
  for (const std::string_view suffix : kHostSuffixes) {
    for (std::size_t at = find_word(text, suffix, 0); at != kNowhere;
         at = find_word(text, suffix, at + 1)) {
      const std::size_t end = at + suffix.size();
      const bool named =
          at > 0 && is_word(text[at - 1]) && (end == text.size() || text[end] != '-');
      if (!named || code[at] != ' ') continue;
      findings.push_back(
          finding(path, line_at(text, at), "the host name of a private network; use example.com"));
    }
  }
}

/// The places of a key anywhere in a YAML tree.
void find_key(const YAML::Node& node, std::string_view key, std::vector<std::size_t>& lines) {
  if (node.IsSequence()) {
    for (const auto& item : node) find_key(item, key, lines);
  } else if (node.IsMap()) {
    for (const auto& item : node) {
      if (item.first.IsScalar() && item.first.Scalar() == key) {
        lines.push_back(static_cast<std::size_t>(item.first.Mark().line) + 1);
      }
      find_key(item.second, key, lines);
    }
  }
}

}  // namespace

int floor_of(std::string_view path) {
  if (path.starts_with("model/base/")) return 1;
  if (path.starts_with("model/state/")) return 2;
  // Generated from templates/: the subsystems' words, so not for the floors below them.
  if (path.starts_with("messages/")) return 3;
  if (path.starts_with("model/contract/") || path.starts_with("model/subsystems/")) return 3;
  if (path.starts_with("model/")) return 4;
  if (path.starts_with("emulator/") || path.starts_with("templates/")) return 5;
  return 0;
}

Findings check_includes(std::string_view path, std::string_view text) {
  Findings findings;
  const int floor = floor_of(path);
  if (floor == 0 || !is_cpp(path)) return findings;
  for (const Include& include : includes_of(text)) {
    std::optional<std::string> fault;
    if (include.quoted) {
      fault = floor_fault(path, include.name);
    } else if (floor < 5) {
      fault = library_fault(path, include.name);
    }
    if (fault) findings.push_back(finding(path, include.line, *fault));
  }
  return findings;
}

Findings check_model(std::string_view path, std::string_view text) {
  Findings findings;
  if (!path.starts_with("model/") || !is_cpp(path) || path == "model/base/assert.hpp")
    return findings;
  const std::string code = code_only(text);
  for (const Ban& ban : kBans) {
    const bool call = ban.word.ends_with('(');
    for (std::size_t at = find_word(code, ban.word, 0); at != kNowhere;
         at = find_word(code, ban.word, at + 1)) {
      if (call && is_own_name(code, at)) continue;
      findings.push_back(finding(path, line_at(code, at),
                                 fmt::format("{} in the model; {}", ban.word, ban.instead)));
    }
  }
  return findings;
}

Findings check_length(std::string_view path, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  if (!is_cpp(path) || lines <= kLinesMax) return {};
  return {finding(path, lines, fmt::format("{} lines; split what is over {}", lines, kLinesMax))};
}

Findings check_subsystem(std::string_view path, std::string_view text) {
  if (!path.starts_with("model/subsystems/")) return {};
  if (!path.ends_with(".cpp")) {
    return {finding(path, 1, "not a .cpp; what others need of a subsystem goes to model/state/")};
  }
  // The first comment, a line at a time, without its slashes.
  std::vector<std::string_view> comment;
  while (text.starts_with("//")) {
    std::string_view line = text.substr(2, std::min(text.find('\n'), text.size()) - 2);
    text.remove_prefix(std::min(line.size() + 3, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" /"), line.size()));
    comment.push_back(line);
  }
  Findings findings;
  for (const std::string_view heading :
       {"Scope:", "Limitations:", "State:", "Validation:", "References:"}) {
    const auto begins = [heading](std::string_view line) { return line.starts_with(heading); };
    if (std::ranges::none_of(comment, begins)) {
      findings.push_back(
          finding(path, 1, fmt::format("the first comment has no line beginning `{}`", heading)));
    }
  }
  return findings;
}

Findings check_yaml(std::string_view path, std::string_view text) {
  const bool catalogue = path.starts_with("templates/");
  if (!is_yaml(path) || (!catalogue && !path.starts_with("scenarios/"))) return {};
  Findings findings;
  try {
    const YAML::Node document = YAML::Load(std::string(text));
    if (catalogue) {
      const YAML::Node messages = document["messages"];
      if (messages && messages.size() > kMessagesMax) {
        findings.push_back(finding(path, 1,
                                   fmt::format("{} messages; a family over {} wants to be two",
                                               messages.size(), kMessagesMax)));
      }
    } else {
      std::vector<std::size_t> lines;
      find_key(document, "emit", lines);
      for (const std::size_t line : lines) {
        findings.push_back(
            finding(path, line, "a shipped scenario uses emit; let the state cause the message"));
      }
    }
  } catch (const YAML::Exception& error) {
    findings.push_back(finding(path, static_cast<std::size_t>(error.mark.line) + 1, error.msg));
  }
  return findings;
}

Findings check_words(std::string_view path, std::string_view text) {
  Findings findings;
  for (const std::string_view word : kPutOff) {
    for (std::size_t at = find_word(text, word, 0); at != kNowhere;
         at = find_word(text, word, at + 1)) {
      findings.push_back(
          finding(path, line_at(text, at), fmt::format("{}; do it now or name it an issue", word)));
    }
  }
  if (path.starts_with("tests/")) return findings;
  find_machine_paths(path, text, findings);
  find_hosts(path, text, findings);
  return findings;
}

Findings check_test_names(std::string_view path, std::string_view text) {
  Findings findings;
  if (!path.starts_with("tests/") || !path.ends_with(".cpp")) return findings;
  constexpr std::string_view kOpening = "\nTEST_CASE(\"";
  for (std::size_t at = text.find(kOpening); at != kNowhere; at = text.find(kOpening, at + 1)) {
    const std::string_view rest = text.substr(at + kOpening.size());
    const std::string_view name = rest.substr(0, rest.find('"'));
    if (name.find_first_of(";[]\\") == kNowhere && !name.starts_with('-')) continue;
    findings.push_back(finding(path, line_at(text, at + 1),
                               "CTest loses tests whose names hold ; [ ] or \\ or begin with -; "
                               "say it in other words"));
  }
  return findings;
}

Findings check_file(std::string_view path, std::string_view text) {
  Findings all;
  for (const auto check : {check_includes, check_model, check_length, check_subsystem, check_yaml,
                           check_words, check_test_names}) {
    Findings some = check(path, text);
    all.insert(all.end(), std::move_iterator(some.begin()), std::move_iterator(some.end()));
  }
  return all;
}

Findings check_folders(const std::vector<std::string>& names) {
  constexpr std::array kLayout = std::to_array<std::string_view>(
      {"emulator", "model", "scenarios", "templates", "tests", ".ci", ".git", "build", ".cache"});
  Findings findings;
  for (const std::string& name : names) {
    if (std::ranges::find(kLayout, name) != kLayout.end()) continue;
    findings.push_back(fmt::format(
        "{}/: not in the layout; a new folder at the top needs a reason in README.md", name));
  }
  return findings;
}

std::vector<File> read_tree(const std::filesystem::path& root) {
  std::vector<File> files;
  namespace fs = std::filesystem;
  for (fs::recursive_directory_iterator entry(root), end; entry != end; ++entry) {
    const std::string path = entry->path().lexically_relative(root).generic_string();
    if (path == "build" || path == ".git" || path == ".cache") {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && !path.ends_with(".swp") &&
               path != "compile_commands.json") {
      std::ifstream stream(entry->path(), std::ios::binary);
      if (!stream) throw std::runtime_error("cannot read " + path);
      files.push_back({path, {std::istreambuf_iterator<char>(stream), {}}});
    }
  }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

std::vector<std::string> top_folders(const std::filesystem::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace asaemu::tidy
