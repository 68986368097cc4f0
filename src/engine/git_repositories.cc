#include "engine/git_repositories.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/program.h"
#include "engine/repository_fields.h"
#include "model/job_source.h"
#include "model/python_names.h"

namespace windlass::engine {

namespace {

/// Packages that job code imports by these names, whatever is installed.
constexpr std::array<std::string_view, 9> kProvided{"nautobot", "windlass",      "django",
                                                    "celery",   "billiard",      "netaddr",
                                                    "jobs",     "sitecustomize", "usercustomize"};

Error invalid(FieldErrors errors) {
  return {"git_repository.invalid", "The Git repository is not valid.", "", std::move(errors)};
}

bool is_web(std::string_view destination) {
  return destination.starts_with("http://") || destination.starts_with("https://");
}

/// Both cannot be, and each goes with one kind of URL.
void check_secrets(const GitRepository& before, const ReadRepository& read, FieldErrors& errors) {
  const auto is_set = [](const std::optional<std::string>& given) {
    return given && !given->empty();
  };
  const GivenSecrets& given = read.secrets;
  if (is_set(given.token) && is_set(given.ssh_key)) {
    errors["ssh_key"].push_back("Give a token or an ssh_key, not both.");
    return;
  }
  const std::string destination = destination_of(read.repository.remote_url);
  if (is_set(given.token) && !is_web(destination)) {
    errors["token"].push_back("A token goes with an http or https URL; for ssh give an ssh_key.");
  }
  if (is_set(given.ssh_key) && !destination.starts_with("ssh://")) {
    errors["ssh_key"].push_back("An ssh_key goes with an ssh URL; for http give a token.");
  }
  const bool stays = !before.secret_kind.empty() && !is_set(given.token) &&
                     !is_set(given.ssh_key) &&
                     !(before.secret_kind == kTokenSecret ? given.token : given.ssh_key);
  if (stays && destination != destination_of(before.remote_url)) {
    errors["remote_url"].push_back(
        fmt::format("The {0} that is kept was given for {1} and is not sent elsewhere: give {0} "
                    "anew with this URL, or null.",
                    before.secret_kind, destination_of(before.remote_url)));
  }
}

void seal_secrets(const GivenSecrets& given, const SealingKey& key, GitRepository& repository) {
  const auto put = [&](const std::optional<std::string>& secret, std::string_view kind) {
    if (!secret) return;
    if (!secret->empty()) {
      repository.secret_kind = kind;
      repository.secret = key.seal(*secret);
    } else if (repository.secret_kind == kind) {
      repository.secret_kind.clear();
      repository.secret.clear();
    }
  };
  // The one that removes goes first.
  const bool token_last = given.token && !given.token->empty();
  if (!token_last) put(given.token, kTokenSecret);
  put(given.ssh_key, kSshKeySecret);
  if (token_last) put(given.token, kTokenSecret);
  if (given.webhook_secret) {
    repository.webhook_secret =
        given.webhook_secret->empty() ? "" : key.seal(*given.webhook_secret);
  }
}

/// What storage finds when two come at once is told like the rest.
Result<GitRepository> told_by_field(Result<GitRepository> written) {
  if (written.ok() || written.error().code != "git_repository.exists") return written;
  return invalid(written.error().fields);
}

}  // namespace

Result<GitRepository> GitRepositories::find(const std::string& id_slug_or_name) const {
  GitRepositoryStore& store = storage_.git_repositories();
  if (const auto id = Uuid::parse(id_slug_or_name)) return store.get(*id);
  auto found = store.find_by_slug(id_slug_or_name);
  if (!found.ok() && found.error().code == "git_repository.not_found")
    found = store.find(id_slug_or_name);
  if (found.ok() || found.error().code != "git_repository.not_found") return found;
  return Error{"git_repository.not_found",
               fmt::format("There is no Git repository \"{}\"; `{}` shows them.", id_slug_or_name,
                           program::command("repositories list"))};
}

Result<GitRepository> GitRepositories::find_signed(const std::string& id_slug_or_name,
                                                   const WebhookDelivery& delivery) const {
  Result<GitRepository> found = find(id_slug_or_name);
  if (!found.ok() && found.error().code != "git_repository.not_found") return found;
  std::string secret;
  if (found.ok() && !found->webhook_secret.empty()) {
    auto opened = key_.open(found->webhook_secret);
    // Told to the log alone, and once: anyone may ask, as often as they like.
    if (!opened.ok() && !told_unreadable_.test_and_set()) {
      log::error(
          "The webhook_secret of a repository cannot be opened; set it anew. Until then its "
          "deliveries are refused, as are those of others in the same state",
          {{"repository", found->slug}, {"reason", opened.error().message}});
    }
    if (opened.ok()) secret = *std::move(opened);
  }
  // Also without a secret, so that the time tells nothing.
  if (is_genuine(delivery, secret)) return found;
  return Error{"git_repository.webhook_refused",
               "The delivery is not signed with the webhook_secret of this repository, or it has "
               "none."};
}

Result<GitRepository> GitRepositories::add(const json::object& body) {
  ReadRepository read = read_repository(GitRepository{}, body);
  GitRepository& repository = read.repository;
  if (!read.errors.contains("slug") && !repository.slug.empty())
    check_slug(repository.slug, read.errors);
  check_url(repository.remote_url, read.errors);
  WL_TRY_VOID(check_taken(repository, read.errors));
  check_secrets(GitRepository{}, read, read.errors);
  if (!read.errors.empty()) return invalid(std::move(read.errors));
  seal_secrets(read.secrets, key_, repository);
  repository.id = new_id(clock_.now());
  return told_by_field(storage_.git_repositories().add(repository));
}

Result<GitRepository> GitRepositories::change(const Uuid& id, const json::object& body) {
  return told_by_field(
      storage_.git_repositories().modify(id, [&](GitRepository& repository) -> Result<void> {
        ReadRepository read = read_repository(repository, body);
        if (read.repository.remote_url != repository.remote_url)
          check_url(read.repository.remote_url, read.errors);
        check_secrets(repository, read, read.errors);
        if (!read.errors.empty()) return invalid(std::move(read.errors));
        seal_secrets(read.secrets, key_, read.repository);
        repository = std::move(read.repository);
        return ok();
      }));
}

Result<void> GitRepositories::remove(const Uuid& id) {
  return storage_.git_repositories().remove(id);
}

void GitRepositories::check_slug(const std::string& slug, FieldErrors& errors) const {
  if (std::string problem = taken_package(slug, rules_); !problem.empty())
    errors["slug"].push_back(problem + " Give another slug.");
}

void GitRepositories::check_url(const std::string& url, FieldErrors& errors) const {
  if (errors.contains("remote_url") || url.empty() || !rules_.check_remote_url) return;
  const Result<void> checked = rules_.check_remote_url(url);
  if (!checked.ok())
    errors["remote_url"].push_back("Enter a valid URL. " + checked.error().message);
}

/// Looked at before all else is known to be right, so that everything is told at once.
Result<void> GitRepositories::check_taken(const GitRepository& repository,
                                          FieldErrors& errors) const {
  GitRepositoryStore& store = storage_.git_repositories();
  const auto look = [&](std::string_view field, const std::string& value,
                        const Result<GitRepository>& other) -> Result<void> {
    if (value.empty()) return ok();
    if (other.ok()) {
      errors[std::string(field)].push_back(
          fmt::format("A Git repository with this {} already exists.", field));
    } else if (other.error().code != "git_repository.not_found") {
      return other.error();
    }
    return ok();
  };
  WL_TRY_VOID(look("name", repository.name, store.find(repository.name)));
  return look("slug", repository.slug, store.find_by_slug(repository.slug));
}

std::string taken_package(const std::string& name, const RepositoryRules& rules) {
  if (is_python_library_module(name)) return fmt::format("\"{}\" comes with Python.", name);
  if (std::ranges::find(kProvided, name) != kProvided.end())
    return fmt::format("\"{}\" is a name that Windlass provides to jobs.", name);
  if (std::ranges::any_of(rules.apps, [&](const std::string& app) {
        const std::string_view known = app_name(app);
        return known.substr(0, known.find('.')) == name;
      })) {
    return fmt::format("\"{}\" is an app of the setting apps.", name);
  }
  std::error_code failure;
  const bool is_file =
      std::ranges::any_of(std::array{".py", ".cpp", ".so"}, [&](const char* ending) {
        return std::filesystem::exists(rules.jobs_root / (name + ending), failure);
      });
  if (is_file || std::filesystem::is_directory(rules.jobs_root / name, failure)) {
    return fmt::format("\"{}\" is a module in {}.", name, rules.jobs_root.string());
  }
  return "";
}

Result<JobResult> request_sync(Submitter& submitter, const GitRepository& repository, bool dry_run,
                               std::optional<User> user) {
  RunRequest run;
  run.job = dry_run ? kDryRunJob : kSyncJob;
  run.data = json::object{{"repository", repository.id.to_string()}};
  run.unattended = !user;
  run.user = std::move(user);
  auto submitted = submitter.submit(run);
  if (submitted.ok() || submitted.error().code != "job.not_found") return submitted;
  return Error{"git_repository.not_ready",
               fmt::format("The job {} has no record yet; start a worker, or run `{}`.", run.job,
                           program::command("migrate"))};
}

Result<std::optional<JobResult>> newest_sync(Storage& storage, const Uuid& repository) {
  return storage.results().newest_of(repository, kSyncJob);
}

}  // namespace windlass::engine
