#pragma once

#include <git2.h>

#include "sources/git/ssh_session.h"

namespace windlass::sources {

/// A transport of libgit2 over an SshSession of the fetch that this thread is in. libgit2's own one
/// waits without end for a silent server, reads the host keys of the account alone, and does not
/// ask for the types that are known. `access` outlives it.
int make_ssh_transport(git_transport** out, git_remote* remote, const SshAccess* access);

}  // namespace windlass::sources
