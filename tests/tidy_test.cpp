#include "tests/tidy.hpp"

#include "test_paths.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace tidy = asaemu::tidy;
using tidy::Findings;

namespace {

// A file in model/ with one line of code.
Findings model(const std::string& code) {
  return tidy::check_model("model/state/x.cpp", code + "\n");
}

std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "int x;\n";
  return text;
}

std::string catalogue(std::size_t messages) {
  std::string text = "family: shun\nmessages:\n";
  for (std::size_t i = 0; i < messages; ++i) text += "  - id: 401004\n    name: shunned_packet\n";
  return text;
}

constexpr std::string_view kHeadings =
    "// Shunning.\n// Scope: a.\n// Limitations: b.\n// State: c.\n// Validation: d.\n// "
    "References: e.\n";

// Compared with, so that a failure shows what was found.
const Findings none;

}  // namespace

TEST_CASE("the tree is tidy") {
  const std::vector<tidy::File> files = tidy::read_tree(ASAEMU_SOURCE_DIR);
  REQUIRE(std::ranges::count(files, "model/base/time.hpp", &tidy::File::path) == 1);
  for (const tidy::File& file : files) {
    for (const std::string& finding : tidy::check_file(file.path, file.text)) {
      UNSCOPED_INFO(finding);
      CHECK(finding.empty());
    }
  }
  CHECK(tidy::check_folders(tidy::top_folders(ASAEMU_SOURCE_DIR)) == none);
}

TEST_CASE("tidy knows the floor of every folder") {
  CHECK(tidy::floor_of("model/base/time.hpp") == 1);
  CHECK(tidy::floor_of("model/state/connections.hpp") == 2);
  CHECK(tidy::floor_of("model/contract/context.hpp") == 3);
  CHECK(tidy::floor_of("model/subsystems/shun.cpp") == 3);
  CHECK(tidy::floor_of("messages/shun.hpp") == 3);
  CHECK(tidy::floor_of("model/device.cpp") == 4);
  CHECK(tidy::floor_of("model/registry.hpp") == 4);
  CHECK(tidy::floor_of("model/logging/queue.hpp") == 4);
  CHECK(tidy::floor_of("emulator/main.cpp") == 5);
  CHECK(tidy::floor_of("templates/generate.cpp") == 5);
  CHECK(tidy::floor_of("tests/main.cpp") == 0);
}

TEST_CASE("tidy finds an include that points up") {
  CHECK(tidy::check_includes("model/base/x.hpp", "#include \"model/state/y.hpp\"\n") ==
        Findings{"model/base/x.hpp:1: floor 1 includes model/state/y.hpp of floor 2; includes "
                 "point down"});
  CHECK(tidy::check_includes("model/state/x.hpp", "\n  #  include \"model/contract/y.hpp\"\n")
            .size() == 1);
  CHECK(tidy::check_includes("model/contract/x.hpp", "#include \"model/device.hpp\"\n").size() ==
        1);
  CHECK(tidy::check_includes("model/logging/x.hpp", "#include \"emulator/run/y.hpp\"\n").size() ==
        1);
}

TEST_CASE("tidy finds messages used below the subsystems") {
  const std::string include = "#include \"messages/shun.hpp\"\n";
  CHECK(tidy::check_includes("model/base/x.cpp", include).size() == 1);
  CHECK(tidy::check_includes("model/state/x.cpp", include).size() == 1);
  CHECK(tidy::check_includes("model/subsystems/x.cpp", include).empty());
  CHECK(tidy::check_includes("model/logging/x.cpp", include).empty());
}

TEST_CASE("tidy lets a file include its own floor and lower ones") {
  const std::string text =
      "#include \"model/base/time.hpp\"\n#include \"model/state/y.hpp\"\n#include "
      "\"model/contract/context.hpp\"\n";
  CHECK(tidy::check_includes("model/subsystems/x.cpp", text).empty());
  CHECK(
      tidy::check_includes("model/device.cpp", "#include \"model/registry.hpp\"\n" + text).empty());
  CHECK(tidy::check_includes("emulator/main.cpp",
                             "#include <iostream>\n#include <boost/asio.hpp>\n" + text)
            .empty());
  CHECK(tidy::check_includes("tests/x_test.cpp", "#include \"emulator/run/y.hpp\"\n").empty());
}

