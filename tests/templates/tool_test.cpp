// catalogue_tool as the build runs it. What it generates is compiled by compile_fail/tests.cmake.
#include "emulator/yaml/embedded.hpp"
#include "test_paths.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMessage =
    ", severity: 4, text: a, fields: {}, example: a, source: s, meaning: m}\n";

/// A directory of our own with the tool in it, gone at the end.
class Workshop {
 public:
  Workshop() {
    std::string pattern = (fs::temp_directory_path() / "asaemu-tool-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Workshop() { fs::remove_all(path_); }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

  void write_family(const std::string& family, std::string_view head) const {
    write(family + ".yaml", "family: " + family + "\nclass: ips\nmessages:\n  - {" +
                                std::string(head) + std::string(kMessage));
  }

  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    INFO(name);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// Runs the tool here; its exit code.
  [[nodiscard]] int tool(const std::string& arguments) const {
    const std::string command =
        "cd '" + path_.string() + "' && '" ASAEMU_CATALOGUE_TOOL "' " + arguments + " 2> errors";
    const int status = std::system(command.c_str());
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a family becomes a header of typed structs") {
  const Workshop shop;
  fs::copy_file(fs::path(ASAEMU_SOURCE_DIR) / "tests/templates/compile_fail/sample.yaml",
                shop.path() / "sample.yaml");
  REQUIRE(shop.tool("generate out sample.yaml") == 0);
  const std::string header = shop.read("out/messages/sample.hpp");
  CHECK(header.find("// Generated from templates/sample.yaml. Do not edit.\n") == 0);
  const std::string expected =
      "/// A message that no device sends.\n"
      "/// `%ASA-4-402119: {peer} sent {count} bytes, SPI {spi}, sequence {sequence}, {verdict}: "
      "{detail}`\n"
      "struct SamplePacket {\n"
      "  static constexpr std::uint16_t kIndex = 1;\n"
      "  static constexpr std::uint32_t kId = 402119;\n"
      "  enum class Verdict : std::uint8_t {\n"
      "    kAllowed,  ///< `Allowed`\n"
      "    kNotAllowed,  ///< `Not allowed`\n"
      "  };\n"
      "  Required<IpAddress> peer;\n"
      "  Required<std::uint64_t> count;\n"
      "  Required<Spi> spi;\n"
      "  Required<Hex32> sequence;\n"
      "  Required<Verdict> verdict;\n"
      "  Required<std::string_view> detail;\n"
      "};\n"
      "static_assert(std::is_standard_layout_v<SamplePacket>);\n";
  INFO(header);
  CHECK(header.find(expected) != std::string::npos);
}

TEST_CASE("messages are numbered by id, then by file and place") {
  const Workshop shop;
  shop.write_family("a", "id: 401002, name: third");
  shop.write_family("b", "id: 401001, name: first");
  shop.write_family("c", "id: 401001, name: second");
  REQUIRE(shop.tool("generate out a.yaml b.yaml c.yaml") == 0);
  CHECK(shop.read("out/messages/b.hpp").find("kIndex = 0;") != std::string::npos);
  CHECK(shop.read("out/messages/c.hpp").find("kIndex = 1;") != std::string::npos);
  CHECK(shop.read("out/messages/a.hpp").find("kIndex = 2;") != std::string::npos);
  CHECK(shop.read("out/messages/all.hpp") ==
        "// Generated from templates/*.yaml. Do not edit.\n#pragma once\n\n"
        "#include \"messages/a.hpp\"\n#include \"messages/b.hpp\"\n#include \"messages/c.hpp\"\n");
}

TEST_CASE("faults of all files are shown and nothing is written") {
  const Workshop shop;
  shop.write_family("a", "id: 1, name: first");
  shop.write_family("b", "id: 401001, name: Second");
  shop.write_family("c", "id: 401002, name: third");
  CHECK(shop.tool("generate out a.yaml b.yaml c.yaml d.yaml") == 2);
  CHECK(shop.read("errors") ==
        "a.yaml:4:10: the id must be a whole number from 100000 to 999999, found '1'\n"
        "b.yaml:4:24: bad name 'Second'; a name looks like shunned_packet\n"
        "d.yaml: cannot be read: No such file or directory\n");
  CHECK_FALSE(fs::exists(shop.path() / "out"));
}

TEST_CASE("a file that would not change is left alone, and a family that is gone is removed") {
  const Workshop shop;
  shop.write_family("a", "id: 401001, name: first");
  shop.write_family("b", "id: 401002, name: second");
  REQUIRE(shop.tool("generate out a.yaml b.yaml") == 0);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(shop.path() / "out/messages/a.hpp", long_ago);
  fs::last_write_time(shop.path() / "out/catalogue_data.cpp", long_ago);

  REQUIRE(shop.tool("generate out a.yaml b.yaml") == 0);
  CHECK(fs::last_write_time(shop.path() / "out/messages/a.hpp") == long_ago);
  CHECK(fs::last_write_time(shop.path() / "out/catalogue_data.cpp") == long_ago);

  REQUIRE(shop.tool("generate out a.yaml") == 0);
  CHECK(fs::last_write_time(shop.path() / "out/messages/a.hpp") == long_ago);
  CHECK(fs::last_write_time(shop.path() / "out/catalogue_data.cpp") != long_ago);
  CHECK_FALSE(fs::exists(shop.path() / "out/messages/b.hpp"));
}

TEST_CASE("embedding writes a function that returns the files") {
  const Workshop shop;
  shop.write("one.yaml", "a: \"b\"\nc??\\\n");
  shop.write("parts/two.yaml", std::string_view("\0\xC3\xA9", 3));
  REQUIRE(shop.tool("embed out.cpp embedded_things one.yaml parts/two.yaml") == 0);
  const std::string source = shop.read("out.cpp");
  INFO(source);
  CHECK(source.find("{\"one\", std::string_view(\n    \"a: \\\"b\\\"\\n\"\n    \"c\\?\\?\\\\\\n\", "
                    "12)},") != std::string::npos);
  CHECK(source.find("{\"parts/two\", std::string_view(\n    \"\\000\\303\\251\", 3)},") !=
        std::string::npos);
  CHECK(source.find("embedded_things() { return kFiles; }") != std::string::npos);
}

TEST_CASE("embedding nothing gives an empty function") {
  const Workshop shop;
  REQUIRE(shop.tool("embed out.cpp embedded_things") == 0);
  CHECK(shop.read("out.cpp").find("embedded_things() { return {}; }") != std::string::npos);
}

TEST_CASE("embedding refuses files it cannot tell apart or read") {
  const Workshop shop;
  shop.write("a/one.yaml", "x");
  shop.write("b/one.yaml", "x");
  CHECK(shop.tool("embed out.cpp embedded_things a/one.yaml b/one.yaml c.yaml") == 2);
  CHECK(shop.read("errors") ==
        "b/one.yaml: a second file named one\n"
        "c.yaml: cannot be read: No such file or directory\n");
  CHECK_FALSE(fs::exists(shop.path() / "out.cpp"));
}

TEST_CASE("wrong usage of the tool is explained") {
  const Workshop shop;
  CHECK(shop.tool("") == 2);
  CHECK(shop.tool("generate out") == 2);
  CHECK(shop.tool("compile out a.yaml") == 2);
  CHECK(shop.read("errors").find("usage: catalogue_tool generate") == 0);
}

TEST_CASE("an output that cannot be written is the world's failure") {
  const Workshop shop;
  shop.write_family("a", "id: 401001, name: first");
  shop.write("out", "a file where a folder should be");
  CHECK(shop.tool("generate out a.yaml") == 3);
}

TEST_CASE("the catalogue inside the program is the one in the tree, byte for byte") {
  const auto files = asaemu::embedded_templates();
  REQUIRE(files.size() > 40);
  for (const auto& [name, text] : files) {
    std::ifstream file(fs::path(ASAEMU_SOURCE_DIR) / "templates" / (std::string(name) + ".yaml"),
                       std::ios::binary);
    INFO(name);
    REQUIRE(file.good());
    CHECK((std::string(std::istreambuf_iterator<char>(file), {}) == text));
  }
}
