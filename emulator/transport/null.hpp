// Lines to nowhere: for measuring what comes before a transport.
#pragma once

#include "emulator/transport/transport.hpp"

namespace asaemu {

/// Counts each line as sent and forgets it.
class NullTransport : public Transport {
 public:
  explicit NullTransport(Destination destination);
  std::string open() override { return {}; }

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  void disconnect() override {}
};

}  // namespace asaemu
