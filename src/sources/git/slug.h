#pragma once

#include <string>
#include <string_view>

namespace windlass::sources {

/// Whether the text can name a repository's Python package and its folder: a letter, then letters,
/// digits and underscores, all ASCII, 100 at most, and no keyword of Python.
bool is_slug(std::string_view text);

/// A slug made of a name: "Net Jobs (prod)" → "net_jobs_prod"; "" when it gives none.
std::string slug_of(std::string_view name);

}  // namespace windlass::sources
