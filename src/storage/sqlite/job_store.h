#pragma once

#include "storage/jobs.h"
#include "storage/sqlite/readers.h"
#include "storage/sqlite/writer.h"

namespace windlass::sqlite {

class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(Writer& writer, Readers& readers, const Clock& clock)
      : writer_(writer), readers_(readers), clock_(clock) {}

  Result<Page<Job>> list(const Query& query) override;
  Result<Job> get(const Uuid& id) override;
  Result<Job> find_by_class_path(std::string_view class_path) override;
  Result<Job> find_by_name(std::string_view name) override;
  Result<std::vector<Job>> update_all(
      const std::function<Result<std::vector<Job>>(const std::vector<Job>&)>& change) override;
  Result<Job> modify(const Uuid& id, const std::function<Result<void>(Job&)>& change) override;
  Result<void> remove(const Uuid& id) override;

 private:
  Result<Job> find(std::string_view column, std::string_view value);

  Writer& writer_;
  Readers& readers_;
  const Clock& clock_;
};

}  // namespace windlass::sqlite
