#include "model/state/lacp_selection.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <rapidcheck.h>
#include <tuple>

using namespace asaemu;

namespace {

constexpr LacpSystem kSelf{32768, MacAddress{0x001B'2A00'0001}};
constexpr LacpSystem kSwitch{32768, MacAddress{0x0022'5500'0001}};

LacpCandidate good(std::uint16_t number) {
  LacpCandidate candidate;
  candidate.number = number;
  candidate.has_link = candidate.is_synced = true;
  candidate.partner = kSwitch;
  candidate.partner_key = 1;
  return candidate;
}

std::vector<MemberState> states(const std::vector<LacpVerdict>& verdicts) {
  std::vector<MemberState> result;
  for (const auto& verdict : verdicts) result.push_back(verdict.state);
  return result;
}

using enum MemberState;

}  // namespace

TEST_CASE("ports that fit are bundled up to the maximum, the rest stand by") {
  const std::vector<LacpCandidate> ports{good(1), good(2), good(3)};
  REQUIRE(states(select_members(kSelf, 3, ports)) ==
          std::vector<MemberState>{kBundled, kBundled, kBundled});
  REQUIRE(states(select_members(kSelf, 2, ports)) ==
          std::vector<MemberState>{kBundled, kBundled, kStandby});
}

TEST_CASE(
    "the smaller port priority is bundled first, and a better port takes the place of a worse") {
  std::vector<LacpCandidate> ports{good(1), good(2)};
  ports[0].is_bundled = true;
  ports[1].priority = 100;
  REQUIRE(states(select_members(kSelf, 1, ports)) == std::vector<MemberState>{kStandby, kBundled});
}

TEST_CASE("the better system's port priorities count") {
  std::vector<LacpCandidate> ports{good(1), good(2)};
  for (auto& port : ports) port.partner.priority = 100;
  ports[0].priority = 1;
  ports[1].partner_port_priority = 1;
  REQUIRE(states(select_members(kSelf, 1, ports)) == std::vector<MemberState>{kStandby, kBundled});
  REQUIRE(states(select_members({99, kSelf.mac}, 1, ports)) ==
          std::vector<MemberState>{kBundled, kStandby});
}

TEST_CASE("a port of another speed or duplex is suspended, whatever its priority") {
  std::vector<LacpCandidate> ports{good(1), good(2), good(3)};
  ports[0].priority = 1;
  ports[0].speed_mbps = 100;
  ports[1].is_bundled = true;
  ports[2].is_full_duplex = false;
  const auto verdicts = select_members(kSelf, 8, ports);
  REQUIRE(verdicts[0] == LacpVerdict{kSuspended, Misfit::kSpeed, 1});
  REQUIRE(verdicts[1].state == kBundled);
  REQUIRE(verdicts[2] == LacpVerdict{kSuspended, Misfit::kDuplex, 1});
}

TEST_CASE("a port does not have to be synced to be found unfit") {
  std::vector<LacpCandidate> ports{good(1), good(2)};
  ports[1].is_synced = false;
  ports[1].speed_mbps = 100;
  REQUIRE(states(select_members(kSelf, 8, ports)) ==
          std::vector<MemberState>{kBundled, kSuspended});
}

TEST_CASE("a port that leads to another switch or to another channel of it is suspended") {
  std::vector<LacpCandidate> ports{good(1), good(2), good(3)};
  ports[1].partner.mac = MacAddress{0x0022'5500'0002};
  ports[2].partner_key = 2;
  const auto verdicts = select_members(kSelf, 8, ports);
  REQUIRE(verdicts[1] == LacpVerdict{kSuspended, Misfit::kPartner, 0});
  REQUIRE(verdicts[2] == LacpVerdict{kSuspended, Misfit::kPartner, 0});
}

TEST_CASE("a suspended port becomes the reference when the last bundled one has gone") {
  std::vector<LacpCandidate> ports{good(1), good(2)};
  ports[0].has_link = false;
  ports[0].is_bundled = true;
  ports[1].speed_mbps = 100;
  REQUIRE(states(select_members(kSelf, 8, ports)) == std::vector<MemberState>{kDown, kBundled});
}

