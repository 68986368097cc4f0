#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace windlass::sources {

/// The key that an ssh server showed.
struct HostKey {
  std::string blob;         ///< as it goes over the wire
  std::string fingerprint;  ///< "SHA256:…", as ssh-keygen shows it
};

/// The algorithm that a key blob names at its beginning, "ssh-ed25519"; "" when it is no key.
std::string key_type(std::string_view blob);

/// Whether the lines, as OpenSSH writes them in known_hosts, vouch for this key of the host. Names
/// may be hashed, lists, or patterns with * ? and !; a key marked @revoked is refused, and
/// certificates (@cert-authority) do not count. Error `git.host_key` says the fingerprint and what
/// to do.
Result<void> check_host_key(std::string_view known_hosts, const std::string& host, int port,
                            const HostKey& key);

/// Types of the keys that the lines have for the host: what to ask the server for.
std::vector<std::string> known_key_types(std::string_view known_hosts, const std::string& host,
                                         int port);

}  // namespace windlass::sources
