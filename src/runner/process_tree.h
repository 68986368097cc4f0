#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <unordered_set>
#include <vector>

namespace windlass::runner {

/// What can be told of a process by two reads of /proc, some 15 microseconds.
struct Household {
  int threads = 0;        ///< 0: the process has ended
  bool children = false;  ///< it has some, zombies included
};
Household look_at(pid_t pid);

/// The direct children of a process, of all its threads, zombies included. Empty when it has ended.
std::vector<pid_t> children_of(pid_t pid);

/// Kills whatever descends from `root`, but not `root`, which is stopped first and stays so: it
/// starts nothing new behind the walk. Descendants whose parents died fall to `root` when it is a
/// sub-reaper.
class TreeEnd {
 public:
  explicit TreeEnd(pid_t root);
  /// Kills what it finds; call again, some time later, while it returns true: something is still
  /// dying.
  bool step();
  /// What was killed so far.
  const std::unordered_set<pid_t>& killed() const { return killed_; }

 private:
  pid_t root_;
  std::unordered_set<pid_t> killed_;
};

/// Kills `root` and whatever descends from it, without waiting for their end.
void kill_tree(pid_t root);

struct TreeMemory {
  std::int64_t bytes = 0;
  int processes = 0;
};
/// Resident memory of a process and its descendants, from statm: cheap, but memory that several of
/// them share counts in each.
TreeMemory resident_memory(pid_t root);
/// The same from smaps_rollup (PSS): shared memory counts once, divided among its users; costs a
/// walk over the page tables of each process.
TreeMemory proportional_memory(pid_t root);

/// Ends orphans that fell to this process when a runner died: children of ours that live in another
/// session and are not in `known`. What this process starts by itself stays in its session. Call
/// again while it returns true.
bool end_orphans(const std::function<bool(pid_t)>& known);

}  // namespace windlass::runner
