#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/validation.h"

namespace windlass::cli {

/// Reads the files of `runjob --file NAME=PATH`, together `limit` bytes at most. Error `cli.file`
/// with everything that is wrong, a message a variable.
Result<UploadedFiles> read_input_files(const std::vector<std::string>& arguments,
                                       std::int64_t limit);

}  // namespace windlass::cli
