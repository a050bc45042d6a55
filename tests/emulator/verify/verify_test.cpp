// Every kind of difference, by files made here.
#include "emulator/verify/verify.hpp"

#include "emulator/truth/json_text.hpp"
#include "emulator/truth/truth_file.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// A truth and what was received of it.
class Files {
 public:
  /// A message; its text, for what was received.
  std::string add(const std::string& device, std::uint64_t sequence,
                  const std::string& outcome = "sent", const std::string& tail = {}) {
    const std::string text =
        fmt::format("%ASA-4-401004: Shunned packet: 198.51.100.7 ==> 10.0.{}.{} on interface {}",
                    sequence / 250, sequence % 250, tail.empty() ? "outside" : tail);
    add_text(device, sequence, text, copy("10.0.0.50", outcome));
    return text;
  }

  static std::string copy(const std::string& host, const std::string& outcome) {
    return fmt::format(
        R"({{"host":"inside {} udp/514","from":"10.9.0.1","line":"0","outcome":"{}","sent":{}}})",
        host, outcome, outcome == "sent" ? "1764547200.000000" : "null");
  }

  void add_text(const std::string& device, std::uint64_t sequence, const std::string& text,
                const std::string& copies) {
    std::string json;
    append_json_string(json, text);
    truth_ += fmt::format(
        "{{\"record\":\"message\",\"device\":\"{}\",\"seq\":{},\"due\":{}.000000000,\"id\":401004,"
        "\"text\":{},\"to\":[{}]}}\n",
        device, sequence, sequence, json, copies);
  }

  void add_record(const std::string& line) { truth_ += line + "\n"; }

  Verifier verify(const std::string& received, VerifyInput input = {}, VerifyOptions options = {}) {
    write_file(folder_.file("truth"), truth_ + "{\"record\":\"end\"}\n");
    write_file(folder_.file("received"), received);
    if (input.truths.empty()) input.truths = {folder_.file("truth")};
    if (input.received.empty()) input.received = {folder_.file("received")};
    Verifier verifier(options);
    error_ = verify_files(input, verifier);
    return verifier;
  }

  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::string truth_;
  std::string error_;
};

std::string join(const std::vector<std::string>& lines, const std::string& front = {}) {
  std::string text;
  for (const auto& line : lines) text += front + line + "\n";
  return text;
}

/// Ten messages of one device.
std::vector<std::string> ten(Files& files, const std::string& device = "fw-1") {
  std::vector<std::string> lines;
  for (std::uint64_t i = 1; i <= 10; ++i) lines.push_back(files.add(device, i));
  return lines;
}

}  // namespace

TEST_CASE("what was received as it was sent has no fault") {
  Files files;
  const auto lines = ten(files);
  const Verifier found = files.verify(join(lines));
  CHECK(is_faultless(found, true));
  CHECK(found.total().sent == 10);
  CHECK(found.total().delivered == 10);
  CHECK(found.has_end());
}

