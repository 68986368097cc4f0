/// Whether the host can keep what run() returned.
#pragma once

#include <string>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {

/// A sentence that says where in `value` the fault is; "" where there is none.
std::string fault_of_return_value(const Json& value);

}  // namespace windlass::jobs::internal
