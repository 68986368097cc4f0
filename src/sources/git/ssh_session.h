#pragma once

#include <libssh2.h>

#include <memory>
#include <string>

#include "base/files.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// How to come into an ssh server.
struct SshAccess {
  std::string host;
  int port = 22;
  std::string path;  ///< of the repository
  std::string username;
  std::string private_key;  ///< PEM or OpenSSH form; "" uses the password
  std::string password;
  std::string known_hosts;
};

/// A command that runs on an ssh server, `git-upload-pack` of a repository. Waits by the watch
/// alone. Used by one thread. Failures are left with the watch: `git.unreachable`, `git.host_key`,
/// `git.credentials`.
class SshSession {
 public:
  SshSession(const SshAccess& access, FetchWatch* watch) : access_(access), watch_(watch) {}
  ~SshSession();
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;

  bool open();
  /// Bytes read, 0 at the end, -1 on a failure.
  ssize_t read(char* data, std::size_t size);
  bool write(const char* data, std::size_t size);

 private:
  template <class Call>
  auto call(Call&& function);
  bool shake_hands();
  bool check_key();
  bool sign_in();
  bool start_command();
  bool lost(const char* doing);

  const SshAccess& access_;
  FetchWatch* const watch_;
  UniqueFd socket_;
  LIBSSH2_SESSION* session_ = nullptr;
  LIBSSH2_CHANNEL* channel_ = nullptr;
};

}  // namespace windlass::sources
