#include "emulator/truth/truth_file.hpp"

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/writing.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <zlib.h>
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

class ZstdSink final : public TruthSink {
 public:
  explicit ZstdSink(std::unique_ptr<TruthSink> below)
      : below_(std::move(below)), stream_(ZSTD_createCCtx()), out_(ZSTD_CStreamOutSize(), '\0') {
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }

  std::string write(std::string_view bytes) override { return feed(bytes, ZSTD_e_continue); }
  std::string finish() override {
    const auto error = feed({}, ZSTD_e_end);
    const auto closing = below_->finish();
    return error.empty() ? closing : error;
  }

 private:
  std::string feed(std::string_view bytes, ZSTD_EndDirective how) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(stream_.get(), &out, &in, how);
      if (ZSTD_isError(left) != 0) return ZSTD_getErrorName(left);
      if (auto error = below_->write({out_.data(), out.pos}); !error.empty()) return error;
      if (how == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }

  struct Free {
    void operator()(ZSTD_CCtx* stream) const { ZSTD_freeCCtx(stream); }
  };
  std::unique_ptr<TruthSink> below_;
  std::unique_ptr<ZSTD_CCtx, Free> stream_;
  std::string out_;
};

class GzipSink final : public TruthSink {
 public:
  explicit GzipSink(std::unique_ptr<TruthSink> below)
      : below_(std::move(below)), out_(std::size_t{128} * 1024, '\0') {
    constexpr int kGzipWindow = 15 + 16;
    constexpr int kMemory = 8;
    ready_ = deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemory,
                          Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipSink() override {
    if (ready_) deflateEnd(&stream_);
  }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  std::string write(std::string_view bytes) override { return feed(bytes, Z_NO_FLUSH); }
  std::string finish() override {
    const auto error = feed({}, Z_FINISH);
    const auto closing = below_->finish();
    return error.empty() ? closing : error;
  }

 private:
  std::string feed(std::string_view bytes, int how) {
    if (!ready_) return "no memory to compress with";
    // zlib only reads what it takes from here.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    for (;;) {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int result = deflate(&stream_, how);
      if (result == Z_STREAM_ERROR) return "cannot compress";
      const std::size_t size = out_.size() - stream_.avail_out;
      if (auto error = below_->write({out_.data(), size}); !error.empty()) return error;
      if (how == Z_FINISH ? result == Z_STREAM_END : stream_.avail_out > 0) return {};
    }
  }

  std::unique_ptr<TruthSink> below_;
  z_stream stream_{};
  bool ready_ = false;
  std::string out_;
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
