#include "storage/sqlite/open.h"

#include <fcntl.h>

#include "base/files.h"
#include "storage/sqlite/account_store.h"
#include "storage/sqlite/event_store.h"
#include "storage/sqlite/file_store.h"
#include "storage/sqlite/git_repository_store.h"
#include "storage/sqlite/job_store.h"
#include "storage/sqlite/result_store.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/wake_sockets.h"
#include "storage/sqlite/worker_store.h"

namespace windlass {

namespace sqlite {

namespace {

class SqliteStorage final : public Storage {
 public:
  SqliteStorage(const SqliteOptions& options, const Clock& clock,
                std::unique_ptr<Connection> connection, std::unique_ptr<WakeSockets> wake)
      : file_(options.database),
        clock_(clock),
        wake_(std::move(wake)),
        writer_(std::move(connection),
                [this](const std::vector<Notice>& notices) { wake_->publish(notices); }),
        readers_(options.database, options.readers),
        jobs_(writer_, readers_, clock),
        files_(writer_, readers_, clock, options.files),
        results_(writer_, readers_, clock, options.lease,
                 [this](const Uuid& result) { return files_.remove_contents(result); }),
        events_(readers_),
        accounts_(writer_, readers_),
        workers_(writer_, readers_, clock, options.lease),
        queues_(writer_, readers_, clock),
        git_repositories_(writer_, readers_, clock) {}

  JobStore& jobs() override { return jobs_; }
  ResultStore& results() override { return results_; }
  EventStore& events() override { return events_; }
  AccountStore& accounts() override { return accounts_; }
  WorkerStore& workers() override { return workers_; }
  QueueStore& queues() override { return queues_; }
  FileStore& files() override { return files_; }
  GitRepositoryStore& git_repositories() override { return git_repositories_; }
  Notifier& notifier() override { return *wake_; }

  Result<void> migrate() override {
    return guarded([&]() -> Result<void> {
      Connection connection(file_, Connection::Mode::kWrite);
      WL_TRY_VOID(sqlite::migrate(connection, clock_));
      return files_.settle_incoming();
    });
  }

  Result<void> check() override {
    return readers_.read([](Connection& db) { return check_schema(db); });
  }

 private:
  const std::filesystem::path file_;
  const Clock& clock_;
  const std::unique_ptr<WakeSockets> wake_;
  Writer writer_;
  Readers readers_;
  SqliteJobStore jobs_;
  SqliteFileStore files_;
  SqliteResultStore results_;
  SqliteEventStore events_;
  SqliteAccountStore accounts_;
  SqliteWorkerStore workers_;
  SqliteQueueStore queues_;
  SqliteGitRepositoryStore git_repositories_;
};

/// SQLite would make the file readable for others; its journal and index take their modes from it.
Result<void> make_file(const std::filesystem::path& path) {
  if (path.has_parent_path()) WL_TRY_VOID(make_folder(path.parent_path()));
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return file_error("Cannot open the database", path);
  return ok();
}

}  // namespace

}  // namespace sqlite

Result<std::unique_ptr<Storage>> open_sqlite(const SqliteOptions& options, const Clock& clock) {
  return sqlite::guarded([&]() -> Result<std::unique_ptr<Storage>> {
    WL_TRY_VOID(sqlite::make_file(options.database));
    auto connection = std::make_unique<sqlite::Connection>(
        options.database, sqlite::Connection::Mode::kWrite, options.patience);
    WL_TRY(auto wake, sqlite::WakeSockets::open(options.wake));
    return std::unique_ptr<Storage>(std::make_unique<sqlite::SqliteStorage>(
        options, clock, std::move(connection), std::move(wake)));
  });
}

}  // namespace windlass
