// The device's console: modes and prompts, command lines, and the startup configuration, which is
// read as though it were typed.
#include "messages/audit.hpp"
#include "model/device.hpp"
#include "model/state/running_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace asaemu {

namespace {

bool is_submode(Mode mode) {
  return mode.name.starts_with("config-");
}

/// The word that a command begins with, behind `no`.
std::string_view first_word(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line.starts_with("no ")) line.remove_prefix(3);
  return line.substr(0, line.find_first_of(" \t"));
}

/// How far a running configuration indents a line of a mode. In a mode below a sub-mode some commands
/// are those of the mode above, which they lead back to.
std::size_t indentation(Mode mode, std::string_view line) {
  static constexpr std::array<std::string_view, 5> kInner{"config-pmap-c", "config-pmap-p",
                                                          "config-router-af", "config-keychain-key",
                                                          "config-sla-monitor-echo"};
  static constexpr std::array<std::string_view, 6> kOuter{
      "class", "match", "parameters", "key", "description", "exit-address-family"};
  if (!is_submode(mode)) return 0;
  if (std::ranges::find(kInner, mode.name) == kInner.end()) return 1;
  if (line.starts_with("no ")) line.remove_prefix(3);
  return std::ranges::find(kOuter, line.substr(0, line.find(' '))) == kOuter.end() ? 2 : 1;
}

/// Keeps the lines that `| include TEXT` and its relatives ask for.
std::string filter(std::string_view text, std::string_view verb, std::string_view wanted) {
  std::string kept;
  bool begun = verb != "begin";
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    const bool found = line.find(wanted) != std::string_view::npos;
    if (!begun && found) begun = true;
    const bool keep = verb == "begin" ? begun : (verb == "exclude") != found;
    if (keep) kept.append(line);
  }
  return kept;
}

struct Filter {
  std::string_view verb;  ///< empty for none
  std::string_view wanted;
};

/// Takes ` | include TEXT` off the line.
Filter take_filter(std::string_view& line) {
  const auto bar = line.find(" | ");
  if (bar == std::string_view::npos) return {};
  std::string_view tail = line.substr(bar + 3);
  const auto blank = tail.find(' ');
  if (blank == std::string_view::npos) return {};
  const std::string_view verb = tail.substr(0, blank);
  for (const std::string_view known : {"include", "exclude", "begin", "grep"}) {
    if (!verb.empty() && known.starts_with(verb)) {
      line = line.substr(0, bar);
      return {known, tail.substr(blank + 1)};
    }
  }
  return {};
}

}  // namespace

/// What `write memory` prints (asa-behaviour G.1). Checksum words and the time are the emulator's
/// own.
std::string describe_save(std::string_view config) {
  const std::uint64_t high = stable_hash(config, 1);
  const std::uint64_t low = stable_hash(config, 2);
  return fmt::format(
      "Building configuration...\nCryptochecksum: {:08x} {:08x} {:08x} {:08x} \n\n"
      "{} bytes copied in 0.290 secs\n[OK]\n",
      high >> 32, high & 0xFFFFFFFF, low >> 32, low & 0xFFFFFFFF, config.size());
}

std::string Device::prompt() const {
  const auto name = hostname();
  if (session_.mode == kExecMode) return fmt::format("{}> ", name);
  if (session_.mode == kPrivilegedMode) return fmt::format("{}# ", name);
  return fmt::format("{}({})# ", name, session_.mode.name);
}

void Device::leave_mode() {
  if (rehearsal_ != nullptr) return;
  if (is_submode(session_.mode)) {
    enter_mode(kConfigMode, 0);
  } else {
    enter_mode(session_.mode == kConfigMode ? kPrivilegedMode : kExecMode, 0);
  }
}

