#include "engine/keyed_folders.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "base/crypto.h"

namespace windlass::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyLength = 32;
constexpr int kLockEveryMs = 50;

bool is_key(std::string_view name) {
  return name.size() == kKeyLength &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

UniqueFd open_folder(const fs::path& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/// The link's own time is that of its last use.
bool used_within(const fs::path& link, Micros age) {
  struct stat found {};
  if (::lstat(link.c_str(), &found) != 0) return false;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  return std::time(nullptr) - found.st_mtim.tv_sec < seconds;
}

}  // namespace

Result<void> give_folder(const fs::path& folder, uid_t user, gid_t group) {
  std::error_code failure;
  if (::lchown(folder.c_str(), user, group) != 0)
    return file_error("Cannot change the owner of", folder);
  for (auto at = fs::recursive_directory_iterator(folder, failure); !failure && at != fs::end(at);
       at.increment(failure)) {
    if (::lchown(at->path().c_str(), user, group) != 0)
      return file_error("Cannot change the owner of", at->path());
  }
  return ok();
}

std::string KeyedFolders::key_of(std::string_view identity) {
  return content_hash(identity).substr(0, kKeyLength);
}

std::optional<KeyedFolder> KeyedFolders::open(const std::string& key) const {
  std::error_code failure;
  const fs::path link = place_ / key;
  const fs::path target = fs::read_symlink(link, failure);
  if (failure || target != target.filename()) return std::nullopt;
  KeyedFolder found{place_ / target, sources::hold_folder(place_ / target)};
  if (found.hold == nullptr || !is_whole_(found.path)) return std::nullopt;
  ::utimensat(AT_FDCWD, link.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
  return found;
}

/// One build of a folder at a time, of all processes. The file may be removed while we wait.
Result<UniqueFd> KeyedFolders::lock(const std::string& key, const std::function<void()>& waits,
                                    const std::function<bool()>& proceed,
                                    const Error& stopped) const {
  const fs::path path = place_ / (key + ".lock");
  bool told = false;
  for (;;) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return file_error("Cannot open", path);
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return file_error("Cannot lock", path);
      if (!std::exchange(told, true)) waits();
      if (!proceed()) return stopped;
      ::poll(nullptr, 0, kLockEveryMs);
    }
    struct stat held {
    }, named{};
    if (::fstat(file.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
        held.st_ino == named.st_ino)
      return file;
  }
}

Result<KeyedFolder> KeyedFolders::make(const std::string& key,
                                       const std::optional<runner::Account>& account,
                                       const std::function<void()>& waits,
                                       const std::function<bool()>& proceed, const Error& stopped,
                                       const std::function<Result<void>(const fs::path&)>& build) {
  WL_TRY_VOID(make_folder(place_));
  if (account) WL_TRY_VOID(allow_mode(place_, 0711));
  WL_TRY(const UniqueFd locked, lock(key, waits, proceed, stopped));
  if (auto found = open(key)) return *std::move(found);

  const fs::path folder = place_ / (key + "." + random_hex(8));
  WL_TRY_VOID(make_folder(folder, account ? 0755 : 0700));
  const auto hold = sources::hold_folder(folder);
  Result<void> made = build(folder);
  if (made.ok() && account) made = give_folder(folder, ::geteuid(), ::getegid());
  if (made.ok()) {
    // What is linked to must be there after a crash of the machine too.
    ::syncfs(open_folder(folder).get());
    const fs::path link = place_ / (".new-" + random_hex(8));
    if (::symlink(folder.filename().c_str(), link.c_str()) != 0 ||
        ::rename(link.c_str(), (place_ / key).c_str()) != 0) {
      made = file_error("Cannot make the link", place_ / key);
      ::unlink(link.c_str());
    }
  }
  if (!made.ok()) {
    sources::put_away(folder);
    return made.error();
  }
  return KeyedFolder{folder, hold};
}

void KeyedFolders::prune(Micros age, const std::function<void(const std::string& name)>& told) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(place_, failure)) {
    const std::string name = entry.path().filename();
    const std::string key = name.substr(0, name.find('.'));
    if (name.starts_with(".old-")) sources::put_away(entry.path());
    if (!is_key(key) || name == key || !entry.is_directory() || entry.is_symlink()) continue;
    const bool current = fs::read_symlink(place_ / key, failure) == name;
    if (current && used_within(place_ / key, age)) continue;
    const UniqueFd folder = open_folder(entry.path());
    if (!folder || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) continue;
    // Not while one of that key is being made, which is not held from its first moment.
    const auto locked = lock(
        key, [] {}, [] { return false; }, {"file.io", "It is being made."});
    if (!locked.ok()) continue;
    if (fs::read_symlink(place_ / key, failure) == name) fs::remove(place_ / key, failure);
    sources::put_away(entry.path());
    fs::remove(place_ / (key + ".lock"), failure);
    told(name);
  }
}

}  // namespace windlass::engine
