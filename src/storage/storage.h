#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "storage/accounts.h"
#include "storage/events.h"
#include "storage/git_repositories.h"
#include "storage/job_files.h"
#include "storage/jobs.h"
#include "storage/notifier.h"
#include "storage/results.h"
#include "storage/workers.h"

namespace windlass {

/// The seam: what the rest of Windlass may ask of a database. One adapter a database;
/// src/storage/conformance is the suite that each must pass. Owned by main, outlives all that use
/// it. Thread-safe. Codes of every call: `storage.busy` (locked by another process for long),
/// `storage.full` (disk full), `storage.damaged`, `storage.failed` (anything else, with detail). On
/// an error nothing was written.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual JobStore& jobs() = 0;
  virtual ResultStore& results() = 0;
  virtual EventStore& events() = 0;
  virtual AccountStore& accounts() = 0;
  virtual WorkerStore& workers() = 0;
  virtual QueueStore& queues() = 0;
  virtual FileStore& files() = 0;
  virtual GitRepositoryStore& git_repositories() = 0;
  virtual Notifier& notifier() = 0;
  /// Brings the schema to this program's version; safe to run twice and from several processes at
  /// once. Errors: `storage.newer_schema` when the database was made by a newer program.
  virtual Result<void> migrate() = 0;
  /// Whether the database answers.
  virtual Result<void> check() = 0;
};

/// How long a lease lasts without renewal.
inline constexpr Micros kDefaultLease = std::chrono::seconds(10);

}  // namespace windlass
