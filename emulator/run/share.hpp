// Which devices of a scenario are somebody's: a process's (`--shard 2/5`), a worker thread's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace asaemu {

/// `--shard I/N`: this process is the I-th of N, counted from 1.
struct Shard {
  std::uint32_t index = 1;
  std::uint32_t count = 1;

  /// At most so many shards.
  static constexpr std::uint32_t kCountMax = 100'000;

  /// Reads `I/N`, I from 1 to N. nullopt otherwise.
  static std::optional<Shard> parse(std::string_view text);
};

/// Every `stride`-th device from `first` on. Neighbours, which are alike as a rule, go to different
/// owners.
struct Share {
  std::uint32_t first = 0;
  std::uint32_t stride = 1;

  /// What worker `worker` of `workers` (from 0) has of a shard.
  static Share of(const Shard& shard, std::uint32_t worker, std::uint32_t workers) {
    return {shard.index - 1 + shard.count * worker, shard.count * workers};
  }

  [[nodiscard]] bool owns(std::uint32_t device) const {
    return device >= first && (device - first) % stride == 0;
  }
  /// The place of an owned device among the owned ones.
  [[nodiscard]] std::size_t slot(std::uint32_t device) const { return (device - first) / stride; }
  /// How many of `devices` are owned.
  [[nodiscard]] std::size_t size(std::size_t devices) const {
    return devices > first ? (devices - first - 1) / stride + 1 : 0;
  }
};

/// The shard that the environment gives a job of an array: JOB_COMPLETION_INDEX (from 0; Kubernetes)
/// with JOB_COMPLETIONS, or SLURM_ARRAY_TASK_ID with SLURM_ARRAY_TASK_MIN, _COUNT and _STEP. nullopt if
/// there is none; `complaint` says what is wrong with one that makes no sense.
std::optional<Shard> shard_of_environment(std::string_view& complaint);

}  // namespace asaemu
