#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace windlass::runner {

/// The environment of runner processes, "NAME=value" each: from `ours` (as environ) what is on the
/// built-in list or in `more`, never a WINDLASS_ setting; and WL_RUNNER_INSTANCE=`instance`.
std::vector<std::string> runner_environment(char** ours, const std::vector<std::string>& more,
                                            const std::string& instance);

/// The value of a variable in such a list, "" when it is not there.
std::string value_of(const std::vector<std::string>& environment, const std::string& name);

void set_value(std::vector<std::string>& environment, const std::string& name,
               const std::string& value);

/// The program that `name` names: a path as it is, else the first match on `path` (colon-separated
/// folders). Error `runner.interpreter`.
Result<std::string> find_program(const std::string& name, const std::string& path);

}  // namespace windlass::runner
