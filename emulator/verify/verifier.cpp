#include "emulator/verify/verifier.hpp"

#include "emulator/verify/json_line.hpp"

#include <algorithm>

namespace asaemu {

namespace {

/// Stands in by_address_ for an address that several devices have.
constexpr std::uint32_t kSeveral = ~std::uint32_t{0} - 1;

/// So many missing messages of its id are compared with a stray, those nearest to its place first,
constexpr std::size_t kComparedMax = 256;
/// and so many of any id passed over.
constexpr std::size_t kStepsMax = 20'000;
/// Strays are looked for at most so far from where they should be.
constexpr std::uint64_t kReachMax = 10'000;
/// When the window moves for want of matches: messages a line.
constexpr std::uint64_t kStride = 4;

std::size_t common_front(std::string_view a, std::string_view b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(at - a.begin());
}

std::size_t common_back(std::string_view a, std::string_view b) {
  const auto [at, other] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  return static_cast<std::size_t>(at - a.rbegin());
}

/// Bytes that two texts share at their ends; enough of them make one an alteration of the other.
std::size_t likeness(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  return std::min(shorter, common_front(a, b) + common_back(a, b));
}

}  // namespace

void Verdicts::add(const Verdicts& other) {
  sent += other.sent;
  delivered += other.delivered;
  lost += other.lost;
  altered += other.altered;
  truncated += other.truncated;
  duplicated += other.duplicated;
  reordered += other.reordered;
  reordered_furthest = std::max(reordered_furthest, other.reordered_furthest);
  unknown += other.unknown;
}

std::uint32_t Verifier::device_number(std::string_view name) {
  scratch_.assign(name);
  const auto [found, is_new] =
      by_name_.try_emplace(scratch_, static_cast<std::uint32_t>(devices_.size()));
  if (is_new) {
    Device device;
    device.name = scratch_;
    devices_.push_back(std::move(device));
  }
  return found->second;
}

void Verifier::know_address(std::string_view address, std::uint32_t device) {
  if (address.empty()) return;
  scratch_.assign(address);
  const auto [found, is_new] = by_address_.try_emplace(scratch_, device);
  if (!is_new && found->second != device) found->second = kSeveral;
}

std::uint32_t Verifier::device_of(const ReceivedMessage& line) const {
  std::uint32_t by_address = kNoDevice;
  std::string word;
  // What stands nearest to the message is the device's own word.
  for (std::size_t at = line.words.size(); at-- > 0;) {
    word.assign(line.words[at]);
    if (const auto found = by_name_.find(word); found != by_name_.end()) return found->second;
    if (by_address != kNoDevice) continue;
    const auto found = by_address_.find(word);
    if (found != by_address_.end() && found->second != kSeveral) by_address = found->second;
  }
  return by_address;
}

void Verifier::sent(const TruthRecord& record) {
  if (record.kind == TruthRecord::Kind::kEnd) ++ends_;
  if (record.kind == TruthRecord::Kind::kOutcome) amend(record);
  if (record.kind != TruthRecord::Kind::kMessage) return;
  if (record.sent == 0 && record.pending == 0) return;
  Sent message;
  message.device = device_number(record.device);
  know_address(record.from, message.device);
  message.id = record.id;
  message.sequence = record.sequence;
  message.hash = hash_.of_json(record.text);
  message.due = record.due;
  message.at = record.sent_at;
  message.open = static_cast<std::uint16_t>(record.sent);
  message.may_come = static_cast<std::uint16_t>(record.pending);
  message.text = record.text;
  devices_[message.device].verdicts.sent += record.sent;
  if (record.pending > 0) undecided_.insert_or_assign({message.device, record.sequence}, Sent{});
  Chain& chain = by_text_[message.hash];
  if (chain.last != kNowhere && chain.last >= first_) {
    at(chain.last).next_same = next_;
  } else {
    chain.first = next_;
  }
  chain.last = next_;
  window_.push_back(std::move(message));
  ++next_;
  if (!strays_by_text_.empty()) meet_strays(next_ - 1);
  if (slide_ > 0) slide_to(next_ > 2 * options_.window ? next_ - 2 * options_.window : 0);
}

/// What became of a copy that was still waiting when its record was written.
void Verifier::amend(const TruthRecord& record) {
  const std::uint32_t device = device_number(record.device);
  const auto found = undecided_.find({device, record.sequence});
  if (found == undecided_.end()) return;
  const auto in_window = std::find_if(window_.rbegin(), window_.rend(), [&](const Sent& message) {
    return message.device == device && message.sequence == record.sequence;
  });
  if (record.sent > 0) ++devices_[device].verdicts.sent;
  if (in_window != window_.rend()) {
    if (record.sent > 0 && in_window->may_come > 0) ++in_window->open;
    if (record.sent > 0 && in_window->may_come == 0) ++devices_[device].verdicts.delivered;
    if (in_window->may_come > 0) --in_window->may_come;
    return;
  }
  if (record.sent > 0 && found->second.may_come > 0) {
    --devices_[device].verdicts.unknown;
    lose(found->second);
  } else if (record.sent > 0) {
    ++devices_[device].verdicts.delivered;
  } else if (found->second.may_come > 0) {
    --devices_[device].verdicts.unknown;
  }
  undecided_.erase(found);
}

std::uint64_t Verifier::received(const ReceivedMessage& line) {
  ++lines_;
  if (line.content.empty()) {
    ++other_;
    return anchor_;
  }
  const std::uint32_t device = device_of(line);
  std::uint64_t match = kNowhere;
  std::uint64_t twin = kNowhere;
  const std::uint64_t hash = hash_.of_bytes(line.content);
  if (const auto chain = by_text_.find(hash); chain != by_text_.end()) {
    bool in_front = true;
    for (std::uint64_t place = chain->second.first; place != kNowhere;) {
      const Sent& message = at(place);
      const std::uint64_t next = message.next_same;
      const bool is_its = device == kNoDevice || message.device == device;
      if (is_its && message.open + message.may_come > 0) {
        match = place;
        break;
      }
      if (is_its) twin = place;
      in_front = in_front && message.open + message.may_come == 0;
      // What is complete is only kept to tell duplicates by; the last of them will do.
      if (in_front && next != kNowhere) chain->second.first = next;
      place = next;
    }
  }
  if (match != kNowhere) {
    take_match(match, line.at);
    return match;
  }
  if (twin != kNowhere) {
    ++devices_[at(twin).device].verdicts.duplicated;
    return anchor_;
  }
  const std::uint64_t number = first_stray_ + strays_.size();
  strays_.push_back({std::string(line.content), hash, line.id, device, anchor_ + slide_, line.at});
  strays_by_text_.emplace(hash, number);
  // A long row of strangers: either they are, or more was lost than the window holds.
  if (++strays_since_match_ > options_.window / 2) slide_ += kStride;
  if (strays_.size() > 2 * options_.window) drop_strays(strays_.front().anchor + 1);
  return anchor_;
}

/// The message that was just read may have been received already.
void Verifier::meet_strays(std::uint64_t place) {
  while (at(place).open + at(place).may_come > 0) {
    const auto [begin, end] = strays_by_text_.equal_range(at(place).hash);
    auto found = end;
    for (auto one = begin; one != end; ++one) {
      const std::uint32_t device = strays_[one->second - first_stray_].device;
      const bool fits = device == kNoDevice || device == at(place).device;
      if (fits && (found == end || one->second < found->second)) found = one;
    }
    if (found == end) return;
    Stray& stray = strays_[found->second - first_stray_];
    stray.is_gone = true;
    strays_by_text_.erase(found);
    take_match(place, stray.at);
  }
}

void Verifier::take_match(std::uint64_t place, std::optional<std::int64_t> received_at) {
  Sent& message = at(place);
  Device& device = devices_[message.device];
  if (message.open > 0) {
    --message.open;
    ++device.verdicts.delivered;
  } else {
    --message.may_come;
  }
  if (message.sequence < device.highest) {
    ++device.verdicts.reordered;
    device.verdicts.reordered_furthest =
        std::max(device.verdicts.reordered_furthest, device.highest - message.sequence);
  }
  device.highest = std::max(device.highest, message.sequence);
  if (received_at && message.at != 0) {
    const std::int64_t micros = *received_at - message.at;
    early_ += micros < 0 ? 1 : 0;
    latency_.add(micros * 1000);
  }
  strays_since_match_ = 0;
  if (place < anchor_) return;
  anchor_ = place + 1;
  slide_ = 0;
  if (anchor_ > options_.window) slide_to(anchor_ - options_.window);
}

/// Messages before `place` will not come any more.
void Verifier::slide_to(std::uint64_t place) {
  while (first_ < place && !window_.empty()) {
    Sent message = std::move(window_.front());
    const auto chain = by_text_.find(message.hash);
    if (chain != by_text_.end()) {
      if (chain->second.first == first_) chain->second.first = message.next_same;
      if (chain->second.last == first_ || chain->second.first == kNowhere) by_text_.erase(chain);
    }
    window_.pop_front();
    retire(message, first_++);
  }
  const std::uint64_t far = reach();
  if (first_ > far) drop_strays(first_ - far);
  // Strays to come have their place at the anchor or behind it.
  const std::uint64_t earliest = strays_.empty() ? anchor_ : strays_.front().anchor;
  if (earliest > far) lose_missing(earliest - far);
}

std::uint64_t Verifier::reach() const {
  return std::min<std::uint64_t>(options_.window, kReachMax);
}

void Verifier::retire(Sent& message, std::uint64_t place) {
  Device& device = devices_[message.device];
  if (message.may_come > 0) {
    device.verdicts.unknown += message.may_come;
    Sent undecided = message;
    undecided.text.clear();
    undecided_.insert_or_assign({message.device, message.sequence}, std::move(undecided));
  }
  for (; message.open > 0; --message.open) missing_.push_back({message, place});
}

/// Of all messages that are missing around its place, a stray is what became of the one it is most
/// like, or of none.
void Verifier::judge_stray(const Stray& stray) {
  if (stray.is_gone) return;
  const auto middle = std::ranges::lower_bound(missing_, stray.anchor, {}, &Missing::place);
  const auto center = middle - missing_.begin();
  const auto size = static_cast<std::ptrdiff_t>(missing_.size());
  Missing* best = nullptr;
  std::string best_text;
  std::size_t best_likeness = 0;
  std::size_t compared = 0;
  for (std::size_t step = 0; step < kStepsMax && compared < kComparedMax; ++step) {
    const auto offset = static_cast<std::ptrdiff_t>(step / 2);
    const auto index = step % 2 == 0 ? center + offset : center - 1 - offset;
    if (center + offset >= size && center - 1 - offset < 0) break;
    if (index < 0 || index >= size) continue;
    Missing& one = missing_[static_cast<std::size_t>(index)];
    const bool fits = !one.is_claimed && one.message.id == stray.id &&
                      (stray.device == kNoDevice || stray.device == one.message.device);
    if (!fits) continue;
    const std::uint64_t far =
        stray.anchor > one.place ? stray.anchor - one.place : one.place - stray.anchor;
    if (far > reach()) continue;
    auto text = json_string(one.message.text);
    if (!text) continue;
    ++compared;
    const bool is_front = text->starts_with(stray.content);
    const std::size_t shared = likeness(*text, stray.content);
    const bool is_like = is_front || 2 * shared >= std::max(text->size(), stray.content.size());
    if (!is_like || shared <= best_likeness) continue;
    best = &one;
    best_likeness = shared;
    best_text = std::move(*text);
  }
  if (best == nullptr) {
    ++foreign_count_;
    if (foreign_.size() < options_.examples) foreign_.push_back(stray.content);
    return;
  }
  best->is_claimed = true;
  const bool truncated = best_text.starts_with(stray.content);
  Device& device = devices_[best->message.device];
  ++(truncated ? device.verdicts.truncated : device.verdicts.altered);
  if (alterations_.size() < options_.examples) {
    alterations_.push_back(
        {device.name, best->message.sequence, truncated, std::move(best_text), stray.content});
  }
}

void Verifier::lose_missing(std::uint64_t before) {
  while (!missing_.empty() && missing_.front().place < before) {
    if (!missing_.front().is_claimed) lose(missing_.front().message);
    missing_.pop_front();
  }
}

void Verifier::lose(const Sent& message) {
  Device& device = devices_[message.device];
  ++device.verdicts.lost;
  ++lost_ids_[message.id];
  const bool goes_on = device.has_run && message.sequence >= device.run.last &&
                       message.sequence <= device.run.last + 1;
  if (!goes_on) {
    end_run(device);
    device.has_run = true;
    device.run = {device.name, message.sequence, message.sequence, 0, message.due, message.due, {}};
  }
  device.run.last = message.sequence;
  device.run.until = message.due;
  ++device.run.count;
  ++device.run.ids[message.id];
}

void Verifier::end_run(Device& device) {
  if (!device.has_run) return;
  device.has_run = false;
  ++run_count_;
  if (runs_.size() < options_.runs_max) runs_.push_back(std::move(device.run));
}

/// Judges strays whose place is before `before`: all messages around it have come, or will not.
void Verifier::drop_strays(std::uint64_t before) {
  while (!strays_.empty() && strays_.front().anchor < before) {
    judge_stray(strays_.front());
    forget(strays_.front(), first_stray_);
    strays_.pop_front();
    ++first_stray_;
  }
}

void Verifier::forget(const Stray& stray, std::uint64_t number) {
  if (stray.is_gone) return;
  const auto [begin, end] = strays_by_text_.equal_range(stray.hash);
  for (auto one = begin; one != end; ++one) {
    if (one->second != number) continue;
    strays_by_text_.erase(one);
    return;
  }
}

void Verifier::finish() {
  slide_to(next_);
  drop_strays(kNowhere);
  lose_missing(kNowhere);
  for (Device& device : devices_) {
    end_run(device);
    total_.add(device.verdicts);
  }
  std::ranges::sort(runs_, {}, [](const LossRun& run) { return std::pair(run.from, run.device); });
}

std::map<std::string, Verdicts> Verifier::devices() const {
  std::map<std::string, Verdicts> devices;
  for (const Device& device : devices_) devices.emplace(device.name, device.verdicts);
  return devices;
}

}  // namespace asaemu
