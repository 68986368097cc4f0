#pragma once

#include <netdb.h>

#include <string>

#include "base/files.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// A TCP connection to the host, as a descriptor that does not block; none when it failed, and then
/// the watch has the error (`git.unreachable`). Looking up the name takes as long as the machine's
/// resolver lets it.
UniqueFd connect_to(const std::string& host, const std::string& port, FetchWatch* watch);

/// The same to the first of these addresses that answers: each has its share of the time, so that
/// one that swallows packets does not use up that of the others.
UniqueFd connect_to_any(const addrinfo* addresses, const std::string& host, const std::string& port,
                        FetchWatch* watch);

/// Has libgit2 make its http and https connections through connect_to(), so that a fetch can be
/// cancelled and a silent server is given up: this version of it would wait for ever.
void use_watched_connections();

}  // namespace windlass::sources
