#include "emulator/sink/line_writer.hpp"

namespace asaemu {

namespace {

constexpr std::size_t kFlushAt = 256 * std::size_t{1024};

}  // namespace

void LineWriter::add(std::string_view line) {
  buffer_ += line;
  buffer_ += '\n';
  if (buffer_.size() >= kFlushAt) flush();
}

void LineWriter::flush() {
  if (error_ == 0) error_ = write_all(descriptor_, buffer_, waiting_).error;
  buffer_.clear();
}

}  // namespace asaemu
