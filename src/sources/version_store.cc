#include "sources/version_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>

#include "base/crypto.h"
#include "base/log.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kHalfMade = ".new-";
constexpr std::string_view kPutAway = ".old-";
constexpr std::time_t kLeftoverAge =
    60;  // seconds; a younger one may be about to be locked by its maker

UniqueFd open_folder(const fs::path& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool is_at(const UniqueFd& folder, const fs::path& path) {
  struct stat held {
  }, named{};
  return ::fstat(folder.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

void remove_read_only(const fs::path& path) {
  std::error_code failure;
  ::chmod(path.c_str(), 0700);
  for (auto at = fs::recursive_directory_iterator(path, failure); !failure && at != fs::end(at);
       at.increment(failure)) {
    if (at->is_directory(failure) && !at->is_symlink(failure)) ::chmod(at->path().c_str(), 0700);
  }
  fs::remove_all(path, failure);
  if (failure) {
    log::warning("A folder of sources could not be removed",
                 {{"folder", path.string()}, {"reason", failure.message()}});
  }
}

/// A version folder in the making, locked against pruning; removed unless it was committed.
class Staging {
 public:
  explicit Staging(const fs::path& store)
      : path_(store / (std::string(kHalfMade) + random_hex(8))) {}
  ~Staging() {
    if (folder_) remove_read_only(path_);
  }
  Result<void> begin() {
    WL_TRY_VOID(make_folder(path_.parent_path()));
    if (::mkdir(path_.c_str(), 0700) != 0) return file_error("Cannot make the folder", path_);
    folder_ = open_folder(path_);
    if (!folder_ || ::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0)
      return file_error("Cannot lock", path_);
    return ok();
  }
  Result<void> write(const std::string& path, std::string_view content, bool executable) {
    WL_TRY_VOID(make_parents(path));
    const mode_t mode = executable ? 0555 : 0444;
    // Not synced: a version that a crash of the machine damaged is found by its hash and made anew.
    WL_TRY_VOID(write_new_file(path_ / path, content, static_cast<int>(mode), Durable::kNo));
    if (::chmod((path_ / path).c_str(), mode) != 0)
      return file_error("Cannot set the mode of", path_ / path);
    return ok();
  }
  Result<void> link(const std::string& path, const fs::path& from, bool executable) {
    WL_TRY_VOID(make_parents(path));
    if (::link(from.c_str(), (path_ / path).c_str()) == 0) return ok();
    WL_TRY(const std::string content,
           read_file(from, SIZE_MAX));  // no hard links here, or too many of this file
    return write(path, content, executable);
  }
  /// Null when another process made the same version meanwhile. `kept` is what holds the version
  /// from now on.
  Result<std::shared_ptr<const VersionHold>> commit(const fs::path& target) {
    for (const std::string& made : folders_) ::chmod((path_ / made).c_str(), 0555);
    ::chmod(path_.c_str(), 0555);
    if (::rename(path_.c_str(), target.c_str()) != 0) {
      if (errno == EEXIST || errno == ENOTEMPTY) return std::shared_ptr<const VersionHold>();
      return file_error("Cannot make the version", target);
    }
    ::flock(folder_.get(), LOCK_SH);
    return std::shared_ptr<const VersionHold>(std::make_shared<VersionHold>(std::move(folder_)));
  }

 private:
  Result<void> make_parents(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ok();
    const std::string parent = path.substr(0, slash);
    if (!folders_.insert(parent).second) return ok();
    WL_TRY_VOID(make_parents(parent));
    if (::mkdir((path_ / parent).c_str(), 0700) != 0)
      return file_error("Cannot make the folder", path_ / parent);
    return ok();
  }

  fs::path path_;
  UniqueFd folder_;
  std::set<std::string> folders_;
};

using ContentKey = std::pair<std::string, bool>;

std::map<ContentKey, fs::path> contents_of(const std::vector<const StoredVersion*>& origins) {
  std::map<ContentKey, fs::path> contents;
  for (const StoredVersion* origin : origins) {
    for (const auto& [path, file] : origin->tree) {
      contents.try_emplace({file.hash, file.executable}, origin->path / path);
    }
  }
  return contents;
}

bool is_leftover(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         std::time(nullptr) - status.st_ctim.tv_sec > kLeftoverAge;
}

}  // namespace

std::shared_ptr<const VersionHold> hold_folder(const fs::path& path) {
  UniqueFd folder = open_folder(path);
  if (!folder) return nullptr;
  while (::flock(folder.get(), LOCK_SH) != 0 && errno == EINTR) {
  }
  if (!is_at(folder, path)) return nullptr;
  return std::make_shared<VersionHold>(std::move(folder));
}

void put_away(const fs::path& path) {
  const fs::path aside = path.parent_path() / (std::string(kPutAway) + random_hex(8));
  std::error_code failure;
  fs::rename(path, aside, failure);
  if (!failure) remove_read_only(aside);
}

bool VersionStore::is_id(const std::string& name) const {
  return name.size() == form_.id_length &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<StoredVersion> VersionStore::open(const std::string& id, const IsIntact& is_intact) {
  const fs::path path = folder_ / id;
  auto hold = is_id(id) ? hold_folder(path) : nullptr;
  if (hold == nullptr) return std::nullopt;
  if (const auto known = known_.find(id); known != known_.end() && is_intact(known->second))
    return StoredVersion{id, path, known->second, hold};
  auto tree = form_.read_back(path);
  if (!tree || !is_intact(*tree)) {
    log::warning("A version of the sources is damaged and was put away",
                 {{"folder", path.string()}});
    put_away(path);
    return std::nullopt;
  }
  known_[id] = *tree;
  return StoredVersion{id, path, std::move(*tree), hold};
}

Result<StoredVersion> VersionStore::build(const std::string& id, const Tree& tree,
                                          const std::vector<const StoredVersion*>& origins,
                                          const Reader& read) {
  const IsIntact same = [&](const Tree& found) { return found == tree; };
  if (auto existing = open(id, same)) return std::move(*existing);
  const auto contents = contents_of(origins);
  Staging staging(folder_);
  WL_TRY_VOID(staging.begin());
  for (const auto& [path, file] : tree) {
    const auto origin = contents.find({file.hash, file.executable});
    if (origin != contents.end() && staging.link(path, origin->second, file.executable).ok())
      continue;
    WL_TRY(const std::string content, read(path));
    WL_TRY_VOID(staging.write(path, content, file.executable));
  }
  WL_TRY(auto hold, staging.commit(folder_ / id));
  if (hold == nullptr) {
    if (auto existing = open(id, same)) return std::move(*existing);
    return Error{"file.io",
                 "The version " + id +
                     " of the sources could not be made; it is tried again with the next change."};
  }
  known_[id] = tree;
  return StoredVersion{id, folder_ / id, tree, std::move(hold)};
}

void VersionStore::prune(const std::set<std::string>& keep) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder_, failure)) {
    const std::string name = entry.path().filename();
    const bool version = is_id(name) && !keep.contains(name);
    const bool leftover =
        (name.starts_with(kHalfMade) || name.starts_with(kPutAway)) && is_leftover(entry.path());
    if (!version && !leftover) continue;
    const UniqueFd folder = open_folder(entry.path());
    if (!folder || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) continue;
    put_away(entry.path());
    known_.erase(name);
  }
}

}  // namespace windlass::sources
