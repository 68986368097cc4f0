#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/code_set.h"
#include "engine/git_files.h"
#include "storage/storage.h"

namespace windlass::engine {

/// The Git repositories as sources of code: which commit of each is to serve, and its files. What
/// is not here is fetched on a thread of its own, so that a remote which does not answer holds
/// nothing up. One thread at a time.
class RepositorySources {
 public:
  /// `pythons`: source → interpreter, before what the records say. `wake` is called on another
  /// thread when files have come. `files` null: there are no repositories.
  RepositorySources(Storage& storage, GitFiles* files, std::map<std::string, std::string> pythons,
                    Micros retry, std::function<void()> wake);
  ~RepositorySources();

  /// Reads the records. True when other code is to serve than at the last look. Errors:
  /// `storage.*`.
  Result<bool> look();
  /// Adds what is to serve to the set. With `wait`, fetches what is not here before it returns.
  void add_to(CodeSet& set, bool wait);
  /// Why files are not here, and why commits newer than those that serve were refused, as `kept`
  /// has it.
  SourceErrors errors(const SourceErrors& kept) const;
  const std::vector<GitRepository>& records() const { return records_; }
  /// A commit of a repository as source of code.
  SourceCode code(const GitRepository& repository, sources::SourceVersion version) const;
  /// Of the others, commits newer than those that serve, where their files are here.
  std::vector<SourceCode> newer_than(const CodeSet& used, const std::string& but) const;
  /// These commits serve now: it is recorded, of all or of none, and their files are kept.
  /// `tried` is the record with which its commit was fetched. Errors: `git_repository.not_found`;
  /// `git.superseded`: another commit was fetched since then, or the URL or branch changed.
  Result<void> adopt(const std::vector<SourceCode>& taken, const GitRepository& tried);
  /// Whether `newest` has the commits that the records name at this moment, but for those whose
  /// files are not here. Errors: `storage.*`.
  Result<bool> is_current(const CodeSet& newest) const;
  /// Sources that are to serve and whose files are not here.
  std::set<std::string> missing() const;
  /// When to ask again for files that are not here.
  std::optional<Micros> due() const;
  /// This commit does not import. What was made for it is kept for another try.
  void refuse(const SourceCode& source) { refused_.insert_or_assign(source.name, source); }
  /// Has stable paths lead to what serves.
  void lead_to(const CodeSet& used);
  /// Removes checkouts that nobody needs.
  void prune(const CodeSet& newest, const CodeSet& used);
  /// Removes the files of repositories that were deleted, and virtual environments, where no run
  /// holds them any more.
  void remove_gone(const CodeSet& used);
  /// Has fetches under way end, and every later one; returns at once. Any thread.
  void stop();

 private:
  class Fetching;
  struct Serving {
    std::string id, slug, commit, newest, python;
    bool operator==(const Serving&) const = default;
  };
  struct Known {
    SourceCode code;
    std::string chosen;  ///< the interpreter that was chosen for it then
  };
  GitRepository* find(std::string_view name);

  Storage& storage_;
  GitFiles* const files_;
  const std::map<std::string, std::string> pythons_;
  std::vector<GitRepository> records_;
  std::vector<Serving> seen_;
  std::map<std::string, Known> versions_;  ///< source → what is to serve
  std::map<std::string, SourceCode>
      refused_;  ///< source → the newest commit, where it did not import
  std::map<std::string, std::string> current_;  ///< slug → where its stable path leads to
  std::map<std::string, std::string> missing_;  ///< source → why its files are not here
  std::optional<Micros> ask_again_;  ///< for files that are not here for other reasons than that
                                     ///< they were not fetched
  const Micros retry_;
  SystemClock clock_;
  std::unique_ptr<Fetching> fetching_;
};

}  // namespace windlass::engine
