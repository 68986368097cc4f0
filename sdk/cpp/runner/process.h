#pragma once

/// What is asked of the kernel about processes: parent-death signals, sub-reapers, lists of
/// children, the end of whole process trees. Nothing here throws or allocates more than it returns.

#include <sys/types.h>

#include <vector>

namespace windlass::runner {

/// Ends this process when `parent`, which forked it, ends; keeps what descends from it below it.
void bind_to_parent(pid_t parent);

/// Makes this process the one that its orphaned descendants fall to.
void adopt_orphans();

/// Has the kernel end this process, the base, with the host: while it may not be able to notice.
void die_with_spawner();

/// Takes die_with_spawner() back: the base notices the end of the host by its control socket, and
/// then ends everything below it, which nobody could find once it were dead.
void outlive_spawner();

/// Threads of this process, 1 where that cannot be told.
int thread_count();

/// Closes every descriptor above `last_kept`.
void close_all_above(int last_kept);

/// The direct children of `pid`; empty when it is gone.
std::vector<pid_t> children_of(pid_t pid);

/// Kills `roots` and all that descends from them; returns those that may not be killed (another
/// user's). Each process is stopped before its children are listed, so that none is forked behind
/// the listing and no process id can be used anew. Whoever calls this reaps, and calls again while
/// something is left.
std::vector<pid_t> end_trees(std::vector<pid_t> roots);

}  // namespace windlass::runner
