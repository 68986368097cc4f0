#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "model/git_repository.h"

namespace windlass::engine {

/// What a request wants of a repository's secrets, in clear: nothing leaves them, "" removes them.
struct GivenSecrets {
  std::optional<std::string> token;
  std::optional<std::string> ssh_key;
  std::optional<std::string> webhook_secret;
};

/// What a body made of a record: all of it that is right, and a message for all that is wrong.
struct ReadRepository {
  GitRepository repository;
  GivenSecrets secrets;
  FieldErrors errors;
};

/// Puts the members of a request's body into `before`, which for a new repository has no id: then
/// name and remote_url must be there, and the slug is made of the name unless it is given. What
/// clients send back of an answer and cannot be set is left out of account; other names are errors.
/// The rules of single values, and those among them; what needs to be looked up is not looked at.
/// Pure.
ReadRepository read_repository(const GitRepository& before, const json::object& body);

/// What is wrong with the text as the name of a branch or tag, as a message; "" when it can be one.
std::string reference_problem(std::string_view text);

/// "https://example.org:8443": where a secret for this URL is sent, in lower case; of ssh "ssh://"
/// and the host, however it is written; "" of a file URL.
std::string destination_of(std::string_view remote_url);

}  // namespace windlass::engine
