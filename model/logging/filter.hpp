// Which messages a destination takes: a level, a list, and classes with levels of their own.
#pragma once

#include "model/base/message.hpp"

#include <map>
#include <string>
#include <vector>

namespace asaemu {

/// `logging list`: a message is on it if any of its criteria fits (asa-behaviour A.1).
class MessageList {
 public:
  /// Messages of this level and more severe ones; of one class only, unless `event_class` is empty.
  void add_level(unsigned level, std::string_view event_class);
  /// Messages with ids from `first` to `last`.
  void add_ids(std::uint32_t first, std::uint32_t last);

  /// `severity` is the one the message has now, which a command may have changed.
  [[nodiscard]] bool holds(const MessageDef& message, unsigned severity) const;
  /// As the configuration has it, one criterion a line, without the list's name.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct Criterion {
    unsigned level = 0;
    std::string event_class;
    std::uint32_t first = 0;  ///< 0 for a criterion by level
    std::uint32_t last = 0;
    friend bool operator==(const Criterion&, const Criterion&) = default;
  };
  void add(Criterion criterion);

  std::vector<Criterion> criteria_;
};

/// The lists of a device, by name; at most kListsMax.
using MessageLists = std::map<std::string, MessageList, std::less<>>;
inline constexpr std::size_t kListsMax = 256;  ///< far more than anybody configures; inferred

/// What `logging trap`, `buffered`, `console` or `monitor` and `logging class` say together.
class DestinationFilter {
 public:
  static constexpr int kNoLevel = -1;

  /// Takes messages of this level and more severe ones; kNoLevel takes none.
  void set_level(int level);
  /// Takes what is on the list of this name. A list that does not exist holds nothing.
  void set_list(std::string name);
  /// Messages of the class go by this level instead; kNoLevel ends that.
  void set_class(std::string_view event_class, int level);

  [[nodiscard]] bool takes(const MessageDef& message, unsigned severity,
                           const MessageLists& lists) const {
    if (goes_by_level_) [[likely]] {
      return static_cast<int>(severity) <= level_;
    }
    return takes_in_detail(message, severity, lists);
  }

  /// Whether it could take anything.
  [[nodiscard]] bool is_on() const { return level_ != kNoLevel || !goes_by_level_; }
  /// `level warnings`, `list vpn`, `class ips` or `disabled`, as `show logging` has it.
  [[nodiscard]] std::string describe() const;
  /// `warnings` or the list's name, as the configuration has it; empty if neither is set.
  [[nodiscard]] std::string value() const;
  /// The classes that go by a level of their own.
  [[nodiscard]] const std::map<std::string, int, std::less<>>& classes() const { return classes_; }

 private:
  [[nodiscard]] bool takes_in_detail(const MessageDef& message, unsigned severity,
                                     const MessageLists& lists) const;
  void look() { goes_by_level_ = list_.empty() && classes_.empty(); }

  int level_ = kNoLevel;
  bool goes_by_level_ = true;  ///< there is neither a list nor a class
  std::string list_;
  std::map<std::string, int, std::less<>> classes_;
};

}  // namespace asaemu
