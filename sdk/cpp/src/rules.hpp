/// The rules of inputs, as a declaration has them: for tests of jobs, which have no server.
#pragma once

#include <set>
#include <string>
#include <vector>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {

/// Inputs that keep the rules, complete, as run() gets them.
struct CheckedInputs {
  Json inputs;
  /// A sentence for each that does not keep them.
  std::vector<std::string> problems;
};

/// `given` against a class of the manifest; the names of `files` are taken as given too.
CheckedInputs checked_inputs(const Json& declaration, const Json& given,
                             const std::set<std::string>& files);

}  // namespace windlass::jobs::internal
