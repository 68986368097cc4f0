#pragma once

#include <string>
#include <string_view>

#include "cli/home.h"
#include "engine/submit.h"

namespace windlass::cli {

/// Who asks for a run: the named user, or the only superuser. `otherwise` goes on with the sentence
/// that says what to do without an account. Errors: `user.not_found`, `cli.no_superuser`,
/// `cli.several_superusers`, `storage.*`.
Result<User> choose_user(Storage& storage, const std::string& username,
                         std::string_view otherwise = "");

/// What a command's submitter goes by; `home` outlives it.
engine::SubmitOptions submit_options(const Home& home);

/// Follows the run, prints it and its end, or with `as_json` its result alone; the exit status of
/// the command.
int report_run(Storage& storage, const JobResult& submitted, bool as_json);

}  // namespace windlass::cli
