#include "model/logging/outlet.hpp"

#include "model/base/assert.hpp"

namespace asaemu {

Outlet::Outlet(std::size_t bytes_max, std::size_t lines_max)
    : bytes_max_(bytes_max),
      lines_max_(lines_max),
      buffer_(std::make_unique_for_overwrite<char[]>(bytes_max + kRenderSlack)) {  // NOLINT
  ASAEMU_ASSERT(bytes_max >= kLineMax && lines_max > 0);
  lines_.reserve(lines_max);
}

void Outlet::flush() {
  if (lines_.empty()) return;
  transmit({buffer_.get(), size_}, lines_);
  lines_.clear();
  size_ = 0;
}

}  // namespace asaemu
