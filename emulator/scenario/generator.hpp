// Value generators: what a packet field or an emitted field gets, each time anew.
#pragma once

#include "model/base/field.hpp"

#include <vector>

namespace asaemu {

/// One value of a field: constant, or drawn from a pool, a range, a weighted list, or a sequence.
/// `src: 10.0.0.1`, `dst: {pool: 10.0.0.0/24}`, `sport: {range: [1024, 65535]}`,
/// `dport: {list: [22, 23]}` or `{list: {22: 5, 23: 1}}` (weights), `sport: {sequence: [1024, 65535]}`
/// (a range walked through, or, with more or other values than two numbers, a list walked through; both wrap).
class Generator {
 public:
  static Generator constant(FieldValue value);
  /// Addresses of a prefix. Of an IPv4 prefix shorter than /31, network and broadcast address are left out.
  static Generator pool(const IpPrefix& prefix);
  /// Numbers, ports, or addresses (IP or MAC) from low to high, both included. Both are of the same alternative.
  static Generator range(FieldValue low, const FieldValue& high);
  /// One of the values; weights are positive, as many as values.
  static Generator list(std::vector<FieldValue> values, std::vector<double> weights);
  /// Like range or list, but in order, starting over at the end.
  static Generator sequence_range(FieldValue low, const FieldValue& high);
  static Generator sequence_list(std::vector<FieldValue> values);

  /// How many values lie from low to high, both included: at most 2^63. nullopt if there are more, none
  /// (low is above high), or the two are not both numbers, ports, MAC addresses, or IP addresses of one family.
  static std::optional<std::uint64_t> range_size(const FieldValue& low, const FieldValue& high);

  /// The value for the `occurrence`-th time (from 0). Only random kinds draw from the stream.
  [[nodiscard]] const FieldValue& next(RandomStream& random, std::uint64_t occurrence,
                                       FieldValue& scratch) const;

  [[nodiscard]] bool is_constant() const { return kind_ == Kind::kConstant; }
  /// Every value that a check should look at: all of a list, both ends of a range or pool.
  [[nodiscard]] std::vector<FieldValue> examples() const;

 private:
  enum class Kind : std::uint8_t { kConstant, kRange, kList, kSequenceRange, kSequenceList };
  Generator() = default;

  Kind kind_ = Kind::kConstant;
  std::vector<FieldValue> values_;  ///< the constant; low and the list's values
  std::vector<double> cumulative_;  ///< of kList, rising to 1
  std::uint64_t size_ = 1;          ///< number of values of a range
};

}  // namespace asaemu
