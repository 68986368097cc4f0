#include "storage/sqlite/result_rows.h"

#include <set>

#include "base/text.h"
#include "embedded_queries.h"
#include "storage/sqlite/errors.h"

namespace windlass::sqlite {

namespace {

void set_large(JobResult* result, std::string_view name, const SQLite::Column& value) {
  const Field<JobResult>* field = find_field<JobResult>(name);
  if (field == nullptr) throw DamagedValue("an unknown large field");
  std::visit([&](auto member) { read(value, &(result->*member)); }, field->member);
}

std::optional<JobResult> with_large(Connection& db, std::optional<JobResult> result,
                                    OnDamage on_damage) {
  if (!result) return result;
  Prepared large = db.prepare(sql::kFindLarge);
  large->bind(1, result->number);
  while (large->executeStep()) {
    const auto field = value_at<std::string>(*large, 0);
    try {
      set_large(&*result, field, large->getColumn(1));
    } catch (const DamagedValue&) {
      if (on_damage == OnDamage::kThrow) throw;
      report_damage(resource_of<JobResult>().table, result->id.to_string(), field);
    }
  }
  return result;
}

/// What the counters are asked: a scope, the columns to add up, and a condition on the key.
struct CounterQuery {
  std::string scope = "all";
  const Filter* key = nullptr;
  std::string columns = "pending + started + retry + success + failure + revoked";
};

/// The counters' columns of the statuses that a filter names, each once.
std::string columns_of(const Filter& filter) {
  std::set<JobResultStatus> asked;
  for (const DbValue& value : filter.values) {
    const auto* name = std::get_if<std::string>(&value);
    if (const auto status = parse_status(name == nullptr ? "" : *name)) asked.insert(*status);
  }
  std::string columns = "0";
  for (const JobResultStatus status : asked) columns += " + " + to_lower(to_string(status));
  return columns;
}

/// Nearly all results have none, and the index has the others alone.
bool asks_for_no_repository(const Query& query) {
  if (!query.search.empty() || query.filters.size() != 1) return false;
  const Filter& filter = query.filters.front();
  return filter.field == "git_repository" && filter.is == Filter::Is::kOneOf &&
         filter.values == std::vector<DbValue>{DbValue{}};
}

std::optional<CounterQuery> counter_query(const Query& query) {
  if (!query.search.empty()) return std::nullopt;
  CounterQuery out;
  bool status_seen = false;
  for (const Filter& filter : query.filters) {
    if (filter.is != Filter::Is::kOneOf) return std::nullopt;
    if (filter.field == "status" && !status_seen) {
      status_seen = true;
      out.columns = columns_of(filter);
    } else if ((filter.field == "job_model" || filter.field == "queue") && out.key == nullptr) {
      out.scope = filter.field == "queue" ? "queue" : "job";
      out.key = &filter;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace

std::optional<JobResult> find_result(Connection& db, const Uuid& id) {
  return with_large(db, find_by<JobResult>(db, "id", id), OnDamage::kShowEmpty);
}

std::optional<JobResult> find_result(Connection& db, std::int64_t number, OnDamage on_damage) {
  return with_large(db, find_by<JobResult>(db, "number", number, on_damage), on_damage);
}

std::int64_t count_results(Connection& db, const Query& query, const CompiledQuery& compiled) {
  if (asks_for_no_repository(query)) {
    const std::int64_t all = count_results(db, {}, {});
    Prepared with = db.prepare(sql::kCountWithRepository);
    with->executeStep();
    return all - value_at<std::int64_t>(*with, 0);
  }
  const std::optional<CounterQuery> counter = counter_query(query);
  if (!counter) return count_rows(db, listing_of<JobResult>().table, compiled);
  std::vector<DbValue> values{counter->scope};
  std::string text =
      "SELECT ifnull(sum(" + counter->columns + "), 0) FROM job_result_counter WHERE scope = ?1";
  if (counter->key != nullptr) {
    std::string places;
    for (const DbValue& value : counter->key->values) {
      const bool none = std::holds_alternative<std::monostate>(value);
      values.push_back(none ? DbValue(std::string()) : value);
      places += (places.empty() ? "?" : ", ?") + std::to_string(values.size());
    }
    text += " AND key IN (" + places + ")";
  }
  Prepared sum = db.prepare(text);
  bind_all(*sum, values);
  sum->executeStep();
  return value_at<std::int64_t>(*sum, 0);
}

}  // namespace windlass::sqlite
