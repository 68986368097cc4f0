/// C++ text as tokens: as much of the language as it takes to find definitions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace windlass::jobs::internal {

/// A word (also a number), or one character that is neither word nor blank. Comments, literals and
/// preprocessor lines are left out.
struct Token {
  std::string_view text;
  int line = 0;  ///< from 1 on
  bool is_word = false;
};

/// Views of `source`. Whatever the text is, it ends with the text.
std::vector<Token> tokens_of(std::string_view source);

/// The files of `#include "…"`, also where those lines are skipped by a condition.
std::vector<std::string> quoted_includes(std::string_view source);

}  // namespace windlass::jobs::internal
