#include "emulator/sink/sink.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <future>
#include <thread>

using namespace asaemu;
using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

SinkOptions quiet_on(const HostPort& local, bool tcp = false) {
  SinkOptions options;
  options.listen = {{tcp, local}};
  options.quiet = true;
  options.idle = 20ms;
  return options;
}

HostPort any_port() {
  return {"127.0.0.1", 0};
}

}  // namespace

TEST_CASE("a sink writes lines and report and ends well when its count is reached") {
  const TemporaryFolder folder;
  // A port that was free a moment ago; lines go over TCP, which tells when somebody listens.
  const HostPort local{"127.0.0.1", bound_port(loopback_socket(SOCK_STREAM).get())};
  auto options = quiet_on(local, true);
  options.write = folder.file("lines");
  options.report = folder.file("report");
  options.count = 300;
  options.idle = 10s;
  auto code = std::async(std::launch::async, [&] { return run_sink(options); });
  const auto transport = make_transport({Destination::Kind::kTcp, local, {}, true});
  for (int i = 0; i < 1000 && !transport->open().empty(); ++i) std::this_thread::sleep_for(5ms);
  DestinationAccount account;
  offer(*transport, account, 0, 300);
  transport->close();
  CHECK(code.get() == 0);
  CHECK((file_text(options.write) == lines(0, 300)));
  CHECK(nlohmann::json::parse(file_text(options.report))["messages"] == 300);
}

TEST_CASE("a sink that idles out ends well, unless it was to receive a count") {
  auto options = quiet_on(any_port());
  CHECK(run_sink(options) == 0);
  options.count = 1;
  CHECK(run_sink(options) == 1);
  options.idle.reset();
  options.duration = 1ms;
  CHECK(run_sink(options) == 1);
  options.count.reset();
  CHECK(run_sink(options) == 0);
}

TEST_CASE("a sink that cannot listen or write ends with 3") {
  const auto taken = loopback_socket(SOCK_DGRAM);
  CHECK(run_sink(quiet_on({"127.0.0.1", bound_port(taken.get())})) == 3);
  CHECK(run_sink(quiet_on({impossible_host(), 0})) == 3);
  auto options = quiet_on(any_port());
  options.write = "/nowhere/lines";
  CHECK(run_sink(options) == 3);
  options.write.clear();
  options.report = "/dev/full";
  CHECK(run_sink(options) == 3);
}
