#include "emulator/cli/sink_command.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fcntl.h>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// What is written to stderr while it lives, by anyone.
class CapturedStderr {
 public:
  CapturedStderr() : before_(dup(STDERR_FILENO)) {
    const FileDescriptor file{
        ::open(folder_.file("text").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    dup2(file.get(), STDERR_FILENO);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;
  ~CapturedStderr() { restore(); }
  std::string end() {
    restore();
    return file_text(folder_.file("text"));
  }

 private:
  void restore() {
    std::fflush(stderr);
    if (before_.is_open()) dup2(before_.get(), STDERR_FILENO);
    before_.close();
  }
  TemporaryFolder folder_;
  FileDescriptor before_;
};

struct Outcome {
  int code;
  std::string text;
};

Outcome run(const std::string& arguments) {
  CLI::App app;
  int code = -1;
  add_sink_command(app, code);
  CapturedStderr captured;
  app.parse("sink " + arguments);
  return {code, captured.end()};
}

}  // namespace

TEST_CASE("the sink says where it listens and what it received") {
  const auto outcome =
      run("--listen udp://127.0.0.1:0 --listen tcp://localhost:0 --gro --quiet "
          "--idle 1ms");
  CHECK(outcome.code == 0);
  INFO(outcome.text);
  CHECK(outcome.text.find("listening on udp://127.0.0.1:") == 0);
  CHECK(outcome.text.find("\nlistening on tcp://127.0.0.1:") != std::string::npos);
  CHECK(outcome.text.find("listening on udp://127.0.0.1:0\n") == std::string::npos);
  CHECK(outcome.text.find("received 0 messages, 0 bytes; ended by idle\n") != std::string::npos);
}

TEST_CASE("all wrong arguments of the sink are named at once") {
  const auto outcome = run("--listen 5514 --listen udp://h --count 0 --idle 2 --duration 0s");
  CHECK(outcome.code == 2);
  CHECK(outcome.text ==
        "asaemu sink: --listen: listener '5514': expected udp://HOST:PORT, tcp://HOST:PORT or "
        "tls://HOST:PORT\n"
        "asaemu sink: --listen: listener 'udp://h': the port is missing; expected h:PORT\n"
        "asaemu sink: --count: '0' is not a number of messages; expected a whole number from 1\n"
        "asaemu sink: --idle: '2' is not a length of time; expected one such as 500ms, 2s or "
        "1m30s\n"
        "asaemu sink: --duration: '0s' is not a length of time; expected one such as 500ms, 2s or "
        "1m30s\n");
}

TEST_CASE("a sink without a listener is told how to get one") {
  const auto outcome = run("--quiet");
  CHECK(outcome.code == 2);
  CHECK(outcome.text ==
        "asaemu sink: --listen is missing; expected --listen udp://127.0.0.1:5514\n");
}

TEST_CASE("a sink whose port is taken ends with 3") {
  const auto taken = loopback_socket(SOCK_DGRAM);
  const auto outcome =
      run(fmt::format("--listen udp://127.0.0.1:{} --quiet", bound_port(taken.get())));
  CHECK(outcome.code == 3);
  CHECK(outcome.text.find("listening on") == std::string::npos);
}
