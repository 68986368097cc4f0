#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job.h"
#include "storage/query.h"

namespace windlass {

/// The job records. All calls block; all are thread-safe. Errors of every call: `storage.*`.
class JobStore {
 public:
  virtual ~JobStore() = default;
  /// Errors: `storage.unknown_filter`, `storage.unknown_sort` naming the field.
  virtual Result<Page<Job>> list(const Query& query) = 0;
  /// Errors: `job.not_found`.
  virtual Result<Job> get(const Uuid& id) = 0;
  virtual Result<Job> find_by_class_path(std::string_view class_path) = 0;
  virtual Result<Job> find_by_name(std::string_view name) = 0;
  /// Reads all records, lets `change` return those to write (new ids are inserted, known ones
  /// replaced), in one transaction. `change` is a pure function; its error ends the transaction and
  /// is returned. Returns what was written. A record with nothing new but its source_version keeps
  /// its last_updated.
  virtual Result<std::vector<Job>> update_all(
      const std::function<Result<std::vector<Job>>(const std::vector<Job>&)>& change) = 0;
  /// Reads one record, changes it and writes it, in one transaction.
  virtual Result<Job> modify(const Uuid& id, const std::function<Result<void>(Job&)>& change) = 0;
  /// Deletes the record; its results stay, with job_model null.
  virtual Result<void> remove(const Uuid& id) = 0;
};

}  // namespace windlass
