#pragma once

#include <string>

#include "base/files.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/open.h"

namespace windlass::sqlite {

/// A folder for one database of a test.
class TestHome {
 public:
  SqliteOptions options() const {
    SqliteOptions out;
    out.database = path() / "windlass.sqlite3";
    out.files = path() / "files";
    out.wake = path() / "wake";
    return out;
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::unique_ptr<Storage> open(const Clock& clock) const {
    auto storage = open_sqlite(options(), clock).value();
    storage->migrate().value();
    return storage;
  }
  /// Another connection to the same file.
  Connection connect(Connection::Mode mode = Connection::Mode::kWrite) const {
    return Connection(options().database, mode);
  }

 private:
  TemporaryFolder folder_ = TemporaryFolder::make().value();
};

/// Stores a job that runs can be queued for.
inline Job add_job(Storage& storage) {
  Job job;
  job.class_path = "module.Job";
  job.name = "Job";
  return storage.jobs()
      .update_all(
          [&](const std::vector<Job>&) -> Result<std::vector<Job>> { return std::vector{job}; })
      .value()
      .at(0);
}

inline NewRun run_of(const Job& job, const Clock& clock) {
  NewRun run;
  run.id = new_id(clock.now());
  run.job = job.id;
  run.name = job.name;
  run.task_name = job.class_path;
  run.queue = "default";
  return run;
}

}  // namespace windlass::sqlite