TEST_CASE("tidy finds a subsystem included by another file") {
  const std::string include = "#include \"model/subsystems/shun.cpp\"\n";
  CHECK(tidy::check_includes("model/subsystems/x.cpp", include).size() == 1);
  CHECK(tidy::check_includes("model/device.cpp", include).size() == 1);
}

TEST_CASE("tidy finds an include that is not from the root, or leaves the house") {
  CHECK(tidy::check_includes("model/base/x.cpp", "#include \"x.hpp\"\n").size() == 1);
  CHECK(tidy::check_includes("emulator/x.cpp", "#include \"../model/base/time.hpp\"\n").size() ==
        1);
  CHECK(tidy::check_includes("emulator/x.cpp", "#include \"tests/tidy.hpp\"\n").size() == 1);
}

TEST_CASE("tidy finds a library that the model may not use") {
  for (const std::string header :
       {"iostream", "fstream", "thread", "mutex", "filesystem", "random", "cstdio", "ctime",
        "unordered_map", "sys/socket.h", "unistd.h", "time.h", "boost/asio.hpp", "yaml-cpp/yaml.h",
        "spdlog/spdlog.h", "fmt/os.h"}) {
    CAPTURE(header);
    CHECK(tidy::check_includes("model/device.cpp", "#include <" + header + ">\n").size() == 1);
  }
  CHECK(tidy::check_includes("model/base/x.cpp", "#include <fmt/format.h>\n#include <map>\n")
            .empty());
  CHECK(tidy::check_includes("model/base/assert.hpp", "#include <cstdio>\n").empty());
}

TEST_CASE("tidy finds the clock in the model") {
  for (const std::string code :
       {"auto t = std::chrono::system_clock::now();", "using Clock = std::chrono::steady_clock;",
        "auto t = time(nullptr);", "auto t = std::time(&x);", "return time(0);",
        "return ::time(0);", "f(::time(0));", "clock_gettime(CLOCK_REALTIME, &t);",
        "gettimeofday(&t, nullptr);", "if (a && time(0) > b) {}"}) {
    CAPTURE(code);
    CHECK(model(code).size() == 1);
  }
  CHECK(tidy::check_model("model/device.cpp", "\n\nauto t = std::chrono::steady_clock::now();\n")
            .at(0)
            .starts_with("model/device.cpp:3: steady_clock in the model"));
}

TEST_CASE("tidy leaves the model's own names alone") {
  for (const std::string code :
       {"SimTime time(int x);", "auto t = event.time(3);", "auto t = event->time(3);",
        "auto t = time();", "int uptime(int x);", "const Event& time(int x);",
        "SimTime Timer::time(int x) {}", "print_time(x);", "runtime_clock x;",
        "int brand(int x);"}) {
    CAPTURE(code);
    CHECK(model(code) == none);
  }
  CHECK(tidy::check_model("emulator/run/pacer.cpp", "auto t = std::chrono::steady_clock::now();\n")
            .empty());
}

TEST_CASE("tidy finds output, threads and chance in the model") {
  for (const std::string code :
       {"printf(format);", "std::fprintf(file, x);", "std::snprintf(a, 1, b);", "puts(x);",
        "fmt::print(x);", "std::cout << 1;", "std::ofstream file(path);", "std::mutex lock;",
        "std::thread worker;", "thread_local int x;", "int x = rand();", "int x = std::rand();",
        "std::random_device device;", "spdlog::info(x);", "YAML::Node node;",
        "namespace asio = boost::asio;", "int s = socket(1, 2, 3);",
        "auto home = std::getenv(x);"}) {
    CAPTURE(code);
    CHECK(model(code).size() == 1);
  }
  CHECK(tidy::check_model("model/base/assert.hpp", "std::fprintf(stderr, x);\n").empty());
}

