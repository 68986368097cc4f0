#pragma once

#include <optional>
#include <string_view>

#include "model/job_result.h"
#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

/// A whole result, large values too.
std::optional<JobResult> find_result(Connection& db, const Uuid& id);
std::optional<JobResult> find_result(Connection& db, std::int64_t number,
                                     OnDamage on_damage = OnDamage::kShowEmpty);

/// Exact number of results: from the counters where only status, job and queue are asked for.
std::int64_t count_results(Connection& db, const Query& query, const CompiledQuery& compiled);

}  // namespace windlass::sqlite
