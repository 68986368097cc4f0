#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sources/git/remote_url.h"
#include "sources/git/slug.h"
#include "sources/version.h"

namespace windlass::sources {

/// Where a repository is fetched from, and with which credentials.
struct GitRemote {
  enum class Secret { kNone, kToken, kSshKey };
  std::string url;       ///< without credentials (check_remote_url)
  std::string branch;    ///< or a tag; a branch of that name comes first
  std::string username;  ///< "" takes the usual one: "git" for ssh, any for a token
  Secret kind = Secret::kNone;
  std::string secret;       ///< http password or token, or a private key in PEM or OpenSSH form
  std::string known_hosts;  ///< lines as in known_hosts; "" uses the file of the options
};

/// The commit that a branch or tag leads to.
struct GitHead {
  std::string commit;     ///< 40 hexadecimal digits
  std::string reference;  ///< "refs/heads/main"
  std::string summary;    ///< first line of the commit's message
  std::string author;     ///< name
  TimePoint time;         ///< of the commit
};

/// What lies between two commits. Paths are sorted; a renamed file is one removed and one added.
struct GitChanges {
  std::int64_t commits = 0;  ///< that `after` has and `before` has not
  std::vector<std::string> added;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
};

struct GitOptions {
  std::filesystem::path folder;                   ///< <home>/git
  std::vector<std::filesystem::path> file_roots;  ///< file: URLs beneath these alone
  std::filesystem::path known_hosts_file;
  Micros timeout = std::chrono::seconds(60);  ///< longest silence of a server
  std::int64_t size_limit = 256 << 20;        ///< bytes of a checkout
  std::int64_t file_limit = 50'000;           ///< files of a checkout
  std::int64_t fetch_limit = 4LL << 30;       ///< bytes that one fetch may bring
  int most_packs = 100;                       ///< of a mirror, before it is packed anew
  int folder_mode = 0700;  ///< of a repository's folder: 0711 lets others read the commits in it
};

/// One repository: a bare mirror <folder>/<slug>/mirror.git, and a read-only folder
/// <folder>/<slug>/<commit>/<slug> for each commit that was checked out. Nothing of the repository
/// is executed: no hooks, filters or submodules; the machine's Git configuration is not read.
/// One thread at a time; several processes may share the folder.
/// No error and no log line holds a secret; URLs are shown without user information.
class GitMirror {
 public:
  GitMirror(GitOptions options, std::string slug);
  ~GitMirror();

  /// Told what goes on, several times a second, on the calling thread; false cancels.
  using Proceed = std::function<bool(std::string_view progress)>;

  /// Brings the commits of the branch or tag, and nothing else, into the mirror. A damaged mirror
  /// is made anew, and one of many packs packed anew. Errors: `git.url`, `git.credentials`,
  /// `git.host_key`, `git.unreachable` (also a server that is silent for `timeout`),
  /// `git.no_branch`, `git.too_large`, `git.cancelled`, `git.failed`, `file.io`.
  Result<GitHead> fetch(const GitRemote& remote, const Proceed& proceed);

  /// From `before` ("": nothing) to `after`, both in the mirror. Errors: `git.failed` (a commit
  /// that is not in the mirror), `git.too_large` (more files than commits may have),
  /// `git.cancelled`.
  Result<GitChanges> changes(const std::string& before, const std::string& after,
                             const Proceed& proceed = nullptr);

  /// The commit's files as a folder: id = commit, path = <folder>/<slug>/<commit>, root =
  /// <folder>/<slug>/current, one module "<slug>.jobs". Warnings name what was left out or will not
  /// work. It appears in one step, and is on the disk by then; unchanged files are hard links to an
  /// earlier checkout. Errors: `git.no_init`, `git.no_jobs`, `git.unsafe`, `git.too_large`,
  /// `git.cancelled`, `git.failed` (also a commit that is not in the mirror), `file.io`.
  Result<SourceVersion> checkout(const std::string& commit, const Proceed& proceed = nullptr);

  /// Has <folder>/<slug>/current lead to the commit's folder. Error `file.io`.
  Result<void> make_current(const std::string& commit);

  /// Removes the checkouts but for these, the current one, and those held by a SourceVersion in any
  /// process; also what crashed processes left half-made or half-removed, of any repository.
  void prune(const std::set<std::string>& keep);

  /// Removes everything of the slug. Errors: `git.in_use` (a checkout is held, or a fetch is under
  /// way), `file.io`.
  Result<void> remove();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::sources
