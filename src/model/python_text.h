#pragma once

#include <string>

#include "base/json.h"

namespace windlass {

/// What Python's str() makes of a JSON scalar, since that is how forms turn values into text: 5 →
/// "5", true → "True", null → "None", 0.5 → "0.5", 1e16 → "1e+16". Lists and objects: their JSON
/// text. Pure.
std::string python_text(const json::value& value);

/// Without the white space of Unicode at both ends, as Python's str.strip().
std::string_view python_strip(std::string_view text);

}  // namespace windlass
