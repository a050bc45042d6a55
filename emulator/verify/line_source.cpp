#include "emulator/verify/line_source.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace asaemu {

namespace {

constexpr std::size_t kChunk = std::size_t{256} * 1024;

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() {
    constexpr int kGzipWindow = 15 + 16;
    ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK;
  }
  ~GzipUnpacker() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;

  bool feed(std::string_view packed, std::string& plain) override {
    if (!ready_) return false;
    // zlib only reads what it takes from here.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (stream_.avail_in > 0) {
      if (ended_) inflateReset(&stream_);  // Files put behind each other.
      ended_ = false;
      const std::size_t size = plain.size();
      plain.resize(size + kChunk);
      stream_.next_out = reinterpret_cast<Bytef*>(plain.data() + size);
      stream_.avail_out = static_cast<uInt>(kChunk);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      plain.resize(size + kChunk - stream_.avail_out);
      ended_ = result == Z_STREAM_END;
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
    }
    return true;
  }
  [[nodiscard]] bool is_whole() const override { return ended_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
};

class ZstdUnpacker final : public Unpacker {
 public:
  bool feed(std::string_view packed, std::string& plain) override {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    for (;;) {
      const std::size_t size = plain.size();
      plain.resize(size + kChunk);
      ZSTD_outBuffer out{plain.data() + size, kChunk, 0};
      left_ = ZSTD_decompressStream(stream_.get(), &out, &in);
      plain.resize(size + out.pos);
      if (ZSTD_isError(left_) != 0) return false;
      if (in.pos == in.size && out.pos < out.size) return true;
    }
  }
  [[nodiscard]] bool is_whole() const override { return left_ == 0; }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> stream_{ZSTD_createDCtx()};
  std::size_t left_ = 0;
};

}  // namespace

std::string LineSource::open(const std::string& path) {
  path_ = path;
  file_ = FileDescriptor{path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                     : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file_.is_open()) return {};
  return fmt::format("{}: {}", path, std::generic_category().message(errno));
}

std::optional<std::string_view> LineSource::next() {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos || (ended_ && at_ < buffer_.size())) {
      const std::size_t stop = end != std::string::npos ? end : buffer_.size();
      std::string_view line = std::string_view(buffer_).substr(at_, stop - at_);
      at_ = end != std::string::npos ? end + 1 : buffer_.size();
      if (line.ends_with('\r')) line.remove_suffix(1);
      return line.substr(0, kLineMax);
    }
    if (ended_) return std::nullopt;
    searched = buffer_.size() - at_;
    if (!read_more()) return std::nullopt;
  }
}

/// Moves what is left to the front and reads behind it. False on an error.
bool LineSource::read_more() {
  buffer_.erase(0, at_);
  at_ = 0;
  // Of a line too long its front is kept.
  if (buffer_.size() > 2 * kLineMax) buffer_.resize(kLineMax);
  packed_.resize(kChunk);
  ssize_t size = 0;
  do {
    size = ::read(file_.get(), packed_.data(), packed_.size());
  } while (size < 0 && errno == EINTR);
  if (size < 0) {
    error_ = fmt::format("{}: {}", path_, std::generic_category().message(errno));
    ended_ = true;
    return false;
  }
  packed_.resize(static_cast<std::size_t>(size));
  if (!looked_) {
    looked_ = true;
    if (packed_.starts_with("\x1f\x8b")) unpacker_ = std::make_unique<GzipUnpacker>();
    if (packed_.starts_with("\x28\xb5\x2f\xfd")) unpacker_ = std::make_unique<ZstdUnpacker>();
  }
  ended_ = size == 0;
  if (!unpacker_) {
    buffer_ += packed_;
    return true;
  }
  const bool good = ended_ ? unpacker_->is_whole() : unpacker_->feed(packed_, buffer_);
  if (good) return true;
  error_ = fmt::format("{}: the compressed data is {}", path_, ended_ ? "cut off" : "damaged");
  ended_ = true;
  return true;
}

}  // namespace asaemu
