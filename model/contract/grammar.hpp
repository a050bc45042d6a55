// The ASA command grammar: patterns that subsystems declare, and lines parsed against them.
#pragma once

#include "model/contract/arguments.hpp"
#include "model/state/interface_table.hpp"

#include <deque>
#include <map>
#include <variant>

namespace asaemu {

class Context;
class Subsystem;

/// A command mode, named as its prompt shows it: `config-if` is `ciscoasa(config-if)#`.
struct Mode {
  std::string_view name;
  std::string_view kind = {};  ///< tells modes of one prompt apart, as the maps of inspections are
  friend bool operator==(Mode, Mode) = default;
};

inline constexpr Mode kExecMode{"exec"};              ///< `ciscoasa>`
inline constexpr Mode kPrivilegedMode{"privileged"};  ///< `ciscoasa#`
inline constexpr Mode kConfigMode{"config"};
inline constexpr Mode kInterfaceMode{"config-if"};

using CommandHandler = void (*)(Subsystem&, Context&, const Arguments&);

/// A declared command.
struct Command {
  Mode mode;
  std::string_view pattern;
  std::string_view help;
  std::uint16_t subsystem = 0;
  CommandHandler handler = nullptr;
};

/// Why a line is not a command.
struct CommandFault {
  enum class Kind : std::uint8_t { kInvalid, kIncomplete, kAmbiguous };
  Kind kind = Kind::kInvalid;
  std::size_t column = 0;  ///< offset of the offending token in the line
  std::string token;       ///< the ambiguous word, as typed
};

struct ParsedCommand {
  const Command* command = nullptr;
  Arguments arguments;
  /// The line with its keywords and interfaces' names in full and `*` for what the pattern calls a
  /// key, password, secret or token.
  std::string line;
  /// The same with nothing hidden, as the configuration keeps it.
  std::string configuration;
};

using ParseOutcome = std::variant<ParsedCommand, CommandFault>;

/// All commands of the program, by mode. Built once, then const.
///
/// A pattern is made of keywords, `<kind:name>` placeholders, `[optional]` parts and `{one|of}`
/// alternatives. Kinds: ip, port, number (`<number:vlan:1-4094>` bounds it), word, line (the rest),
/// interface (hardware name, abbreviations allowed), nameif (must exist), protocol, mac, level (a
/// severity by name or number). Keywords match by any prefix that leaves one command.
class Grammar {
 public:
  /// Adds a command. A malformed pattern, or one that equals another of its mode, is our mistake
  /// (asserted).
  void add(const Command& command);

  /// Parses `line` in `mode`; `interfaces` decides which nameifs exist (any, if null).
  [[nodiscard]] ParseOutcome parse(Mode mode, std::string_view line,
                                   const InterfaceTable* interfaces) const;

  [[nodiscard]] const std::deque<Command>& commands() const { return commands_; }

  struct Parameter {
    enum class Kind : std::uint8_t {
      kIp,
      kPort,
      kNumber,
      kWord,
      kLine,
      kInterface,
      kNameif,
      kProtocol,
      kMac,
      kLevel
    };
    std::string name;
    Kind kind = Kind::kWord;
    std::uint64_t low = 0;
    std::uint64_t high = ~std::uint64_t{0};
  };

  /// A keyword (name only) or a parameter.
  struct Atom {
    std::string keyword;  ///< empty for a parameter
    Parameter parameter;
  };

  struct Node {
    std::vector<std::pair<std::string, std::size_t>> keywords;
    std::vector<std::pair<Parameter, std::size_t>> parameters;
    const Command* command = nullptr;
  };

 private:
  void insert(Mode mode, const std::vector<Atom>& atoms, const Command& command);

  std::deque<Command> commands_;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> roots_;  ///< by mode
  std::deque<Node> nodes_;
};

/// `gi0/1`, `GigabitEthernet0/1`, `m0/0`: the canonical hardware name; nullopt if no type fits or
/// several do.
std::optional<std::string> canonical_interface(std::string_view text);

/// A severity by number or name (`emergencies` … `debugging`, any unambiguous prefix); nullopt
/// otherwise.
std::optional<unsigned> parse_severity(std::string_view text);
/// `warnings` for 4. Level at most 7.
std::string_view severity_name(unsigned level);

}  // namespace asaemu
