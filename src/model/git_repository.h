#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/field.h"

namespace windlass {

/// A Git repository whose `jobs` module brings job classes, under its slug as package name.
struct GitRepository {
  Uuid id;
  std::string name;             ///< unique
  std::string slug;             ///< unique, a Python identifier; never changes
  std::string remote_url;       ///< without credentials
  std::string branch = "main";  ///< or a tag
  json::value provided_contents = json::array{"extras.job"};  ///< the original's word for jobs
  std::string current_head;  ///< commit that serves; "" before the first good sync
  std::string newest_head;   ///< commit fetched last, whether it serves or not
  std::string sync_error;    ///< why newest_head does not serve, or the last fetch failed: a
                             ///< traceback or a sentence; "" when fine
  std::optional<TimePoint> last_synced;  ///< last fetch that reached the remote
  double poll_interval = 0;              ///< seconds between syncs of its own; 0: none
  std::string python;                    ///< interpreter of its jobs; "": the setting
  std::string username;                  ///< for http(s) and ssh
  std::string secret_kind;               ///< kTokenSecret, kSshKeySecret or ""
  std::string secret;                    ///< sealed; never shown
  std::string webhook_secret;            ///< sealed; never shown
  std::string known_hosts;  ///< ssh: lines as in known_hosts; "": the setting git_known_hosts
  TimePoint created;
  TimePoint last_updated;
};

/// GitRepository::secret_kind of a password or token for http(s).
inline constexpr std::string_view kTokenSecret = "token";
/// GitRepository::secret_kind of a private key, in PEM or OpenSSH form.
inline constexpr std::string_view kSshKeySecret = "ssh_key";

/// Class paths of Windlass' own jobs that fetch a repository; their input `repository` is its id.
inline constexpr std::string_view kSyncJob = "nautobot.core.jobs.GitRepositorySync";
inline constexpr std::string_view kDryRunJob = "nautobot.core.jobs.GitRepositoryDryRun";

}  // namespace windlass
