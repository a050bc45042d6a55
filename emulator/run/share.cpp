#include "emulator/run/share.hpp"

#include <charconv>
#include <cstdlib>

namespace asaemu {

namespace {

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> variable(const char* name) {
  const char* const text = std::getenv(name);
  return text != nullptr ? number_of(text) : std::nullopt;
}

/// The shard of a place counted from 0.
std::optional<Shard> shard_at(std::uint32_t place, std::uint32_t count) {
  if (count == 0 || count > Shard::kCountMax || place >= count) return std::nullopt;
  return Shard{place + 1, count};
}

}  // namespace

std::optional<Shard> Shard::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = number_of(text.substr(0, slash));
  const auto count = number_of(text.substr(slash + 1));
  if (!index || !count || *index == 0) return std::nullopt;
  return shard_at(*index - 1, *count);
}

std::optional<Shard> shard_of_environment(std::string_view& complaint) {
  if (std::getenv("JOB_COMPLETION_INDEX") != nullptr) {
    // Kubernetes tells a pod its index; how many there are is for the job's author to pass on.
    const auto index = variable("JOB_COMPLETION_INDEX");
    const auto count = variable("JOB_COMPLETIONS");
    const auto shard = index && count ? shard_at(*index, *count) : std::nullopt;
    if (!shard) {
      complaint =
          "JOB_COMPLETION_INDEX is set, but JOB_COMPLETIONS (how many there are) is missing or "
          "does "
          "not fit; set it, or say --shard I/N";
    }
    return shard;
  }
  if (std::getenv("SLURM_ARRAY_TASK_ID") == nullptr) return std::nullopt;
  const auto id = variable("SLURM_ARRAY_TASK_ID");
  const auto count = variable("SLURM_ARRAY_TASK_COUNT");
  const std::uint32_t low = variable("SLURM_ARRAY_TASK_MIN").value_or(0);
  const std::uint32_t step = variable("SLURM_ARRAY_TASK_STEP").value_or(1);
  std::optional<Shard> shard;
  if (id && count && *id >= low && step > 0 && (*id - low) % step == 0) {
    shard = shard_at((*id - low) / step, *count);
  }
  if (!shard) {
    complaint =
        "SLURM_ARRAY_TASK_ID is set, but SLURM_ARRAY_TASK_COUNT, _MIN and _STEP do not fit it; say "
        "--shard I/N";
  }
  return shard;
}

}  // namespace asaemu
