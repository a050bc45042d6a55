#include "emulator/verify/verify.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace asaemu {

namespace {

using Json = nlohmann::ordered_json;

/// The records of several truths, by when they were sent.
class Truths {
 public:
  std::string open(const VerifyInput& input) {
    host_ = input.host;
    for (const auto& path : input.truths) {
      auto file = std::make_unique<File>();
      file->path = path;
      if (auto error = file->source.open(path); !error.empty()) return error;
      files_.push_back(std::move(file));
      if (auto error = advance(*files_.back()); !error.empty()) return error;
    }
    return {};
  }

  /// Gives the next record to the verifier. False at the end of all, or with an error.
  bool feed(Verifier& verifier, std::string& error) {
    File* first = nullptr;
    for (const auto& file : files_) {
      if (file->has_record && (first == nullptr || file->when() < first->when())) {
        first = file.get();
      }
    }
    if (first == nullptr) return false;
    verifier.sent(first->record);
    error = advance(*first);
    return error.empty();
  }

 private:
  struct File {
    std::string path;
    LineSource source;
    TruthRecord record;
    bool has_record = false;
    std::uint64_t line = 0;
    std::int64_t last_sent = 0;
    /// Of a message that was not sent: when the one before it was.
    [[nodiscard]] std::int64_t when() const { return last_sent; }
  };

  std::string advance(File& file) {
    const auto line = file.source.next();
    file.has_record = line.has_value();
    if (!line) return file.source.error();
    ++file.line;
    std::string error;
    if (!parse_truth(*line, host_, file.record, error)) {
      return fmt::format("{}:{}: {}; ground truth is what `asaemu run --truth` writes", file.path,
                         file.line, error);
    }
    file.last_sent = std::max(file.last_sent, file.record.sent_at);
    return {};
  }

  std::string host_;
  std::vector<std::unique_ptr<File>> files_;
};

/// A received file and how far it has come.
struct ReceivedFile {
  std::string path;
  LineSource source;
  ReceivedParser parser;
  std::uint64_t anchor = 0;
  bool ended = false;

  ReceivedFile(std::string name, const ReceivedForm& form) : path(std::move(name)), parser(form) {}

  std::string open() {
    if (auto error = source.open(path); !error.empty()) return error;
    if (!parser.is_csv()) return {};
    const auto header = source.next();
    if (!source.error().empty()) return source.error();
    const auto error = parser.begin_csv(header.value_or(std::string_view()));
    return error.empty() ? std::string() : fmt::format("{}: {}", path, error);
  }
};

Json verdicts_json(const Verdicts& verdicts) {
  return Json{
      {"sent", verdicts.sent},           {"delivered", verdicts.delivered},
      {"lost", verdicts.lost},           {"altered", verdicts.altered},
      {"truncated", verdicts.truncated}, {"duplicated", verdicts.duplicated},
      {"reordered", verdicts.reordered}, {"reordered_furthest", verdicts.reordered_furthest},
      {"unknown", verdicts.unknown}};
}

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

Json run_json(const LossRun& run) {
  Json ids = Json::object();
  for (const auto& [id, count] : run.ids) ids[fmt::format("{:06}", id)] = count;
  return Json{{"device", run.device},          {"first_seq", run.first},
              {"last_seq", run.last},          {"count", run.count},
              {"due_from", seconds(run.from)}, {"due_until", seconds(run.until)},
              {"ids", std::move(ids)}};
}

bool differs(const Verdicts& verdicts) {
  return verdicts.lost + verdicts.altered + verdicts.truncated + verdicts.duplicated +
             verdicts.reordered + verdicts.unknown >
         0;
}

std::string row(std::string_view name, std::size_t width, const Verdicts& verdicts) {
  return fmt::format("{:<{}}  {:>10} {:>10} {:>8} {:>8} {:>9} {:>10} {:>9}\n", name, width,
                     verdicts.sent, verdicts.delivered, verdicts.lost, verdicts.altered,
                     verdicts.truncated, verdicts.duplicated, verdicts.reordered);
}

constexpr std::size_t kRowsMax = 50;
constexpr std::size_t kRunsShown = 20;

std::string device_rows(const Verifier& verifier) {
  const auto devices = verifier.devices();
  std::size_t width = 6;
  for (const auto& [name, verdicts] : devices) width = std::max(width, name.size());
  std::string text =
      fmt::format("{:<{}}  {:>10} {:>10} {:>8} {:>8} {:>9} {:>10} {:>9}\n", "device", width, "sent",
                  "delivered", "lost", "altered", "truncated", "duplicated", "reordered");
  const bool all = devices.size() <= kRowsMax;
  std::size_t rows = 0;
  std::size_t hidden = 0;
  for (const auto& [name, verdicts] : devices) {
    if ((!all && !differs(verdicts)) || rows == kRowsMax) {
      ++hidden;
      continue;
    }
    ++rows;
    text += row(name, width, verdicts);
  }
  if (hidden > 0) text += fmt::format("({} more devices)\n", hidden);
  return text + row("total", width, verifier.total());
}

std::string loss_lines(const Verifier& verifier) {
  std::string text;
  std::size_t shown = 0;
  for (const LossRun& run : verifier.loss_runs()) {
    if (++shown > kRunsShown) break;
    std::vector<std::string> ids;
    for (const auto& [id, count] : run.ids) ids.push_back(fmt::format("{:06} x{}", id, count));
    text += fmt::format("lost: {} of {}, seq {} to {}, due {:.3f} s to {:.3f} s: {}\n", run.count,
                        run.device, run.first, run.last, seconds(run.from), seconds(run.until),
                        fmt::join(ids, ", "));
  }
  if (verifier.loss_run_count() > shown) {
    text += fmt::format("lost: in {} more places\n", verifier.loss_run_count() - kRunsShown);
  }
  return text;
}

}  // namespace

