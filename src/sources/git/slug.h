#pragma once

#include <string>
#include <string_view>

namespace windlass::sources {

/// Whether the text can name a repository's package and its folder: an ASCII Python identifier, no
/// keyword, 100 characters at most, lower case.
bool is_slug(std::string_view text);

/// A slug made of a name: "Net Jobs (prod)" → "net_jobs_prod"; "" when nothing is left of it.
std::string slug_of(std::string_view name);

}  // namespace windlass::sources