TEST_CASE("tidy finds a container without order in the model") {
  CHECK(model("std::unordered_map<int, int> x;").size() == 1);
  CHECK(model("std::unordered_set<int> x;").size() == 1);
  CHECK(model("std::map<int, int> x;").empty());
}

TEST_CASE("tidy looks at code, not at comments and literals") {
  for (const std::string code :
       {"// std::chrono::steady_clock::now()", "int x; /* printf(1);\n rand() */ int y;",
        "auto x = \"printf(\\\" rand()\";", "auto x = R\"a( \" rand() )\" )a\";",
        "// carried on \\\n rand()", "auto x = 'r'; // rand()", "const int x = 1'000; // rand()"}) {
    CAPTURE(code);
    CHECK(model(code) == none);
  }
  CHECK(tidy::check_includes("model/base/x.cpp", "// #include <thread>\n/*\n#include <mutex>\n*/\n")
            .empty());
  CHECK(
      tidy::check_includes("model/base/x.cpp", "auto x = R\"(\n#include <thread>\n)\";\n").empty());
}

TEST_CASE("tidy finds what follows comments and literals") {
  for (const std::string code :
       {"/* */ rand();", "f(\"//\", rand());", "f('\"', rand());", "f(1'000, rand());",
        "f(0xFF'FF, '\\'', rand());", "f(L'x', rand());", "f(R\"x(\")x\", rand());",
        "#error don't\nint x = rand();", "#include \"a//b\"\nint x = rand();",
        "f(\"\\\\\", rand());"}) {
    CAPTURE(code);
    CHECK(model(code).size() == 1);
  }
}

TEST_CASE("tidy blanks without moving anything") {
  CHECK(tidy::code_only("a // b\nc \"d\" /* e\n*/ 'f'") == "a     \nc \" \"     \n   ' '");
  CHECK(tidy::code_only("#include \"a/b.hpp\"  // c\n") == "#include \"a/b.hpp\"      \n");
  for (const std::string text :
       {"\"open", "/* open", "R\"x(open", "'", "#include <", "#include", "\"\\", "R\"", "#"}) {
    CAPTURE(text);
    CHECK(tidy::code_only(text).size() == text.size());
  }
}

TEST_CASE("tidy finds a source file of over 500 lines") {
  CHECK(tidy::check_length("emulator/x.cpp", lines(500)).empty());
  CHECK(tidy::check_length("emulator/x.cpp", lines(501)).size() == 1);
  CHECK(tidy::check_length("tests/x.hpp", lines(501)).size() == 1);
  CHECK(tidy::check_length("templates/x.yaml", lines(501)).empty());
}

TEST_CASE("tidy finds a header among the subsystems") {
  CHECK(tidy::check_subsystem("model/subsystems/shun.hpp", kHeadings).size() == 1);
  CHECK(tidy::check_subsystem("model/state/shun.hpp", "").empty());
}

TEST_CASE("tidy finds a heading missing from a subsystem's first comment") {
  CHECK(tidy::check_subsystem("model/subsystems/shun.cpp", kHeadings).empty());
  for (const std::string heading :
       {"Scope:", "Limitations:", "State:", "Validation:", "References:"}) {
    std::string text(kHeadings);
    text.replace(text.find(heading), 1, "x");
    CAPTURE(heading);
    CHECK(tidy::check_subsystem("model/subsystems/shun.cpp", text) ==
          Findings{"model/subsystems/shun.cpp:1: the first comment has no line beginning `" +
                   heading + "`"});
  }
  CHECK(tidy::check_subsystem("model/subsystems/shun.cpp", "").size() == 5);
  CHECK(tidy::check_subsystem("model/subsystems/shun.cpp", "int x;\n" + std::string(kHeadings))
            .size() == 5);
  CHECK(tidy::check_subsystem("model/subsystems/shun.cpp", "// Shunning.").size() == 5);
}

TEST_CASE("tidy finds a catalogue file of over 60 messages") {
  CHECK(tidy::check_yaml("templates/shun.yaml", catalogue(60)).empty());
  CHECK(tidy::check_yaml("templates/shun.yaml", catalogue(61)).size() == 1);
  CHECK(tidy::check_yaml("tests/data/shun.yaml", catalogue(61)).empty());
  CHECK(tidy::check_yaml("templates/shun.yaml", "family: shun\n").empty());
}

