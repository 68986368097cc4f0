/// Small questions about text in declarations.
#pragma once

#include <string>
#include <string_view>

namespace windlass::jobs::internal {

/// `text` without the indentation that its lines share and without blank ends.
std::string dedented(std::string_view text);

/// How many letters have to be added, removed or changed to make one text the other.
std::size_t distance(std::string_view left, std::string_view right);

}  // namespace windlass::jobs::internal
