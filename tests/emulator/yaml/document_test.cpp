#include "emulator/yaml/document.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace asaemu;

namespace {

/// The complaints about a text that must not load.
std::string complaints(std::string_view text) {
  Faults faults;
  const auto document = Document::load_text("t.yaml", text, faults);
  CHECK_FALSE(document.has_value());
  return faults.to_string();
}

Document load(std::string_view text) {
  Faults faults;
  auto document = Document::load_text("t.yaml", text, faults);
  INFO(faults.to_string());
  REQUIRE(document.has_value());
  REQUIRE(faults.empty());
  return std::move(*document);
}

std::string file_complaint(const std::string& path) {
  Faults faults;
  CHECK_FALSE(Document::load_file(path, faults).has_value());
  return faults.to_string();
}

/// A directory of our own, gone at the end.
class Scratch {
 public:
  Scratch() : path_(std::filesystem::temp_directory_path() / "asaemu-document-XXXXXX") {
    std::string pattern = path_.string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

/// A list of 10 texts, then `levels` lists that each name the one before ten times.
std::string bomb(int levels) {
  std::string text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level <= levels; ++level) {
    const std::string before = "*l" + std::to_string(level - 1);
    const std::string name = "l" + std::to_string(level);
    text += fmt::format("{0}: &{0} [{1}{2}]\n", name, before, repeat(", " + before, 9));
  }
  return text;
}

}  // namespace

TEST_CASE("a document keeps texts, order and places") {
  const Document document = load(
      "name: first\n"
      "list:\n"
      "  - 9.20\n"
      "  - \"9.20\"\n"
      "  - ~\n"
      "text: |\n"
      "  one\n"
      "   two\n");
  const Node& root = document.root();
  REQUIRE(root.is_mapping());
  REQUIRE(root.entries().size() == 3);
  CHECK(root.entries()[0].key->text() == "name");
  CHECK(root.entries()[2].key->text() == "text");
  CHECK(root.find("name")->text() == "first");
  CHECK_FALSE(root.find("name")->quoted());
  CHECK(root.find("Name") == nullptr);

  const Node& list = *root.find("list");
  REQUIRE(list.is_sequence());
  REQUIRE(list.items().size() == 3);
  CHECK(list.items()[0]->text() == "9.20");
  CHECK_FALSE(list.items()[0]->quoted());
  CHECK(list.items()[1]->quoted());
  CHECK(list.items()[1]->position() == Position{"t.yaml", 4, 5});
  CHECK(list.items()[2]->is_null());
  CHECK(root.find("text")->text() == "one\n two\n");
  CHECK(root.find("text")->quoted());
}

TEST_CASE("a value that is not there stands where its key stands") {
  const Document document = load("a:\n\nnext: ~\nnot: null\nlast:");
  CHECK(to_string(document.root().find("a")->position()) == "t.yaml:1:1");
  CHECK(to_string(document.root().find("next")->position()) == "t.yaml:3:7");
  CHECK(to_string(document.root().find("not")->position()) == "t.yaml:4:6");
  CHECK(to_string(document.root().find("last")->position()) == "t.yaml:5:1");
}

TEST_CASE("a document can be moved without its nodes moving") {
  Document document = load("a: b");
  const Node* root = &document.root();
  const Document moved = std::move(document);
  CHECK(&moved.root() == root);
  CHECK(moved.root().find("a")->text() == "b");
}

TEST_CASE("an empty document is a null node") {
  CHECK(load("").root().is_null());
  CHECK(load("# a comment\n").root().is_null());
  CHECK(load("---\n...\n").root().is_null());
  CHECK(load("").root().position() == Position{"t.yaml", 1, 1});
}

TEST_CASE("a byte order mark and CRLF line ends are no part of the text") {
  const Document document = load("\xEF\xBB\xBFname: a\r\nother: b\r\n");
  CHECK(document.root().find("name")->text() == "a");
  CHECK(document.root().find("other")->position() == Position{"t.yaml", 2, 8});
}

TEST_CASE("an alias leads to what it stands for") {
  const Document document = load("a: &x [1, 2]\nb: *x\nc: &n name\n*n : d\n");
  CHECK(document.root().find("b") == document.root().find("a"));
  CHECK(document.root().find("name")->text() == "d");
}

TEST_CASE("bytes that are not UTF-8 are named with their place") {
  CHECK(complaints("a: 1\nb: x\xC3") ==
        "t.yaml:2:5: byte 0xC3 is not UTF-8; save the file as UTF-8\n");
  CHECK(complaints("\xFF\xFE"
                   "a") == "t.yaml:1:1: byte 0xFF is not UTF-8; save the file as UTF-8\n");
  CHECK(complaints("a: \xED\xA0\x80") ==
        "t.yaml:1:4: byte 0xED is not UTF-8; save the file as UTF-8\n");
  CHECK(complaints("a: \xC0\xAF") ==
        "t.yaml:1:4: byte 0xC0 is not UTF-8; save the file as UTF-8\n");
  CHECK(load("a: \xF4\x8F\xBF\xBD").root().find("a")->text() == "\xF4\x8F\xBF\xBD");
}

TEST_CASE("control characters, NUL first of all, are named with their place") {
  CHECK(complaints(std::string_view("a: 1\n\0b", 7)) ==
        "t.yaml:2:1: control character 0x00; a YAML file is text\n");
  CHECK(complaints("a: \x04") == "t.yaml:1:4: control character 0x04; a YAML file is text\n");
  CHECK(complaints("a: \x7F") == "t.yaml:1:4: control character 0x7F; a YAML file is text\n");
}

TEST_CASE("a YAML error is reported where the parser found it") {
  CHECK(complaints("a: b: c\n") ==
        "t.yaml:1:5: YAML: illegal map value; quote text that holds ': ', indent with blanks, not "
        "tabs\n");
  CHECK(complaints("a: [1, 2\nb: c\n") ==
        "t.yaml:1:4: this list is not closed; a ']' or ',' is missing\n");
  CHECK(complaints("[") == "t.yaml:1:1: this list is not closed; a ']' or ',' is missing\n");
  CHECK(complaints("a: [x, {b: c\n") ==
        "t.yaml:1:8: this mapping is not closed; a '}' or ',' is missing\n");
  CHECK(complaints("a: \"x") == "t.yaml:1:6: YAML: illegal EOF in scalar\n");
  CHECK(complaints("a: 1\nb: *nobody\n") ==
        "t.yaml:2:4: YAML: the referenced anchor is not defined\n");
}

TEST_CASE("a duplicate key is reported with the line of the first") {
  CHECK(complaints("a: 1\nb: 2\n'a': 3\n") ==
        "t.yaml:3:1: duplicate key 'a'; first given on line 1\n");
  CHECK(complaints("x:\n  - {b: 1, b: 2}\n  - {b: 1, b: 2}\n") ==
        "t.yaml:2:12: duplicate key 'b'; first given on line 2\n"
        "t.yaml:3:12: duplicate key 'b'; first given on line 3\n");
  CHECK(load("x: {a: 1}\ny: {a: 1}\na: 1\n").root().entries().size() == 3);
}

TEST_CASE("keys are text") {
  CHECK(complaints("? [a]\n: b\n") == "t.yaml:1:3: a key must be text, not a list\n");
  CHECK(complaints("{a: 1}: b\n") == "t.yaml:1:1: a key must be text, not a mapping\n");
  CHECK(complaints("a: 1\n~: b\n") == "t.yaml:2:1: a key must be text, not nothing\n");
  CHECK(complaints("a: &x [1]\n*x : b\n") == "t.yaml:2:1: a key must be text, not a list\n");
}

TEST_CASE("a file holds one document") {
  CHECK(complaints("a: 1\n---\nb: 2\n") ==
        "t.yaml:2:1: a second document starts here; a file holds one\n");
  CHECK(complaints("\"a\" b\n") ==
        "t.yaml:1:5: text after the end of the document; a file holds one document\n");
  CHECK(load("---\na: 1\n...\n").root().is_mapping());
}

TEST_CASE("tags are refused") {
  CHECK(complaints("a: !!str 1\n") == "t.yaml:1:4: tag '!!str' is not understood; leave it out\n");
  CHECK(complaints("a: !secret [1]\n") ==
        "t.yaml:1:4: tag '!secret' is not understood; leave it out\n");
  CHECK(complaints("!x {a: 1}\n") == "t.yaml:1:1: tag '!x' is not understood; leave it out\n");
}

TEST_CASE("nesting is read 64 deep and no deeper") {
  CHECK(load(repeat("[", 64) + repeat("]", 64)).root().is_sequence());
  CHECK(complaints(repeat("[", 65) + repeat("]", 65)) == "t.yaml:1:65: nested more than 64 deep\n");
  // Without its end, yaml-cpp takes each `[` for the key of a mapping, which counts too.
  CHECK(complaints(repeat("[", 100'000)) == "t.yaml:1:33: nested more than 64 deep\n");
  CHECK(complaints(repeat("- ", 100'000)) == "t.yaml:1:129: nested more than 64 deep\n");
}

TEST_CASE("a merge key brings the entries of mappings that are not there already") {
  const Document document = load(
      "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: *a, y: 5}\nd: {y: 6, <<: [*a, *b]}\ne: "
      "{'<<': "
      "7}\n");
  const auto shown = [&](std::string_view key) {
    std::string text;
    for (const Node::Entry& entry : document.root().entries()) {
      if (entry.key->text() != key) continue;
      for (const Node::Entry& inner : entry.value->entries()) {
        text += fmt::format("{}={} ", inner.key->text(), inner.value->text());
      }
    }
    return text;
  };
  CHECK(shown("c") == "y=5 x=1 ");
  CHECK(shown("d") == "y=6 x=1 z=4 ");
  CHECK(shown("e") == "<<=7 ");
  CHECK(complaints("a: {<<: 1}\n") == "t.yaml:1:9: << merges a mapping, or a list of mappings\n");
}

TEST_CASE("aliases count as nesting too") {
  const std::string deep = "- &a " + repeat("[", 40) + repeat("]", 40) + "\n";
  CHECK(load(deep + "- " + repeat("[", 23) + "*a" + repeat("]", 23)).root().items().size() == 2);
  CHECK(complaints(deep + "- " + repeat("[", 24) + "*a" + repeat("]", 24)) ==
        "t.yaml:2:27: nested more than 64 deep, aliases followed\n");
}

TEST_CASE("aliases stand for at most 100000 nodes in all") {
  // Each alias to a list of 99 texts counts 100.
  const std::string list = "- &a [x" + repeat(", x", 98) + "]\n";
  CHECK(load(list + repeat("- *a\n", 1000)).root().items().size() == 1001);
  CHECK(complaints(list + repeat("- *a\n", 1001)) ==
        "t.yaml:1002:3: aliases stand for more than 100000 values in all\n");
}

TEST_CASE("a YAML bomb costs no time") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(complaints(bomb(30)) == "t.yaml:5:45: aliases stand for more than 100000 values in all\n");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("an alias inside its own anchor is refused") {
  CHECK(complaints("a: &x [1, *x]\n") ==
        "t.yaml:1:11: an alias within what it stands for; it would never end\n");
}

TEST_CASE("files that are no files get one complaint") {
  const Scratch scratch;
  CHECK(file_complaint(scratch.file("absent.yaml")) ==
        scratch.file("absent.yaml") + ": cannot be read: No such file or directory\n");
  CHECK(file_complaint("") == ": cannot be read: No such file or directory\n");
  CHECK(file_complaint(scratch.file(".")) ==
        scratch.file(".") + ": is a directory; a file was expected\n");
  CHECK(file_complaint("/dev/zero") == "/dev/zero: is not a regular file\n");
  REQUIRE(::mkfifo(scratch.file("fifo").c_str(), 0600) == 0);
  CHECK(file_complaint(scratch.file("fifo")) == scratch.file("fifo") + ": is not a regular file\n");
}

TEST_CASE("a file is read up to 4 MiB") {
  const Scratch scratch;
  const std::string path = scratch.file("big.yaml");
  std::ofstream(path) << "a: 1\n#" << std::string(kDocumentSizeMax - 6, 'x');
  Faults faults;
  CHECK(Document::load_file(path, faults).has_value());
  CHECK(faults.empty());

  std::ofstream(path, std::ios::app) << 'x';
  CHECK(file_complaint(path) == path + ": file is 4194305 bytes; at most 4194304 are read\n");
  // Sparse: a terabyte that must not be read.
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  CHECK(file_complaint(path) == path + ": file is 1099511627776 bytes; at most 4194304 are read\n");
  CHECK(complaints(std::string(kDocumentSizeMax + 1, ' ')) ==
        "t.yaml: file is 4194305 bytes; at most 4194304 are read\n");
}

TEST_CASE("a file whose size is not known beforehand is read to its end") {
  Faults faults;
  const auto document = Document::load_file("/proc/self/statm", faults);
  INFO(faults.to_string());
  REQUIRE(document.has_value());
  CHECK(document->root().is_scalar());
}
