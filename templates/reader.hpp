// Reads the message catalogue, templates/*.yaml, into definitions: for the generator when building,
// and for `--templates DIR` at run time.
#pragma once

#include "emulator/yaml/arena.hpp"
#include "emulator/yaml/document.hpp"
#include "model/base/message.hpp"

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A set of catalogue files. Every mistake in every file becomes a fault with its place; once there
/// is one, the messages are not to be used.
class CatalogueFiles {
 public:
  /// Reads one file; its stem must be the family it declares.
  void read_file(const std::string& path, Faults& faults);

  /// The same for a text in memory; `name` stands for the path.
  void read_text(const std::string& name, std::string_view text, Faults& faults);

  /// Reads all *.yaml of a directory (hidden files left aside) in name order. No such file is a
  /// fault.
  void read_directory(const std::string& path, Faults& faults);

  /// In the order read. The views in them live as long as this object, wherever it is moved.
  [[nodiscard]] std::span<const MessageDef> messages() const { return messages_; }
  /// Where messages()[index] is defined.
  [[nodiscard]] const Position& position(std::size_t index) const { return positions_[index]; }

 private:
  void read_tree(const Node& root, const std::string& path, Faults& faults);
  void read_messages(const Node& node, std::string_view family, std::string_view event_class,
                     Faults& faults);
  bool check_unique(const MessageDef& def, const Position& where, Faults& faults);

  /// The first message whose struct has a certain name.
  struct Taken {
    std::uint32_t id;
    std::string_view name;
    Position where;
  };

  std::unique_ptr<Arena> arena_ = std::make_unique<Arena>();
  std::vector<MessageDef> messages_;
  std::vector<Position> positions_;
  std::map<std::string, Taken> structs_;
};

}  // namespace asaemu
