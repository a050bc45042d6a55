// The running configuration as text: lines as they were read and typed, put in the shape that `show
// running-config` prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A configuration command with the lines of its sub-mode, which may have sub-modes of their own.
struct ConfigBlock {
  std::string line;  ///< without its indentation
  std::vector<ConfigBlock> below;
};

/// The blocks of a configuration text in the order in which their commands first stood there: a command
/// that is entered again goes on where it was; `no …` and `clear configure …` take away what they
/// negate, and stay only if they negate a default; of a setting that has one value the last one stays.
/// A line belongs to the one above it that is indented less: by one blank, or by two and more.
std::vector<ConfigBlock> arrange_config(std::string_view text);

/// What `show running-config` prints of the blocks: all, or those whose commands begin with the words of
/// `section`.
std::string print_config(const std::vector<ConfigBlock>& blocks, std::string_view section);

/// The blocks whose commands refer to an interface by this nameif; commands of sub-modes are not looked
/// at.
std::vector<ConfigBlock> blocks_about(const std::vector<ConfigBlock>& blocks,
                                      std::string_view nameif);

/// The command of a block of blocks_about() with another nameif.
std::string with_nameif(std::string_view line, std::string_view nameif, std::string_view other);

}  // namespace asaemu
