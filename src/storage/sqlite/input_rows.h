#pragma once

#include <functional>
#include <vector>

#include "storage/results.h"
#include "storage/sqlite/connection.h"

namespace windlass::sqlite {

// The inputs that are kept apart from a result, in the transaction at hand: sealed ones and
// uploaded files.

void insert_inputs(Connection& db, std::int64_t number, const NewRun& run);

/// Errors: `job_result.lease_lost`.
Result<std::vector<InputFile>> read_input_files(Connection& db, std::int64_t number,
                                                std::int64_t lease_token);

using Reseal = std::function<Result<std::string>(const std::string& sealed)>;
/// One value at a time is in memory. They return how many values differ afterwards.
Result<std::int64_t> reseal_inputs(Connection& db, const Reseal& change);
Result<std::int64_t> reseal_files(Connection& db, const Reseal& change);

}  // namespace windlass::sqlite
