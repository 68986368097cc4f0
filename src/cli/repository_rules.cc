#include "cli/repository_rules.h"

#include "base/text.h"
#include "sources/git/remote_url.h"

namespace windlass::cli {

bool is_loopback(std::string_view listen) {
  std::string host = to_lower(listen.substr(0, listen.rfind(':')));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const bool is_address = host.find_first_not_of("0123456789.") == std::string::npos;
  return host.empty() || host == "localhost" || host == "::1" ||
         (is_address && host.starts_with("127."));
}

engine::RepositoryRules repository_rules(const Settings& settings, bool trusted) {
  return {settings.in_home(settings.jobs_root), settings.apps,
          [roots = settings.git_file_folders(trusted)](std::string_view url) {
            return sources::check_remote_url(url, roots);
          }};
}

}  // namespace windlass::cli
