#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/git_repository.h"
#include "storage/query.h"

namespace windlass {

/// The Git repositories. All calls block; all are thread-safe. Errors of every call: `storage.*`.
class GitRepositoryStore {
 public:
  virtual ~GitRepositoryStore() = default;
  /// Errors: `storage.unknown_filter`, `storage.unknown_sort` naming the field.
  virtual Result<Page<GitRepository>> list(const Query& query) = 0;
  /// Errors: `git_repository.not_found`.
  virtual Result<GitRepository> get(const Uuid& id) = 0;
  virtual Result<GitRepository> find(std::string_view name) = 0;
  virtual Result<GitRepository> find_by_slug(std::string_view slug) = 0;
  /// Stores it; created and last_updated become now. Error `git_repository.exists` with `fields`:
  /// name, slug or both are another's already.
  virtual Result<GitRepository> add(const GitRepository& repository) = 0;
  /// Reads one, changes it and writes it, in one transaction; id, slug and created stay what they
  /// were, last_updated becomes now. Errors: `git_repository.not_found`, `git_repository.exists`,
  /// and what `change` fails with. `change` may be called twice.
  virtual Result<GitRepository> modify(
      const Uuid& id, const std::function<Result<void>(GitRepository&)>& change) = 0;
  /// The same for several, in this order, in one transaction: an error of one leaves all as they
  /// were. Returns them in this order.
  virtual Result<std::vector<GitRepository>> modify_all(
      const std::vector<Uuid>& ids, const std::function<Result<void>(GitRepository&)>& change) = 0;
  /// Where this commit of the slug was fetched from when it last came into force, also when the
  /// repository has another URL since then, or was deleted; "" for one that never was current_head.
  virtual Result<std::string> remote_of(std::string_view slug, std::string_view commit) = 0;
  /// Deletes it; results of its syncs stay, with git_repository null. Errors:
  /// `git_repository.not_found`.
  virtual Result<void> remove(const Uuid& id) = 0;
  /// Puts every sealed value through `change`, in one transaction; its error ends that and is
  /// returned. `change` may be called twice for one value. Returns how many it changed.
  virtual Result<std::int64_t> reseal(
      const std::function<Result<std::string>(const std::string& sealed)>& change) = 0;
};

}  // namespace windlass
