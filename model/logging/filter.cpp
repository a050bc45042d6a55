#include "model/logging/filter.hpp"

#include "model/contract/grammar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

void MessageList::add_level(unsigned level, std::string_view event_class) {
  add({.level = level, .event_class = std::string(event_class)});
}

void MessageList::add_ids(std::uint32_t first, std::uint32_t last) {
  add({.level = 0, .event_class = {}, .first = first, .last = last});
}

void MessageList::add(Criterion criterion) {
  if (std::ranges::find(criteria_, criterion) == criteria_.end()) {
    criteria_.push_back(std::move(criterion));
  }
}

bool MessageList::holds(const MessageDef& message, unsigned severity) const {
  return std::ranges::any_of(criteria_, [&](const Criterion& criterion) {
    if (criterion.first != 0) return message.id >= criterion.first && message.id <= criterion.last;
    return severity <= criterion.level &&
           (criterion.event_class.empty() || criterion.event_class == message.event_class);
  });
}

std::vector<std::string> MessageList::lines() const {
  std::vector<std::string> lines;
  for (const Criterion& criterion : criteria_) {
    if (criterion.first == 0) {
      lines.push_back(fmt::format("level {}{}{}", severity_name(criterion.level),
                                  criterion.event_class.empty() ? "" : " class ",
                                  criterion.event_class));
    } else if (criterion.first == criterion.last) {
      lines.push_back(fmt::format("message {}", criterion.first));
    } else {
      lines.push_back(fmt::format("message {}-{}", criterion.first, criterion.last));
    }
  }
  return lines;
}

void DestinationFilter::set_level(int level) {
  level_ = level;
  list_.clear();
  look();
}

void DestinationFilter::set_list(std::string name) {
  level_ = kNoLevel;
  list_ = std::move(name);
  look();
}

void DestinationFilter::set_class(std::string_view event_class, int level) {
  if (level == kNoLevel) {
    if (const auto known = classes_.find(event_class); known != classes_.end()) {
      classes_.erase(known);
    }
  } else {
    classes_.insert_or_assign(std::string(event_class), level);
  }
  look();
}

bool DestinationFilter::takes_in_detail(const MessageDef& message, unsigned severity,
                                        const MessageLists& lists) const {
  if (const auto own = classes_.find(message.event_class); own != classes_.end()) {
    return static_cast<int>(severity) <= own->second;
  }
  if (list_.empty()) return static_cast<int>(severity) <= level_;
  const auto list = lists.find(list_);
  return list != lists.end() && list->second.holds(message, severity);
}

std::string DestinationFilter::value() const {
  if (!list_.empty() || level_ == kNoLevel) return list_;
  return std::string(severity_name(static_cast<unsigned>(level_)));
}

std::string DestinationFilter::describe() const {
  std::string text;
  if (!list_.empty()) {
    text = fmt::format("list {}", list_);
  } else if (level_ != kNoLevel) {
    text = fmt::format("level {}", severity_name(static_cast<unsigned>(level_)));
  }
  if (!classes_.empty()) {
    text += text.empty() ? "class" : ", class";
    for (const auto& [name, level] : classes_) text += fmt::format(" {}", name);
  }
  return text.empty() ? "disabled" : text;
}

}  // namespace asaemu
