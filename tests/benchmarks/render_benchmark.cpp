// How fast a message becomes text: render_text() against fmt::format_to() and snprintf() with the
// same header and the same bytes; and the whole line, its header made for each message as a device
// makes it, the clock a microsecond further each time. Each call takes the next of 1024 messages with different values,
// so that branch prediction meets what it meets in a run. Build with the release preset and
// -DASAEMU_BENCHMARKS=ON.
#include "model/base/assert.hpp"
#include "model/base/message.hpp"
#include "model/logging/header.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

namespace asaemu {
namespace {

constexpr std::string_view kHeader = "<164>Nov 20 2026 08:00:30: %ASA-4-402119: ";

enum class Kind : std::uint8_t { kEsp, kAh };

/// The shape of the generated struct of 402119.
struct Replayed {
  Required<Kind> protocol;
  Required<Spi> spi;
  Required<Hex32> sequence;
  Required<IpAddress> source;
  Required<std::string_view> user;
  Required<IpAddress> destination;
};

constexpr std::array<std::string_view, 2> kChoices{"ESP", "AH"};
constexpr std::array<FieldDef, 6> kFields{{{"protocol", FieldKind::kOneOf, kChoices},
                                           {"spi", FieldKind::kSpi},
                                           {"sequence", FieldKind::kHex32},
                                           {"source", FieldKind::kIp},
                                           {"user", FieldKind::kText},
                                           {"destination", FieldKind::kIp}}};

const MessageType& replayed_type() {
  static const MessageDef def = [] {
    MessageDef made;
    made.id = 402119;
    made.name = "ipsec_replayed_packet";
    made.text =
        "IPSEC: Received an {protocol} packet (SPI= {spi}, sequence number= {sequence}) from "
        "{source} "
        "(user= {user}) to {destination} that failed anti-replay checking.";
    made.fields = kFields;
    return made;
  }();
  static std::vector<std::string> faults;
  static const MessageType type(def, 0, faults);
  ASAEMU_ASSERT(faults.empty() && type.struct_size() == sizeof(Replayed));
  return type;
}

const std::vector<Replayed>& messages() {
  static const std::vector<std::string> users{"192.0.2.1", "198.51.100.77", "203.0.113.9",
                                              "jsilva"};
  static const std::vector<Replayed> made = [] {
    RandomStream random(1, "benchmark", "render");
    std::vector<Replayed> all;
    for (std::size_t i = 0; i < 1024; ++i) {
      const auto bits = random.between(4, 24);
      all.push_back({i % 4 == 0 ? Kind::kAh : Kind::kEsp,
                     Spi{static_cast<std::uint32_t>(random.between(256, 0xFFFFFFFF))},
                     Hex32{static_cast<std::uint32_t>(random.below(std::uint64_t{1} << bits))},
                     IpAddress::v4(static_cast<std::uint32_t>(random.next())),
                     std::string_view(users[random.below(users.size())]),
                     IpAddress::v4(static_cast<std::uint32_t>(random.next()))});
    }
    return all;
  }();
  return made;
}

using Buffer = std::array<char, 64 + kTextMax + kRenderSlack>;

char* with_render_text(const Replayed& message, char* out) {
  const auto& type = replayed_type();
  return render_text(type.current(), type, reinterpret_cast<const std::byte*>(&message),
                     write_text(out, kHeader));
}

char* with_header(const Replayed& message, char* out) {
  static HeaderCache header = [] {
    HeaderForm form;
    form.timestamp = Timestamp::kLegacy;
    HeaderCache made;
    made.set_form(form);
    return made;
  }();
  static CalendarTime now = std::chrono::sys_days{std::chrono::November / 20 / 2026} +
                            std::chrono::hours(8) + std::chrono::seconds(30);
  now += std::chrono::microseconds(1);
  const auto& type = replayed_type();
  return render_text(type.current(), type, reinterpret_cast<const std::byte*>(&message),
                     header.write(out, now, type.def(), type.current().severity()));
}

std::array<unsigned, 4> octets(const IpAddress& address) {
  const auto value = address.v4_value();
  return {value >> 24, value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF};
}

char* with_fmt(const Replayed& message, char* out) {
  const auto from = octets(message.source.value);
  const auto to = octets(message.destination.value);
  return fmt::format_to(
      out,
      FMT_STRING("{}IPSEC: Received an {} packet (SPI= 0x{:08X}, sequence number= "
                 "0x{:X}) from {}.{}.{}.{} (user= {}) to {}.{}.{}.{} that failed "
                 "anti-replay checking."),
      kHeader, kChoices[static_cast<std::size_t>(message.protocol.value)], message.spi.value.value,
      message.sequence.value.value, from[0], from[1], from[2], from[3], message.user.value, to[0],
      to[1], to[2], to[3]);
}

char* with_snprintf(const Replayed& message, char* out) {
  const auto from = octets(message.source.value);
  const auto to = octets(message.destination.value);
  const auto protocol = kChoices[static_cast<std::size_t>(message.protocol.value)];
  const auto user = message.user.value;
  const int size = std::snprintf(
      out, sizeof(Buffer),
      "%.*sIPSEC: Received an %.*s packet (SPI= 0x%08X, sequence number= 0x%X) from %u.%u.%u.%u "
      "(user= "
      "%.*s) to %u.%u.%u.%u that failed anti-replay checking.",
      static_cast<int>(kHeader.size()), kHeader.data(), static_cast<int>(protocol.size()),
      protocol.data(), message.spi.value.value, message.sequence.value.value, from[0], from[1],
      from[2], from[3], static_cast<int>(user.size()), user.data(), to[0], to[1], to[2], to[3]);
  return out + size;
}

/// All must write the same bytes, or the comparison means nothing.
void check_agreement() {
  Buffer a;
  Buffer b;
  Buffer c;
  Buffer d;
  for (const auto& message : messages()) {
    const std::string_view one(a.data(), with_render_text(message, a.data()));
    const std::string_view two(b.data(), with_fmt(message, b.data()));
    const std::string_view three(c.data(), with_snprintf(message, c.data()));
    const std::string_view four(d.data(), with_header(message, d.data()));
    ASAEMU_ASSERT(one == two && one == three && one.size() == four.size());
    // The clock goes on from one benchmark to the next.
    constexpr std::string_view kStamp = "Nov 20 2026 08:00:30";
    constexpr std::size_t kText = kStamp.size() + 5;
    ASAEMU_ASSERT(one.substr(kText) == four.substr(kText));
  }
}

template <char* (*kWrite)(const Replayed&, char*)>
void run(benchmark::State& state) {
  check_agreement();
  const auto& all = messages();
  Buffer buffer;
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    char* const end = kWrite(all[next++ % 1024], buffer.data());
    bytes += static_cast<std::size_t>(end - buffer.data());
    benchmark::DoNotOptimize(buffer.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

BENCHMARK_TEMPLATE(run, with_render_text)->Name("render_text");
BENCHMARK_TEMPLATE(run, with_header)->Name("header_and_render_text");
BENCHMARK_TEMPLATE(run, with_fmt)->Name("fmt_format_to");
BENCHMARK_TEMPLATE(run, with_snprintf)->Name("snprintf");

}  // namespace
}  // namespace asaemu

BENCHMARK_MAIN();