TEST_CASE("lost messages are told as runs with their ids and times") {
  Files files;
  auto lines = ten(files);
  lines.erase(lines.begin() + 7);
  lines.erase(lines.begin() + 2, lines.begin() + 5);
  const Verifier found = files.verify(join(lines));
  CHECK_FALSE(is_faultless(found, false));
  CHECK(found.total().lost == 4);
  REQUIRE(found.loss_runs().size() == 2);
  const LossRun& run = found.loss_runs().front();
  CHECK(run.device == "fw-1");
  CHECK(run.first == 3);
  CHECK(run.last == 5);
  CHECK(run.from == 3'000'000'000);
  CHECK(run.until == 5'000'000'000);
  CHECK(run.ids.at(401004) == 3);
  CHECK(found.loss_runs().back().first == 8);
  CHECK(found.lost_ids().at(401004) == 4);
}

TEST_CASE("nothing received is everything lost in one run") {
  Files files;
  ten(files);
  const Verifier found = files.verify("");
  CHECK(found.total().lost == 10);
  CHECK(found.loss_runs().size() == 1);
}

TEST_CASE("a line received twice is a duplicate") {
  Files files;
  auto lines = ten(files);
  lines.push_back(lines[4]);
  const Verifier found = files.verify(join(lines));
  CHECK(found.total().duplicated == 1);
  CHECK(found.total().delivered == 10);
  CHECK_FALSE(is_faultless(found, false));
}

TEST_CASE("equal messages are counted one by one") {
  Files files;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    files.add_text("fw-1", i, "%ASA-4-401001: Shuns cleared", Files::copy("10.0.0.50", "sent"));
  }
  const std::string line = "%ASA-4-401001: Shuns cleared\n";
  CHECK(is_faultless(files.verify(line + line + line), true));
  CHECK(files.verify(line + line).total().lost == 1);
  CHECK(files.verify(line + line + line + line).total().duplicated == 1);
}

TEST_CASE("a message that comes late is reordered by so many messages") {
  Files files;
  auto lines = ten(files);
  std::rotate(lines.begin() + 2, lines.begin() + 3, lines.begin() + 8);
  const Verifier found = files.verify(join(lines));
  CHECK(found.total().reordered == 1);
  CHECK(found.total().reordered_furthest == 5);
  CHECK(is_faultless(found, false));
  CHECK_FALSE(is_faultless(found, true));
}

TEST_CASE("an altered message is shown beside what was sent") {
  Files files;
  auto lines = ten(files);
  const std::string sent = lines[3];
  lines[3].replace(lines[3].find("Shunned"), 7, "Blocked");
  const Verifier found = files.verify(join(lines));
  CHECK(found.total().altered == 1);
  CHECK(found.total().lost == 0);
  CHECK(found.foreign() == 0);
  REQUIRE(found.alterations().size() == 1);
  CHECK(found.alterations()[0].sent == sent);
  CHECK(found.alterations()[0].received == lines[3]);
  CHECK(found.alterations()[0].sequence == 4);
}

TEST_CASE("a message whose end is missing is truncated") {
  Files files;
  auto lines = ten(files);
  lines[9].resize(lines[9].size() - 5);
  const Verifier found = files.verify(join(lines));
  CHECK(found.total().truncated == 1);
  CHECK(found.total().altered == 0);
}

TEST_CASE("a message that nobody sent is foreign and other lines do not matter") {
  Files files;
  auto lines = ten(files);
  lines.insert(lines.begin() + 5, "%ASA-6-302013: Built outbound TCP connection 7");
  lines.insert(lines.begin(), "rsyslogd was started");
  const Verifier found = files.verify(join(lines));
  CHECK(found.foreign() == 1);
  CHECK(found.foreign_examples().front() == "%ASA-6-302013: Built outbound TCP connection 7");
  CHECK(found.other_lines() == 1);
  CHECK(found.total().delivered == 10);
  CHECK_FALSE(is_faultless(found, false));
}

TEST_CASE("headers of relays and line ends of other systems are tolerated") {
  for (const char* front :
       {"<164>Nov 20 2026 08:00:31 fw-1 : ", "Nov 20 08:00:31 relay-7 ",
        "2026-11-20T08:00:31.5+01:00 10.1.2.3 <164>Nov 20 2026 08:00:31: ", "%ASA-bogus "}) {
    Files files;
    auto lines = ten(files);
    for (auto& line : lines) line += "\r";
    INFO(front);
    CHECK(is_faultless(files.verify(join(lines, front)), true));
  }
}

TEST_CASE("JSON lines with a message are read") {
  Files files;
  std::string received;
  for (const auto& line : ten(files)) {
    received +=
        nlohmann::json{{"host", "relay"}, {"n", 1}, {"message", "<164>x: " + line}}.dump() + "\n";
  }
  CHECK(is_faultless(files.verify(received), true));
}

TEST_CASE("a column of a CSV file is read with its quotes undone") {
  Files files;
  std::string received = "time,\"the message\",host\n";
  files.add_text("fw-1", 1, R"(%ASA-4-409023: a "quoted", text)", Files::copy("10.0.0.50", "sent"));
  files.add_text("fw-1", 2, R"(%ASA-4-409023: plain)", Files::copy("10.0.0.50", "sent"));
  received += "1764547201,\"%ASA-4-409023: a \"\"quoted\"\", text\",x\n";
  received += "1764547202,%ASA-4-409023: plain,\n";
  VerifyInput input;
  input.form.column = "the message";
  input.form.time = "time";
  const Verifier found = files.verify(received, input);
  CHECK(files.error().empty());
  CHECK(is_faultless(found, true));
  CHECK(found.latency().count() == 2);
  input.form.column = "message";
  files.verify(received, input);
  CHECK(files.error().find("there is no column 'message'") != std::string::npos);
}

TEST_CASE("the device in a line is respected where messages are equal") {
  Files files;
  const std::string text = "%ASA-4-401001: Shuns cleared";
  files.add_text("fw-1", 1, text, Files::copy("10.0.0.50", "sent"));
  files.add_text("fw-2", 1, text, Files::copy("10.0.0.50", "sent"));
  const Verifier found = files.verify("fw-2 : " + text + "\n" + "fw-2 : " + text + "\n");
  CHECK(found.devices().at("fw-1").lost == 1);
  CHECK(found.devices().at("fw-2").delivered == 1);
  CHECK(found.devices().at("fw-2").duplicated == 1);
}

TEST_CASE("the class word of EMBLEM is no part of a message") {
  Files files;
  auto lines = ten(files);
  for (auto& line : lines) line.replace(0, 5, "<164>:Nov 20 08:00:31 UTC: %ASA-ips-");
  CHECK(is_faultless(files.verify(join(lines)), true));
}

TEST_CASE("a message is itself whatever its characters and wherever it was cut") {
  const std::string whole = "%ASA-5-111008: User 'Zo\xC3\xAB \"\\x\"' executed the 'show' command.";
  const std::string cut = whole.substr(0, whole.find('\xC3') + 1);
  const std::string bytes = "%ASA-5-111008: User '\x80\xFF\xE2\x82' executed the 'show' command.";
  Files files;
  std::string received;
  std::uint64_t sequence = 0;
  for (const auto& text : {whole, cut, bytes}) {
    files.add_text("fw-1", ++sequence, text, Files::copy("10.0.0.50", "sent"));
    received += text + "\n";
  }
  CHECK(is_faultless(files.verify(received), true));
  // A collector that stores JSON may replace what is no UTF-8, and escape as it likes.
  std::string json;
  for (const auto& text : {whole, cut, bytes}) {
    json += "{\"message\":";
    append_json_string(json, text);
    json += "}\n";
  }
  const std::size_t letter = json.find("\xC3\xAB");
  json.replace(letter, 2, "\\u00eb");
  CHECK(is_faultless(files.verify(json), true));
}

TEST_CASE("only what left is expected") {
  Files files;
  const auto sent = files.add("fw-1", 1);
  files.add("fw-1", 2, "dropped_queue");
  files.add("fw-1", 3, "dropped_error");
  files.add("fw-1", 4, "below_level");
  const Verifier found = files.verify(sent + "\n");
  CHECK(found.total().sent == 1);
  CHECK(is_faultless(found, true));
}

TEST_CASE("two hosts make two copies unless one is picked") {
  Files files;
  const std::string text = "%ASA-4-401001: Shuns cleared";
  files.add_text("fw-1", 1, text,
                 Files::copy("10.0.0.50", "sent") + "," + Files::copy("10.0.0.51", "sent"));
  CHECK(files.verify(text + "\n").total().lost == 1);
  CHECK(is_faultless(files.verify(text + "\n" + text + "\n"), true));
  VerifyInput input;
  input.host = "10.0.0.51";
  CHECK(is_faultless(files.verify(text + "\n", input), true));
  input.host = "10.0.0.5";
  CHECK(files.verify("", input).total().sent == 0);
}

TEST_CASE("what was still waiting is judged by the record that follows") {
  const auto outcome = [](std::uint64_t sequence, const std::string& what) {
    return fmt::format(
        R"({{"record":"outcome","device":"fw-1","seq":{},"host":"inside 10.0.0.50 udp/514","outcome":"{}","sent":null}})",
        sequence, what);
  };
  Files files;
  const auto came = files.add("fw-1", 1, "pending");
  files.add("fw-1", 2, "pending");
  files.add("fw-1", 3, "pending");
  files.add("fw-1", 4, "pending");
  files.add_record(outcome(1, "sent"));
  files.add_record(outcome(2, "sent"));
  files.add_record(outcome(3, "dropped_queue"));
  const Verifier found = files.verify(came + "\n");
  CHECK(found.total().sent == 2);
  CHECK(found.total().delivered == 1);
  CHECK(found.total().lost == 1);
  CHECK(found.total().unknown == 1);
}

TEST_CASE("compressed files are read and damaged ones are told") {
  Files files;
  const auto lines = ten(files);
  const TemporaryFolder& folder = files.folder();
  for (const char* name : {"r.gz", "r.zst"}) {
    std::string error;
    const auto sink = open_truth_sink(folder.file(name), error);
    REQUIRE(sink);
    REQUIRE(sink->write(join(lines)).empty());
    REQUIRE(sink->finish().empty());
    VerifyInput input;
    input.received = {folder.file(name)};
    CHECK(is_faultless(files.verify("", input), true));
    const auto packed = read_file(folder.file(name));
    write_file(folder.file(name), packed.substr(0, packed.size() - 6));
    files.verify("", input);
    CHECK(files.error().find("is cut off") != std::string::npos);
  }
  VerifyInput input;
  input.received = {folder.file("missing")};
  files.verify("", input);
  CHECK(files.error().find("No such file") != std::string::npos);
}

TEST_CASE("a truth that is none is told with its line") {
  Files files;
  files.add_record("this is no truth");
  files.verify("");
  CHECK(files.error().find("truth:1: a line is no JSON object") != std::string::npos);
}

TEST_CASE("truths of shards and files of several collectors are taken together") {
  Files one;
  Files two;
  const auto first = ten(one, "fw-1");
  std::vector<std::string> second;
  for (std::uint64_t i = 1; i <= 10; ++i) second.push_back(two.add("fw-2", i, "sent", "dmz"));
  one.verify("");
  two.verify("");
  const TemporaryFolder& folder = one.folder();
  write_file(folder.file("a"), join({first[0], second[0], first[1], first[2]}));
  write_file(folder.file("b"), join({second[1], second[2], first[3], second[3]}));
  VerifyInput input;
  input.truths = {folder.file("truth"), two.folder().file("truth")};
  input.received = {folder.file("a"), folder.file("b")};
  for (const bool together : {false, true}) {
    input.together = together;
    const Verifier found = one.verify("", input);
    CHECK(found.total().sent == 20);
    CHECK(found.total().delivered == 8);
    CHECK(found.total().lost == 12);
    CHECK(found.ends() == 2);
  }
}

TEST_CASE("a gap longer than the window is passed over") {
  Files files;
  std::vector<std::string> lines;
  for (std::uint64_t i = 1; i <= 2000; ++i) lines.push_back(files.add("fw-1", i));
  lines.erase(lines.begin() + 500, lines.begin() + 1000);
  VerifyOptions options;
  options.window = 100;
  const Verifier found = files.verify(join(lines), {}, options);
  CHECK(found.total().lost >= 500);
  CHECK(found.total().delivered > 1000);
  CHECK(found.total().delivered + found.total().lost + found.total().altered +
            found.total().truncated ==
        2000);
}

TEST_CASE("disorder within the window is no loss") {
  Files files;
  std::vector<std::string> lines;
  for (std::uint64_t i = 1; i <= 200; ++i) lines.push_back(files.add("fw-1", i));
  for (std::size_t i = 0; i < 200; i += 20) {
    std::reverse(lines.begin() + static_cast<std::ptrdiff_t>(i),
                 lines.begin() + static_cast<std::ptrdiff_t>(i + 20));
  }
  VerifyOptions options;
  options.window = 20;
  CHECK(is_faultless(files.verify(join(lines), {}, options), false));
}

TEST_CASE("latency is measured where the time of receipt is known") {
  Files files;
  std::string received;
  for (const auto& line : ten(files)) received += "2025-12-01T00:00:00.250Z relay " + line + "\n";
  VerifyInput input;
  input.form.time = "start";
  const Verifier found = files.verify(received, input);
  CHECK(found.latency().count() == 10);
  CHECK(found.latency().max() == 250'000'000);
  CHECK(found.early() == 0);
}

TEST_CASE("times of receipt are RFC 3339 or seconds") {
  CHECK(parse_receipt("1764547200.5") == 1'764'547'200'500'000);
  CHECK(parse_receipt("2025-12-01T00:00:00Z") == 1'764'547'200'000'000);
  CHECK(parse_receipt("2025-12-01T01:00:00.5+01:00") == 1'764'547'200'500'000);
  CHECK_FALSE(parse_receipt("Nov"));
  CHECK_FALSE(parse_receipt("2025-12-01T00:00:00"));
}

TEST_CASE("verify ends with 0 for all there and 1 for a difference and 2 for bad input",
          "[program]") {
  Files files;
  auto lines = ten(files);
  files.verify(join(lines));
  const std::string truth = files.folder().file("truth");
  const std::string received = files.folder().file("received");
  const auto good = run_asaemu({"verify", "--truth", truth, "--received", received});
  CHECK(good.exit_code == 0);
  CHECK(good.out.find("fw-1") != std::string::npos);
  write_file(received, join({lines[0], lines[2]}));
  const auto json =
      run_asaemu({"verify", "--truth", truth, "--received", received, "--json", "--window", "5"});
  CHECK(json.exit_code == 1);
  const auto report = nlohmann::json::parse(json.out);
  CHECK(report["faultless"] == false);
  CHECK(report["total"]["lost"] == 8);
  CHECK(report["loss_runs"][0]["first_seq"] == 2);
  CHECK(report["devices"][0]["name"] == "fw-1");
  CHECK(run_asaemu({"verify", "--truth", truth}).exit_code == 2);
  CHECK(run_asaemu({"verify", "--truth", truth, "--received", "/no/such"}).exit_code == 2);
  CHECK(run_asaemu({"verify", "--truth", "-", "--received", "-"}).exit_code == 2);
  std::swap(lines[0], lines[1]);
  write_file(received, join(lines));
  CHECK(run_asaemu({"verify", "--truth", truth, "--received", received}).exit_code == 0);
  CHECK(run_asaemu({"verify", "--truth", truth, "--received", received, "--in-order"}).exit_code ==
        1);
}
