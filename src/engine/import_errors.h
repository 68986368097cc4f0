#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "model/sanitiser.h"

namespace windlass::engine {

/// Module → traceback of its newest files.
using ImportErrors = std::map<std::string, std::string>;
/// Source (Job::source) → its modules' errors; no source without any.
using SourceErrors = std::map<std::string, ImportErrors>;

/// The entries of a manifest's modules; empty when it has none.
const json::array& modules_of(const json::value& manifest);

/// The modules of a manifest that did not import, by the source that their entry names; an entry
/// that names none is JOBS_ROOT's.
SourceErrors import_errors_of(const json::value& manifest);

/// Takes secrets out of what imports raised, and bounds it: it stands in many records.
void clean_import_errors(json::value& manifest, const Sanitiser& sanitiser);

/// Keeps the errors in <home>/sources/import-errors.json, for whoever shows them: a module that
/// never imported has no job record to carry its error. Error `file.io`.
Result<void> save_import_errors(const std::filesystem::path& home, const SourceErrors& errors);

/// What was saved last; empty when there is nothing. A damaged file is logged and counts as
/// nothing.
SourceErrors load_import_errors(const std::filesystem::path& home);

/// Whether a compiler, a linker or CMake says in that line what went wrong.
bool is_compile_error(std::string_view line);

/// The line that says what went wrong: of a traceback the last, of what a compiler said its first
/// error.
std::string problem_of(std::string_view traceback);

}  // namespace windlass::engine
