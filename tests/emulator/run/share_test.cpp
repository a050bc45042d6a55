#include "emulator/run/share.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace asaemu;

namespace {

/// Sets variables of the environment for one test.
class Environment {
 public:
  Environment() {
    for (const char* name : kNames) unsetenv(name);
  }
  ~Environment() {
    for (const char* name : kNames) unsetenv(name);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  static void set(const char* name, const char* value) { setenv(name, value, 1); }

 private:
  static constexpr const char* kNames[] = {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS",
                                           "SLURM_ARRAY_TASK_ID",  "SLURM_ARRAY_TASK_COUNT",
                                           "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"};
};

}  // namespace

TEST_CASE("a shard is I of N with I from 1 to N") {
  REQUIRE(Shard::parse("1/1")->count == 1);
  REQUIRE(Shard::parse("3/3")->index == 3);
  REQUIRE(Shard::parse("100000/100000").has_value());
  for (const char* bad : {"", "1", "0/3", "4/3", "1/0", "-1/3", "1/3x", "a/b", "1/100001", "/"}) {
    INFO(bad);
    REQUIRE_FALSE(Shard::parse(bad).has_value());
  }
}

TEST_CASE("the shares of all workers of all shards are each device once") {
  for (const std::size_t devices : {1U, 2U, 7U, 24U, 25U}) {
    std::vector<int> owners(devices, 0);
    std::size_t sizes = 0;
    for (std::uint32_t index = 1; index <= 3; ++index) {
      for (std::uint32_t worker = 0; worker < 4; ++worker) {
        const Share share = Share::of({index, 3}, worker, 4);
        std::size_t slot = 0;
        for (std::uint32_t device = 0; device < devices; ++device) {
          if (!share.owns(device)) continue;
          REQUIRE(share.slot(device) == slot++);
          ++owners[device];
        }
        REQUIRE(share.size(devices) == slot);
        sizes += slot;
      }
    }
    REQUIRE(sizes == devices);
    for (const int owner : owners) REQUIRE(owner == 1);
  }
}

TEST_CASE("an indexed job and a job array tell their shard") {
  Environment environment;
  std::string_view complaint;
  REQUIRE_FALSE(shard_of_environment(complaint).has_value());
  REQUIRE(complaint.empty());
  Environment::set("JOB_COMPLETION_INDEX", "0");
  Environment::set("JOB_COMPLETIONS", "5");
  REQUIRE(shard_of_environment(complaint)->index == 1);
  Environment::set("JOB_COMPLETION_INDEX", "4");
  REQUIRE(shard_of_environment(complaint)->index == 5);
  REQUIRE(shard_of_environment(complaint)->count == 5);
  REQUIRE(complaint.empty());
  Environment::set("JOB_COMPLETION_INDEX", "5");
  REQUIRE_FALSE(shard_of_environment(complaint).has_value());
  REQUIRE_FALSE(complaint.empty());
}

TEST_CASE("a Slurm array may begin anywhere and count in steps") {
  Environment environment;
  std::string_view complaint;
  Environment::set("SLURM_ARRAY_TASK_ID", "14");
  Environment::set("SLURM_ARRAY_TASK_COUNT", "3");
  Environment::set("SLURM_ARRAY_TASK_MIN", "10");
  Environment::set("SLURM_ARRAY_TASK_STEP", "2");
  const auto shard = shard_of_environment(complaint);
  REQUIRE(shard->index == 3);
  REQUIRE(shard->count == 3);
  Environment::set("SLURM_ARRAY_TASK_ID", "13");
  REQUIRE_FALSE(shard_of_environment(complaint).has_value());
  REQUIRE_FALSE(complaint.empty());
}
