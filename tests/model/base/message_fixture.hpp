// Messages made on the spot for the tests of this folder.
#pragma once

#include "model/base/message.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asaemu {

inline FieldDef field_of_kind(FieldKind kind, std::string_view name = "field") {
  static constexpr std::array<std::string_view, 3> kChoices{"ESP", "AH", "ESP in UDP"};
  FieldDef field{name, kind, {}, {}, {}};
  if (kind == FieldKind::kOneOf) field.choices = kChoices;
  if (kind == FieldKind::kOptionalWord || kind == FieldKind::kOptionalText) {
    field.before = " (";
    field.after = ")";
  }
  return field;
}

inline constexpr std::array kAllKinds{FieldKind::kIp,          FieldKind::kPort,
                                      FieldKind::kMac,         FieldKind::kInterface,
                                      FieldKind::kNumber,      FieldKind::kSpi,
                                      FieldKind::kHex32,       FieldKind::kHex32Lower,
                                      FieldKind::kProtocol,    FieldKind::kProtocolUpper,
                                      FieldKind::kDuration,    FieldKind::kActivationKey,
                                      FieldKind::kWord,        FieldKind::kText,
                                      FieldKind::kOneOf,       FieldKind::kOptionalWord,
                                      FieldKind::kOptionalText};

/// A message type with everything it points to. Not to be moved.
class TestMessage {
 public:
  TestMessage(std::string text, std::vector<FieldDef> fields)
      : text_(std::move(text)), fields_(std::move(fields)) {
    def.id = 400001;
    def.name = "test_message";
    def.text = text_;
    def.fields = fields_;
  }
  TestMessage(const TestMessage&) = delete;
  TestMessage& operator=(const TestMessage&) = delete;

  /// What compiling it complains about.
  std::vector<std::string> faults() const {
    std::vector<std::string> found;
    const MessageType compiled(def, 0, found);
    return found;
  }

  /// Compiled once; must be faultless.
  const MessageType& type() {
    if (!type_) {
      std::vector<std::string> found;
      type_ = std::make_unique<MessageType>(def, std::uint16_t{0}, found);
      INFO((found.empty() ? std::string() : found.front()));
      REQUIRE(found.empty());
    }
    return *type_;
  }

  std::string render(const std::byte* fields) { return render(type().current(), fields); }
  std::string render(const Wording& wording, const std::byte* fields) {
    std::array<char, kTextMax + kRenderSlack> buffer;
    return {buffer.data(), render_text(wording, type(), fields, buffer.data())};
  }

  /// The fields of a text, printed one by one; empty if the text is not of this wording.
  std::vector<std::string> read(std::string_view text) {
    const auto values = parse_text(type().current(), type(), text);
    std::vector<std::string> printed;
    for (std::size_t i = 0; values && i < values->size(); ++i) {
      const auto& value = (*values)[i];
      printed.push_back(value ? field_to_string(fields_[i], *value) : "-");
    }
    return printed;
  }

  MessageDef def;

 private:
  std::string text_;
  std::vector<FieldDef> fields_;
  std::unique_ptr<MessageType> type_;
};

}  // namespace asaemu
