// A consumer that remembers.
#pragma once

#include "emulator/sink/received_line.hpp"

#include <string>
#include <vector>

namespace asaemu::test {

struct Recorder : LineConsumer {
  struct Entry {
    std::string text;
    std::string peer;
    std::size_t bytes;
    bool cut;
    bool unfinished;
  };
  bool take_line(const ReceivedLine& line) override {
    entries.push_back(
        {std::string{line.text}, std::string{line.peer}, line.bytes, line.cut, line.unfinished});
    return entries.size() < wanted;
  }
  void end_batch() override {}

  std::vector<Entry> entries;
  std::size_t wanted = SIZE_MAX;
};

}  // namespace asaemu::test
