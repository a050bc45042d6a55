// The file that ground truth is written to, by a thread of its own: plain, gzip or zstd.
#pragma once

#include "emulator/truth/byte_block.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace asaemu {

/// Compresses and writes bytes in the order in which they come.
class TruthSink {
 public:
  virtual ~TruthSink() = default;
  /// Error text, or empty.
  virtual std::string write(std::string_view bytes) = 0;
  /// Writes what is held back and closes. Error text, or empty.
  virtual std::string finish() = 0;
};

/// By the name: `-` is standard output, `….zst` is compressed with zstd, `….gz` with gzip. Null and
/// an error text if it cannot be opened.
std::unique_ptr<TruthSink> open_truth_sink(const std::string& path, std::string& error);

class TruthFile {
 public:
  /// Bytes that are handed over at once, about.
  static constexpr std::size_t kBlockSize = std::size_t{1024} * 1024;
  /// Blocks that may wait; whoever brings one more waits too.
  static constexpr std::size_t kWaitingMax = 32;

  TruthFile() = default;
  ~TruthFile();
  TruthFile(const TruthFile&) = delete;
  TruthFile& operator=(const TruthFile&) = delete;

  /// Opens and starts. Error text, or empty.
  [[nodiscard]] std::string open(const std::string& path);
  /// Takes whole lines; gives back an empty block, with room if there is one. From any thread. Waits
  /// while too much waits; drops them once writing has failed.
  ByteBlock submit(ByteBlock block);
  /// Writes all and closes. Error text of the whole, or empty.
  std::string close();
  /// Whether nothing can be written any more. From any thread.
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }

 private:
  void work();

  std::string path_;
  std::unique_ptr<TruthSink> sink_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ByteBlock> waiting_;
  std::vector<ByteBlock> spare_;
  bool closing_ = false;
  std::atomic<bool> failed_{false};
  std::string error_;  ///< of the thread; read after it ended
};

}  // namespace asaemu
