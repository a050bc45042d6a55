// Blocks through a file and back, and what of a line is the message.
#include "emulator/truth/truth_file.hpp"

#include "emulator/truth/message_content.hpp"
#include "emulator/verify/line_source.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// Lines that nothing packs: every byte but LF and CR.
std::string random_lines(std::size_t bytes, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) {
    const auto byte = static_cast<char>(random() % 256);
    text += byte == '\r' || (byte == '\n' && text.ends_with('\n')) ? 'x' : byte;
  }
  text.back() = '\n';
  return text;
}

std::string read_back(const std::string& path) {
  LineSource source;
  REQUIRE(source.open(path).empty());
  std::string text;
  while (const auto line = source.next()) text.append(*line) += '\n';
  CHECK(source.error().empty());
  return text;
}

}  // namespace

TEST_CASE("blocks are read back as they were, packed or not") {
  const TemporaryFolder folder;
  for (const char* name : {"t.ndjson", "t.ndjson.gz", "t.ndjson.zst"}) {
    TruthFile file;
    REQUIRE(file.open(folder.file(name)).empty());
    std::string all;
    for (unsigned i = 0; i < 5; ++i) {
      // One is short, one packs well, and the others not at all.
      auto block = i == 1   ? std::string("short\n")
                   : i == 2 ? std::string(TruthFile::kBlockSize, 'a') + '\n'
                            : random_lines(TruthFile::kBlockSize, i);
      file.submit(ByteBlock(block));
      all += block;
    }
    REQUIRE(file.close().empty());
    INFO(name);
    CHECK((read_back(folder.file(name)) == all));
  }
}

TEST_CASE("gzip itself reads what is packed for it") {
  const TemporaryFolder folder;
  std::string error;
  const auto sink = open_truth_sink(folder.file("t.gz"), error);
  REQUIRE(sink);
  const auto text = random_lines(300'000, 1);
  for (const auto& part : {text, std::string(500'000, 'b') + '\n'}) {
    REQUIRE(sink->write(part).empty());
  }
  REQUIRE(sink->finish().empty());
  const auto command = "gzip -dc " + folder.file("t.gz") + " > " + folder.file("t");
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK((read_file(folder.file("t")) == text + std::string(500'000, 'b') + '\n'));
}

TEST_CASE("the message of a line begins at its tag, whatever its form") {
  std::string room;
  const std::string plain = "<164>Nov 20 2026 08:00:00: %ASA-4-401004: Shunned";
  const std::string content = "%ASA-4-401004: Shunned";
  CHECK(message_content(plain, plain.find("Shunned"), room) == content);
  CHECK(message_content(plain, room) == content);
  const std::string emblem = "<164>: Nov 20 08:00:00 UTC: %ASA-ids-4-401004: Shunned";
  CHECK(message_content(emblem, emblem.find("Shunned"), room) == content);
  // Cut before its text, at it, and before its tag.
  CHECK(message_content(plain.substr(0, 40), plain.find("Shunned"), room) ==
        plain.substr(27, 40 - 27));
  CHECK(message_content(plain.substr(0, plain.find("Shunned")), plain.find("Shunned"), room) ==
        "%ASA-4-401004: ");
  CHECK(message_content(plain.substr(0, 10), plain.find("Shunned"), room) == plain.substr(0, 10));
}
