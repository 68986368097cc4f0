#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sealing_key.h"
#include "engine/repository_webhook.h"
#include "engine/submit.h"
#include "storage/storage.h"

namespace windlass::engine {

/// What a repository's fields are checked against besides the records.
struct RepositoryRules {
  std::filesystem::path jobs_root;  ///< whose modules have their names already
  std::vector<std::string> apps;    ///< installed packages that bring jobs
  /// Whether Git may fetch from this URL; the error's sentence says why not.
  std::function<Result<void>(std::string_view url)> check_remote_url;
};

/// Adds, changes and removes Git repositories, by whatever way: REST, command line. Secrets are
/// sealed here and readable through nothing. Thread-safe; blocks on storage.
class GitRepositories {
 public:
  /// All outlive this.
  GitRepositories(Storage& storage, const Clock& clock, const SealingKey& key,
                  RepositoryRules rules)
      : storage_(storage), clock_(clock), key_(key), rules_(std::move(rules)) {}

  /// By id, slug or name. Errors: `git_repository.not_found`.
  Result<GitRepository> find(const std::string& id_slug_or_name) const;
  /// The same for a delivery that is signed with its webhook_secret. Whatever else is the case, the
  /// error is one: `git_repository.webhook_refused`, since anyone may ask.
  Result<GitRepository> find_signed(const std::string& id_slug_or_name,
                                    const WebhookDelivery& delivery) const;

  /// Members of `body`: name, slug, remote_url, branch, provided_contents, poll_interval, python,
  /// username, known_hosts, and what is only written: token, ssh_key, webhook_secret (null or ""
  /// removes). Error `git_repository.invalid` with the messages of all fields at once.
  Result<GitRepository> add(const json::object& body);
  /// Sets the members that are there. A kept token or key is never sent elsewhere: a URL of another
  /// host takes a new one, or null. Errors: as add(), `git_repository.not_found`.
  Result<GitRepository> change(const Uuid& id, const json::object& body);
  /// Its jobs are not installed any more with the catalog's next look; results stay. Errors:
  /// `git_repository.not_found`.
  Result<void> remove(const Uuid& id);

 private:
  void check_slug(const std::string& slug, FieldErrors& errors) const;
  void check_url(const std::string& url, FieldErrors& errors) const;
  Result<void> check_taken(const GitRepository& repository, FieldErrors& errors) const;

  Storage& storage_;
  const Clock& clock_;
  const SealingKey& key_;
  const RepositoryRules rules_;
  mutable std::atomic_flag told_unreadable_;  ///< a webhook_secret that cannot be opened was logged
};

/// What is wrong with the name as one of a source's package: it comes with Python, is provided by
/// Windlass, or is a module of JOBS_ROOT or an app already. "" when it is free.
std::string taken_package(const std::string& name, const RepositoryRules& rules);

/// Queues a sync, or a dry run of one. Without a user Windlass asks by itself: after a webhook, or
/// when the poll interval is over. Errors: as Submitter::submit; `git_repository.not_ready` while
/// Windlass' own jobs have no records.
Result<JobResult> request_sync(Submitter& submitter, const GitRepository& repository, bool dry_run,
                               std::optional<User> user);

/// The newest sync of the repository, in whatever state; nothing before the first. Dry runs do not
/// count.
Result<std::optional<JobResult>> newest_sync(Storage& storage, const Uuid& repository);

}  // namespace windlass::engine