std::string verify_files(const VerifyInput& input, Verifier& verifier) {
  Truths truths;
  if (auto error = truths.open(input); !error.empty()) return error;
  std::vector<std::unique_ptr<ReceivedFile>> files;
  for (const auto& path : input.received) {
    files.push_back(std::make_unique<ReceivedFile>(path, input.form));
    if (auto error = files.back()->open(); !error.empty()) return error;
  }
  std::string error;
  bool has_truth = true;
  for (;;) {
    while (has_truth && verifier.wants_truth()) has_truth = truths.feed(verifier, error);
    if (!error.empty()) return error;
    ReceivedFile* file = nullptr;
    for (const auto& candidate : files) {
      if (candidate->ended) continue;
      if (file == nullptr || (input.together && candidate->anchor < file->anchor)) {
        file = candidate.get();
      }
    }
    if (file == nullptr) break;
    const auto line = file->source.next();
    file->ended = !line;
    if (!file->source.error().empty()) return file->source.error();
    if (line) file->anchor = verifier.received(file->parser.parse(*line));
  }
  while (has_truth) has_truth = truths.feed(verifier, error);
  if (error.empty()) verifier.finish();
  return error;
}

bool is_faultless(const Verifier& verifier, bool strictly_ordered) {
  const Verdicts& total = verifier.total();
  return total.lost + total.altered + total.truncated + total.duplicated + verifier.foreign() ==
             0 &&
         (!strictly_ordered || total.reordered == 0);
}

std::string verify_table(const Verifier& verifier) {
  std::string text = device_rows(verifier);
  const Verdicts& total = verifier.total();
  text += fmt::format("received {} lines: {} without an ASA message, {} foreign\n",
                      verifier.received_lines(), verifier.other_lines(), verifier.foreign());
  if (total.reordered > 0) {
    text += fmt::format("reordered: at most {} messages too late\n", total.reordered_furthest);
  }
  if (total.unknown > 0) {
    text += fmt::format("{} were waiting to be sent when the truth ended\n", total.unknown);
  }
  text += loss_lines(verifier);
  for (const Alteration& one : verifier.alterations()) {
    text +=
        fmt::format("{}: {} seq {}\n  - {}\n  + {}\n", one.is_truncated ? "truncated" : "altered",
                    one.device, one.sequence, one.sent, one.received);
  }
  for (const auto& line : verifier.foreign_examples()) text += fmt::format("foreign: {}\n", line);
  const Histogram& latency = verifier.latency();
  if (latency.count() > 0) {
    const auto ms = [&](double part) {
      return static_cast<double>(latency.percentile(part)) / 1e6;
    };
    text +=
        fmt::format("latency: p50 {:.3f} ms, p99 {:.3f} ms, max {:.3f} ms; {} before sent\n",
                    ms(0.5), ms(0.99), static_cast<double>(latency.max()) / 1e6, verifier.early());
  }
  return text;
}

std::string verify_json(const Verifier& verifier, bool faultless) {
  Json json;
  json["faultless"] = faultless;
  json["total"] = verdicts_json(verifier.total());
  json["received_lines"] = verifier.received_lines();
  json["other_lines"] = verifier.other_lines();
  json["foreign"] = verifier.foreign();
  json["truth_has_end"] = verifier.has_end();
  json["devices"] = Json::array();
  for (const auto& [name, verdicts] : verifier.devices()) {
    Json device{{"name", name}};
    device.update(verdicts_json(verdicts));
    json["devices"].push_back(std::move(device));
  }
  json["lost_ids"] = Json::object();
  for (const auto& [id, count] : verifier.lost_ids()) {
    json["lost_ids"][fmt::format("{:06}", id)] = count;
  }
  json["loss_run_count"] = verifier.loss_run_count();
  json["loss_runs"] = Json::array();
  for (const LossRun& run : verifier.loss_runs()) json["loss_runs"].push_back(run_json(run));
  json["alterations"] = Json::array();
  for (const Alteration& one : verifier.alterations()) {
    json["alterations"].push_back({{"device", one.device},
                                   {"seq", one.sequence},
                                   {"truncated", one.is_truncated},
                                   {"sent", one.sent},
                                   {"received", one.received}});
  }
  json["foreign_examples"] = verifier.foreign_examples();
  const Histogram& latency = verifier.latency();
  if (latency.count() > 0) {
    const auto us = [](std::uint64_t nanoseconds) {
      return static_cast<double>(nanoseconds) / 1000;
    };
    json["latency_us"] = {{"count", latency.count()},
                          {"before_sent", verifier.early()},
                          {"p50", us(latency.percentile(0.5))},
                          {"p99", us(latency.percentile(0.99))},
                          {"max", us(latency.max())}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace asaemu
