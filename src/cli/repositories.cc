#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <iterator>

#include "base/files.h"
#include "base/program.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/job_choices.h"
#include "cli/repository_rules.h"
#include "cli/submission.h"
#include "engine/git_repositories.h"
#include "engine/import_errors.h"
#include "engine/object_view.h"

namespace windlass::cli {

namespace {

json::object to_json(const GitRepository& repository) {
  json::object shown = engine::object_view(repository, repository.name);
  shown["has_secret"] = !repository.secret.empty();
  shown["has_webhook_secret"] = !repository.webhook_secret.empty();
  return shown;
}

std::string state_of(const GitRepository& repository) {
  if (!repository.sync_error.empty())
    return "sync failed: " + engine::problem_of(repository.sync_error);
  return repository.current_head.empty() ? "never synced" : "serves";
}

std::string short_commit(const std::string& commit) {
  constexpr std::size_t kShown = 12;
  return commit.substr(0, kShown);
}

int list(Home& home, bool as_json) {
  Query all;
  all.limit = std::numeric_limits<std::int64_t>::max();
  const auto page = home.storage->git_repositories().list(all);
  if (!page.ok()) return refuse(page.error());
  json::array array;
  for (const GitRepository& repository : page->items) {
    if (as_json) {
      array.push_back(to_json(repository));
    } else {
      fmt::print("{:<24} {:<12} {:<12} {}  {}\n", repository.slug, repository.branch,
                 short_commit(repository.current_head), repository.remote_url,
                 state_of(repository));
    }
  }
  if (as_json) {
    std::cout << to_text(array) << "\n";
  } else if (page->items.empty()) {
    fmt::print("No Git repositories. Add one with `{}`.\n",
               program::command("repositories add NAME URL"));
  }
  return kOk;
}

int print_json(const GitRepository& repository) {
  std::cout << to_text(to_json(repository)) << "\n";
  return kOk;
}

int show(const GitRepository& repository, bool as_json) {
  if (as_json) return print_json(repository);
  const auto line = [](std::string_view label, std::string_view value) {
    if (!value.empty()) fmt::print("  {:<14} {}\n", label, value);
  };
  fmt::print("{}\n", repository.name);
  line("slug", repository.slug);
  line("url", repository.remote_url);
  line("branch", repository.branch);
  line("serves", repository.current_head);
  if (repository.newest_head != repository.current_head) line("newest", repository.newest_head);
  if (repository.last_synced) line("fetched", to_rfc3339(*repository.last_synced));
  if (repository.poll_interval > 0)
    line("polled", fmt::format("every {} s", repository.poll_interval));
  line("python", repository.python);
  line("username", repository.username);
  line("signs in with", repository.secret_kind);
  line("webhook", repository.webhook_secret.empty() ? "" : "has a secret");
  if (!repository.sync_error.empty())
    fmt::print("\nThe newest sync failed:\n{}\n", repository.sync_error);
  return kOk;
}

/// A secret from a file, - for standard input, or an environment variable; nothing without either.
Result<void> read_secret(json::object& body, std::string_view member, const std::string& file,
                         const char* variable) {
  std::string secret;
  if (file == "-") {
    secret.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (!file.empty()) {
    WL_TRY(secret, read_file(file));
  } else if (const char* given = std::getenv(variable)) {
    secret = given;
  }
  if (!secret.empty()) {
    body[to_json_view(member)] = secret;
  } else if (!file.empty()) {
    return Error{"cli.secret", file == "-" ? "Standard input holds no secret."
                                           : "The file " + file + " is empty."};
  }
  return ok();
}

Result<json::object> body_of(const RepositoriesOptions& options) {
  if ((options.token_file == "-") + (options.ssh_key_file == "-") +
          (options.webhook_secret_file == "-") >
      1) {
    return Error{"cli.secret", "Standard input can give one secret alone; name files for others."};
  }
  json::object body{{"name", options.name}, {"remote_url", options.url}};
  for (const auto& [member, value] :
       {std::pair{"branch", &options.branch}, std::pair{"slug", &options.slug},
        std::pair{"username", &options.username}, std::pair{"python", &options.python}}) {
    if (!value->empty()) body[member] = *value;
  }
  if (options.poll > 0) body["poll_interval"] = options.poll;
  WL_TRY_VOID(read_secret(body, "token", options.token_file, "WINDLASS_REPOSITORY_TOKEN"));
  WL_TRY_VOID(read_secret(body, "ssh_key", options.ssh_key_file, "WINDLASS_REPOSITORY_SSH_KEY"));
  WL_TRY_VOID(read_secret(body, "webhook_secret", options.webhook_secret_file,
                          "WINDLASS_REPOSITORY_WEBHOOK_SECRET"));
  return body;
}

int add(engine::GitRepositories& repositories, const RepositoriesOptions& options) {
  const auto body = body_of(options);
  if (!body.ok()) return refuse(body.error());
  const auto added = repositories.add(*body);
  if (!added.ok()) return refuse(added.error());
  if (options.json) return print_json(*added);
  fmt::print("Added {} as {}; make its jobs known with `{}`.\n", added->name, added->slug,
             program::command("repositories sync " + added->slug));
  return kOk;
}

int sync(Home& home, const GitRepository& repository, const RepositoriesOptions& options) {
  auto user = choose_user(*home.storage, options.account);
  if (!user.ok()) return refuse(user.error());
  JobChoices choices(home, false);
  engine::Submitter submitter(*home.storage, home.clock, home.key, choices, submit_options(home));
  const auto submitted =
      engine::request_sync(submitter, repository, options.dry_run, *std::move(user));
  if (!submitted.ok()) return refuse(submitted.error());
  if (!options.json)
    fmt::print(stderr, "Queued {} as {}\n", submitted->name, submitted->id.to_string());
  return report_run(*home.storage, *submitted, options.json);
}

int remove(engine::GitRepositories& repositories, const GitRepository& repository, bool as_json) {
  const auto removed = repositories.remove(repository.id);
  if (!removed.ok()) return refuse(removed.error());
  if (as_json) return print_json(repository);
  fmt::print("Removed {}; its jobs are not installed any more, their results stay.\n",
             repository.slug);
  return kOk;
}

}  // namespace

int repositories(const LoadedSettings& loaded, const RepositoriesOptions& options) {
  const auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  if (options.action == "list") return list(**home, options.json);
  // Who may use this command has the files of this machine anyway.
  engine::GitRepositories known(*(*home)->storage, (*home)->clock, (*home)->key,
                                repository_rules(loaded.settings, true));
  if (options.action == "add") return add(known, options);
  const auto repository = known.find(options.slug);
  if (!repository.ok()) return refuse(repository.error());
  if (options.action == "sync") return sync(**home, *repository, options);
  if (options.action == "remove") return remove(known, *repository, options.json);
  return show(*repository, options.json);
}

}  // namespace windlass::cli
