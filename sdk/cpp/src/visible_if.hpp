/// Conditions under which variables show.
#pragma once

#include <string>
#include <vector>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {

/// Makes `visible_if` of each of the manifest's variables an object of name → list of values, as
/// the other variable's input compares, or null; appends what is wrong.
void settle_conditions(Json::Array& variables, std::vector<std::string>& problems);

}  // namespace windlass::jobs::internal
