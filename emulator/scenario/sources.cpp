#include "emulator/scenario/sources.hpp"

#include "emulator/scenario/scope.hpp"
#include "emulator/yaml/embedded.hpp"
#include "emulator/yaml/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace asaemu {

namespace {

constexpr std::string_view kPartsFolder = "parts/";

bool has_yaml_ending(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}

const EmbeddedFile* find_shipped(std::string_view name) {
  const auto all = embedded_scenarios();
  const auto found = std::ranges::find(all, name, &EmbeddedFile::name);
  return found == all.end() ? nullptr : &*found;
}

std::string_view line_of(std::string_view text, unsigned number) {
  for (; number > 1; --number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// Braces of `${name}` and `{n}` are YAML's own inside `{…}` and `[…]`; its complaint does not say
/// so.
bool has_place(std::string_view line) {
  constexpr std::array<std::string_view, 5> kPlaces{"${", "{n}", "{n/", "{n%", "{name}"};
  return std::ranges::any_of(
      kPlaces, [&](std::string_view place) { return line.find(place) != std::string_view::npos; });
}

std::optional<Document> load(const std::string& name, std::string_view text, Faults& faults) {
  Faults found;
  auto document = Document::load_text(name, text, found);
  for (Fault& fault : found.sorted()) {
    const bool is_duplicate = fault.what.starts_with("duplicate key");
    if (!is_duplicate && fault.where.line > 0 && has_place(line_of(text, fault.where.line))) {
      fault.what += "; text with ${…} or {n} needs quotes inside {…} and […]";
    }
    faults.add(std::move(fault.where), std::move(fault.what));
  }
  return document;
}

class Loader {
 public:
  explicit Loader(Faults& faults) : faults_(faults) {}

  void load_file(const std::filesystem::path& path) {
    if (!is_new(std::filesystem::weakly_canonical(path, ignored_).string())) return;
    const auto text = read_text_file(path.string(), kDocumentSizeMax, faults_);
    if (!text) return;
    if (auto document = load(path.string(), *text, faults_)) {
      add(Source{std::move(*document), path.parent_path(), false});
    }
  }

  void load_shipped(const EmbeddedFile& file) {
    const std::string name = fmt::format("shipped:{}", file.name);
    if (!is_new(name)) return;
    if (auto document = load(name, file.text, faults_)) {
      add(Source{std::move(*document), {}, true});
    }
  }

  std::vector<Source> take() { return std::move(sources_); }

 private:
  /// Whether a file is met for the first time. One that is still open includes itself.
  bool is_new(const std::string& identity) {
    if (std::ranges::find(open_, identity) != open_.end()) {
      faults_.add(include_, "this includes a file that includes this one; it would never end");
      return false;
    }
    identity_ = identity;
    return known_.insert(identity).second;
  }

  void add(Source source) {
    open_.push_back(identity_);
    if (const Node* includes = source.document.root().find("includes")) follow(source, *includes);
    open_.pop_back();
    sources_.push_back(std::move(source));
  }

  void follow(const Source& from, const Node& includes) {
    if (!includes.is_sequence()) {
      faults_.add(includes.position(),
                  fmt::format("includes must be a list of files, found {}", shown(includes)));
      return;
    }
    for (const Node* include : includes.items()) {
      include_ = include->position();
      if (!include->is_scalar() || include->text().empty()) {
        faults_.add(include_, fmt::format("an include must be a file or a shipped part, found {}",
                                          shown(*include)));
      } else if (open_.size() > kIncludeDepthMax) {
        faults_.add(include_, fmt::format("includes nest more than {} deep", kIncludeDepthMax));
        return;
      } else {
        follow_one(from, include->text());
      }
    }
  }

  void follow_one(const Source& from, std::string_view name) {
    if (!has_yaml_ending(name)) {
      if (const EmbeddedFile* part = find_shipped(name)) return load_shipped(*part);
      std::vector<std::string_view> names;
      for (const EmbeddedFile& file : embedded_scenarios()) {
        if (file.name.starts_with(kPartsFolder)) names.push_back(file.name);
      }
      faults_.add(include_, fmt::format("{} is no shipped part{}", asaemu::quoted(name),
                                        suggest(name, names, "a file's name ends in .yaml")));
    } else if (from.is_shipped) {
      faults_.add(include_, "a shipped scenario can include shipped parts only");
    } else {
      load_included_file(from, name);
    }
  }

  void load_included_file(const Source& from, std::string_view name) {
    const std::filesystem::path path = from.directory / name;
    std::error_code error;
    if (std::filesystem::exists(path, error)) return load_file(path);
    faults_.add(include_, fmt::format("there is no file {}", asaemu::quoted(name)));
  }

  Faults& faults_;
  std::error_code ignored_;
  Position include_;               ///< of the include that is followed
  std::string identity_;           ///< of the file that is loaded
  std::vector<std::string> open_;  ///< files whose includes are being followed
  std::set<std::string> known_;
  std::vector<Source> sources_;
};

}  // namespace

bool means_file(const std::string& file_or_name) {
  std::error_code error;
  return file_or_name.find('/') != std::string::npos || has_yaml_ending(file_or_name) ||
         std::filesystem::exists(file_or_name, error);
}

std::vector<std::string_view> shipped_names() {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : embedded_scenarios()) {
    if (!file.name.starts_with(kPartsFolder)) names.push_back(file.name);
  }
  return names;
}

std::vector<Source> load_sources(const std::string& file_or_name, Faults& faults) {
  Loader loader(faults);
  if (means_file(file_or_name)) {
    loader.load_file(file_or_name);
  } else if (const EmbeddedFile* file = find_shipped(file_or_name)) {
    loader.load_shipped(*file);
  } else {
    faults.add(
        {file_or_name.empty() ? "SCENARIO" : file_or_name},
        fmt::format("there is neither a file nor a shipped scenario of this name{}",
                    suggest(file_or_name, shipped_names(), "`asaemu scenarios` lists them")));
  }
  return loader.take();
}

}  // namespace asaemu
