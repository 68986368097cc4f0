#pragma once

#include <string>

#include "base/json.h"

namespace windlass::cli {

/// The input variables of a job as a table for people: name, type, whether it must be given,
/// default, and every rule; label and description on a line of their own. `variables` is
/// Job::variables. "" without any.
std::string variable_table(const json::value& variables);

}  // namespace windlass::cli
