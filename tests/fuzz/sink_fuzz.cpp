// Any bytes as a stream to the collector, in chunks of any size: no byte comes out twice, and the
// chunks change nothing.
#include "emulator/sink/line_header.hpp"
#include "emulator/sink/line_splitter.hpp"
#include "emulator/sink/listen_address.hpp"
#include "emulator/sink/tally.hpp"
#include "emulator/transport/destination.hpp"
#include "model/base/assert.hpp"

#include <string>
#include <vector>

namespace {

struct Collected : asaemu::LineConsumer {
  bool take_line(const asaemu::ReceivedLine& line) override {
    lines.emplace_back(line.text);
    bytes += line.bytes;
    tally.take(line, {});
    return true;
  }
  void end_batch() override {}

  std::vector<std::string> lines;
  std::size_t bytes = 0;
  asaemu::Tally tally;
};

Collected collect(std::string_view stream, std::size_t chunk) {
  Collected collected;
  asaemu::LineSplitter splitter("192.0.2.1");
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    splitter.feed(stream.substr(at, chunk), collected);
  }
  splitter.finish(collected);
  return collected;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asaemu;
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = collect(stream, stream.size() + 1);
  const auto pieces = collect(stream, std::size_t{data[0]} + 1);
  ASAEMU_ASSERT(whole.lines == pieces.lines);
  ASAEMU_ASSERT(whole.bytes == stream.size() && pieces.bytes == stream.size());

  std::string complaint;
  static_cast<void>(read_header(stream));
  if (const auto address = ListenAddress::parse(stream, complaint)) {
    ASAEMU_ASSERT(ListenAddress::parse(to_string(*address), complaint) == address);
  }
  if (const auto destination = Destination::parse(stream, complaint)) {
    ASAEMU_ASSERT(Destination::parse(to_string(*destination), complaint) == destination);
  }
  return 0;
}
