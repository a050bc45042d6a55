// Sample lines of every message with the fields that a parser must find in them.
#pragma once

#include "model/base/catalogue.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

struct CorpusOptions {
  std::vector<std::string> families;  ///< empty for all
  std::optional<Release> release;     ///< only what a device of this release prints
  unsigned samples = 3;               ///< of each wording, at least; one_of fields may take more
  std::uint64_t seed = 1;
};

/// The most samples of a wording.
inline constexpr unsigned kCorpusSamplesMax = 1000;

/// One sample as a line of JSON, without its LF: `line`, `id`, `name`, `severity`, `wording`,
/// `fields` in the catalogue's names and types, `ecs` in those of the Elastic Common Schema.
using CorpusLine = std::string;

/// Calls `take` with each sample, in the catalogue's order.
template <class Take>
void make_corpus(const Catalogue& catalogue, const CorpusOptions& options, Take take);

/// The Elastic Common Schema's name for a field of a message; empty if it has none.
std::string_view ecs_name(const FieldDef& field);

/// All samples of one message type.
std::vector<CorpusLine> corpus_of(const MessageType& type, const CorpusOptions& options);

template <class Take>
void make_corpus(const Catalogue& catalogue, const CorpusOptions& options, Take take) {
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    for (const CorpusLine& line : corpus_of(catalogue.at(i), options)) take(line);
  }
}

}  // namespace asaemu
