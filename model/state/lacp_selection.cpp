#include "model/state/lacp_selection.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

namespace asaemu {

namespace {

auto own_rank(const LacpCandidate& candidate) {
  return std::tuple(candidate.priority, candidate.number);
}

std::optional<std::size_t> find_reference(std::span<const LacpCandidate> candidates) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const LacpCandidate& candidate = candidates[i];
    if (!candidate.has_link || !candidate.is_synced || candidate.is_held_back) continue;
    const auto rank = [&](std::size_t place) {
      return std::tuple(!candidates[place].is_bundled, own_rank(candidates[place]));
    };
    if (!best || rank(i) < rank(*best)) best = i;
  }
  return best;
}

Misfit compare(const LacpCandidate& candidate, const LacpCandidate& reference) {
  if (candidate.speed_mbps != reference.speed_mbps) return Misfit::kSpeed;
  if (candidate.is_full_duplex != reference.is_full_duplex) return Misfit::kDuplex;
  const bool has_same_partner =
      candidate.partner == reference.partner && candidate.partner_key == reference.partner_key;
  return candidate.is_synced && !has_same_partner ? Misfit::kPartner : Misfit::kNone;
}

}  // namespace

std::vector<LacpVerdict> select_members(const LacpSystem& self, std::size_t max_bundle,
                                        std::span<const LacpCandidate> candidates) {
  std::vector<LacpVerdict> verdicts(candidates.size());
  std::vector<std::size_t> fitting;
  const auto reference = find_reference(candidates);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const LacpCandidate& candidate = candidates[i];
    if (!candidate.has_link) continue;
    const Misfit misfit = reference ? compare(candidate, candidates[*reference]) : Misfit::kNone;
    if (misfit != Misfit::kNone) {
      verdicts[i] = {MemberState::kSuspended, misfit, *reference};
    } else if (!candidate.is_synced) {
      verdicts[i].state = MemberState::kWaiting;
    } else {
      verdicts[i].state = MemberState::kStandby;
      if (!candidate.is_held_back) fitting.push_back(i);
    }
  }
  if (!reference) return verdicts;
  const bool we_decide = self <= candidates[*reference].partner;
  std::ranges::sort(fitting, {}, [&](std::size_t place) {
    const LacpCandidate& candidate = candidates[place];
    return std::tuple(we_decide ? candidate.priority : candidate.partner_port_priority,
                      candidate.number);
  });
  if (fitting.size() > max_bundle) fitting.resize(max_bundle);
  for (const std::size_t place : fitting) verdicts[place].state = MemberState::kBundled;
  return verdicts;
}

std::vector<bool> select_spanned(std::size_t limit, bool has_fair_shares,
                                 std::span<const SpannedPort> ports) {
  std::vector<std::size_t> order(ports.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t place) {
    const SpannedPort& port = ports[place];
    return std::tuple(port.priority, port.unit, port.number);
  });
  if (has_fair_shares) {
    // A port's turn is how many of its unit come before it; a stable sort keeps the order within one.
    std::vector<std::size_t> turns(ports.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      turns[order[i]] = static_cast<std::size_t>(std::count_if(
          order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i),
          [&](std::size_t other) { return ports[other].unit == ports[order[i]].unit; }));
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t place) { return turns[place]; });
  }
  if (order.size() > limit) order.resize(limit);
  std::vector<bool> selected(ports.size());
  for (const std::size_t place : order) selected[place] = true;
  return selected;
}

}  // namespace asaemu
