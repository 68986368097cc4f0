#include "storage/sqlite/git_repository_store.h"

#include "embedded_queries.h"
#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace {

Error not_found(std::string_view which) {
  return {"git_repository.not_found", "There is no Git repository " + std::string(which) + "."};
}

/// Names and slugs belong to one repository each.
Result<void> check_unique(Connection& db, const GitRepository& repository) {
  Error error{"git_repository.exists", "There is such a Git repository already."};
  for (const auto& [column, value] :
       {std::pair{"name", &GitRepository::name}, std::pair{"slug", &GitRepository::slug}}) {
    const auto other = find_by<GitRepository>(db, column, repository.*value);
    if (!other || other->id == repository.id) continue;
    error.fields[column] = {"A Git repository with this " + std::string(column) +
                            " already exists."};
  }
  return error.fields.empty() ? ok() : Result<void>(std::move(error));
}

std::vector<GitRepository> read_all(Connection& db) {
  static const std::string sql =
      "SELECT " + column_list<GitRepository>() + " FROM git_repository ORDER BY id";
  std::vector<GitRepository> all;
  Prepared statement = db.prepare(sql);
  while (statement->executeStep()) all.push_back(read_row<GitRepository>(*statement));
  return all;
}

/// Remembers where what serves came from.
void note_commit(Connection& db, const GitRepository& repository) {
  if (repository.current_head.empty()) return;
  Prepared note = db.prepare(sql::kNoteCommit);
  put(*note, 1, repository.slug);
  put(*note, 2, repository.current_head);
  put(*note, 3, repository.remote_url);
  note.run();
}

}  // namespace

Result<Page<GitRepository>> SqliteGitRepositoryStore::list(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<GitRepository>(db, query); });
}

Result<GitRepository> SqliteGitRepositoryStore::get(const Uuid& id) {
  return find_one("id", id.to_string());
}

Result<GitRepository> SqliteGitRepositoryStore::find(std::string_view name) {
  return find_one("name", name);
}

Result<GitRepository> SqliteGitRepositoryStore::find_by_slug(std::string_view slug) {
  return find_one("slug", slug);
}

Result<GitRepository> SqliteGitRepositoryStore::find_one(std::string_view column,
                                                         std::string_view value) {
  return readers_.read([&](Connection& db) -> Result<GitRepository> {
    auto repository = find_by<GitRepository>(db, column, std::string(value));
    if (!repository) return not_found(value);
    return *std::move(repository);
  });
}

Result<GitRepository> SqliteGitRepositoryStore::add(const GitRepository& repository) {
  return writer_.run([&](Write& write) -> Result<GitRepository> {
    WL_TRY_VOID(check_unique(write.db, repository));
    GitRepository added = repository;
    added.created = added.last_updated = clock_.now();
    insert(write.db, added);
    note_commit(write.db, added);
    write.notice(Notice::Kind::kJobs);
    return added;
  });
}

Result<GitRepository> SqliteGitRepositoryStore::modify(
    const Uuid& id, const std::function<Result<void>(GitRepository&)>& change) {
  WL_TRY(std::vector<GitRepository> modified, modify_all({id}, change));
  return std::move(modified.front());
}

Result<std::vector<GitRepository>> SqliteGitRepositoryStore::modify_all(
    const std::vector<Uuid>& ids, const std::function<Result<void>(GitRepository&)>& change) {
  return writer_.run([&](Write& write) -> Result<std::vector<GitRepository>> {
    std::vector<GitRepository> modified;
    for (const Uuid& id : ids) {
      const auto before = find_by<GitRepository>(write.db, "id", id);
      if (!before) return not_found(id.to_string());
      GitRepository after = *before;
      WL_TRY_VOID(change(after));
      after.id = before->id;
      after.slug = before->slug;
      after.created = before->created;
      WL_TRY_VOID(check_unique(write.db, after));
      after.last_updated = clock_.now();
      replace(write.db, after);
      if (after.current_head != before->current_head) note_commit(write.db, after);
      modified.push_back(std::move(after));
    }
    write.notice(Notice::Kind::kJobs);
    return modified;
  });
}

Result<std::string> SqliteGitRepositoryStore::remote_of(std::string_view slug,
                                                        std::string_view commit) {
  return readers_.read([&](Connection& db) -> Result<std::string> {
    const std::string of_slug(slug);
    const std::string of_commit(commit);
    Prepared find = db.prepare(sql::kRemoteOfCommit);
    put(*find, 1, of_slug);
    put(*find, 2, of_commit);
    return find->executeStep() ? value_at<std::string>(*find, 0) : std::string();
  });
}

Result<void> SqliteGitRepositoryStore::remove(const Uuid& id) {
  return writer_.run([&](Write& write) -> Result<void> {
    Prepared remove = write.db.prepare(sql::kDeleteGitRepository);
    put(*remove, 1, id);
    if (remove.run() == 0) return not_found(id.to_string());
    write.notice(Notice::Kind::kJobs);
    return ok();
  });
}

Result<std::int64_t> SqliteGitRepositoryStore::reseal(
    const std::function<Result<std::string>(const std::string& sealed)>& change) {
  return writer_.run([&](Write& write) -> Result<std::int64_t> {
    std::int64_t changed = 0;
    for (GitRepository& repository : read_all(write.db)) {
      const std::int64_t before = changed;
      for (std::string* sealed : {&repository.secret, &repository.webhook_secret}) {
        if (sealed->empty()) continue;
        WL_TRY(std::string anew, change(*sealed));
        if (anew == *sealed) continue;
        *sealed = std::move(anew);
        ++changed;
      }
      if (changed > before) replace(write.db, repository);
    }
    return changed;
  });
}

}  // namespace windlass::sqlite
