#pragma once

#include <filesystem>
#include <memory>

#include "storage/storage.h"

namespace windlass {

struct SqliteOptions {
  std::filesystem::path database;  ///< the file, made with mode 0600 when absent
  std::filesystem::path files;     ///< folder of job files
  std::filesystem::path wake;  ///< folder of the wake-up sockets of all processes on this database
  Micros lease = kDefaultLease;
  int readers = 4;  ///< connections for reading
  Micros patience = std::chrono::seconds(
      5);  ///< how long a write waits for other processes before `storage.busy`
};

/// Opens the embedded database: WAL, synchronous=FULL, one writer thread with group commit, a pool
/// of readers. `clock` outlives the storage. Does not migrate. Errors: `storage.*`.
Result<std::unique_ptr<Storage>> open_sqlite(const SqliteOptions& options, const Clock& clock);

}  // namespace windlass
