#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace windlass::sources {

/// inotify over the folders beneath one root, and the folder that the root lies in. One thread.
class Inotify {
 public:
  /// Error `sources.inotify`: the machine gives no inotify instance.
  static Result<Inotify> open();
  int fd() const { return fd_.get(); }

  /// Watches a folder, once however often it is added; `path` is what its events are told by. False
  /// when it cannot be watched.
  bool add_folder(const std::filesystem::path& folder, const std::string& path);
  /// Watches what comes into this folder and leaves it, apart from the rest.
  bool add_parent(const std::filesystem::path& folder);
  /// Ends the watches of a folder and of everything beneath it.
  void drop_beneath(const std::string& path);
  void drop_all();

  struct Event {
    std::uint32_t mask = 0;
    bool in_parent = false;
    std::string folder;  ///< path beneath the root of the folder watched
    std::string name;    ///< of the file in it; "" when the event is about the folder itself
  };
  struct Batch {
    std::vector<Event> events;
    bool lost = false;  ///< the queue ran over
  };
  /// Everything that has happened since; empty when nothing has.
  Batch read();

 private:
  explicit Inotify(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
  std::map<int, std::set<std::string>> paths_;  ///< one folder may be reached on several ways
  std::map<std::string, int> watches_;
  int parent_ = -1;
};

}  // namespace windlass::sources
