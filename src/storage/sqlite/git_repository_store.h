#pragma once

#include "storage/git_repositories.h"
#include "storage/sqlite/readers.h"
#include "storage/sqlite/writer.h"

namespace windlass::sqlite {

class SqliteGitRepositoryStore final : public GitRepositoryStore {
 public:
  SqliteGitRepositoryStore(Writer& writer, Readers& readers, const Clock& clock)
      : writer_(writer), readers_(readers), clock_(clock) {}

  Result<Page<GitRepository>> list(const Query& query) override;
  Result<GitRepository> get(const Uuid& id) override;
  Result<GitRepository> find(std::string_view name) override;
  Result<GitRepository> find_by_slug(std::string_view slug) override;
  Result<GitRepository> add(const GitRepository& repository) override;
  Result<GitRepository> modify(const Uuid& id,
                               const std::function<Result<void>(GitRepository&)>& change) override;
  Result<std::vector<GitRepository>> modify_all(
      const std::vector<Uuid>& ids,
      const std::function<Result<void>(GitRepository&)>& change) override;
  Result<std::string> remote_of(std::string_view slug, std::string_view commit) override;
  Result<void> remove(const Uuid& id) override;
  Result<std::int64_t> reseal(
      const std::function<Result<std::string>(const std::string& sealed)>& change) override;

 private:
  Result<GitRepository> find_one(std::string_view column, std::string_view value);

  Writer& writer_;
  Readers& readers_;
  const Clock& clock_;
};

}  // namespace windlass::sqlite
