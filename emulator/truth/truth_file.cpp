#include "emulator/truth/truth_file.hpp"

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/writing.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <system_error>
#include <unistd.h>
#include <zstd.h>

namespace asaemu {

namespace {

std::string text_of(int error) {
  return std::generic_category().message(error);
}

/// The file itself.
class PlainSink final : public TruthSink {
 public:
  explicit PlainSink(FileDescriptor file) : file_(std::move(file)) {}

  std::string write(std::string_view bytes) override {
    const auto outcome = write_all(file_.get(), bytes, waiting_);
    return outcome.error == 0 ? std::string() : text_of(outcome.error);
  }
  std::string finish() override {
    const int error = file_.close();
    return error == 0 ? std::string() : text_of(error);
  }

 private:
  FileDescriptor file_;
  Waiting waiting_;
};

/// A frame for each block, of which the file is a row: what one frame holds need not be copied for
/// the next, and whatever is whole of a file that was cut can be read. The level is the fastest one
/// that made files of ground truth no more than twice as long as level 1 does.
class ZstdSink final : public TruthSink {
 public:
  explicit ZstdSink(std::unique_ptr<TruthSink> below)
      : below_(std::move(below)), stream_(ZSTD_createCCtx()) {
    constexpr int kLevel = -3;
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }

  std::string write(std::string_view bytes) override {
    out_.clear();
    const std::size_t room = ZSTD_compressBound(bytes.size());
    const std::size_t size =
        ZSTD_compress2(stream_.get(), out_.room(room), room, bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0) return ZSTD_getErrorName(size);
    return below_->write({out_.data(), size});
  }
  std::string finish() override { return below_->finish(); }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* stream) const { ZSTD_freeCCtx(stream); }
  };
  std::unique_ptr<TruthSink> below_;
  std::unique_ptr<ZSTD_CCtx, Free> stream_;
  ByteBlock out_;
};

/// A member for each block. By ISA-L, whose level 1 is five times as fast as zlib's and packs ground
/// truth as tightly.
class GzipSink final : public TruthSink {
 public:
  explicit GzipSink(std::unique_ptr<TruthSink> below)
      : below_(std::move(below)), level_(ISAL_DEF_LVL1_DEFAULT) {}

  std::string write(std::string_view bytes) override {
    // What cannot be packed is stored, in pieces of 64 KiB with five bytes before each.
    const std::size_t room = bytes.size() + bytes.size() / 1024 + kHeadAndTail;
    out_.clear();
    isal_zstream stream;
    isal_deflate_stateless_init(&stream);
    stream.gzip_flag = IGZIP_GZIP;
    stream.level = 1;
    stream.level_buf = level_.data();
    stream.level_buf_size = static_cast<std::uint32_t>(level_.size());
    stream.end_of_stream = 1;
    // ISA-L only reads what it takes from here.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<std::uint32_t>(bytes.size());
    stream.next_out = reinterpret_cast<std::uint8_t*>(out_.room(room));
    stream.avail_out = static_cast<std::uint32_t>(room);
    if (isal_deflate_stateless(&stream) != COMP_OK) return "cannot compress";
    return below_->write({out_.data(), stream.total_out});
  }
  std::string finish() override { return below_->finish(); }

 private:
  static constexpr std::size_t kHeadAndTail = 1024;

  std::unique_ptr<TruthSink> below_;
  std::vector<std::uint8_t> level_;  ///< what ISA-L works in
  ByteBlock out_;
};

}  // namespace

std::unique_ptr<TruthSink> open_truth_sink(const std::string& path, std::string& error) {
  ignore_broken_pipes();
  constexpr mode_t kMode = 0644;
  const int number = path == "-"
                         ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                         : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode);
  if (number < 0) {
    error = text_of(errno);
    return nullptr;
  }
  std::unique_ptr<TruthSink> sink = std::make_unique<PlainSink>(FileDescriptor{number});
  if (path.ends_with(".zst")) return std::make_unique<ZstdSink>(std::move(sink));
  if (path.ends_with(".gz")) return std::make_unique<GzipSink>(std::move(sink));
  return sink;
}

TruthFile::~TruthFile() {
  close();
}

std::string TruthFile::open(const std::string& path) {
  path_ = path;
  std::string error;
  sink_ = open_truth_sink(path, error);
  if (!sink_) return fmt::format("{}: {}", path, error);
  thread_ = std::thread([this] { work(); });
  pthread_setname_np(thread_.native_handle(), "asaemu truth");
  return {};
}

ByteBlock TruthFile::submit(ByteBlock block) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kWaitingMax; });
  if (!block.is_empty()) waiting_.push_back(std::move(block));
  ByteBlock fresh;
  if (!spare_.empty()) {
    fresh = std::move(spare_.back());
    spare_.pop_back();
  }
  lock.unlock();
  changed_.notify_all();
  return fresh;
}

std::string TruthFile::close() {
  if (!thread_.joinable()) return {};
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
  return error_.empty() ? std::string() : fmt::format("{}: {}", path_, error_);
}

void TruthFile::work() {
  for (;;) {
    ByteBlock block;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty() || closing_; });
      if (waiting_.empty()) break;
      block = std::move(waiting_.front());
      waiting_.pop_front();
    }
    changed_.notify_all();
    if (error_.empty()) error_ = sink_->write(block.view());
    if (!error_.empty()) failed_.store(true, std::memory_order_relaxed);
    block.clear();
    const std::lock_guard lock(mutex_);
    if (spare_.size() < kWaitingMax) spare_.push_back(std::move(block));
  }
  const auto closing = sink_->finish();
  if (error_.empty()) error_ = closing;
}

}  // namespace asaemu
