#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"

namespace windlass {

/// A top-level entry of a TOML file.
struct TomlEntry {
  std::optional<std::string> text;  ///< a list: one item a line; none for what is neither text nor
                                    ///< number nor a list of them
  std::int64_t line = 0;
};

/// The top-level entries by their names. Errors: `settings.invalid` with file, line and what is
/// wrong; `file.io`.
Result<std::map<std::string, TomlEntry>> read_toml_file(const std::filesystem::path& file);

}  // namespace windlass
