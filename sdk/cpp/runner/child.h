#pragma once

/// A child: does the runs that come on its run socket, one after another, until the host closes it
/// or kills it.

#include <sys/types.h>

#include <vector>

namespace windlass::runner {

/// Makes a child of this freshly forked process; `descriptors` are run socket, stdout, stderr. The
/// run socket is what is left of them: returns it.
int enter_child(pid_t parent, const std::vector<int>& descriptors);

/// Remembers what a run may not leave changed; in the process whose forks serve runs, or in the
/// child itself.
void remember_surroundings();

/// Does runs until the host is done with this process.
[[noreturn]] void serve_runs(int run_socket);

}  // namespace windlass::runner
