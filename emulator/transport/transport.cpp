#include "emulator/transport/transport.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace asaemu {

Transport::Transport(Destination destination, std::size_t bytes_max, std::size_t lines_max)
    : Outlet(bytes_max, lines_max), destination_(std::move(destination)) {}

void Transport::end() {
  flush();
  say_farewell();
}

void Transport::close() {
  end();
  disconnect();
}

std::span<const Outlet::Line> Transport::take_sent(std::span<const Line> lines, std::size_t begin,
                                                   std::size_t end) {
  std::size_t count = 0;
  std::size_t start = begin;
  // Often one account has many lines in a row.
  while (count < lines.size() && lines[count].end <= end) {
    DestinationAccount& account = *lines[count].account;
    const std::size_t first = count;
    while (++count < lines.size() && lines[count].end <= end && lines[count].account == &account) {
    }
    const std::size_t row_end = lines[count - 1].end;
    count_sent(account, count - first, row_end - start);
    start = row_end;
  }
  add_sent(count, start - begin);
  return lines.subspan(count);
}

void Transport::add_sent(std::size_t lines, std::size_t bytes) {
  statistics_.lines += lines;
  statistics_.bytes += bytes;
}

void Transport::drop(std::span<const Line> lines, std::string_view reason) {
  if (lines.empty()) return;
  for (const auto& line : lines) count_failed(line);
  statistics_.lines_failed += lines.size();
  auto known = statistics_.errors.find(reason);
  if (known == statistics_.errors.end()) {
    known = statistics_.errors.emplace(reason, 0).first;
    if (!reader_left_) {
      spdlog::warn("{}: {}; lines that fail like this are counted and not reported again",
                   to_string(destination_), reason);
    }
  }
  known->second += lines.size();
}

void Transport::fail(std::string reason) {
  if (failure_.empty()) failure_ = std::move(reason);
}

std::size_t Transport::write_lines(int descriptor, std::span<const char> bytes,
                                   std::span<const Line> lines) {
  if (failed()) {
    drop(lines, failure_);
    return 0;
  }
  std::unique_lock<std::mutex> lock;
  if (shared_) lock = std::unique_lock(*shared_);
  const auto outcome = write_all(descriptor, bytes, waiting_);
  const auto rest = take_sent(lines, 0, outcome.written);
  if (outcome.error == 0) return 0;
  reader_left_ = outcome.error == EPIPE;
  fail(error_text(outcome.error));
  drop(rest, failure_);
  const auto whole = lines.size() - rest.size();
  return outcome.written - (whole == 0 ? 0 : lines[whole - 1].end);
}

std::string error_text(int error) {
  if (error == ECANCELED) return "stopped while it took nothing";
  return std::generic_category().message(error);
}

}  // namespace asaemu
