#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/service.h"
#include "sources/write_activity.h"

namespace windlass::sources {

/// What became of a top-level file or folder.
enum class EntryChange { kTouched, kRemoved };

/// Something beneath the root changed and has been quiet since. A hint: a snapshot tells what is
/// true.
struct Change {
  std::set<std::string> files;                 ///< paths beneath the root, of files and folders
  std::map<std::string, EntryChange> entries;  ///< top-level names that they lie in
  bool everything = false;  ///< the root came, went or was replaced, or events were lost
};

struct WatcherOptions {
  std::filesystem::path root = {};
  Micros quiet = std::chrono::milliseconds(50);  ///< without an event before a change is told
  Micros max_delay =
      std::chrono::milliseconds(250);  ///< … but no longer than this when events never stop
  Micros hold = std::chrono::seconds(
      2);  ///< a file open for writing is held back until closed, or this long untouched
  Micros rescan = std::chrono::seconds(
      2);  ///< between looks at every file's stamps, for file systems without inotify
  bool use_inotify = true;  ///< false: by rescans alone
};

/// Tells when the files of a root change: inotify, with a slow rescan underneath. Sees only what a
/// snapshot would take (scan.h). The root may be missing, be a symbolic link, go away and come
/// back.
///
/// Has a thread of its own, on which `on_change` is called; it must not block, nor call the
/// watcher. Start the watcher before the first snapshot, then no edit falls between. start()
/// returns when everything is watched; the rest of Service from any thread.
class Watcher final : public Service, public WriteActivity {
 public:
  Watcher(WatcherOptions options, std::function<void(Change)> on_change);
  ~Watcher() override;
  /// Never fails: where inotify cannot be had (which is logged), rescans do the work.
  Result<void> start() override;
  /// on_change is not called any more after wait().
  void request_stop() override;
  void wait() override;

  void mark() override;
  Activity since_mark() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::sources
