#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/sealing_key.h"
#include "model/secrets.h"
#include "storage/results.h"

namespace windlass::worker {

/// An uploaded file in memory that nobody can change, behind a descriptor that can only be read.
struct OpenedFile {
  std::string field;
  std::string name;
  std::size_t size = 0;
  std::string sealed_text;  ///< of a sealed file that is text and small enough to look for
  UniqueFd descriptor;
};

/// Unseals the files and puts each into memory. May be slow with large ones.
/// Errors: `key.*`, `file.io`, `file.too_many`.
Result<std::vector<OpenedFile>> open_files(std::vector<InputFile> files, const SealingKey& key);

/// What a run's job is given.
struct RunInputs {
  json::object values;
  std::vector<UniqueFd> files;  ///< `descriptor` in the values counts from 0
  Secrets secrets;              ///< the values of sensitive inputs, prepared
};

/// The plain inputs, the sealed ones and the files together. All that is sealed is secret, but for
/// a job with sensitive variables as a whole: there, what its variables declare as sensitive. May
/// be slow with large ones. Errors: `key.*`.
Result<RunInputs> open_inputs(const ClaimedRun& run, std::vector<OpenedFile> files,
                              const SealingKey& key);

}  // namespace windlass::worker
