#include "emulator/run/progress.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

TEST_CASE("a progress line shows time, a bar, messages and their rate") {
  ProgressState state;
  state.now = kStart + 90s;
  state.end = kStart + 180s;
  state.messages = 1'234'567;
  state.per_second = 13'717.4;
  CHECK(progress_line(state) == "1m30s of 3m [==========          ]  1,234,567 messages  13,717/s");
}

TEST_CASE("trouble is on the progress line only when there is some") {
  ProgressState state;
  state.messages = 999;
  state.lateness = 9'999us;
  CHECK(progress_line(state) == "0s  999 messages  0/s");
  state.lateness = 10ms;
  state.pending = 12;
  state.lost = 1'000;
  CHECK(progress_line(state) == "0s  999 messages  0/s  late 10 ms  12 waiting  1,000 LOST");
}
