#include "engine/repository_webhook.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"

namespace windlass::engine {

namespace {

/// The commit that a deletion names as the new one.
bool is_no_commit(std::string_view commit) {
  return !commit.empty() && commit.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool is_genuine(const WebhookDelivery& delivery, std::string_view secret) {
  constexpr std::string_view kScheme = "sha256=";
  const std::string wanted = hmac_sha256(secret, delivery.body);
  std::string_view signature = strip(delivery.hub_signature);
  if (signature.starts_with(kScheme)) {
    signature.remove_prefix(kScheme.size());
  } else {
    signature = strip(delivery.gitea_signature);
  }
  const bool signed_right = constant_time_equal(to_lower(signature), wanted);
  // Hashes: their lengths tell nothing of the secret's.
  const bool token_right =
      constant_time_equal(content_hash(delivery.gitlab_token), content_hash(secret));
  return !secret.empty() && (signed_right || token_right);
}

Result<Push> read_push(std::string_view payload) {
  WL_TRY(const json::value body, parse_json(payload));
  Push push;
  const std::string reference = get_string(body, "ref");
  for (const std::string_view prefix : {"refs/heads/", "refs/tags/"}) {
    if (reference.starts_with(prefix)) push.reference = reference.substr(prefix.size());
  }
  push.deleted = get_bool(body, "deleted") || is_no_commit(get_string(body, "after"));
  return push;
}

}  // namespace windlass::engine
