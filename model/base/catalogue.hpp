// The catalogue at run time: every message the program can send or recognise.
#pragma once

#include "model/base/message.hpp"

#include <deque>

namespace asaemu {

/// The messages of templates/*.yaml as compiled into the program, sorted by id, then by place in
/// their file. Generated; a message struct's kIndex is its place here.
std::span<const MessageDef> built_in_messages();

/// What is wrong with a definition of an overlay.
struct OverlayFault {
  std::size_t definition;  ///< its place among those given
  std::string what;
};

/// All message types. Built once, then const and shared by all threads.
class Catalogue {
 public:
  /// The built-in messages. Aborts if they are faulty: the generator has checked them.
  Catalogue() : Catalogue(built_in_messages()) {}

  /// These messages alone, for tests. `definitions` must outlive the catalogue. Aborts if they are
  /// faulty.
  explicit Catalogue(std::span<const MessageDef> definitions);

  /// Replaces built-in texts (same id and name) and adds new messages. `definitions` must outlive
  /// the catalogue. A replacement keeps its index and must have the same fields as what it
  /// replaces. On faults, one line each, nothing changes.
  std::vector<OverlayFault> overlay(std::span<const MessageDef> definitions);

  /// By index: 0 to size() - 1; built-in messages come first in the order of built_in_messages().
  [[nodiscard]] const MessageType& at(std::size_t index) const { return types_[index]; }
  [[nodiscard]] std::size_t size() const { return types_.size(); }

  [[nodiscard]] const MessageType* find(std::string_view name) const;
  /// All texts of an id, in catalogue order; empty if there is none.
  [[nodiscard]] std::vector<const MessageType*> find(std::uint32_t id) const;

  /// What a text read from a log says.
  struct Recognised {
    const MessageType* type;
    const Wording* wording;
    FieldValues values;
  };
  /// Tries the current, older and accepted wordings of all texts of the id, in this order.
  [[nodiscard]] std::optional<Recognised> recognise(std::uint32_t id, std::string_view text) const;

 private:
  static void check_replacement(const MessageType& old, const MessageDef& def,
                                std::vector<std::string>& faults);
  void build_indices();

  std::deque<MessageType> types_;
  std::vector<std::uint16_t> by_id_;    ///< places in types_, sorted by id, then by place
  std::vector<std::uint16_t> by_name_;  ///< places in types_, sorted by name
};

}  // namespace asaemu
