#pragma once

#include <set>
#include <string>

namespace windlass::sources {

/// Knows which files somebody is writing, so that a snapshot never takes one half-written.
/// Implemented by Watcher. One reader at a time.
class WriteActivity {
 public:
  virtual ~WriteActivity() = default;

  /// Paths are relative to the root; a folder's path stands for everything beneath it.
  struct Activity {
    std::set<std::string>
        open;  ///< written to and not closed since, or just gone and perhaps about to come back
    std::set<std::string> touched;  ///< named by any event since mark()
  };
  /// The reader begins to read.
  virtual void mark() = 0;
  /// What happened since, up to now.
  virtual Activity since_mark() = 0;
};

/// Whether the set holds the path, or a folder that the path lies in.
bool covers(const std::set<std::string>& paths, const std::string& path);

}  // namespace windlass::sources
