#include "sources/inotify.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace windlass::sources {

namespace {

constexpr std::uint32_t kFolderEvents = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM |
                                        IN_MOVED_TO | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF |
                                        IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;
// The parent is often the home, where the database writes all the time: only what comes and goes.
constexpr std::uint32_t kParentEvents =
    IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR;

}  // namespace

Result<Inotify> Inotify::open() {
  UniqueFd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!fd) {
    return Error{
        "sources.inotify",
        "Changes of job files are seen with a delay: the machine gives no more inotify instances "
        "(fs.inotify.max_user_instances).",
        std::strerror(errno)};
  }
  return Inotify(std::move(fd));
}

bool Inotify::add_folder(const std::filesystem::path& folder, const std::string& path) {
  const int watch = ::inotify_add_watch(fd_.get(), folder.c_str(), kFolderEvents | IN_MASK_ADD);
  if (watch < 0) return errno == ENOENT;  // gone again; its end is told by the folder above
  if (const auto old = watches_.find(path); old != watches_.end() && old->second != watch)
    drop_beneath(path);
  paths_[watch].insert(path);
  watches_[path] = watch;
  return true;
}

bool Inotify::add_parent(const std::filesystem::path& folder) {
  parent_ = ::inotify_add_watch(fd_.get(), folder.c_str(), kParentEvents | IN_MASK_ADD);
  return parent_ >= 0;
}

void Inotify::drop_beneath(const std::string& path) {
  for (auto at = watches_.begin(); at != watches_.end();) {
    if (!path.empty() && at->first != path && !at->first.starts_with(path + "/")) {
      ++at;
      continue;
    }
    const auto paths = paths_.find(at->second);
    paths->second.erase(at->first);
    if (paths->second.empty()) {
      if (at->second != parent_) ::inotify_rm_watch(fd_.get(), at->second);
      paths_.erase(paths);
    }
    at = watches_.erase(at);
  }
}

void Inotify::drop_all() {
  drop_beneath("");
  if (parent_ >= 0) ::inotify_rm_watch(fd_.get(), parent_);
  parent_ = -1;
}

Inotify::Batch Inotify::read() {
  Batch batch;
  alignas(inotify_event) char buffer[16384];
  while (true) {
    const ssize_t got = ::read(fd_.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return batch;
    for (const char* at = buffer; at < buffer + got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      const std::string name = event->len > 0 ? event->name : "";
      if ((event->mask & IN_Q_OVERFLOW) != 0) batch.lost = true;
      if (event->wd == parent_) batch.events.push_back({event->mask, true, "", name});
      if (event->wd == parent_ && (event->mask & IN_IGNORED) != 0) parent_ = -1;
      const auto paths = paths_.find(event->wd);
      if (paths == paths_.end()) continue;
      for (const std::string& folder : paths->second)
        batch.events.push_back({event->mask, false, folder, name});
      if ((event->mask & IN_IGNORED) !=
          0) {  // the kernel has ended this watch; its number may not be used again
        for (const std::string& folder : paths->second) watches_.erase(folder);
        paths_.erase(paths);
      }
    }
  }
}

}  // namespace windlass::sources
