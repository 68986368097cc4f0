#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "model/records.h"
#include "storage/query.h"

namespace windlass {

/// Files that runs created. All calls block; all are thread-safe.
class FileStore {
 public:
  virtual ~FileStore() = default;
  /// Keeps the content with the run that holds this lease. Errors: `job_result.lease_lost`,
  /// `file.io`.
  virtual Result<FileProxy> add(std::int64_t number, std::int64_t lease_token,
                                std::string_view name, std::string_view content) = 0;
  /// Errors: `file.not_found`.
  virtual Result<FileProxy> get(const Uuid& id) = 0;
  /// Where the content lies, for reading. Errors: `file.not_found`.
  virtual Result<std::filesystem::path> content_path(const Uuid& id) = 0;
  virtual Result<Page<FileProxy>> list(const Query& query) = 0;
};

}  // namespace windlass
