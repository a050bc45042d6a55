#include "templates/reader.hpp"

#include "test_paths.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

using namespace asaemu;

namespace {

namespace fs = std::filesystem;

constexpr const char* kBad = ASAEMU_SOURCE_DIR "/tests/templates/bad";

constexpr std::string_view kShun =
    "family: shun\n"
    "class: ips\n"
    "messages:\n"
    "  - id: 401004\n"
    "    name: shunned_packet\n"
    "    severity: 4\n"
    "    text: \"Shunned packet: {source} is {verdict}{user}\"\n"
    "    fields:\n"
    "      source: ip\n"
    "      verdict: {one_of: [Allowed, Not allowed]}\n"
    "      user: {optional: word, before: \" (\", after: \")\"}\n"
    "    example: \"Shunned packet: 192.0.2.1 is Allowed (bob)\"\n"
    "    source: \"guide, 401004\"\n"
    "    meaning: >\n"
    "      A host that is\n"
    "      shunned sent a packet.\n"
    "    note: A note.\n"
    "    rate_limit: {messages: 1, seconds: 5}\n"
    "    older:\n"
    "      before: \"9.14\"\n"
    "      text: \"Shunned: {source}\"\n"
    "      example: \"Shunned: 192.0.2.1\"\n"
    "      source: \"older guide, 401004\"\n"
    "      severity: 3\n"
    "    accepts:\n"
    "      - {text: \"Shunned {source}\", source: guide}\n"
    "      - {text: \"Packet {source}\", source: a line}\n"
    "  - {id: 401001, name: shuns_cleared, severity: 5, text: Shuns cleared, fields: {},\n"
    "     example: Shuns cleared, source: guide, meaning: The table is empty.}\n";

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

CatalogueFiles read(std::string_view text) {
  CatalogueFiles files;
  Faults faults;
  files.read_text("shun.yaml", text, faults);
  INFO(faults.to_string());
  REQUIRE(faults.empty());
  return files;
}

/// A directory of our own, gone at the end.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "asaemu-reader-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
  }

 private:
  fs::path path_;
};

std::string one_message(std::string_view family, std::string_view id, std::string_view name) {
  std::string text = "family: ";
  text.append(family).append("\nclass: ips\nmessages:\n  - {id: ").append(id);
  text.append(", name: ").append(name);
  return text + ", severity: 4, text: a, fields: {}, example: a, source: s, meaning: m}\n";
}

}  // namespace

TEST_CASE("each bad catalogue file draws exactly its expected complaints") {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(kBad)) {
    if (entry.path().extension() == ".yaml") cases.push_back(entry.path());
  }
  std::ranges::sort(cases);
  REQUIRE(cases.size() >= 10);
  for (const fs::path& path : cases) {
    CatalogueFiles files;
    Faults faults;
    files.read_text(path.filename().string(), content(path), faults);
    fs::path expected = path;
    expected.replace_extension(".expected");
    INFO(path.filename().string());
    CHECK(faults.to_string() == content(expected));
  }
}

TEST_CASE("a message is read with all it declares") {
  const CatalogueFiles files = read(kShun);
  REQUIRE(files.messages().size() == 2);
  const MessageDef& def = files.messages()[0];
  CHECK(def.id == 401004);
  CHECK(def.name == "shunned_packet");
  CHECK(def.family == "shun");
  CHECK(def.event_class == "ips");
  CHECK(def.severity == 4);
  CHECK(def.text == "Shunned packet: {source} is {verdict}{user}");
  CHECK(def.example == "Shunned packet: 192.0.2.1 is Allowed (bob)");
  CHECK(def.source == "guide, 401004");
  CHECK(def.meaning == "A host that is shunned sent a packet.");
  CHECK(def.note == "A note.");
  CHECK(def.rate_limit.messages == 1);
  CHECK(def.rate_limit.seconds == 5);
  CHECK(files.position(0) == Position{"shun.yaml", 5, 11});
}

