#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass {

/// A compiled regular expression (PCRE2, UTF-8), with limits on how long a match may take.
/// Immutable; thread-safe; cheap to copy.
class Pattern {
 public:
  /// Error `pattern.invalid` with PCRE2's text and position.
  static Result<Pattern> compile(std::string_view expression, bool ignore_case = false);

  /// Whether the expression matches from the text's start (as Python's re.match). Errors:
  /// `pattern.limit`.
  Result<bool> matches_start(std::string_view text) const;
  /// Whether it matches anywhere. Errors: `pattern.limit`.
  Result<bool> matches(std::string_view text) const;
  /// Replaces every match; `$1` in the replacement is a group. Errors: `pattern.limit`.
  Result<std::string> replace_all(std::string_view text, std::string_view replacement) const;
  const std::string& expression() const { return expression_; }

 private:
  struct Code;
  Result<bool> match(std::string_view text, unsigned options) const;
  std::string expression_;
  std::shared_ptr<const Code> code_;
};

}  // namespace windlass
