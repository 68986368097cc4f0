#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace windlass::engine {

/// Module → traceback of its newest files.
using ImportErrors = std::map<std::string, std::string>;

/// The modules of a manifest that did not import.
ImportErrors import_errors_of(const json::value& manifest);

/// Keeps the errors in <home>/sources/import-errors.json, for whoever shows them: a module that
/// never imported has no job record to carry its error. Error `file.io`.
Result<void> save_import_errors(const std::filesystem::path& home, const ImportErrors& errors);

/// What was saved last; empty when there is nothing. A damaged file is logged and counts as
/// nothing.
ImportErrors load_import_errors(const std::filesystem::path& home);

/// The line of a traceback that says what went wrong: its last.
std::string problem_of(std::string_view traceback);

}  // namespace windlass::engine
