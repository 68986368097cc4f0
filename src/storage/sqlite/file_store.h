#pragma once

#include "storage/job_files.h"
#include "storage/sqlite/readers.h"
#include "storage/sqlite/writer.h"

namespace windlass::sqlite {

/// Contents are files named by id beneath a folder. A content is written to `incoming/` first, its
/// row is stored next, and then it moves to its place: whatever breaks in between, the next start
/// finds it in `incoming/` and settles it.
class SqliteFileStore final : public FileStore {
 public:
  SqliteFileStore(Writer& writer, Readers& readers, const Clock& clock,
                  std::filesystem::path folder)
      : writer_(writer), readers_(readers), clock_(clock), folder_(std::move(folder)) {}

  Result<FileProxy> add(std::int64_t number, std::int64_t lease_token, std::string_view name,
                        std::string_view content) override;
  Result<FileProxy> get(const Uuid& id) override;
  Result<std::filesystem::path> content_path(const Uuid& id) override;
  Result<Page<FileProxy>> list(const Query& query) override;

  /// Deletes the contents of a result's files. Their rows go with the result.
  Result<void> remove_contents(const Uuid& result);
  /// Puts in place, or deletes, what an earlier process left in `incoming/`.
  Result<void> settle_incoming();

 private:
  std::filesystem::path incoming_path(const Uuid& id) const;
  std::filesystem::path place_of(const Uuid& id) const;
  Result<void> put_in_place(const Uuid& id);

  Writer& writer_;
  Readers& readers_;
  const Clock& clock_;
  const std::filesystem::path folder_;
};

}  // namespace windlass::sqlite
