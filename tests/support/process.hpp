// Programs for tests: start them for real, wait for them, read what they wrote.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace asaemu::test {

/// A folder of its own under the system's temporary folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// What a program that ended left behind.
struct Outcome {
  int exit_code = -1;  ///< 128 + the signal if one ended it
  std::string out;
  std::string err;
};

/// A running program; its output goes to files in a folder. Ended with SIGKILL if it is still there
/// at the end.
class Process {
 public:
  /// Starts arguments[0] with the others.
  Process(const std::vector<std::string>& arguments, const std::string& out_file,
          const std::string& err_file);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send_signal(int signal) const;
  /// Waits for the end; 128 + signal if one ended it. Fails the test after `longest`.
  int wait(std::chrono::seconds longest);
  [[nodiscard]] bool is_running();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
};

/// Runs a program to its end and gives back all it wrote.
Outcome run_program(const std::vector<std::string>& arguments,
                    std::chrono::seconds longest = std::chrono::seconds(120));

/// The program under test: this build's, or what ASAEMU_TEST_PROGRAM names.
std::string program();

/// `asaemu` with these arguments.
Outcome run_asaemu(std::vector<std::string> arguments,
                   std::chrono::seconds longest = std::chrono::seconds(120));

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

/// A port that is free for UDP and TCP on loopback at this moment.
std::uint16_t free_port();
/// The same, of those that the system gives to nobody by itself: it is still free when a server that
/// was ended comes back, and a client that tries it meanwhile does not connect to itself.
std::uint16_t lasting_port();

}  // namespace asaemu::test
