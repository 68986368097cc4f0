#include "engine/git_checkouts.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/log.h"

namespace windlass::engine {

Result<sources::GitRemote> remote_of(const GitRepository& repository, const SealingKey& key) {
  using Secret = sources::GitRemote::Secret;
  sources::GitRemote remote{
      repository.remote_url, repository.branch, repository.username, Secret::kNone, "",
      repository.known_hosts};
  if (repository.secret.empty()) return remote;
  auto opened = key.open(repository.secret);
  if (!opened.ok()) {
    Error error = std::move(opened).error();
    error.message = fmt::format("The secret of the repository {} cannot be opened: {} Set it anew.",
                                repository.slug, error.message);
    return error;
  }
  remote.kind = repository.secret_kind == kSshKeySecret ? Secret::kSshKey : Secret::kToken;
  remote.secret = *std::move(opened);
  return remote;
}

Result<void> check_fetched(const GitRepository& stored, const GitRepository& fetched,
                           const std::string& commit) {
  if (stored.remote_url != fetched.remote_url || stored.branch != fetched.branch) {
    return Error{"git.superseded",
                 fmt::format("The URL or branch of the repository {} was changed during the sync; "
                             "sync it again.",
                             stored.slug)};
  }
  if (stored.newest_head == commit) return ok();
  return Error{"git.superseded",
               fmt::format("Another sync of the repository {} has fetched {} meanwhile; that one "
                           "counts, and nothing was changed.",
                           stored.slug, stored.newest_head)};
}

Result<sources::SourceVersion> GitCheckouts::checkout(const GitRepository& repository,
                                                      const std::string& commit, bool fetch,
                                                      const std::function<bool()>& proceed) {
  WL_TRY(sources::SourceVersion version, files_of(repository, commit, fetch, proceed));
  if (environments_ == nullptr) return version;
  if (fetch) {
    const auto told = [&](const std::string& line) {
      log::info(line, {{"repository", repository.slug}});
    };
    WL_TRY_VOID(environments_->make(repository, version, told, proceed));
  } else {
    WL_TRY_VOID(environments_->find(repository, version));
  }
  return version;
}

void GitCheckouts::prune_environments() {
  if (environments_ != nullptr) environments_->prune();
}

Result<sources::SourceVersion> GitCheckouts::files_of(const GitRepository& repository,
                                                      const std::string& commit, bool fetch,
                                                      const std::function<bool()>& proceed) {
  sources::GitMirror mirror(options_, repository.slug);
  const auto go_on = [&](std::string_view) { return proceed(); };
  auto version = mirror.checkout(commit, go_on);
  if (version.ok() || version.error().code != "git.failed") return version;
  if (!fetch) return Error{"git.not_here", std::move(version).error().message};
  WL_TRY(const sources::GitRemote remote, remote_of(repository, key_));
  WL_TRY([[maybe_unused]] const sources::GitHead head, mirror.fetch(remote, go_on));
  return mirror.checkout(commit, go_on);
}

Result<void> GitCheckouts::make_current(const std::string& slug, const std::string& commit) {
  return sources::GitMirror(options_, slug).make_current(commit);
}

void GitCheckouts::prune(const std::string& slug, const std::set<std::string>& keep) {
  sources::GitMirror(options_, slug).prune(keep);
}

std::vector<std::string> GitCheckouts::slugs() const {
  std::vector<std::string> slugs;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(options_.folder, failure)) {
    const std::string name = entry.path().filename();
    if (entry.is_directory(failure) && sources::is_slug(name)) slugs.push_back(name);
  }
  return slugs;
}

Result<void> GitCheckouts::remove(const std::string& slug) {
  return sources::GitMirror(options_, slug).remove();
}

}  // namespace windlass::engine
