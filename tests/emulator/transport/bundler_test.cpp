#include "emulator/transport/bundler.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <rapidcheck.h>

using asaemu::Bundler;

namespace {

using Batch = std::vector<Bundler::Datagram>;
using Sizes = std::vector<std::size_t>;

constexpr std::size_t kSizeMax = 1472;

/// How many datagrams each bundle of a batch has.
Sizes bundles(const Batch& batch, std::size_t size_max = kSizeMax) {
  Bundler bundler;
  bundler.arrange(batch, size_max);
  Sizes counts;
  for (const auto& bundle : bundler.bundles()) counts.push_back(bundle.count);
  return counts;
}

std::vector<std::uint32_t> order(const Batch& batch) {
  Bundler bundler;
  bundler.arrange(batch, kSizeMax);
  return {bundler.order().begin(), bundler.order().end()};
}

rc::Gen<Batch> any_batch() {
  const auto devices =
      rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 4), rc::gen::inRange<std::uint32_t>(0, 100),
                     rc::gen::arbitrary<std::uint32_t>());
  const auto sizes = rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(100, 105),
                                    rc::gen::inRange<std::uint32_t>(0, 3000),
                                    rc::gen::inRange<std::uint32_t>(0, Bundler::kBytesMax + 1));
  return rc::gen::container<Batch>(
      rc::gen::map(rc::gen::pair(devices, sizes), [](const auto& pair) {
        return Bundler::Datagram{pair.first, pair.second};
      }));
}

/// Whether the kernel takes this bundle and cuts it where the datagrams end.
void check_bundle(const Batch& batch, std::span<const std::uint32_t> members,
                  std::size_t size_max) {
  RC_ASSERT(!members.empty());
  RC_ASSERT(members.size() <= Bundler::kCountMax);
  if (members.size() == 1) return;
  const std::uint32_t size = batch[members.front()].size;
  RC_ASSERT(size <= size_max);
  std::size_t bytes = 0;
  for (const auto datagram : members) {
    const bool is_last = datagram == members.back();
    RC_ASSERT(batch[datagram].size == size || (is_last && batch[datagram].size < size));
    RC_ASSERT(batch[datagram].size > 0);
    bytes += batch[datagram].size;
  }
  RC_ASSERT(bytes <= Bundler::kBytesMax);
}

void check_arrangement(const Bundler& bundler, const Batch& batch, std::size_t size_max) {
  const auto leaving = bundler.order();
  std::vector<bool> has_left(batch.size(), false);
  std::map<std::uint32_t, std::uint32_t> last_of_device;
  RC_ASSERT(leaving.size() == batch.size());
  for (const auto datagram : leaving) {
    RC_ASSERT(datagram < batch.size());
    RC_ASSERT(!has_left[datagram]);
    has_left[datagram] = true;
    const auto [last, is_first] = last_of_device.emplace(batch[datagram].device, datagram);
    RC_ASSERT(is_first || last->second < datagram);
    last->second = datagram;
  }
  std::size_t at = 0;
  for (const auto& bundle : bundler.bundles()) {
    RC_ASSERT(bundle.first == at);
    RC_ASSERT(at + bundle.count <= leaving.size());
    check_bundle(batch, leaving.subspan(at, bundle.count), size_max);
    at += bundle.count;
  }
  RC_ASSERT(at == batch.size());
}

}  // namespace

TEST_CASE("whatever a batch is like each datagram leaves once in its device's order") {
  CHECK(rc::check([] {
    // One bundler has many batches, and nothing of one is to be seen in the next.
    Bundler bundler;
    for (int round = 0; round < 3; ++round) {
      const auto batch = *any_batch();
      const auto size_max = *rc::gen::element<std::size_t>(0, 102, 1472, 65'507);
      bundler.arrange(batch, size_max);
      check_arrangement(bundler, batch, size_max);
    }
  }));
}

TEST_CASE("an empty batch makes no bundles") {
  CHECK(bundles({}).empty());
}

TEST_CASE("datagrams of different devices change places so that equal sizes meet") {
  const Batch batch{{1, 100}, {2, 120}, {3, 100}, {4, 120}, {5, 100}};
  CHECK(order(batch) == std::vector<std::uint32_t>{0, 2, 4, 1, 3});
  CHECK(bundles(batch) == Sizes{3, 2});
}

TEST_CASE("what follows in the same device waits for what is before it") {
  const Batch batch{{1, 100}, {1, 120}, {2, 120}, {1, 100}, {2, 120}};
  CHECK(bundles(batch) == Sizes{1, 4});
  CHECK(order(batch) == std::vector<std::uint32_t>{0, 2, 1, 4, 3});
}

TEST_CASE("a device alone keeps its order and only neighbours leave together") {
  const Batch batch{{7, 100}, {7, 100}, {7, 90}, {7, 120}, {7, 130}, {7, 130}};
  CHECK(order(batch) == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5});
  CHECK(bundles(batch) == Sizes{3, 1, 2});
}

TEST_CASE("a bundle takes sixty four datagrams and not one more") {
  CHECK(bundles(Batch(64, {1, 100})) == Sizes{64});
  CHECK(bundles(Batch(65, {1, 100})) == Sizes{64, 1});
}

TEST_CASE("a bundle is no larger than the largest packet") {
  // 2 times 32,000 and 1,507 bytes are 65,507.
  CHECK(bundles({{1, 32'000}, {1, 32'000}, {1, 1'507}}, 65'507) == Sizes{3});
  CHECK(bundles({{1, 32'000}, {1, 32'000}, {1, 1'508}}, 65'507) == Sizes{2, 1});
  CHECK(bundles(Batch(2, {1, 32'753}), 65'507) == Sizes{2});
  CHECK(bundles(Batch(2, {1, 32'754}), 65'507) == Sizes{1, 1});
}

TEST_CASE("a datagram that the path does not take whole stays alone") {
  CHECK(bundles(Batch(3, {1, 1472})) == Sizes{3});
  CHECK(bundles(Batch(3, {1, 1473})) == Sizes{1, 1, 1});
}

TEST_CASE("an empty datagram stays alone") {
  CHECK(bundles(Batch(2, {1, 0})) == Sizes{1, 1});
  CHECK(bundles({{1, 5}, {1, 0}}) == Sizes{1, 1});
}

TEST_CASE("a fleet with few lines per device leaves in few bundles") {
  Batch batch;
  constexpr std::uint32_t kDevices = 1000;
  constexpr std::uint32_t kLengths = 10;
  for (std::uint32_t i = 0; i < 4 * kDevices; ++i) {
    batch.push_back({i % kDevices, 120 + (i * 7 + i / kDevices) % kLengths});
  }
  // At least 63 would be needed.
  CHECK(bundles(batch).size() < 80);
}
