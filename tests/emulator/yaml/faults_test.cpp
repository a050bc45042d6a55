#include "emulator/yaml/faults.hpp"

#include <catch2/catch.hpp>

#include <iomanip>

using namespace asaemu;

TEST_CASE("faults are shown by file and place, whatever the order found") {
  Faults faults;
  CHECK(faults.empty());
  faults.add({"b.yaml", 1, 1}, "last");
  faults.add({"a.yaml", 10, 2}, "third");
  faults.add({"a.yaml", 2, 30}, "second");
  faults.add({"a.yaml"}, "first");
  CHECK(faults.size() == 4);
  CHECK(faults.to_string() ==
        "a.yaml: first\n"
        "a.yaml:2:30: second\n"
        "a.yaml:10:2: third\n"
        "b.yaml:1:1: last\n");
}

TEST_CASE("faults at one place stay in the order found, and the same one is shown once") {
  Faults faults;
  faults.add({"a.yaml", 1, 1}, "z");
  faults.add({"a.yaml", 1, 1}, "y");
  faults.add({"a.yaml", 2, 1}, "x");
  faults.add({"a.yaml", 2, 1}, "x");
  CHECK(faults.to_string() == "a.yaml:1:1: z\na.yaml:1:1: y\na.yaml:2:1: x\n");
}

TEST_CASE("a quoted text stays on one line and is cut") {
  CHECK(quoted("severty") == "'severty'");
  CHECK(quoted("a\n\x1B[2J") == "'a\\x0A\\x1B[2J'");
  CHECK(quoted("caf\xC3\xA9 \xC3") == "'caf\xC3\xA9 \\xC3'");
  const std::string text = "severty";
  CHECK(quoted(text) == "'severty'");
  CHECK(quoted(std::string(60, 'x')) == "'" + std::string(60, 'x') + "'");
  CHECK(quoted(std::string(61, 'x')) == "'" + std::string(60, 'x') + "…'");
}
