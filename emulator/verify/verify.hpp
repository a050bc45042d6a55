// Reads truth and received files through a Verifier, and says what it found.
#pragma once

#include "emulator/verify/verifier.hpp"

namespace asaemu {

struct VerifyInput {
  std::vector<std::string> truths;    ///< of one run, or of its shards
  std::vector<std::string> received;  ///< one after the other, or `together`
  ReceivedForm form;
  std::string host;       ///< only copies to the logging host of this address; empty for all
  bool together = false;  ///< the received files were written at the same time
};

/// Error text if a file cannot be read, or empty.
std::string verify_files(const VerifyInput& input, Verifier& verifier);

/// Whether all that was sent is there once, and nothing else. `strictly_ordered`: in its order, too.
bool is_faultless(const Verifier& verifier, bool strictly_ordered);

std::string verify_table(const Verifier& verifier);
std::string verify_json(const Verifier& verifier, bool faultless);

}  // namespace asaemu
