#include "emulator/truth/observation.hpp"

#include "emulator/truth/json_text.hpp"

#include <fmt/format.h>

#include <array>

namespace asaemu {

struct Observation::Part {
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<ExpectationChecker> checker;
  std::unique_ptr<Observer> observer;
};

Observation::Observation(const Plan& plan, const Catalogue& catalogue, std::string truth_file)
    : plan_(plan), catalogue_(catalogue), truth_file_(std::move(truth_file)) {}

Observation::~Observation() = default;

std::string Observation::open(CalendarTime start) {
  if (truth_file_.empty()) return {};
  texts_ = std::make_unique<TruthTexts>(plan_, catalogue_);
  if (auto error = file_.open(truth_file_); !error.empty()) return error;
  std::array<char, 64> stamp;
  const char* const end = write_rfc5424_stamp(stamp.data(), start);
  std::string name;
  append_json_string(name, plan_.name);
  file_.submit(ByteBlock(
      fmt::format("{{\"record\":\"start\",\"program\":\"asaemu {}\",\"scenario\":{},\"seed\":{},"
                  "\"start\":\"{}\",\"hash\":\"xxh3-64\"}}\n",
                  ASAEMU_VERSION, name, plan_.seed,
                  std::string_view(stamp.data(), static_cast<std::size_t>(end - stamp.data())))));
  return {};
}

Observer* Observation::add_worker() {
  if (truth_file_.empty() && plan_.expectations.empty()) return nullptr;
  auto part = std::make_unique<Part>();
  if (!truth_file_.empty()) part->recorder = std::make_unique<Recorder>(*texts_, file_);
  if (!plan_.expectations.empty()) {
    part->checker = std::make_unique<ExpectationChecker>(plan_, catalogue_);
  }
  part->observer = std::make_unique<Observer>(plan_, part->recorder.get(), part->checker.get());
  parts_.push_back(std::move(part));
  return parts_.back()->observer.get();
}

Observation::Conclusion Observation::conclude(SimTime reached, bool whole) {
  Conclusion conclusion;
  std::vector<ExpectationChecker*> checkers;
  TruthCounts sum;
  for (const auto& part : parts_) {
    if (part->checker) checkers.push_back(part->checker.get());
    if (!part->recorder) continue;
    part->recorder->close();
    sum.messages += part->recorder->counts().messages;
    sum.sent += part->recorder->counts().sent;
    sum.dropped += part->recorder->counts().dropped;
    sum.failed += part->recorder->counts().failed;
    sum.pending += part->recorder->counts().pending;
  }
  if (!truth_file_.empty()) {
    file_.submit(ByteBlock(
        fmt::format("{{\"record\":\"end\",\"messages\":{},\"sent\":{},\"dropped_error\":{},"
                    "\"dropped_queue\":{},\"pending\":{},"
                    "\"whole\":{}}}\n",
                    sum.messages, sum.sent, sum.failed, sum.dropped, sum.pending, whole)));
    conclusion.truth_error = file_.close();
  }
  conclusion.unmet = ExpectationChecker::judge(plan_, checkers, reached, whole);
  return conclusion;
}

}  // namespace asaemu
