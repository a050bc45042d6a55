#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

int main(int argc, char** argv) {
  // As the program's own main() does: the logger stands before there are threads. ThreadSanitizer does not see inside
  // the library, so to it a logger made by the first thread that has something to say is not ordered before the others.
  spdlog::set_level(spdlog::level::info);
  return Catch::Session().run(argc, argv);
}