TEST_CASE("a port that is held back stands by and is nobody's measure") {
  std::vector<LacpCandidate> ports{good(1), good(2)};
  ports[0].is_held_back = true;
  ports[0].speed_mbps = 100;
  REQUIRE(states(select_members(kSelf, 8, ports)) ==
          std::vector<MemberState>{kSuspended, kBundled});
  ports[0].speed_mbps = 1000;
  REQUIRE(states(select_members(kSelf, 8, ports)) == std::vector<MemberState>{kStandby, kBundled});
}

TEST_CASE("a spanned channel's places are dealt out to the units in turn") {
  const std::vector<SpannedPort> ports{{0, 32768, 0}, {0, 32768, 1}, {0, 32768, 2},
                                       {1, 32768, 0}, {1, 32768, 1}, {2, 32768, 0}};
  REQUIRE(select_spanned(4, true, ports) ==
          std::vector<bool>{true, true, false, true, false, true});
  REQUIRE(select_spanned(6, true, ports) == std::vector<bool>(6, true));
  REQUIRE(select_spanned(4, false, ports) ==
          std::vector<bool>{true, true, true, true, false, false});
}

namespace {

/// Few values each, so that ties and misfits are frequent.
std::vector<LacpCandidate> any_candidates() {
  const auto size = *rc::gen::inRange<std::size_t>(0, 17);
  std::vector<LacpCandidate> candidates(size);
  for (std::size_t i = 0; i < size; ++i) {
    LacpCandidate& candidate = candidates[i];
    candidate.number = static_cast<std::uint16_t>(i);
    candidate.priority = *rc::gen::element<std::uint16_t>(1, 100, 32768);
    candidate.speed_mbps = *rc::gen::weightedElement<std::uint32_t>({{5, 1000}, {1, 100}});
    candidate.is_full_duplex = *rc::gen::weightedElement<bool>({{5, true}, {1, false}});
    candidate.has_link = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    candidate.is_synced = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    candidate.is_bundled = *rc::gen::arbitrary<bool>();
    candidate.is_held_back = *rc::gen::weightedElement<bool>({{1, true}, {5, false}});
    candidate.partner = kSwitch;
    candidate.partner.priority = *rc::gen::weightedElement<std::uint16_t>({{4, 32768}, {1, 1}});
    candidate.partner_key = *rc::gen::weightedElement<std::uint16_t>({{5, 1}, {1, 2}});
    candidate.partner_port_priority = *rc::gen::element<std::uint16_t>(1, 32768);
  }
  return candidates;
}

bool is_eligible(const LacpCandidate& candidate) {
  return candidate.has_link && candidate.is_synced && !candidate.is_held_back;
}

/// The specification in the words of lacp_selection.hpp, without any of its code: every port is looked
/// at by itself, and its place is how many are better.
LacpVerdict specified(std::size_t place, std::size_t max_bundle,
                      const std::vector<LacpCandidate>& all) {
  const LacpCandidate& port = all[place];
  if (!port.has_link) return {kDown, Misfit::kNone, 0};
  std::optional<std::size_t> reference;
  for (const bool bundled : {true, false}) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!is_eligible(all[i]) || all[i].is_bundled != bundled) continue;
      if (reference &&
          (all[*reference].is_bundled != bundled || all[*reference].priority <= all[i].priority)) {
        continue;
      }
      reference = i;
    }
  }
  const auto misfit_of = [&](const LacpCandidate& other) {
    if (!reference) return Misfit::kNone;
    const LacpCandidate& measure = all[*reference];
    if (other.speed_mbps != measure.speed_mbps) return Misfit::kSpeed;
    if (other.is_full_duplex != measure.is_full_duplex) return Misfit::kDuplex;
    if (!other.is_synced) return Misfit::kNone;
    const bool same = other.partner.priority == measure.partner.priority &&
                      other.partner.mac == measure.partner.mac &&
                      other.partner_key == measure.partner_key;
    return same ? Misfit::kNone : Misfit::kPartner;
  };
  if (misfit_of(port) != Misfit::kNone) return {kSuspended, misfit_of(port), *reference};
  if (!port.is_synced) return {kWaiting, Misfit::kNone, 0};
  if (port.is_held_back) return {kStandby, Misfit::kNone, 0};
  const LacpSystem& partner = all[*reference].partner;
  const bool we_decide = kSelf.priority < partner.priority ||
                         (kSelf.priority == partner.priority && kSelf.mac <= partner.mac);
  std::size_t better = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == place || !is_eligible(all[i]) || misfit_of(all[i]) != Misfit::kNone) continue;
    const auto ours = we_decide ? port.priority : port.partner_port_priority;
    const auto theirs = we_decide ? all[i].priority : all[i].partner_port_priority;
    if (theirs < ours || (theirs == ours && i < place)) ++better;
  }
  return {better < max_bundle ? kBundled : kStandby, Misfit::kNone, 0};
}

}  // namespace