TEST_CASE("tidy finds the escape hatch in a shipped scenario") {
  CHECK(tidy::check_yaml("scenarios/a.yaml", "timeline:\n  - {at: 1s, emit: 401004}\n") ==
        Findings{
            "scenarios/a.yaml:2: a shipped scenario uses emit; let the state cause the message"});
  CHECK(tidy::check_yaml("scenarios/a.yaml", "timeline:\n  - at: 1s\n    emit:\n      id: 401004\n")
            .size() == 1);
  CHECK(tidy::check_yaml("scenarios/a.yaml",
                         "# emit: no\nsummary: \"does not emit: it is\"\nnote: emit\n")
            .empty());
  CHECK(tidy::check_yaml("tests/a.yaml", "emit: 401004\n").empty());
}

TEST_CASE("tidy finds YAML that is none") {
  CHECK(tidy::check_yaml("scenarios/a.yaml", "a: [1\n").size() == 1);
}

TEST_CASE("tidy finds what was put off") {
  const std::string word = std::string("TO") + "DO";
  CHECK(tidy::check_words("tests/x_test.cpp", "// " + word + ": later\n").size() == 1);
  CHECK(tidy::check_words("README.md", std::string("FIX") + "ME").size() == 1);
  CHECK(tidy::check_words("README.md", "x" + word + " and " + word + "S").empty());
}

TEST_CASE("tidy finds a path of one machine outside tests") {
  for (const std::string text : {"/tmp/x", "see /home/someone/x", "file:/tmp/x", "\"/work/main\"",
                                 "file:///home/x", "=/tmp/x"}) {
    CAPTURE(text);
    CHECK(tidy::check_words("README.md", text).size() == 1);
    CHECK(tidy::check_words("tests/x_test.cpp", text).empty());
  }
  for (const std::string text :
       {"build/tmp/x", "${x}/work/y", "../home/x", "https://example.com/home/", "home/work"}) {
    CAPTURE(text);
    CHECK(tidy::check_words("README.md", text).empty());
  }
}

TEST_CASE("tidy finds the host name of a private network outside tests") {
  CHECK(tidy::check_words("README.md", "udp://box7.internal:514").size() == 1);
  CHECK(tidy::check_words("emulator/x.cpp", "// as on box7.lan\n").size() == 1);
  CHECK(tidy::check_words("emulator/x.cpp", "x = state.internal;\n").empty());
  CHECK(tidy::check_words("README.md", "fw.example.com, box.international and .internal").empty());
}

TEST_CASE("tidy finds a test whose name CTest would lose") {
  const std::string opening = "\nTEST_CASE(\"";
  for (const std::string name : {"a; b", "a [b]", "-a", "a]"}) {
    CAPTURE(name);
    CHECK(tidy::check_test_names("tests/x_test.cpp", opening + name + "\") {\n").size() == 1);
  }
  CHECK(tidy::check_test_names("tests/x_test.cpp", opening + "a, b-c\", \"[tag]\") {\n").empty());
  CHECK(tidy::check_test_names("model/x.cpp", opening + "a; b\") {\n").empty());
}

TEST_CASE("tidy finds a folder that is not in the layout") {
  CHECK(tidy::check_folders(
            {".ci", ".git", "build", "emulator", "model", "scenarios", "templates", "tests"})
            .empty());
  CHECK(tidy::check_folders({"docs", "model", "src"}).size() == 2);
}

TEST_CASE("tidy runs every rule on a file") {
  const std::string text = "#include <thread>\nint x = rand();  // /tmp/x\n";
  CHECK(tidy::check_file("model/subsystems/x.hpp", text).size() == 4);
  CHECK(tidy::check_file("model/subsystems/x.cpp", lines(501)).size() == 6);
  CHECK(tidy::check_file("scenarios/x.yaml", "emit: 1\n").size() == 1);
}
