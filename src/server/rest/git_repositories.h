#pragma once

#include "server/rest/call.h"

namespace windlass::rest {

/// The place `{repository}` of the path: an id, a slug or a name. Error `git_repository.not_found`
/// in the words of no_such().
Result<GitRepository> repository_of_path(Call& call);

}  // namespace windlass::rest