TEST_CASE("property: the selection is what its specification says of every port") {
  REQUIRE(rc::check("select_members", [] {
    const auto candidates = any_candidates();
    const auto max_bundle = *rc::gen::inRange<std::size_t>(1, 17);
    const auto verdicts = select_members(kSelf, max_bundle, candidates);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      RC_ASSERT(verdicts[i] == specified(i, max_bundle, candidates));
    }
  }));
}

TEST_CASE("property: a selection that was carried out stays as it is") {
  REQUIRE(rc::check("select_members again", [] {
    auto candidates = any_candidates();
    const auto max_bundle = *rc::gen::inRange<std::size_t>(1, 17);
    const auto first = states(select_members(kSelf, max_bundle, candidates));
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      candidates[i].is_bundled = first[i] == kBundled;
    }
    RC_ASSERT(states(select_members(kSelf, max_bundle, candidates)) == first);
  }));
}

TEST_CASE("property: the order in which ports are given does not matter") {
  REQUIRE(rc::check("select_members turned round", [] {
    auto candidates = any_candidates();
    const auto max_bundle = *rc::gen::inRange<std::size_t>(1, 17);
    auto forward = states(select_members(kSelf, max_bundle, candidates));
    std::reverse(candidates.begin(), candidates.end());
    const auto backward = states(select_members(kSelf, max_bundle, candidates));
    std::reverse(forward.begin(), forward.end());
    RC_ASSERT(forward == backward);
  }));
}

TEST_CASE(
    "property: a cluster uses every place it has, and no unit is two ports ahead for nothing") {
  REQUIRE(rc::check("select_spanned", [] {
    std::vector<SpannedPort> ports;
    const auto units = *rc::gen::inRange<std::uint16_t>(1, 6);
    std::vector<std::size_t> given(units);
    for (std::uint16_t unit = 0; unit < units; ++unit) {
      given[unit] = *rc::gen::inRange<std::size_t>(0, 9);
      for (std::uint16_t i = 0; i < given[unit]; ++i) {
        ports.push_back({unit, *rc::gen::element<std::uint16_t>(1, 32768), i});
      }
    }
    const auto limit = *rc::gen::inRange<std::size_t>(0, 17);
    const auto selected = select_spanned(limit, true, ports);
    std::vector<std::size_t> taken(units);
    for (std::size_t i = 0; i < ports.size(); ++i) taken[ports[i].unit] += selected[i] ? 1 : 0;
    std::size_t total = 0;
    for (const auto count : taken) total += count;
    RC_ASSERT(total == std::min(limit, ports.size()));
    for (std::uint16_t a = 0; a < units; ++a) {
      for (std::uint16_t b = 0; b < units; ++b) {
        // A unit with fewer places than another has no port left, or is at most one behind.
        if (taken[a] < taken[b]) RC_ASSERT(taken[a] == given[a] || taken[b] - taken[a] == 1);
      }
    }
  }));
}
