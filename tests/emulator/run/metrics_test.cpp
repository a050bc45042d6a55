#include "emulator/run/metrics.hpp"

#include "tests/emulator/scenario/scenario_files.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

using namespace asaemu;

namespace {

using boost::asio::ip::tcp;

std::string ask(std::uint16_t port, std::string_view request) {
  boost::asio::io_context context;
  tcp::socket socket(context);
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  boost::asio::write(socket, boost::asio::buffer(request));
  std::string answer;
  boost::system::error_code error;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
  return answer;
}

}  // namespace

TEST_CASE("a scraper gets the text, everybody else is sent away") {
  MetricsServer server([] { return std::string("asaemu_up 1\n"); });
  REQUIRE(server.listen({"127.0.0.1", 0}).empty());
  REQUIRE(server.port() != 0);
  for (int i = 0; i < 3; ++i) {
    const auto answer = ask(server.port(), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(answer.find("Content-Length: 12\r\n") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\nasaemu_up 1\n"));
  }
  CHECK(ask(server.port(), "GET /secrets HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
  CHECK(ask(server.port(), std::string(9000, 'x')).empty());
}

TEST_CASE("a port that is taken is an error text") {
  MetricsServer server([] { return std::string(); });
  REQUIRE(server.listen({"127.0.0.1", 0}).empty());
  MetricsServer second([] { return std::string(); });
  CHECK(second.listen({"127.0.0.1", server.port()}).find("--metrics 127.0.0.1:") == 0);
  MetricsServer third([] { return std::string(); });
  CHECK_FALSE(third.listen({"no-address", 1}).empty());
}

TEST_CASE("a lane's gauges are metrics in Prometheus text") {
  const Plan plan = test::plan_of("  - {at: 0s, rate: {constant: 1/s}, cli: show clock}\n");
  RunFrame frame;
  frame.plan = &plan;
  frame.catalogue = &test::catalogue();
  frame.speed.is_max = true;
  frame.to = Destination{};
  frame.end = kStart + std::chrono::seconds(10);
  frame.is_watched = true;
  std::vector<std::unique_ptr<Lane>> lanes;
  lanes.push_back(std::make_unique<Lane>(frame, Share{}, nullptr));
  lanes[0]->open({});
  lanes[0]->run(Pacer::WallClock::now());
  const std::string text = metrics_text("a \"b\"", test::catalogue(), lanes);
  for (const char* line : {"asaemu_run_info{scenario=\"a \\\"b\\\"\"} 1\n", "asaemu_devices 1\n",
                           "asaemu_stimuli_executed_total 10\n", "asaemu_stimuli_missed_total 0\n",
                           "# TYPE asaemu_lateness_seconds histogram\n",
                           "asaemu_lateness_seconds_bucket{le=\"+Inf\"} ", "asaemu_queue_depth 0\n",
                           "asaemu_lines_dropped_total{reason=\"queue\"} 0\n"}) {
    INFO(line << text);
    CHECK(text.find(line) != std::string::npos);
  }
  lanes[0]->close();
}
