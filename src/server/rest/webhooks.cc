#include <fmt/format.h>

#include "server/http/form.h"
#include "server/rest/body.h"
#include "server/rest/call.h"
#include "server/rest/errors.h"

namespace windlass::rest {

namespace {

/// Larger than the pushes of all servers but the most unusual.
constexpr std::size_t kLargestDelivery = 4 << 20;

/// The JSON of a delivery, which GitHub may be told to send as a field of a form.
Result<std::string> payload_of(const http::Request& request) {
  const std::string type = media_type_of(request);
  if (type == "application/json") return request.body;
  if (type != "application/x-www-form-urlencoded") return unsupported_media_type(request);
  WL_TRY(const http::NamedValues form, http::parse_form(request.body));
  for (const auto& [name, value] : form) {
    if (name == "payload") return value;
  }
  return Error{"json.invalid", "The form has no field \"payload\" with the JSON of a push."};
}

http::Response answer(int status, const std::string& message, const JobResult* result) {
  json::object body{{"message", message}};
  if (result != nullptr) body["job_result"] = json::object{{"id", result->id.to_string()}};
  return http::Response::json(status, json::value(std::move(body)));
}

/// A sync that waits fetches this push too: the queue does not grow with the pushes.
Result<JobResult> waiting_or_new_sync(Call& call, const GitRepository& repository) {
  WL_TRY(std::optional<JobResult> newest, engine::newest_sync(call.storage(), repository.id));
  if (newest && newest->status == JobResultStatus::kPending) return *std::move(newest);
  return engine::request_sync(call.api.context.submitter, repository, false, std::nullopt);
}

Result<http::Response> take_delivery(Call& call) {
  const http::Request& request = call.request;
  if (request.body.size() > kLargestDelivery) {
    return Error{"git_repository.delivery_too_large",
                 fmt::format("A delivery may have {} bytes at most.", kLargestDelivery)};
  }
  WL_TRY(const GitRepository repository,
         call.api.context.repositories.find_signed(
             request.param("repository"), {.body = request.body,
                                           .hub_signature = request.header("X-Hub-Signature-256"),
                                           .gitea_signature = request.header("X-Gitea-Signature"),
                                           .gitlab_token = request.header("X-Gitlab-Token")}));
  WL_TRY(const std::string payload, payload_of(request));
  WL_TRY(const engine::Push push, engine::read_push(payload));
  if (push.reference.empty()) return answer(200, "Ignored: this tells of no push.", nullptr);
  if (push.reference != repository.branch || push.deleted) {
    return answer(200,
                  fmt::format("Ignored: {} {} and the repository follows {}.", push.reference,
                              push.deleted ? "was deleted" : "was pushed", repository.branch),
                  nullptr);
  }
  WL_TRY(const JobResult result, waiting_or_new_sync(call, repository));
  return answer(202, fmt::format("Repository {} sync job added to queue.", repository.name),
                &result);
}

}  // namespace

void add_webhook_operations(Operations& operations) {
  operations.push_back({.method = "POST",
                        .pattern = "/api/extras/git-repositories/{repository}/webhook/",
                        .summary = "Takes a push from GitHub, Gitea or GitLab, signed with the "
                                   "repository's webhook_secret, and queues a sync when it is of "
                                   "the branch that is followed; else answers 200.",
                        .handler = &take_delivery,
                        .access = Access::kAnyone,
                        .request = "Delivery",
                        .response = "DeliveryAnswer",
                        .status = 202,
                        .other_status = 200});
}

}  // namespace windlass::rest
