#include "model/state/dns_parameters.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

constexpr std::uint64_t kPresetMaximum = 512;
constexpr std::uint64_t kLengthLow = 512;  // command reference, message-length
constexpr std::uint64_t kLengthHigh = 65535;
constexpr std::uint64_t kSecondsHigh = 65535;

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_good = error == std::errc{} && end == text.data() + text.size();
  return is_good && low <= value && value <= high ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> length(std::string_view text) {
  return number(text, kLengthLow, kLengthHigh);
}

/// `id-mismatch [count N duration S] action log`.
std::optional<DnsParameters::IdMismatch> parse_id_mismatch(const LineWords& words) {
  DnsParameters::IdMismatch mismatch;
  std::size_t at = 1;
  if (words.size() > 5 && words[1] == "count" && words[3] == "duration") {
    const auto count = number(words[2], 1, ~std::uint32_t{0});
    const auto seconds = number(words[4], 1, kSecondsHigh);
    if (!count || !seconds) return std::nullopt;
    mismatch = {*count, std::chrono::seconds{*seconds}};
    at = 5;
  }
  const bool is_good = words.size() == at + 2 && words[at] == "action" && words[at + 1] == "log";
  return is_good ? std::optional(mismatch) : std::nullopt;
}

constexpr auto kOnByDefault =
    std::to_array<std::string_view>({"protocol-enforcement", "dns-guard", "nat-rewrite"});

bool is_switch(std::string_view word) {
  return std::ranges::find(kOnByDefault, word) != kOnByDefault.end();
}

std::optional<std::size_t> length_key(const LineWords& words) {
  // The other lines begin with the words of the general one: only an equal line gives way to it.
  constexpr std::size_t kGeneral = ~std::size_t{0};
  constexpr std::size_t kOneWay = 3;
  if (words.size() == 3 && words[1] == "maximum" && length(words[2])) return kGeneral;
  const bool is_one_way = words.size() == 4 && words[1] == "maximum" &&
                          (words[2] == "client" || words[2] == "server") &&
                          (words[3] == "auto" || length(words[3]));
  return is_one_way ? std::optional(kOneWay) : std::nullopt;
}

void read_length(const LineWords& words, DnsParameters& parameters) {
  if (words.size() == 3) {
    parameters.maximum = length(words[2]);
  } else if (words[2] == "server") {
    parameters.server = length(words[3]);
  } else if (words[3] == "auto") {
    parameters.is_client_auto = true;
  } else {
    parameters.client = length(words[3]);
  }
}

}  // namespace

std::optional<std::uint64_t> DnsParameters::limit_of(bool is_reply,
                                                     std::optional<std::uint64_t> offered) const {
  auto limit = is_reply ? client : server;
  if (!limit) limit = maximum;
  if (limit && is_reply && is_client_auto && offered) limit = std::max(*limit, *offered);
  return limit;
}

DnsParameters dns_parameters(const InspectPolicy* map, bool is_preset) {
  DnsParameters parameters;
  if (map == nullptr) {
    if (is_preset) {
      parameters.maximum = kPresetMaximum;
      parameters.is_client_auto = true;
    }
    return parameters;
  }
  for (const LineWords& words : map->parameters) {
    if (words.front() == "message-length") read_length(words, parameters);
    if (words.front() == "id-mismatch") parameters.id_mismatch = parse_id_mismatch(words);
    if (words.front() != "no") continue;
    if (words[1] == "protocol-enforcement") parameters.is_protocol_enforced = false;
    if (words[1] == "dns-guard") parameters.is_guarded = false;
  }
  return parameters;
}

std::optional<std::size_t> dns_parameter_key(const LineWords& words) {
  const std::string& what = words.front();
  if (what == "no") {
    return words.size() == 2 && is_switch(words[1]) ? std::optional<std::size_t>(2) : std::nullopt;
  }
  if (what == "message-length") return length_key(words);
  if (what == "id-mismatch") {
    return parse_id_mismatch(words) ? std::optional<std::size_t>(1) : std::nullopt;
  }
  return words.size() == 1 && is_switch(what) ? std::optional<std::size_t>(1) : std::nullopt;
}

}  // namespace asaemu
