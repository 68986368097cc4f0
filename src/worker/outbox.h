#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "storage/results.h"

namespace windlass::worker {

/// An attempt of a run, and the right to write to it.
struct RunKey {
  std::int64_t number = 0;
  std::int64_t lease_token = 0;
};

/// A file that a run created, on its way into storage.
struct FileToKeep {
  RunKey run;
  std::int64_t file = 0;  ///< the job's number of it
  std::string name;
  std::string base64;
};

/// What the runs of a worker have reported and storage has not taken yet: a box a claimed run,
/// until its outcome is stored or it is lost. Runs that have none are ignored. Not thread-safe.
class Outbox {
 public:
  void open(const RunKey& run);
  void forget(std::int64_t number);
  bool empty() const { return boxes_.empty(); }
  std::vector<std::int64_t> numbers() const;

  /// Calls `fill(RunWrite&)` for what waits of this run, which grows by `bytes`; false without a
  /// box.
  template <class Fill>
  bool put(const RunKey& run, std::size_t bytes, Micros now, Fill fill) {
    Box* box = find(run);
    if (!box) return false;
    fill(box->pending);
    count(*box, bytes, now);
    return true;
  }
  bool add_file(FileToKeep file);
  /// Whether the run writes faster than storage takes it, and should be held back until relieve()
  /// names it.
  bool crowded(const RunKey& run);

  bool any_pending() const { return any_pending_; }
  /// When the oldest of what waits came; only where any_pending().
  Micros first_pending() const { return first_pending_; }
  /// Of the events that wait.
  std::size_t pending_bytes() const { return pending_bytes_; }

  /// The next part of what waits, of each run; with `all`, an empty write of the others. An outcome
  /// goes with a run's last part; what is left has waited since `now`.
  std::vector<RunWrite> take(bool all, Micros now);
  /// Storage has them.
  void stored(const std::vector<RunWrite>& writes);
  /// Storage has not taken them: all waits in its old order. Returns whether an outcome does.
  bool put_back(std::vector<RunWrite>& writes);

  bool has_files() const { return !files_.empty(); }
  FileToKeep take_file();
  /// Storage has seen this one.
  void file_done(const FileToKeep& file);

  /// Runs that were crowded and have room again.
  std::vector<std::int64_t> relieve();

 private:
  struct Box {
    std::int64_t lease_token = 0;
    RunWrite pending;
    std::size_t pending_bytes = 0;  ///< of the events in `pending`
    std::size_t sent_bytes = 0;     ///< of what storage is given just now
    std::size_t file_bytes = 0;     ///< of the files that wait
    bool crowded = false;
    bool has_pending() const;
    std::size_t bytes() const { return pending_bytes + sent_bytes + file_bytes; }
  };

  Box* find(const RunKey& run);
  void count(Box& box, std::size_t bytes, Micros now);
  RunWrite slice(std::int64_t number, Box& box);

  std::unordered_map<std::int64_t, Box> boxes_;
  std::deque<FileToKeep> files_;
  std::size_t pending_bytes_ = 0;  ///< of all boxes
  std::size_t all_bytes_ = 0;      ///< with what is being stored, and files
  Micros first_pending_{0};
  bool any_pending_ = false;
};

/// What an event counts for, in bytes.
std::size_t weight(const Event& event);

}  // namespace windlass::worker