TEST_CASE("fields keep their order, kinds, choices and surroundings") {
  const CatalogueFiles files = read(kShun);
  const auto fields = files.messages()[0].fields;
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].name == "source");
  CHECK(fields[0].kind == FieldKind::kIp);
  CHECK(fields[1].kind == FieldKind::kOneOf);
  REQUIRE(fields[1].choices.size() == 2);
  CHECK(fields[1].choices[1] == "Not allowed");
  CHECK(fields[2].kind == FieldKind::kOptionalWord);
  CHECK(fields[2].before == " (");
  CHECK(fields[2].after == ")");
}

TEST_CASE("older and accepted wordings keep their own texts and severities") {
  const CatalogueFiles files = read(kShun);
  const MessageDef& def = files.messages()[0];
  CHECK(def.older_before == "9.14");
  REQUIRE(def.older.size() == 1);
  CHECK(def.older[0].text == "Shunned: {source}");
  CHECK(def.older[0].example == "Shunned: 192.0.2.1");
  CHECK(def.older[0].severity == 3);
  REQUIRE(def.accepts.size() == 2);
  CHECK(def.accepts[1].text == "Packet {source}");
  CHECK(def.accepts[1].source == "a line");
  CHECK(def.accepts[1].severity == 4);
  CHECK(files.messages()[1].older.empty());
  CHECK(files.messages()[1].accepts.empty());
}

TEST_CASE("an older wording has the message's severity unless it says otherwise") {
  std::string text(kShun);
  text.erase(text.find("      severity: 3\n"), 18);
  CHECK(read(text).messages()[0].older[0].severity == 4);
}

TEST_CASE("what was read stays valid when the files object moves") {
  CatalogueFiles files = read(kShun);
  const CatalogueFiles moved = std::move(files);
  CHECK(moved.messages()[0].name == "shunned_packet");
}

TEST_CASE("a directory is read in name order, with the faults of all files") {
  const Scratch scratch;
  scratch.write("b.yaml", one_message("b", "401001", "second"));
  scratch.write("a.yaml", one_message("a", "401002", "first"));
  scratch.write(".hidden.yaml", "[");
  scratch.write("notes.txt", "[");
  CatalogueFiles files;
  Faults faults;
  files.read_directory(scratch.path(), faults);
  CHECK(faults.to_string().empty());
  REQUIRE(files.messages().size() == 2);
  CHECK(files.messages()[0].name == "first");

  scratch.write("c.yaml", one_message("c", "401001", "second"));
  scratch.write("d.yaml", "[");
  CatalogueFiles again;
  again.read_directory(scratch.path(), faults);
  CHECK(faults.to_string() ==
        scratch.path() +
            "/c.yaml:4:24: message 401001 second is defined twice; the first "
            "is at " +
            scratch.path() + "/b.yaml:4:24\n" + scratch.path() +
            "/d.yaml:1:1: this list is not closed; a ']' or ',' is missing\n");
}

TEST_CASE("a directory without message files is a fault") {
  const Scratch scratch;
  CatalogueFiles files;
  Faults faults;
  files.read_directory(scratch.path(), faults);
  files.read_directory(scratch.path() + "/absent", faults);
  CHECK(faults.to_string() == scratch.path() + ": holds no *.yaml; message files were expected\n" +
                                  scratch.path() +
                                  "/absent: cannot be read: No such file or directory\n");
}

TEST_CASE("a message has at most 64 fields") {
  std::string text = "a";
  std::string fields = "{";
  for (int i = 0; i < 64; ++i) {
    text += " {f" + std::to_string(i) + "}";
    fields += "f" + std::to_string(i) + ": word, ";
  }
  const std::string head =
      "family: shun\nclass: ips\nmessages:\n  - {id: 401001, name: n, severity: 4, example: a, "
      "source: s, meaning: m, text: \"";
  CHECK(read(head + text + "\", fields: " + fields + "}}").messages()[0].fields.size() == 64);

  CatalogueFiles files;
  Faults faults;
  files.read_text("shun.yaml", head + "a\", fields: " + fields + "g: word}}", faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults.sorted()[0].what == "65 fields; a message has at most 64");
}
