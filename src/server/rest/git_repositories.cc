#include "server/rest/git_repositories.h"

#include <fmt/format.h>

#include "base/text.h"
#include "model/job_source.h"
#include "server/rest/body.h"
#include "server/rest/errors.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/run_brief.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

void write_display(JsonWriter& out, const GitRepository& repository, Rendering&) {
  out.text(repository.name);
}

void write_natural_slug(JsonWriter& out, const GitRepository& repository) {
  write_slug(out, slugify(repository.name), repository.id);
}

void write_has_secret(JsonWriter& out, const GitRepository& repository, Rendering&) {
  out.boolean(!repository.secret.empty());
}

void write_has_webhook_secret(JsonWriter& out, const GitRepository& repository, Rendering&) {
  out.boolean(!repository.webhook_secret.empty());
}

void write_commit_url(JsonWriter& out, const GitRepository& repository, Rendering& rendering) {
  const std::string url =
      rendering.version_url(std::string(kGitSource) + repository.slug, repository.current_head);
  url.empty() ? out.null() : out.text(url);
}

void write_last_sync(JsonWriter& out, const GitRepository& repository, Rendering& rendering) {
  const auto sync = engine::newest_sync(rendering.storage(), repository.id);
  if (!sync.ok()) {
    rendering.fail(sync.error());
    out.null();
  } else if (*sync) {
    RunBriefs(rendering.storage()).write(out, **sync);
  } else {
    out.null();
  }
}

Result<http::Response> list_repositories(Call& call) {
  return answer_list<GitRepository>(
      call, [&](const Query& query) { return call.storage().git_repositories().list(query); });
}

Result<http::Response> get_repository(Call& call) {
  WL_TRY(const GitRepository repository, repository_of_path(call));
  return answer_object(call, 200, repository);
}

/// What serves follows the records.
void tell_changed(Call& call) {
  if (call.api.context.job_edited) call.api.context.job_edited();
}

Result<http::Response> create_repository(Call& call) {
  WL_TRY(const json::object body, read_json_object(call.request));
  WL_TRY(const GitRepository added, call.api.context.repositories.add(body));
  tell_changed(call);
  return answer_object(call, 201, added);
}

Result<http::Response> change_repository(Call& call, const json::object& body) {
  WL_TRY(const GitRepository before, repository_of_path(call));
  WL_TRY(const GitRepository changed,
         found<GitRepository>(call.api.context.repositories.change(before.id, body)));
  tell_changed(call);
  return answer_object(call, 200, changed);
}

Result<http::Response> patch_repository(Call& call) {
  WL_TRY(const json::object body, read_json_object(call.request));
  return change_repository(call, body);
}

/// As in the original, what may be left out of a new one stays as it is.
Result<http::Response> put_repository(Call& call) {
  WL_TRY(const json::object body, read_json_object(call.request));
  Error missing{"rest.invalid", "The body is not whole."};
  for (const std::string_view name : {"name", "remote_url"}) {
    if (!body.contains(to_json_view(name)))
      missing.fields[std::string(name)] = {"This field is required."};
  }
  if (!missing.fields.empty()) return missing;
  return change_repository(call, body);
}

Result<http::Response> delete_repository(Call& call) {
  WL_TRY(const GitRepository repository, repository_of_path(call));
  WL_TRY_VOID(call.api.context.repositories.remove(repository.id));
  tell_changed(call);
  return no_content();
}

Result<http::Response> queue_sync(Call& call, bool dry_run) {
  WL_TRY(const GitRepository repository, repository_of_path(call));
  WL_TRY(const JobResult result,
         engine::request_sync(call.api.context.submitter, repository, dry_run, call.user));
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  out.key("message");
  out.text(fmt::format("Repository {} {} job added to queue.", repository.name,
                       dry_run ? "dry-run" : "sync"));
  out.key("job_result");
  write_object(out, result, call.rendering);
  out.end_object();
  if (call.rendering.failure()) return *call.rendering.failure();
  return http::Response::json(200, std::move(text));
}

