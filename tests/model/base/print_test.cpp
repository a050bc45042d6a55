#include "model/base/print.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

namespace asaemu {
namespace {

template <class Write>
std::string printed(Write&& write) {
  std::array<char, 2 * kPrintedValueMax> buffer;
  buffer.fill('~');
  return {buffer.data(), write(buffer.data())};
}

std::string decimal(std::uint64_t value) {
  return printed([&](char* out) { return write_decimal(out, value); });
}

std::string hex(std::uint32_t value, HexCase letters, unsigned width) {
  return printed([&](char* out) { return write_hex(out, value, letters, width); });
}

TEST_CASE("decimal numbers print without padding on both sides of every power of ten") {
  CHECK(decimal(0) == "0");
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 19; ++digits) {
    CHECK(decimal(power) == std::to_string(power));
    CHECK(decimal(power - 1) == std::to_string(power - 1));
    CHECK(decimal(power + 1) == std::to_string(power + 1));
    power *= 10;
  }
  CHECK(decimal(power) == "10000000000000000000");
  CHECK(decimal(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("decimal numbers print the same as the standard library on both sides of powers of two") {
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    CHECK(decimal(power) == std::to_string(power));
    CHECK(decimal(power - 1) == std::to_string(power - 1));
  }
}

TEST_CASE("hex digits are unpadded by default and filled up to a width") {
  CHECK(hex(0, HexCase::kUpper, 1) == "0");
  CHECK(hex(0, HexCase::kUpper, 8) == "00000000");
  CHECK(hex(0xF, HexCase::kUpper, 1) == "F");
  CHECK(hex(0x10, HexCase::kUpper, 1) == "10");
  CHECK(hex(0x598243, HexCase::kUpper, 1) == "598243");
  CHECK(hex(0x0C190BF9, HexCase::kUpper, 8) == "0C190BF9");
  CHECK(hex(0x0C190BF9, HexCase::kLower, 1) == "c190bf9");
  CHECK(hex(0x1F, HexCase::kLower, 4) == "001f");
  CHECK(hex(0xFFFFFFFF, HexCase::kLower, 1) == "ffffffff");
  CHECK(hex(0x89ABCDEF, HexCase::kUpper, 3) == "89ABCDEF");
}

TEST_CASE("every hex digit prints in both cases") {
  CHECK(hex(0x01234567, HexCase::kUpper, 8) == "01234567");
  CHECK(hex(0x89ABCDEF, HexCase::kLower, 8) == "89abcdef");
}

TEST_CASE("each octet prints as the standard library prints it") {
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    const std::string one = std::to_string(octet);
    std::string all = one;
    for (int i = 0; i < 3; ++i) all.append(".").append(one);
    const std::uint32_t address = octet << 24 | octet << 16 | octet << 8 | octet;
    CHECK(printed([&](char* out) { return write_dotted(out, address); }) == all);
  }
}

TEST_CASE("a text of any length is copied exactly and nothing behind it is touched") {
  std::string source;
  for (int i = 0; i < 80; ++i) source += static_cast<char>('0' + i);
  for (std::size_t size = 0; size <= source.size(); ++size) {
    std::string target(source.size() + 8, '~');
    const std::string exact =
        source.substr(0, size);  // so that over-reading is seen by a sanitizer
    char* const end = write_text(target.data(), std::string_view(exact.data(), size));
    CHECK(end == target.data() + size);
    CHECK(target == exact + std::string(target.size() - size, '~'));
  }
}

TEST_CASE("copying in blocks touches at most 32 bytes, or 31 beyond the text") {
  for (std::size_t size = 0; size <= 100; ++size) {
    const std::string source(size + 32, 'x');
    std::string target(size + 40, '~');
    char* const end = write_blocks(target.data(), source.data(), size);
    CHECK(end == target.data() + size);
    CHECK(target.substr(0, size) == source.substr(0, size));
    CHECK(target.find('~') <= (size == 0 ? 32 : size + 31));
  }
}

}  // namespace
}  // namespace asaemu