std::vector<Mode> Device::mode_chain() const {
  std::vector<Mode> chain{session_.mode};
  if (is_submode(session_.mode)) chain.push_back(kConfigMode);
  if (session_.mode != kExecMode && session_.mode != kPrivilegedMode) {
    chain.push_back(kPrivilegedMode);
  }
  if (session_.mode != kExecMode) chain.push_back(kExecMode);
  return chain;
}

/// Command accounting (asa-behaviour A.11): what was typed and carried out. Sessions are those of
/// the console.
void Device::account_for(SimTime now, std::string_view line) {
  static constexpr std::string_view kUser = "enable_15";
  const auto tell = [&]<class M>(const M& message) {
    log(now, M::kIndex, reinterpret_cast<const std::byte*>(&message));
  };
  if (line == "show" || line.starts_with("show ")) {
    tell(msg::ShowCommandExecuted{.user = kUser, .command = line});
    return;
  }
  tell(msg::CommandExecuted{.user = kUser, .command = line});
  tell(msg::ConfigurationChanged{
      .user = kUser, .application = "CLI", .address = IpAddress{}, .command = line});
}

Device::LineResult Device::execute(SimTime now, std::string_view line, std::span<const Mode> modes,
                                   std::size_t prompt_size) {
  std::optional<CommandFault> worst;
  bool was_declined = false;
  for (const Mode mode : modes) {
    auto outcome = registry().grammar().parse(mode, line, &state_->interfaces);
    if (const auto* fault = std::get_if<CommandFault>(&outcome)) {
      if (!worst || fault->column > worst->column) worst = *fault;
      continue;
    }
    const auto& parsed = std::get<ParsedCommand>(outcome);
    // A malformed line of this mode is not to become the short form of something else.
    const std::string_view command = first_word(parsed.line);
    if (was_declined && command != "show" && command != first_word(line)) continue;
    const std::size_t before = output_.size();
    mode_entered_ = false;
    Context context(*this, now, parsed.command->subsystem);
    parsed.command->handler(*subsystems_[parsed.command->subsystem], context, parsed.arguments);
    if (std::exchange(declined_, false)) {
      was_declined = true;
      if (!worst) worst = CommandFault{.column = line.find_first_not_of(" \t"), .token = {}};
      continue;
    }
    if (!mode_entered_ && mode == kConfigMode && is_submode(session_.mode)) {
      session_ = {kConfigMode, 0};
    }
    const std::string_view answer = std::string_view(output_).substr(before);
    const bool refused = answer.find("ERROR: ") != std::string_view::npos;
    const std::string follow_up = std::exchange(follow_up_, {});
    if (refused) return LineResult::kRefused;
    carried_out_ = parsed.line;
    kept_line_.assign(indentation(mode, parsed.configuration), ' ').append(parsed.configuration);
    if (phase_ == Phase::kRunning && (mode == kConfigMode || is_submode(mode))) {
      typed_config_.append(kept_line_).append("\n").append(follow_up);
    }
    return LineResult::kDone;
  }
  report_fault(*worst, prompt_size);
  return LineResult::kUnknown;
}

/// What an ASA does before an interface loses its nameif. The line that takes it follows, so the
/// interface is named again at the end.
void Device::withdraw_nameif(SimTime now, InterfaceId interface) {
  if (phase_ != Phase::kRunning || rehearsal_ != nullptr) return;
  const Session session = session_;
  const bool mode_entered = mode_entered_;
  const std::size_t output_size = output_.size();
  const std::string& name = state_->interfaces[interface].nameif;
  for (const ConfigBlock& block : blocks_about(arrange_config(configuration()), name)) {
    session_ = {kConfigMode, 0};
    execute(now, "no " + block.line, std::array{kConfigMode}, 0);
  }
  output_.resize(output_size);
  session_ = session;
  mode_entered_ = mode_entered;
  typed_config_.append("interface ").append(state_->interfaces[interface].hardware).append("\n");
}

