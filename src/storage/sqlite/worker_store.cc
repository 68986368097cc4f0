#include "storage/sqlite/worker_store.h"

#include "embedded_queries.h"
#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace {

/// Records of workers that ended are kept this long for people to look at.
constexpr Micros kRemembered = std::chrono::hours(24);

void ensure_queue(Connection& db, const std::string& name, TimePoint now) {
  const JobQueue queue;
  Prepared ensure = db.prepare(sql::kEnsureQueue);
  put(*ensure, 1, new_id(now));
  put(*ensure, 2, name);
  put(*ensure, 3, queue.queue_type);
  put(*ensure, 4, now);
  ensure->exec();
}

std::vector<Worker> read_workers(Connection& db, const std::string& condition,
                                 const std::vector<DbValue>& values) {
  std::vector<Worker> workers;
  Prepared find = db.prepare("SELECT " + column_list<Worker>() +
                             " FROM worker WHERE state IN ('ready', 'draining') AND " + condition +
                             " ORDER BY id");
  bind_all(*find, values);
  while (find->executeStep()) workers.push_back(read_row<Worker>(*find));
  return workers;
}

Error no_queue(std::string_view which) {
  return {"queue.not_found", "There is no queue " + std::string(which) + "."};
}

}  // namespace

Result<void> SqliteWorkerStore::add(const Worker& worker) {
  return writer_.run([&](Write& write) -> Result<void> {
    const TimePoint now = clock_.now();
    Prepared forget = write.db.prepare(sql::kForgetOldWorkers);
    put(*forget, 1, now - kRemembered);
    forget.run();
    Worker record = worker;
    record.last_seen = now;
    if (!replace(write.db, record)) insert(write.db, record);
    if (const json::array* names = worker.queues.if_array()) {
      for (const json::value& name : *names) {
        if (name.is_string() && name.get_string() != "*") {
          ensure_queue(write.db, std::string(to_view(name.get_string())), now);
        }
      }
    }
    return ok();
  });
}

Result<void> SqliteWorkerStore::set_state(const Uuid& worker, const std::string& state) {
  return writer_.run([&](Write& write) -> Result<void> {
    Prepared set = write.db.prepare(sql::kSetWorkerState);
    put(*set, 1, worker);
    put(*set, 2, state);
    put(*set, 3, clock_.now());
    if (set.run() == 0) {
      return Error{"worker.not_found", "The worker's record is gone, or it was settled as lost."};
    }
    return ok();
  });
}

Result<std::vector<Worker>> SqliteWorkerStore::alive() {
  const TimePoint since = clock_.now() - lease_;
  return readers_.read([&](Connection& db) -> Result<std::vector<Worker>> {
    return read_workers(db, "last_seen >= $1", {to_micros(since)});
  });
}

Result<Page<Worker>> SqliteWorkerStore::list(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<Worker>(db, query); });
}

Result<std::vector<Worker>> SqliteWorkerStore::unfinished_on_host(const std::string& hostname) {
  return readers_.read([&](Connection& db) -> Result<std::vector<Worker>> {
    return read_workers(db, "hostname = $1", {hostname});
  });
}

Result<Page<JobQueue>> SqliteQueueStore::list(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<JobQueue>(db, query); });
}

Result<JobQueue> SqliteQueueStore::get(const Uuid& id) {
  return readers_.read([&](Connection& db) -> Result<JobQueue> {
    std::optional<JobQueue> queue = find_by<JobQueue>(db, "id", id);
    if (!queue) return no_queue(id.to_string());
    return *std::move(queue);
  });
}

Result<JobQueue> SqliteQueueStore::find(std::string_view name) {
  return readers_.read([&](Connection& db) -> Result<JobQueue> {
    std::optional<JobQueue> queue = find_by<JobQueue>(db, "name", std::string(name));
    if (!queue) return no_queue(name);
    return *std::move(queue);
  });
}

Result<void> SqliteQueueStore::ensure(const std::vector<std::string>& names) {
  if (names.empty()) return ok();
  return writer_.run([&](Write& write) -> Result<void> {
    for (const std::string& name : names) ensure_queue(write.db, name, clock_.now());
    return ok();
  });
}

}  // namespace windlass::sqlite