Result<http::Response> sync_repository(Call& call) {
  return queue_sync(call, false);
}

Result<http::Response> dry_run_repository(Call& call) {
  return queue_sync(call, true);
}

}  // namespace

Result<GitRepository> repository_of_path(Call& call) {
  return found<GitRepository>(call.api.context.repositories.find(call.request.param("repository")));
}

template <>
const Shape<GitRepository>& shape_of<GitRepository>() {
  using G = GitRepository;
  static const Shape<G> shape{
      &write_display,
      &write_natural_slug,
      {
          {"provided_contents", R"({"type":"array","items":{"type":"string"}})",
           [](JsonWriter& out, const G& repository, Rendering&) {
             out.value(repository.provided_contents);
           }},
          {"has_secret", R"({"type":"boolean","description":"A token or key is kept, sealed."})",
           &write_has_secret},
          {"has_webhook_secret", R"({"type":"boolean"})", &write_has_webhook_secret},
          {"commit_url",
           R"({"type":"string","format":"uri","nullable":true,"description":"Where people see the commit that serves."})",
           &write_commit_url},
          {"last_sync",
           R"({"allOf":[{"$ref":"#/components/schemas/RunSummary"}],"nullable":true,"description":"The newest sync, in whatever state."})",
           &write_last_sync},
          {"secrets_group", R"({"type":"object","nullable":true})", &write_null<G>},
          {"tags", R"({"type":"array","items":{}})", &write_empty_array<G>},
          {"notes_url", R"({"type":"string","format":"uri"})", &write_notes_url<G>},
          {"custom_fields", R"({"type":"object"})", &write_empty_object<G>},
          {"computed_fields", R"({"type":"object"})", &write_empty_object<G>},
          {"relationships", R"({"type":"object"})", &write_empty_object<G>},
      }};
  return shape;
}

void add_git_repository_operations(Operations& operations) {
  constexpr std::string_view kAll = "/api/extras/git-repositories/";
  constexpr std::string_view kOne = "/api/extras/git-repositories/{repository}/";
  operations.push_back(reading(kAll, "Lists the Git repositories that bring jobs, by name.",
                               &list_repositories, "GitRepositoryList",
                               list_parameters<GitRepository>()));
  operations.push_back(reading(kOne, "Shows one Git repository, by id, slug or name.",
                               &get_repository, "GitRepository", {depth_parameter()}));
  operations.push_back({.method = "POST",
                        .pattern = kAll,
                        .summary = "Adds a Git repository; a sync makes its jobs known.",
                        .handler = &create_repository,
                        .request = "NewGitRepository",
                        .response = "GitRepository",
                        .status = 201});
  operations.push_back({.method = "PUT",
                        .pattern = kOne,
                        .summary = "Changes a Git repository; name and remote_url must be there.",
                        .handler = &put_repository,
                        .request = "NewGitRepository",
                        .response = "GitRepository"});
  operations.push_back({.method = "PATCH",
                        .pattern = kOne,
                        .summary = "Changes what the body names of a Git repository.",
                        .handler = &patch_repository,
                        .request = "GitRepositoryPatch",
                        .response = "GitRepository"});
  operations.push_back({.method = "DELETE",
                        .pattern = kOne,
                        .summary = "Deletes a Git repository; its jobs are not installed any more, "
                                   "their results stay.",
                        .handler = &delete_repository,
                        .media_type = "",
                        .status = 204});
  operations.push_back({.method = "POST",
                        .pattern = "/api/extras/git-repositories/{repository}/sync/",
                        .summary = "Queues a run that fetches the repository and puts its jobs in "
                                   "force when they import.",
                        .handler = &sync_repository,
                        .response = "SyncAnswer"});
  operations.push_back({.method = "POST",
                        .pattern = "/api/extras/git-repositories/{repository}/dry-run/",
                        .summary = "Queues a run that fetches the repository and tells what a sync "
                                   "would change.",
                        .handler = &dry_run_repository,
                        .response = "SyncAnswer"});
}

}  // namespace windlass::rest
