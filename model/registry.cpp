#include "model/device.hpp"

namespace asaemu {

/// Written by model/registry.cmake.
void register_subsystems(Registry& registry);

namespace {

struct Registered {
  Registered() {
    register_subsystems(registry);
    logging = register_logging(registry);
  }
  Registry registry;
  std::uint16_t logging = 0;
};

const Registered& registered() {
  static const Registered instance;
  return instance;
}

}  // namespace

const Registry& registry() {
  return registered().registry;
}

std::uint16_t logging_subsystem() {
  return registered().logging;
}

}  // namespace asaemu
