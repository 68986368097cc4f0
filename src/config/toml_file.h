#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.h"

namespace windlass {

/// The top-level entries of a TOML file, values as text (a list: one item a line).
/// Errors: `settings.invalid` with file, line and what is wrong; `file.io`.
Result<std::map<std::string, std::string>> read_toml_file(const std::filesystem::path& file);

}  // namespace windlass
