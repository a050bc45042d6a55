#include "emulator/transport/file.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace asaemu;
using namespace asaemu::test;

namespace {

Destination file_at(const std::string& path) {
  return {Destination::Kind::kFile, {}, path, true};
}

/// Files of this process grow no further than `bytes`: a disk that is full at a chosen place.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    before_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_handler_);
  }

 private:
  rlimit before_{};
  void (*before_handler_)(int);
};

}  // namespace

TEST_CASE("a file holds the lines and nothing of what it held before") {
  const TemporaryFolder folder;
  const auto path = folder.file("lines");
  for (const std::size_t count : {20'000U, 10U}) {
    FileTransport transport(file_at(path));
    REQUIRE(transport.open().empty());
    DestinationAccount account;
    offer(transport, account, 0, count);
    transport.close();
    CHECK((file_text(path) == lines(0, count)));
    CHECK(account.sent == count);
    CHECK(adds_up(account));
    CHECK(agrees(transport, account));
    CHECK_FALSE(transport.failed());
  }
}

TEST_CASE("a full disk is a failure, and every line is counted") {
  FileTransport transport(file_at("/dev/full"));
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, 20'000);
  transport.close();
  CHECK(account.dropped_error == 20'000);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
  CHECK(transport.failed());
  CHECK(transport.failure() == "No space left on device");
  CHECK(transport.statistics().errors.at("No space left on device") == 20'000);
}

TEST_CASE("a disk that fills up inside a line leaves a file of whole lines") {
  const TemporaryFolder folder;
  const auto whole = lines(0, 100).size();
  for (const std::size_t beyond : {0U, 1U, 40U}) {
    FileTransport transport(file_at(folder.file("lines")));
    REQUIRE(transport.open().empty());
    DestinationAccount account;
    {
      const SmallDisk disk(whole + beyond);
      offer(transport, account, 0, 1000);
      transport.flush();
      offer(transport, account, 1000, 1010);
      transport.close();
    }
    INFO(beyond << " bytes of the next line fitted");
    CHECK((file_text(folder.file("lines")) == lines(0, 100)));
    CHECK(account.sent == 100);
    CHECK(account.bytes == whole);
    CHECK(adds_up(account));
    CHECK(agrees(transport, account));
    CHECK(transport.failure() == "File too large");
  }
}

TEST_CASE("lines in a row are counted each in its own account, up to where the disk was full") {
  const TemporaryFolder folder;
  for (const std::size_t fit : {0U, 1U, 2U, 3U, 4U, 7U, 20U}) {
    FileTransport transport(file_at(folder.file("lines")));
    REQUIRE(transport.open().empty());
    std::array<DestinationAccount, 2> accounts;
    // Rows of three lines.
    std::array<std::size_t, 2> sent{};
    std::array<std::size_t, 2> bytes{};
    {
      const SmallDisk disk(lines(0, fit).size());
      for (std::size_t i = 0; i < 20; ++i) {
        const std::size_t whose = i / 3 % 2;
        offer(transport, accounts[whose], i, i + 1);
        if (i >= fit) continue;
        ++sent[whose];
        bytes[whose] += line(i).size();
      }
      transport.close();
    }
    INFO(fit << " lines fitted");
    for (const std::size_t whose : {0U, 1U}) {
      CHECK(accounts[whose].sent == sent[whose]);
      CHECK(accounts[whose].bytes == bytes[whose]);
      CHECK(adds_up(accounts[whose]));
    }
  }
}

TEST_CASE("a file that cannot be opened is named with the reason") {
  FileTransport transport(file_at("/nowhere/lines"));
  CHECK(transport.open() == "cannot open file:/nowhere/lines: No such file or directory");
  CHECK(transport.failed());
  DestinationAccount account;
  offer(transport, account, 0, 3);
  transport.close();
  CHECK(account.dropped_error == 3);
}

TEST_CASE("a named pipe takes lines until its reader leaves") {
  const TemporaryFolder folder;
  const auto path = folder.file("pipe");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  auto received = std::async(std::launch::async, [&] {
    const FileDescriptor reader{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    return read_stream(reader, 1000);
  });
  FileTransport transport(file_at(path));
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, 20'000);
  transport.close();
  CHECK((received.get() == lines(0, 100).substr(0, 1000)));
  CHECK(transport.reader_left());
  CHECK(account.dropped_error > 0);
  CHECK(adds_up(account));
}
