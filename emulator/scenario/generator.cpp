#include "emulator/scenario/generator.hpp"

#include "model/base/assert.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::uint64_t kRangeSizeMax = std::uint64_t{1} << 63;

/// `high` minus `low`; nullopt if that is negative or 2^63 and more.
std::optional<std::uint64_t> distance(std::uint64_t low, std::uint64_t high) {
  if (low > high || high - low >= kRangeSizeMax) return std::nullopt;
  return high - low;
}

std::optional<std::uint64_t> distance(const IpAddress& low, const IpAddress& high) {
  if (low.is_v6() != high.is_v6() || low > high) return std::nullopt;
  // The difference of the low halves is right modulo 2^64, so it is right if there is no more.
  const std::uint64_t borrow = high.low() < low.low() ? 1 : 0;
  if (high.high() - low.high() != borrow) return std::nullopt;
  const std::uint64_t difference = high.low() - low.low();
  return difference < kRangeSizeMax ? std::optional(difference) : std::nullopt;
}

/// `low` plus `offset`, in `out`. The kinds are those that range_size() accepts.
void add(const FieldValue& low, std::uint64_t offset, FieldValue& out) {
  if (const auto* address = std::get_if<IpAddress>(&low)) {
    out = address->plus(offset);
  } else if (const auto* port = std::get_if<Port>(&low)) {
    out = Port{static_cast<std::uint16_t>(port->value + offset)};
  } else if (const auto* mac = std::get_if<MacAddress>(&low)) {
    out = MacAddress{mac->value + offset};
  } else {
    out = std::get<std::uint64_t>(low) + offset;
  }
}

}  // namespace

Generator Generator::constant(FieldValue value) {
  Generator generator;
  generator.values_.push_back(std::move(value));
  return generator;
}

Generator Generator::pool(const IpPrefix& prefix) {
  const bool leave_out_ends = !prefix.network().is_v6() && prefix.length() < 31;
  Generator generator;
  generator.kind_ = Kind::kRange;
  generator.size_ = prefix.size() - (leave_out_ends ? 2 : 0);
  generator.values_.emplace_back(prefix.network().plus(leave_out_ends ? 1 : 0));
  return generator;
}

Generator Generator::range(FieldValue low, const FieldValue& high) {
  const auto size = range_size(low, high);
  ASAEMU_ASSERT(size.has_value());
  Generator generator;
  generator.kind_ = Kind::kRange;
  generator.size_ = *size;
  generator.values_.push_back(std::move(low));
  return generator;
}

Generator Generator::list(std::vector<FieldValue> values, std::vector<double> weights) {
  ASAEMU_ASSERT(!values.empty() && values.size() == weights.size());
  double total = 0;
  for (const double weight : weights) {
    ASAEMU_ASSERT(weight > 0);
    total += weight;
  }
  double sum = 0;
  for (double& weight : weights) {
    sum += weight;
    weight = sum / total;
  }
  weights.back() = 1;  // Whatever rounding left: a fraction is always below.
  Generator generator;
  generator.kind_ = Kind::kList;
  generator.values_ = std::move(values);
  generator.cumulative_ = std::move(weights);
  return generator;
}

Generator Generator::sequence_range(FieldValue low, const FieldValue& high) {
  Generator generator = range(std::move(low), high);
  generator.kind_ = Kind::kSequenceRange;
  return generator;
}

Generator Generator::sequence_list(std::vector<FieldValue> values) {
  ASAEMU_ASSERT(!values.empty());
  Generator generator;
  generator.kind_ = Kind::kSequenceList;
  generator.values_ = std::move(values);
  return generator;
}

const FieldValue& Generator::next(RandomStream& random, std::uint64_t occurrence,
                                  FieldValue& scratch) const {
  switch (kind_) {
    case Kind::kConstant:
      break;
    case Kind::kRange:
      add(values_.front(), random.below(size_), scratch);
      return scratch;
    case Kind::kSequenceRange:
      add(values_.front(), occurrence % size_, scratch);
      return scratch;
    case Kind::kList: {
      const auto place = std::ranges::upper_bound(cumulative_, random.fraction());
      return values_[static_cast<std::size_t>(place - cumulative_.begin())];
    }
    case Kind::kSequenceList:
      return values_[occurrence % values_.size()];
  }
  return values_.front();
}

std::vector<FieldValue> Generator::examples() const {
  std::vector<FieldValue> examples = values_;
  if (kind_ == Kind::kRange || kind_ == Kind::kSequenceRange) {
    FieldValue high;
    add(values_.front(), size_ - 1, high);
    examples.push_back(std::move(high));
  }
  return examples;
}

std::optional<std::uint64_t> Generator::range_size(const FieldValue& low, const FieldValue& high) {
  if (low.index() != high.index()) return std::nullopt;
  std::optional<std::uint64_t> steps;
  if (const auto* address = std::get_if<IpAddress>(&low)) {
    steps = distance(*address, std::get<IpAddress>(high));
  } else if (const auto* port = std::get_if<Port>(&low)) {
    steps = distance(port->value, std::get<Port>(high).value);
  } else if (const auto* mac = std::get_if<MacAddress>(&low)) {
    steps = distance(mac->value, std::get<MacAddress>(high).value);
  } else if (const auto* number = std::get_if<std::uint64_t>(&low)) {
    steps = distance(*number, std::get<std::uint64_t>(high));
  }
  return steps ? std::optional(*steps + 1) : std::nullopt;
}

}  // namespace asaemu
