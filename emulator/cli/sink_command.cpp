#include "emulator/cli/sink_command.hpp"

#include "emulator/sink/sink.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace asaemu {

namespace {

constexpr int kBadInput = 2;

/// The arguments as they were typed.
struct SinkArguments {
  std::vector<std::string> listen;
  std::string count;
  std::string idle;
  std::string duration;
  SinkOptions options;
};

using Complaints = std::vector<std::string>;

void read_listeners(SinkArguments& arguments, Complaints& complaints) {
  if (arguments.listen.empty()) {
    complaints.emplace_back("--listen is missing; expected --listen udp://127.0.0.1:5514");
  }
  for (const auto& text : arguments.listen) {
    std::string complaint;
    const auto address = ListenAddress::parse(text, complaint);
    if (address) {
      arguments.options.listen.push_back(*address);
    } else {
      complaints.push_back(fmt::format("--listen: {}", complaint));
    }
  }
}

/// What tls needs and nothing else does.
void check_tls(const SinkOptions& options, Complaints& complaints) {
  const bool has_tls = std::any_of(options.listen.begin(), options.listen.end(),
                                   [](const ListenAddress& address) { return address.tls; });
  if (has_tls && options.certificate.empty()) {
    complaints.emplace_back("--cert is missing; a tls:// listener needs a certificate");
  }
  if (options.certificate.empty() && !(options.key.empty() && options.authorities.empty())) {
    complaints.emplace_back("--key and --ca are of use with --cert only");
  }
}

void read_count(SinkArguments& arguments, Complaints& complaints) {
  const auto& text = arguments.count;
  if (text.empty()) return;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc{} && stop == end && count > 0) {
    arguments.options.count = count;
  } else {
    complaints.push_back(
        fmt::format("--count: '{}' is not a number of messages; "
                    "expected a whole number from 1",
                    text));
  }
}

void read_duration(std::string_view option, const std::string& text,
                   std::optional<SimDuration>& value, Complaints& complaints) {
  if (text.empty()) return;
  const auto duration = parse_duration(text);
  if (duration && *duration > SimDuration::zero()) {
    value = duration;
  } else {
    complaints.push_back(
        fmt::format("{}: '{}' is not a length of time; "
                    "expected one such as 500ms, 2s or 1m30s",
                    option, text));
  }
}

int run(SinkArguments arguments) {
  Complaints complaints;
  auto& options = arguments.options;
  read_listeners(arguments, complaints);
  check_tls(options, complaints);
  read_count(arguments, complaints);
  read_duration("--idle", arguments.idle, options.idle, complaints);
  read_duration("--duration", arguments.duration, options.duration, complaints);
  for (const auto& complaint : complaints) fmt::print(stderr, "asaemu sink: {}\n", complaint);
  return complaints.empty() ? run_sink(options) : kBadInput;
}

}  // namespace

void add_sink_command(CLI::App& app, int& exit_code) {
  auto* const command =
      app.add_subcommand("sink", "Collect syslog: count messages, print and write them.");
  // Copies of the callback share the arguments that the options point to.
  const auto arguments = std::make_shared<SinkArguments>();
  auto& options = arguments->options;
  command
      ->add_option("--listen", arguments->listen,
                   "where to listen; may be repeated; "
                   "port 0 lets the system choose")
      ->type_name("udp://HOST:PORT|tcp://HOST:PORT|tls://HOST:PORT");
  command->add_option("--cert", options.certificate, "of tls: our certificate and its chain, PEM")
      ->type_name("FILE");
  command->add_option("--key", options.key, "its key, PEM; in the certificate's file if left out")
      ->type_name("FILE");
  command
      ->add_option("--ca", options.authorities,
                   "who signs for clients, PEM; clients then need a certificate")
      ->type_name("FILE");
  command->add_option("--write", options.write, "write each line to this file")->type_name("FILE");
  command->add_flag("--quiet", options.quiet, "do not print the lines");
  command->add_flag("--gro", options.gro,
                    "of udp: take datagrams that come in one piece in one piece (UDP_GRO); faster, "
                    "but the kernel counts a lost piece as one");
  command->add_option("--count", arguments->count, "end after so many messages")->type_name("N");
  command
      ->add_option("--idle", arguments->idle,
                   "end after so long without a message; "
                   "exit code 1 if --count has not been reached then")
      ->type_name("TIME");
  command
      ->add_option("--duration", arguments->duration, "end after so long; exit code as with --idle")
      ->type_name("TIME");
  command->add_option("--report", options.report, "write a report in JSON to this file")
      ->type_name("FILE");
  command
      ->add_option("--counter", options.counter,
                   "keep the number of messages so far in this file, for limit --received")
      ->type_name("FILE");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace asaemu
