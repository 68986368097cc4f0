#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "runner/spawn.h"
#include "sources/version_store.h"

namespace windlass::engine {

/// A folder that was made once and is used by many. A value; cheap to copy.
struct KeyedFolder {
  std::filesystem::path path;
  std::shared_ptr<const sources::VersionHold> hold;  ///< it stays while this lives
};

/// Gives a folder and all in it to an account; links are not followed. Error `file.io`.
Result<void> give_folder(const std::filesystem::path& folder, uid_t user, gid_t group);

/// Folders that take long to make, each named by a key from which its content follows. One is made
/// as <key>.<random> and counts from the moment in which the link <key> leads there, so that
/// nothing half-made is ever used. Several processes may share the place; each folder is made by
/// one of them. Thread-safe; blocks its caller.
class KeyedFolders {
 public:
  /// `is_whole` tells of a folder that was made whether it can still be used.
  KeyedFolders(std::filesystem::path place,
               std::function<bool(const std::filesystem::path& folder)> is_whole)
      : place_(std::move(place)), is_whole_(std::move(is_whole)) {}

  /// 32 hexadecimal digits for what a folder's content follows from.
  static std::string key_of(std::string_view identity);
  std::optional<KeyedFolder> open(const std::string& key) const;
  /// `build` fills an empty folder; it may give it to `account`, and everything in it is ours again
  /// afterwards.
  /// `waits` is called when another process makes the same; `proceed` false gives up waiting, with
  /// the error `stopped`. Errors: those of `build`, `file.io`.
  Result<KeyedFolder> make(const std::string& key, const std::optional<runner::Account>& account,
                           const std::function<void()>& waits, const std::function<bool()>& proceed,
                           const Error& stopped,
                           const std::function<Result<void>(const std::filesystem::path&)>& build);
  /// Removes those that no process holds and that were opened last longer than `age` ago, and what
  /// crashed processes left half-made. `told` gets the name of each.
  void prune(Micros age, const std::function<void(const std::string& name)>& told);

 private:
  Result<UniqueFd> lock(const std::string& key, const std::function<void()>& waits,
                        const std::function<bool()>& proceed, const Error& stopped) const;

  const std::filesystem::path place_;
  const std::function<bool(const std::filesystem::path& folder)> is_whole_;
};

}  // namespace windlass::engine
