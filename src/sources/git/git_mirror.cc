#include "sources/git/git_mirror.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <git2/sys/repository.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <new>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "sources/git/changes.h"
#include "sources/git/checkout_files.h"
#include "sources/git/commit_files.h"
#include "sources/git/fetch.h"
#include "sources/git/library.h"
#include "sources/git/pack.h"
#include "sources/version_store.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

constexpr int kLockEveryMs = 20;

UniqueFd open_folder(const fs::path& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool is_at(const UniqueFd& folder, const fs::path& path) {
  struct stat held {
  }, named{};
  return ::fstat(folder.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

bool lock_at_once(const UniqueFd& folder) {
  return ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0;
}

/// The repository with an empty configuration: nothing in its file counts, and libgit2 1.5 would
/// lose 20 KB at each entry of it whenever it looks for other names of a URL.
Repository without_settings(git_repository* opened) {
  Repository repository(opened);
  git_config* made = nullptr;
  WL_CHECK(git_config_new(&made) == 0, "an empty configuration needs memory alone");
  git_repository_set_config(opened, made);
  git_config_free(made);
  return repository;
}

Error in_use(const std::string& slug, const char* what) {
  return {"git.in_use", "The files of the repository " + slug + " are in use: " + what +
                            ". They are removed when that has ended."};
}

/// The edge for exceptions: a repository may need more memory than there is.
template <class Work>
auto within_memory(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error{"git.too_large",
                 "The repository needs more memory than there is. Take out of it what the jobs do "
                 "not need, or lower the setting git_size_limit."};
  }
}

}  // namespace

class GitMirror::Impl {
 public:
  Impl(GitOptions options, std::string slug)
      : options_(std::move(options)),
        slug_(std::move(slug)),
        folder_(fs::absolute(options_.folder).lexically_normal() / slug_),
        mirror_(folder_ / "mirror.git"),
        current_(folder_ / "current") {
    WL_CHECK(is_slug(slug_), "a repository's slug names its folder");
    prepare_git();
    limit_objects(options_.size_limit);
    open_store();
  }

  Result<GitHead> fetch(const GitRemote& remote, const Proceed& proceed) {
    WL_TRY_VOID(check_remote_url(remote.url, options_.file_roots));
    FetchWatch watch(proceed, options_.timeout);
    WL_TRY(const UniqueFd lock, lock_folder(&watch));
    bool fresh = false;
    WL_TRY(Repository repository, open_or_make(&fresh));
    auto head = fetch_into(repository.get(), remote, options_, &watch);
    if (head.ok()) pack_if_due(repository.get(), head->commit, &watch);
    if (head.ok() || fresh || head.error().code != "git.failed") return head;
    log::warning("A mirror of a Git repository is damaged and is made anew",
                 {{"folder", mirror_.string()}, {"reason", head.error().detail}});
    repository.reset();
    put_away(mirror_);
    WL_TRY(repository, open_or_make(&fresh));
    return fetch_into(repository.get(), remote, options_, &watch);
  }

  Result<GitChanges> changes(const std::string& before, const std::string& after,
                             const Proceed& proceed) {
    FetchWatch watch(proceed, options_.timeout);
    const auto reading = hold_folder(mirror_);
    WL_TRY(const Repository repository, open_mirror());
    return changes_between(repository.get(), before, after, options_.file_limit, &watch);
  }

  Result<SourceVersion> checkout(const std::string& commit, const Proceed& proceed) {
    git_oid id;
    if (!from_text(commit, &id)) {
      return Error{"git.failed", "\"" + commit + "\" is no commit: it has 40 hexadecimal digits."};
    }
    std::error_code missing;
    if (fs::exists(folder_, missing)) WL_TRY_VOID(allow_mode(folder_, options_.folder_mode));
    FetchWatch watch(proceed, options_.timeout);
    const auto reading = hold_folder(mirror_);
    const auto repository = open_mirror();
    if (!repository.ok()) return as_it_lies(commit, repository.error());
    auto files = list(repository->get(), id, &watch);
    if (!files.ok()) {
      return as_it_lies(commit, check_damage(repository->get(), id, std::move(files).error()));
    }
    git_odb* opened = nullptr;
    if (git_repository_odb(&opened, repository->get()) != 0)
      return git_failed("The mirror cannot be read.");
    const Odb objects(opened);
    std::size_t read_files = 0;
    const auto read = [&](const std::string& path) -> Result<std::string> {
      watch.set_progress(fmt::format("{} of {} files", ++read_files, files->tree.size()));
      if (!watch.go_on()) return *watch.failure();
      return read_blob(objects.get(), files->tree.at(path).hash);
    };
    const auto earlier = earlier_checkout(repository->get(), commit, &watch);
    std::vector<const StoredVersion*> origins;
    if (earlier) origins.push_back(&*earlier);
    auto made = store_->build(commit, files->tree, origins, read);
    if (!made.ok()) return check_damage(repository->get(), id, std::move(made).error());
    last_ = std::move(made).value();
    return describe(*last_, std::move(files->warnings));
  }

  Result<void> make_current(const std::string& commit) {
    git_oid id;
    std::error_code failure;
    if (!from_text(commit, &id) || !fs::is_directory(folder_ / commit, failure)) {
      return Error{"file.io", "The commit " + commit + " of the repository " + slug_ +
                                  " is not checked out, and cannot be the current one."};
    }
    const fs::path beside = folder_ / (".new-" + random_hex(8));
    if (::symlink(commit.c_str(), beside.c_str()) != 0)
      return file_error("Cannot make the link", beside);
    if (::rename(beside.c_str(), current_.c_str()) != 0) {
      Error error = file_error("Cannot make the link", current_);
      ::unlink(beside.c_str());
      return error;
    }
    return ok();
  }

  void prune(std::set<std::string> keep) {
    if (last_ && !keep.contains(last_->id)) last_.reset();
    if (const std::string commit = current_commit(); !commit.empty()) keep.insert(commit);
    store_->prune(keep);
    sweep_leftovers(options_.folder);
  }

  Result<void> remove() {
    last_.reset();
    sweep_leftovers(options_.folder);
    const UniqueFd lock = open_folder(folder_);
    if (!lock) return errno == ENOENT ? ok() : file_error("Cannot open the folder", folder_);
    if (!lock_at_once(lock)) return in_use(slug_, "another process fetches it");
    std::vector<UniqueFd> locks;  // kept until the folder is out of sight
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder_, failure)) {
      if (entry.is_symlink(failure) || !entry.is_directory(failure)) continue;
      locks.push_back(open_folder(entry.path()));
      if (!locks.back() || !lock_at_once(locks.back())) return in_use(slug_, "a run uses them");
    }
    put_away(folder_);
    open_store();
    if (fs::exists(folder_, failure)) return file_error("Cannot remove the folder", folder_);
    return ok();
  }

 private:
  void open_store() {
    store_.emplace(folder_, VersionForm{GIT_OID_HEXSZ, read_checkout, kHashFile});
  }

  /// One fetch at a time, of all processes. The folder may be removed while we wait.
  Result<UniqueFd> lock_folder(FetchWatch* watch) {
    for (;;) {
      WL_TRY_VOID(make_folder(folder_));
      UniqueFd folder = open_folder(folder_);
      if (!folder) return file_error("Cannot open the folder", folder_);
      while (!lock_at_once(folder)) {
        if (errno != EWOULDBLOCK && errno != EINTR) return file_error("Cannot lock", folder_);
        if (!watch->go_on()) return *watch->failure();
        ::poll(nullptr, 0, kLockEveryMs);
      }
      watch->heard();
      if (is_at(folder, folder_)) return folder;
    }
  }

  Result<Repository> open_mirror() {
    git_repository* opened = nullptr;
    const unsigned flags =
        GIT_REPOSITORY_OPEN_BARE | GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
    if (git_repository_open_ext(&opened, mirror_.c_str(), flags, nullptr) != 0) {
      return git_failed("The repository " + slug_ +
                        " has no mirror that can be read; sync the repository again.");
    }
    return without_settings(opened);
  }

  Result<Repository> open_or_make(bool* fresh) {
    if (auto opened = open_mirror(); opened.ok()) return opened;
    std::error_code failure;
    if (fs::exists(mirror_, failure)) put_away(mirror_);
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    options.mode = 0700;
    git_repository* made = nullptr;
    if (git_repository_init_ext(&made, mirror_.c_str(), &options) != 0) {
      return Error{"file.io", "The mirror " + mirror_.string() + " cannot be made.", git_said()};
    }
    fs::remove_all(mirror_ / "hooks", failure);  // an example that libgit2 brings along
    *fresh = true;
    return without_settings(made);
  }

  /// What the commit and the checkouts need, as one pack. Whoever reads the mirror holds it, and
  /// then the packs before stay until the next fetch.
  void pack_if_due(git_repository* repository, const std::string& head, FetchWatch* watch) {
    if (!wants_packing(mirror_, options_.most_packs)) return;
    std::set<std::string> commits{head};
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder_, failure))
      commits.insert(entry.path().filename());
    git_odb* opened = nullptr;
    if (git_repository_odb(&opened, repository) != 0) return;
    const Odb objects(opened);
    std::vector<git_oid> wanted;
    for (const std::string& commit : commits) {
      git_oid id;
      if (from_text(commit, &id) && git_odb_exists(objects.get(), &id) == 1) wanted.push_back(id);
    }
    const auto name = write_pack(repository, wanted, nullptr, mirror_ / "objects" / "pack", watch);
    if (!name.ok()) {
      log::warning("A mirror of a Git repository could not be packed anew",
                   {{"folder", mirror_.string()}, {"reason", name.error().detail}});
      return;
    }
    const UniqueFd lock = open_folder(mirror_);
    if (lock && lock_at_once(lock)) remove_other_packs(mirror_, *name);
  }

  /// Paths begin with the slug: the repository is a package of that name.
  Result<CommitFiles> list(git_repository* repository, const git_oid& commit,
                           FetchWatch* watch) const {
    WL_TRY(CommitFiles files,
           files_of_commit(repository, commit, {options_.size_limit, options_.file_limit}, watch));
    Tree beneath;
    for (auto& [path, file] : files.tree) beneath.emplace(slug_ + "/" + path, std::move(file));
    files.tree = std::move(beneath);
    return files;
  }

  /// A mirror that has the commit and cannot give its files is put away: the next fetch makes it
  /// anew.
  Error check_damage(git_repository* repository, const git_oid& commit, Error error) {
    git_odb* opened = nullptr;
    if (error.code != "git.failed" || git_repository_odb(&opened, repository) != 0) return error;
    const Odb objects(opened);
    if (git_odb_exists(objects.get(), &commit) != 1) return error;
    log::warning("A mirror of a Git repository is damaged; the next sync makes it anew",
                 {{"folder", mirror_.string()}, {"reason", error.detail}});
    put_away(mirror_);
    return error;
  }

  /// Without its mirror a commit cannot be compared with what Git has, and goes on serving as it
  /// lies, when that is what was written. `reason` when it is not, or is about the commit.
  Result<SourceVersion> as_it_lies(const std::string& commit, const Error& reason) {
    if (reason.code != "git.failed") return reason;
    const auto hash = read_file(folder_ / commit / kHashFile);
    if (!hash.ok()) return reason;
    auto found = store_->open(commit, [&](const Tree& tree) { return tree_id(tree) == *hash; });
    if (!found) return reason;
    last_ = std::move(found);
    SourceVersion version =
        describe(*last_, {"The mirror of the repository " + slug_ +
                          " cannot be read; the files of the commit are used as they lie until "
                          "the next sync makes it anew."});
    version.unchecked = true;
    return version;
  }

  /// Whose files the checkout of `commit` may share.
  std::optional<StoredVersion> earlier_checkout(git_repository* repository,
                                                const std::string& commit, FetchWatch* watch) {
    if (last_) return last_;
    const std::string current = current_commit();
    git_oid id;
    if (current == commit || !from_text(current, &id)) return std::nullopt;
    auto files = list(repository, id, watch);
    if (!files.ok()) return std::nullopt;
    return store_->open(current, [&](const Tree& found) { return found == files->tree; });
  }

  std::string current_commit() const {
    std::error_code failure;
    return fs::read_symlink(current_, failure).string();
  }

  SourceVersion describe(const StoredVersion& stored, std::vector<std::string> warnings) const {
    SourceVersion version{stored.id,           stored.path, current_,    {},
                          std::move(warnings), false,       stored.hold, false};
    const bool package = stored.tree.contains(slug_ + "/jobs/__init__.py");
    // Jobs import from all of their repository.
    if (package || stored.tree.contains(slug_ + "/jobs.py")) {
      version.modules.push_back(
          {slug_ + ".jobs", slug_ + (package ? "/jobs" : "/jobs.py"), tree_id(stored.tree)});
    }
    for (SourceModule& module :
         native_modules_of(stored.tree, slug_ + "/jobs", slug_ + ".jobs.", &version.warnings))
      version.modules.push_back(std::move(module));
    return version;
  }

  const GitOptions options_;
  const std::string slug_;
  const fs::path folder_;
  const fs::path mirror_;
  const fs::path current_;
  std::optional<VersionStore> store_;
  std::optional<StoredVersion> last_;  ///< the newest checkout, held
};

GitMirror::GitMirror(GitOptions options, std::string slug)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(slug))) {}
GitMirror::~GitMirror() = default;

Result<GitHead> GitMirror::fetch(const GitRemote& remote, const Proceed& proceed) {
  return within_memory([&] { return impl_->fetch(remote, proceed); });
}
Result<GitChanges> GitMirror::changes(const std::string& before, const std::string& after,
                                      const Proceed& proceed) {
  return within_memory([&] { return impl_->changes(before, after, proceed); });
}
Result<SourceVersion> GitMirror::checkout(const std::string& commit, const Proceed& proceed) {
  return within_memory([&] { return impl_->checkout(commit, proceed); });
}
Result<void> GitMirror::make_current(const std::string& commit) {
  return impl_->make_current(commit);
}
void GitMirror::prune(const std::set<std::string>& keep) {
  impl_->prune(keep);
}
Result<void> GitMirror::remove() {
  return impl_->remove();
}

}  // namespace windlass::sources
