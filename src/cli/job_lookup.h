#pragma once

#include <string>
#include <vector>

#include "storage/storage.h"

namespace windlass::cli {

/// Every job record but those of Windlass' own jobs. Errors: `storage.*`.
Result<std::vector<Job>> all_jobs(Storage& storage);

/// Whether the text is the path of an existing Python file, rather than a job's class path or name.
bool is_job_file(const std::string& text);

/// The class path of the one installed job that a file defines; with `local`, a file that was just
/// loaded, wherever it lies. Errors: `job.not_found`, `cli.several_jobs` naming them, `storage.*`.
Result<std::string> job_of_file(Storage& storage, const std::string& path, bool local = false);

}  // namespace windlass::cli