void Device::rename_nameif(InterfaceId interface, std::string_view name) {
  if (phase_ != Phase::kRunning || rehearsal_ != nullptr) return;
  const std::string& former = state_->interfaces[interface].nameif;
  for (ConfigBlock& block : blocks_about(arrange_config(configuration()), former)) {
    follow_up_.append("no ").append(block.line).append("\n");
    block.line = with_nameif(block.line, former, name);
    follow_up_.append(print_config({block}, block.line));
  }
  if (follow_up_.empty()) return;
  follow_up_.append("interface ").append(state_->interfaces[interface].hardware).append("\n");
}

void Device::report_fault(const CommandFault& fault, std::size_t prompt_size) {
  switch (fault.kind) {
    case CommandFault::Kind::kIncomplete:
      output_ += "ERROR: % Incomplete command\n";
      return;
    case CommandFault::Kind::kAmbiguous:
      output_ += fmt::format("ERROR: % Ambiguous command:  \"{}\"\n", fault.token);
      return;
    case CommandFault::Kind::kInvalid:
      output_ += fmt::format("{:>{}}\nERROR: % Invalid input detected at '^' marker.\n", "^",
                             prompt_size + fault.column + 1);
  }
}

Device::ConsoleOutput Device::type_lines(SimTime now, const std::vector<std::string>& lines) {
  ConsoleOutput result;
  session_ = {kPrivilegedMode, 0};
  for (const std::string& line : lines) {
    if (phase_ != Phase::kRunning) {
      // Nobody answers on the console of a device that is off or boots.
      result.has_fault = true;
      break;
    }
    const std::string shown = prompt();
    std::string_view command = line;
    const Filter wanted = take_filter(command);
    output_.clear();
    const bool is_blank = command.find_first_not_of(" \t") == std::string_view::npos;
    if (!is_blank) {
      const bool is_done = execute(now, command, mode_chain(), shown.size()) == LineResult::kDone;
      if (is_done) account_for(now, carried_out_);
      if (!is_done) result.has_fault = true;
    }
    finish_request(now);
    result.text += shown + line + "\n";
    result.text += wanted.verb.empty() ? output_ : filter(output_, wanted.verb, wanted.wanted);
  }
  output_.clear();
  return result;
}

/// Reads saved_config_ line by line, and writes out in it what is abbreviated. Indented lines belong to
/// the command above them; below a command that nothing models they are not modelled either.
void Device::read_config(SimTime now) {
  unmodelled_.clear();
  refused_.clear();
  session_ = {kConfigMode, 0};
  bool parent_known = false;
  std::size_t number = 0;
  std::string kept;
  std::string_view rest = saved_config_;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line[first] == '!' || line[first] == ':') {
      kept.append(line).append("\n");
      continue;
    }
    const bool indented = first > 0;
    const std::string_view command = line.substr(first);
    LineResult result = LineResult::kUnknown;
    output_.clear();
    if (!indented) {
      std::vector<Mode> modes{kConfigMode};
      if (is_submode(session_.mode)) modes.push_back(session_.mode);
      result = execute(now, command, modes, 0);
      parent_known = result != LineResult::kUnknown;
    } else if (parent_known && is_submode(session_.mode)) {
      result = execute(now, command, std::array{session_.mode}, 0);
    }
    // A command of ours with a form that is not: an access rule by objects, a parameter.
    const bool is_foreign = output_.find("ERROR: % Invalid input") != std::string::npos;
    if (result == LineResult::kRefused && is_foreign) {
      result = LineResult::kUnknown;
      if (!indented) parent_known = false;
    }
    if (result == LineResult::kUnknown) {
      unmodelled_.push_back({number, std::string(command), {}});
    } else if (result == LineResult::kRefused) {
      refused_.push_back({number, std::string(command), output_});
    }
    kept.append(result == LineResult::kDone ? std::string_view(kept_line_) : line).append("\n");
  }
  saved_config_ = std::move(kept);
  output_.clear();
  request_.reset();
  session_ = {kPrivilegedMode, 0};
}

}  // namespace asaemu
