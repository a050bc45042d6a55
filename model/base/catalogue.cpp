#include "model/base/catalogue.hpp"

#include "model/base/assert.hpp"

#include <algorithm>

namespace asaemu {

namespace {

std::string label(const MessageDef& def) {
  return std::to_string(def.id) + ' ' + std::string(def.name) + ": ";
}

bool same_fields(std::span<const FieldDef> a, std::span<const FieldDef> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const FieldDef& one, const FieldDef& other) {
                      return one.name == other.name && one.kind == other.kind &&
                             std::equal(one.choices.begin(), one.choices.end(),
                                        other.choices.begin(), other.choices.end());
                    });
}

std::string describe(std::span<const FieldDef> fields) {
  std::string out;
  for (const auto& field : fields) {
    if (!out.empty()) out += ", ";
    out += field.name;
    out += ": ";
    out += field_kind_name(field.kind);
  }
  return out.empty() ? "none" : out;
}

}  // namespace

Catalogue::Catalogue(std::span<const MessageDef> definitions) {
  const auto faults = overlay(definitions);
  ASAEMU_ASSERT(faults.empty());
}

std::vector<OverlayFault> Catalogue::overlay(std::span<const MessageDef> definitions) {
  std::vector<OverlayFault> faults;
  std::vector<MessageType> made;
  std::size_t next = types_.size();
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const auto& def = definitions[i];
    std::vector<std::string> found;
    for (std::size_t other = 0; other < i; ++other) {
      if (definitions[other].name == def.name) found.emplace_back("a second message of this name");
    }
    const auto* old = find(def.name);
    if (old != nullptr) check_replacement(*old, def, found);
    const std::size_t index = old != nullptr ? old->index() : next++;
    ASAEMU_ASSERT(index < 0xFFFF);
    made.emplace_back(def, static_cast<std::uint16_t>(index), found);
    for (const auto& fault : found) faults.push_back({i, label(def) + fault});
  }
  if (!faults.empty()) return faults;
  for (auto& type : made) {
    if (type.index() < types_.size()) {
      types_[type.index()] = std::move(type);
    } else {
      types_.push_back(std::move(type));
    }
  }
  build_indices();
  return {};
}

void Catalogue::check_replacement(const MessageType& old, const MessageDef& def,
                                  std::vector<std::string>& faults) {
  if (old.id() != def.id) {
    faults.push_back("this name belongs to " + std::to_string(old.id()) +
                     "; a new message needs a name of its own");
  } else if (!same_fields(old.fields(), def.fields)) {
    faults.push_back("its fields are " + describe(def.fields) +
                     "; a replacement keeps the fields it replaces, which are " +
                     describe(old.fields()));
  }
}

void Catalogue::build_indices() {
  by_id_.clear();
  for (const auto& type : types_) by_id_.push_back(type.index());
  by_name_ = by_id_;
  std::stable_sort(by_id_.begin(), by_id_.end(), [&](std::uint16_t a, std::uint16_t b) {
    return types_[a].id() < types_[b].id();
  });
  std::sort(by_name_.begin(), by_name_.end(),
            [&](std::uint16_t a, std::uint16_t b) { return types_[a].name() < types_[b].name(); });
}

const MessageType* Catalogue::find(std::string_view name) const {
  const auto found = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [&](std::uint16_t index, std::string_view wanted) { return types_[index].name() < wanted; });
  return found != by_name_.end() && types_[*found].name() == name ? &types_[*found] : nullptr;
}

std::vector<const MessageType*> Catalogue::find(std::uint32_t id) const {
  auto at = std::lower_bound(
      by_id_.begin(), by_id_.end(), id,
      [&](std::uint16_t index, std::uint32_t wanted) { return types_[index].id() < wanted; });
  std::vector<const MessageType*> found;
  for (; at != by_id_.end() && types_[*at].id() == id; ++at) found.push_back(&types_[*at]);
  return found;
}

std::optional<Catalogue::Recognised> Catalogue::recognise(std::uint32_t id,
                                                          std::string_view text) const {
  const auto candidates = find(id);
  const auto attempt = [&](const MessageType& type,
                           const Wording& wording) -> std::optional<Recognised> {
    auto values = parse_text(wording, type, text);
    if (!values) return std::nullopt;
    return Recognised{&type, &wording, std::move(*values)};
  };
  for (const auto* type : candidates) {
    if (auto read = attempt(*type, type->current())) return read;
  }
  for (const auto* type : candidates) {
    if (type->older() == nullptr) continue;
    if (auto read = attempt(*type, *type->older())) return read;
  }
  for (const auto* type : candidates) {
    for (const auto& wording : type->accepts()) {
      if (auto read = attempt(*type, wording)) return read;
    }
  }
  return std::nullopt;
}

}  // namespace asaemu
