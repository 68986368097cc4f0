#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass::engine {

/// What a server of repositories sends when something was pushed.
struct WebhookDelivery {
  std::string_view body = {};  ///< as it came: what is signed
  std::string_view hub_signature =
      {};  ///< X-Hub-Signature-256, of GitHub: "sha256=" and HMAC-SHA256
  std::string_view gitea_signature = {};  ///< X-Gitea-Signature: HMAC-SHA256 alone
  std::string_view gitlab_token = {};     ///< X-Gitlab-Token: the secret itself
};

/// Whether it comes from somebody who knows the secret; never with an empty one. Takes as long for
/// a wrong signature as for the right one. Pure.
bool is_genuine(const WebhookDelivery& delivery, std::string_view secret);

/// What was pushed.
struct Push {
  std::string reference;  ///< branch or tag; "" when the delivery tells of no push, such as a ping
  bool deleted = false;   ///< the reference is gone now
};

/// Reads the JSON of a delivery: `ref` is refs/heads/… or refs/tags/…. Errors: `json.invalid`.
Result<Push> read_push(std::string_view payload);

}  // namespace windlass::engine
