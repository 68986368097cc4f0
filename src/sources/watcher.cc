#include "sources/watcher.h"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "base/event_loop.h"
#include "base/log.h"
#include "sources/inotify.h"
#include "sources/pending_changes.h"
#include "sources/scan.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

/// A rescan may take this share of one core's time: a twentieth.
constexpr int kRescanShare = 20;

using Event = PendingChanges::Event;
using Stamps = std::map<std::string, FileStamp>;

Stamps stamps_of(const Scan& scan) {
  Stamps stamps;
  for (const ScannedFile& file : scan.files)
    stamps.emplace_hint(stamps.end(), file.path, file.stamp);
  return stamps;
}

std::vector<std::string> differing(const Stamps& before, const Stamps& after) {
  std::vector<std::string> paths;
  for (const auto& [path, stamp] : after) {
    const auto earlier = before.find(path);
    if (earlier == before.end() || !(earlier->second == stamp)) paths.push_back(path);
  }
  for (const auto& [path, stamp] : before) {
    if (!after.contains(path)) paths.push_back(path);
  }
  return paths;
}

/// A file made by open() is being written; one made by link() or symlink() is whole at once.
bool made_by_open(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1;
}

bool is_there(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace

/// Everything but the constructor, the destructor and the waiting runs on the loop's thread.
class Watcher::Impl {
 public:
  Impl(WatcherOptions options, std::function<void(Change)> on_change)
      : options_(std::move(options)),
        on_change_(std::move(on_change)),
        root_(fs::absolute(options_.root).lexically_normal()),
        pending_(options_.quiet, options_.max_delay, options_.hold),
        loop_("windlass-watch") {
    if (!root_.has_filename()) root_ = root_.parent_path();  // "/jobs/" is "/jobs"
  }

  void start() {
    loop_.call([this] { begin(); });
  }
  void request_stop() {
    loop_.post([this] { end(); });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !running_; });
  }

  void mark() {
    loop_.call([this] {
      drain();
      touched_.clear();
      marked_ = true;
      schedule();
    });
  }

  Activity since_mark() {
    Activity activity;
    loop_.call([&] {
      drain();
      activity.open = pending_.held();
      for (const std::string& path : pending_.paths()) {
        if (!is_there(folder_ / path)) activity.open.insert(path);
      }
      activity.touched = std::exchange(touched_, {});
      marked_ = false;
      schedule();
    });
    return activity;
  }

 private:
  Micros now() const { return clock_.steady(); }

  void begin() {
    if (running_) return;
    set_running(true);
    if (options_.use_inotify) {
      if (auto opened = Inotify::open(); opened.ok()) {
        inotify_.emplace(std::move(opened).value());
        readable_ = loop_.watch_readable(inotify_->fd(), [this] {
          drain();
          schedule();
        });
      } else {
        log::error("Job files are watched by rescans", opened.error());
      }
    }
    attach();
    pending_ = PendingChanges(options_.quiet, options_.max_delay,
                              options_.hold);  // what lies there is no change
    schedule_rescan(options_.rescan);
  }

  void end() {
    due_.reset();
    rescan_due_.reset();
    readable_.reset();
    inotify_.reset();
    set_running(false);
  }

  void set_running(bool running) {
    const std::lock_guard lock(mutex_);
    running_ = running;
    changed_.notify_all();
  }

  /// Looks at everything, watching each folder before it is listed, so that nothing falls between.
  Result<Scan> look(const std::string& below = "") {
    return scan_folder(folder_, below, [this](const std::string& path) {
      if (inotify_ && !inotify_->add_folder(folder_ / path, path) &&
          !std::exchange(limit_told_, true)) {
        log::warning(
            "Changes of some job files are seen with a delay: the machine gives no more inotify "
            "watches; raise "
            "fs.inotify.max_user_watches",
            {{"folder", (folder_ / path).string()}});
      }
    });
  }

  /// Finds the root anew, and what differs from before.
  void attach() {
    if (inotify_) {
      inotify_->drop_all();
      inotify_->add_parent(root_.parent_path());
    }
    std::error_code failure;
    folder_ = fs::canonical(root_, failure);
    if (failure) folder_ = root_;
    const auto scan = look();
    Stamps found = scan.ok() ? stamps_of(*scan) : Stamps();
    root_stamp_ = scan.ok() ? std::optional(scan->root) : std::nullopt;
    for (const std::string& path : differing(baseline_, found)) note(path, Event::kClosed);
    baseline_ = std::move(found);
  }

  void attach_changed() {
    pending_.add_everything(now());
    attach();
  }

  void note(const std::string& path, Event event) {
    pending_.add(path, event, now());
    if (marked_) touched_.insert(path);
  }

  void drain() {
    if (!inotify_) return;
    const Inotify::Batch batch = inotify_->read();
    bool root_concerned = batch.lost;
    for (const Inotify::Event& event : batch.events) root_concerned |= handle(event);
    if (root_concerned) attach_changed();
  }

  /// True when the root itself came, went or was replaced.
  bool handle(const Inotify::Event& event) {
    if (event.in_parent) return event.name == root_.filename();
    if (event.name.empty())
      return event.folder.empty() && (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
    if (is_left_out(event.name)) return false;
    const std::string path = event.folder.empty() ? event.name : event.folder + "/" + event.name;
    if ((event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0) inotify_->drop_beneath(path);
    const bool came = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
    std::error_code failure;
    if ((event.mask & IN_ISDIR) != 0 || (came && fs::is_directory(folder_ / path, failure))) {
      note(path, (event.mask & IN_ATTRIB) != 0 ? Event::kTouched : Event::kClosed);
      if (came) add_folder(path);
    } else if ((event.mask & IN_MODIFY) != 0 ||
               ((event.mask & IN_CREATE) != 0 && made_by_open(folder_ / path))) {
      note(path, Event::kWritten);
    } else {
      note(path, (event.mask & IN_ATTRIB) != 0 ? Event::kTouched : Event::kClosed);
    }
    return false;
  }

  void add_folder(const std::string& path) {
    const auto scan = look(path);
    if (!scan.ok()) return;  // gone again, which is told by its own event
    for (const ScannedFile& file : scan->files) note(file.path, Event::kClosed);
  }

  void rescan() {
    const Micros begun = now();
    const auto scan = look();
    drain();  // so that what inotify tells counts as told
    const bool same_root = scan.ok() == root_stamp_.has_value() &&
                           (!scan.ok() || (scan->root.device == root_stamp_->device &&
                                           scan->root.inode == root_stamp_->inode));
    std::error_code failure;
    const fs::path target = fs::canonical(root_, failure);
    if (!same_root || (!failure && target != folder_)) {
      attach_changed();
      return;
    }
    if (!scan.ok()) return;
    Stamps found = stamps_of(*scan);
    for (const std::string& path : differing(baseline_, found)) note(path, Event::kPolled);
    baseline_ = std::move(found);
    pending_.settle_polled(begun, now());
  }

  void schedule_rescan(Micros delay) {
    rescan_due_ = loop_.after(delay, [this] {
      const Micros begun = now();
      rescan();
      schedule();
      schedule_rescan(std::max(options_.rescan, kRescanShare * (now() - begun)));
    });
  }

  void schedule() {
    const auto due = running_ ? pending_.due() : std::nullopt;
    if (!due) {
      due_.reset();
      return;
    }
    due_ = loop_.after(std::max(Micros(0), *due - now()), [this] { on_due(); });
  }

  void on_due() {
    drain();
    if (pending_.needs_rescan(now())) rescan();
    PendingChanges::Taken taken = pending_.take(now());
    for (const std::string& path : taken.paths) refresh_baseline(path);
    if (!taken.paths.empty() || taken.everything) on_change_(describe(std::move(taken)));
    schedule();
  }

  /// What is told now must not be found again by the next rescan.
  void refresh_baseline(const std::string& path) {
    if (const auto file = scan_file(folder_, path)) {
      baseline_[path] = file->stamp;
      return;
    }
    baseline_.erase(path);
    const std::string below = path + "/";
    const auto first = baseline_.lower_bound(below);
    baseline_.erase(first, std::find_if(first, baseline_.end(), [&](const auto& entry) {
                      return !entry.first.starts_with(below);
                    }));
    const auto scan = scan_folder(folder_, path);
    if (!scan.ok()) return;
    for (const ScannedFile& file : scan->files) baseline_[file.path] = file.stamp;
  }

  Change describe(PendingChanges::Taken taken) const {
    Change change;
    change.everything = taken.everything;
    for (const std::string& path : taken.paths) {
      const std::string entry = path.substr(0, path.find('/'));
      change.entries.try_emplace(
          entry, is_there(folder_ / entry) ? EntryChange::kTouched : EntryChange::kRemoved);
    }
    change.files = std::move(taken.paths);
    return change;
  }

  const WatcherOptions options_;
  const std::function<void(Change)> on_change_;
  const SystemClock clock_;
  fs::path root_;    ///< as given, absolute
  fs::path folder_;  ///< resolved; root_ while it is missing
  std::optional<FileStamp> root_stamp_;
  Stamps baseline_;  ///< what has been told
  PendingChanges pending_;
  std::set<std::string> touched_;  ///< since mark()
  bool marked_ = false;
  bool limit_told_ = false;
  std::optional<Inotify> inotify_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;  ///< written under the mutex on the loop's thread
  EventLoop loop_;        ///< its thread ends before what it uses, its watches before it
  std::unique_ptr<EventLoop::Watch> readable_;
  std::unique_ptr<EventLoop::Timer> due_;
  std::unique_ptr<EventLoop::Timer> rescan_due_;
};

Watcher::Watcher(WatcherOptions options, std::function<void(Change)> on_change)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(on_change))) {}
Watcher::~Watcher() {
  stop();
}

Result<void> Watcher::start() {
  impl_->start();
  return ok();
}
void Watcher::request_stop() {
  impl_->request_stop();
}
void Watcher::wait() {
  impl_->wait();
}
void Watcher::mark() {
  impl_->mark();
}
WriteActivity::Activity Watcher::since_mark() {
  return impl_->since_mark();
}

}  // namespace windlass::sources
