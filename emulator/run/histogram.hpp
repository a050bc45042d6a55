// A histogram of durations with bounded memory: 1/16 relative resolution from nanoseconds to hours.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace asaemu {

class Histogram {
 public:
  /// Adds a duration in nanoseconds; negative ones count as zero.
  void add(std::int64_t nanoseconds) {
    const auto value = static_cast<std::uint64_t>(nanoseconds < 0 ? 0 : nanoseconds);
    ++buckets_[bucket_of(value)];
    ++count_;
    sum_ += value;
    if (value > max_) max_ = value;
  }

  /// Adds all that `other` has.
  void add(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    if (other.max_ > max_) max_ = other.max_;
  }

  /// How many are not above `value`, to the resolution.
  [[nodiscard]] std::uint64_t count_up_to(std::uint64_t value) const {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i <= bucket_of(value); ++i) seen += buckets_[i];
    return seen;
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Of all values, in nanoseconds.
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }

  /// The smallest value that is not below `fraction` (0 to 1) of all, to the resolution; 0 if there
  /// are none.
  [[nodiscard]] std::uint64_t percentile(double fraction) const {
    if (count_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(fraction * static_cast<double>(count_ - 1)) + 1;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen >= wanted) return upper_bound(i) < max_ ? upper_bound(i) : max_;
    }
    return max_;
  }

 private:
  static constexpr unsigned kSubBits = 4;
  static constexpr std::size_t kBuckets = (64 - kSubBits + 1) << kSubBits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < (1U << kSubBits)) return value;
    const auto exponent = static_cast<unsigned>(std::bit_width(value)) - kSubBits - 1;
    return (std::size_t{exponent + 1} << kSubBits) + ((value >> exponent) & ((1U << kSubBits) - 1));
  }

  static std::uint64_t upper_bound(std::size_t bucket) {
    if (bucket < (1U << kSubBits)) return bucket;
    const auto exponent = static_cast<unsigned>(bucket >> kSubBits) - 1;
    const std::uint64_t sub = (bucket & ((1U << kSubBits) - 1)) | (1U << kSubBits);
    return ((sub + 1) << exponent) - 1;
  }

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace asaemu
