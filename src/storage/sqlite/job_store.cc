#include "storage/sqlite/job_store.h"

#include <algorithm>
#include <unordered_map>

#include "embedded_queries.h"
#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace {

/// Results that lose their job a transaction: short enough for other writers not to wait long.
constexpr std::int64_t kDetachedAtOnce = 5000;

Error not_found(std::string_view what) {
  return {"job.not_found", "There is no job " + std::string(what) + "."};
}

std::vector<Job> read_all(Connection& db) {
  static const std::string sql = "SELECT " + column_list<Job>() + " FROM job ORDER BY class_path";
  std::vector<Job> jobs;
  Prepared statement = db.prepare(sql);
  while (statement->executeStep()) jobs.push_back(read_row<Job>(*statement));
  return jobs;
}

using KnownJobs = std::unordered_map<std::string, const Job*>;

/// Frees the names that change hands, so that two records can swap theirs.
void set_names_aside(Connection& db, const std::vector<Job>& changed, const KnownJobs& known_jobs) {
  for (const Job& job : changed) {
    const auto known = known_jobs.find(job.id.to_string());
    if (known == known_jobs.end() || known->second->name == job.name) continue;
    Prepared aside = db.prepare(sql::kSetAsideJobName);
    put(*aside, 1, job.id);
    aside.run();
  }
}

/// What an edit of one file does to the records of all others.
bool has_new_version_only(const Job& before, const Job& after) {
  return std::ranges::all_of(fields_of<Job>(), [&](const Field<Job>& field) {
    if (field.name == "source_version" || field.name == "last_updated") return true;
    return std::visit([&](auto member) { return before.*member == after.*member; }, field.member);
  });
}

void set_source_version(Connection& db, const Job& job) {
  Prepared update = db.prepare(sql::kSetSourceVersion);
  put(*update, 1, job.id);
  put(*update, 2, job.source_version);
  update.run();
}

}  // namespace

Result<Page<Job>> SqliteJobStore::list(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<Job>(db, query); });
}

Result<Job> SqliteJobStore::get(const Uuid& id) {
  return find("id", id.to_string());
}

Result<Job> SqliteJobStore::find_by_class_path(std::string_view class_path) {
  return find("class_path", class_path);
}

Result<Job> SqliteJobStore::find_by_name(std::string_view name) {
  return find("name", name);
}

Result<Job> SqliteJobStore::find(std::string_view column, std::string_view value) {
  return readers_.read([&](Connection& db) -> Result<Job> {
    std::optional<Job> job = find_by<Job>(db, column, std::string(value));
    if (!job) return not_found(value);
    return *std::move(job);
  });
}

Result<std::vector<Job>> SqliteJobStore::update_all(
    const std::function<Result<std::vector<Job>>(const std::vector<Job>&)>& change) {
  return writer_.run([&](Write& write) -> Result<std::vector<Job>> {
    const std::vector<Job> before = read_all(write.db);
    WL_TRY(std::vector<Job> changed, change(before));
    KnownJobs known_jobs;
    for (const Job& job : before) known_jobs.emplace(job.id.to_string(), &job);
    set_names_aside(write.db, changed, known_jobs);
    const TimePoint now = clock_.now();
    for (Job& job : changed) {
      if (job.id.is_nil()) job.id = new_id(now);
      const auto known = known_jobs.find(job.id.to_string());
      if (known != known_jobs.end() && has_new_version_only(*known->second, job)) {
        job.last_updated = known->second->last_updated;
        set_source_version(write.db, job);
        continue;
      }
      job.last_updated = now;
      if (known != known_jobs.end()) {
        replace(write.db, job);
      } else {
        job.created = now;
        insert(write.db, job);
      }
    }
    if (!changed.empty()) write.notice(Notice::Kind::kJobs);
    return changed;
  });
}

Result<Job> SqliteJobStore::modify(const Uuid& id,
                                   const std::function<Result<void>(Job&)>& change) {
  return writer_.run([&](Write& write) -> Result<Job> {
    std::optional<Job> job = find_by<Job>(write.db, "id", id);
    if (!job) return not_found(id.to_string());
    WL_TRY_VOID(change(*job));
    job->id = id;
    job->last_updated = clock_.now();
    replace(write.db, *job);
    write.notice(Notice::Kind::kJobs);
    return *std::move(job);
  });
}

Result<void> SqliteJobStore::remove(const Uuid& id) {
  WL_TRY_VOID(get(id));
  const std::string key = id.to_string();
  bool more = true;
  while (more) {
    WL_TRY(more, writer_.run([&](Write& write) -> Result<bool> {
      Prepared detach = write.db.prepare(sql::kDetachSomeResults);
      put(*detach, 1, key);
      detach->bind(2, kDetachedAtOnce);
      if (detach.run() == kDetachedAtOnce) return true;
      Prepared remove = write.db.prepare(sql::kDeleteJob);
      put(*remove, 1, key);
      if (remove.run() == 0) return not_found(key);
      Prepared forget = write.db.prepare(sql::kForgetJobCounters);
      put(*forget, 1, key);
      forget.run();
      write.notice(Notice::Kind::kJobs);
      return false;
    }));
  }
  return ok();
}

}  // namespace windlass::sqlite
