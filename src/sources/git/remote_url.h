#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace windlass::sources {

/// The parts of a remote's URL, read as Git reads it.
struct RemoteUrl {
  enum class Scheme { kHttps, kHttp, kSsh, kFile };
  Scheme scheme = Scheme::kHttps;
  std::string user;  ///< ssh alone: "git" of git@host:path
  std::string host;  ///< lower case; "" for files
  int port = 0;      ///< 0: the scheme's own
  std::string path;  ///< with its leading '/' but for host:path; decoded for files
};

/// Reads https://, http://, ssh://, user@host:path and file:// URLs. Error `git.url` says what is
/// wrong and never holds the text of a password.
Result<RemoteUrl> parse_remote_url(std::string_view url);

/// Whether a repository may have this URL: one of those forms, without a password or token in it;
/// a file: URL lies beneath one of the roots. Error `git.url`.
Result<void> check_remote_url(std::string_view url,
                              const std::vector<std::filesystem::path>& file_roots);

/// The URL as it may be shown: without user name and password.
std::string shown_url(std::string_view url);

/// The page that shows the commit, on hosts whose pages are known (GitHub, GitLab, Gitea, Codeberg,
/// Bitbucket, by host name); else "".
std::string commit_link(std::string_view remote_url, std::string_view commit);

}  // namespace windlass::sources
