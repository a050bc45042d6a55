#include "tests/support/process.hpp"

#include "test_paths.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <random>
#include <sstream>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace asaemu::test {

namespace {

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool bind_to(int type, std::uint16_t& port) {
  const int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  const bool bound = bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  close(descriptor);
  return bound;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "asaemu-test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Process::Process(const std::vector<std::string>& arguments, const std::string& out_file,
                 const std::string& err_file) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  REQUIRE(pid_ >= 0);
  if (pid_ != 0) return;
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = open(out_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const int err = open(err_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

Process::~Process() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
}

void Process::send_signal(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

bool Process::is_running() {
  if (pid_ <= 0) return false;
  if (waitpid(pid_, &status_, WNOHANG) != pid_) return true;
  pid_ = -1;
  return false;
}

int Process::wait(std::chrono::seconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (is_running()) {
    if (std::chrono::steady_clock::now() > until) FAIL("the program did not end in time");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return exit_code_of(status_);
}

Outcome run_program(const std::vector<std::string>& arguments, std::chrono::seconds longest) {
  const TemporaryFolder folder;
  Outcome outcome;
  {
    Process process(arguments, folder.file("out"), folder.file("err"));
    outcome.exit_code = process.wait(longest);
  }
  outcome.out = read_file(folder.file("out"));
  outcome.err = read_file(folder.file("err"));
  return outcome;
}

std::string program() {
  const char* other = std::getenv("ASAEMU_TEST_PROGRAM");
  return other != nullptr ? other : ASAEMU_PROGRAM;
}

Outcome run_asaemu(std::vector<std::string> arguments, std::chrono::seconds longest) {
  arguments.insert(arguments.begin(), program());
  return run_program(arguments, longest);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  REQUIRE(file.good());
}

std::uint16_t free_port() {
  for (int attempt = 0; attempt < 50; ++attempt) {
    std::uint16_t port = 0;
    if (bind_to(SOCK_STREAM, port) && bind_to(SOCK_DGRAM, port)) return port;
  }
  FAIL("no free port");
  return 0;
}

std::uint16_t lasting_port() {
  // Below what Linux gives to those who ask for no port in particular.
  static std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> some(10'000, 32'000);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    auto port = static_cast<std::uint16_t>(some(random));
    if (bind_to(SOCK_STREAM, port) && bind_to(SOCK_DGRAM, port)) return port;
  }
  FAIL("no free port");
  return 0;
}

}  // namespace asaemu::test
