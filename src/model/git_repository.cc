#include "model/git_repository.h"

namespace windlass {

template <>
const ResourceInfo& resource_of<GitRepository>() {
  static const ResourceInfo info{"extras.gitrepository", "extras/git-repositories",
                                 "Git Repository", "git_repository"};
  return info;
}

template <>
const std::vector<Field<GitRepository>>& fields_of<GitRepository>() {
  using G = GitRepository;
  static const std::vector<Field<G>> fields{
      {{"id", FieldKind::kId, kFilter}, &G::id},
      {{"name", FieldKind::kText, kFilter | kSort | kSearch | kWritable}, &G::name},
      {{"slug", FieldKind::kText, kFilter | kSort | kSearch, "",
        "Package name of its jobs, a Python identifier; made of the name unless it is given when "
        "the repository is added, and never changed."},
       &G::slug},
      {{"remote_url", FieldKind::kText, kFilter | kSearch | kWritable, "",
        "https, http, ssh or file URL, or user@host:path; without credentials."},
       &G::remote_url},
      {{"branch", FieldKind::kText, kFilter | kWritable, "", "Branch or tag."}, &G::branch},
      {{"provided_contents", FieldKind::kJson, kWritable, "", "[\"extras.job\"]"},
       &G::provided_contents},
      {{"current_head", FieldKind::kText, kFilter, "",
        "Commit whose jobs serve; empty before the first good sync."},
       &G::current_head},
      {{"newest_head", FieldKind::kText, kFilter, "",
        "Commit fetched last, whether it serves or not."},
       &G::newest_head},
      {{"sync_error", FieldKind::kText, kNone, "",
        "Why the newest commit does not serve or the last fetch failed; empty when all is well."},
       &G::sync_error},
      {{"last_synced", FieldKind::kTime, kSort, "", "Last fetch that reached the remote."},
       &G::last_synced},
      {{"poll_interval", FieldKind::kNumber, kWritable, "",
        "Seconds between syncs of its own; 0: none."},
       &G::poll_interval},
      {{"python", FieldKind::kText, kWritable, "",
        "Interpreter of its jobs, a name on PATH or a path; empty: the setting python."},
       &G::python},
      {{"username", FieldKind::kText, kWritable, "", "Account at the remote, for http and ssh."},
       &G::username},
      {{"secret_kind", FieldKind::kText, kNone, "",
        "What it signs in with at the remote: token, ssh_key, or empty for nothing."},
       &G::secret_kind},
      {{"secret", FieldKind::kText, kHidden}, &G::secret},
      {{"webhook_secret", FieldKind::kText, kHidden}, &G::webhook_secret},
      {{"known_hosts", FieldKind::kText, kWritable, "",
        "Host keys for ssh, lines as in known_hosts; empty: the file of the setting "
        "git_known_hosts."},
       &G::known_hosts},
      {{"created", FieldKind::kTime, kSort}, &G::created},
      {{"last_updated", FieldKind::kTime, kSort}, &G::last_updated},
  };
  return fields;
}

}  // namespace windlass
