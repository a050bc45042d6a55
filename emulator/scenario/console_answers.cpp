#include "emulator/scenario/console_answers.hpp"

#include "model/contract/registry.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

std::string_view Answer::error() const {
  const auto at = text.find("ERROR: ");
  if (at == std::string_view::npos) return {};
  const std::string_view from = text.substr(at);
  return from.substr(0, from.find('\n'));
}

bool Answer::is_no_command() const {
  constexpr std::array<std::string_view, 3> kUnknown{"ERROR: % Invalid input detected",
                                                     "ERROR: % Incomplete command",
                                                     "ERROR: % Ambiguous command"};
  return std::ranges::any_of(kUnknown,
                             [&](std::string_view start) { return error().starts_with(start); });
}

std::vector<Mode> Answer::modes() const {
  const auto open = prompt.rfind('(');
  const auto close = prompt.rfind(')');
  std::vector<Mode> modes;
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    const std::string_view name = prompt.substr(open + 1, close - open - 1);
    for (const Command& command : registry().grammar().commands()) {
      if (command.mode.name != name) continue;
      if (std::ranges::find(modes, command.mode) == modes.end()) modes.push_back(command.mode);
    }
    if (name != kConfigMode.name) modes.push_back(kConfigMode);
  }
  if (!prompt.ends_with("> ")) modes.push_back(kPrivilegedMode);
  modes.push_back(kExecMode);
  return modes;
}

std::vector<Answer> answers_of(std::string_view output, const std::vector<std::string>& lines) {
  std::vector<Answer> answers;
  const char* begin = output.data();
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size() - 1) + 1;
    const std::string_view text = output.substr(0, end);
    output.remove_prefix(end);
    const std::string_view shown = text.substr(0, text.ends_with('\n') ? end - 1 : end);
    const std::string* next = answers.size() < lines.size() ? &lines[answers.size()] : nullptr;
    if (next != nullptr && shown.ends_with(*next)) {
      const std::string_view prompt = shown.substr(0, shown.size() - next->size());
      if (prompt.ends_with("# ") || prompt.ends_with("> ")) {
        answers.push_back({*next, prompt, {}});
        begin = text.data() + text.size();
        continue;
      }
    }
    if (!answers.empty()) {
      answers.back().text = {begin, static_cast<std::size_t>(text.data() + text.size() - begin)};
    }
  }
  return answers;
}

std::string_view without_filter(std::string_view line) {
  constexpr std::array<std::string_view, 4> kVerbs{"include", "exclude", "begin", "grep"};
  const auto bar = line.find(" | ");
  if (bar == std::string_view::npos) return line;
  const std::string_view tail = line.substr(bar + 3);
  const std::string_view verb = tail.substr(0, tail.find(' '));
  const bool known = !verb.empty() && std::ranges::any_of(kVerbs, [&](std::string_view whole) {
    return whole.starts_with(verb);
  });
  return known ? line.substr(0, bar) : line;
}

}  // namespace asaemu
