#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/pattern.h"

namespace windlass {

/// Takes secrets out of what jobs log, return and raise: passwords, tokens, credentials in URLs.
/// Immutable; thread-safe.
class Sanitiser {
 public:
  /// The default patterns.
  static const Sanitiser& standard();
  /// Pairs of regular expression (any case) and replacement with $1 groups. Errors:
  /// `pattern.invalid`.
  static Result<Sanitiser> make(const std::vector<std::pair<std::string, std::string>>& patterns);

  /// The text with every match replaced. A text on which a pattern gives up (limit) is replaced
  /// whole.
  std::string clean(std::string_view text) const;
  /// All texts within a JSON value, object keys aside; the value of a member whose name says secret
  /// (password, token, …) whole.
  json::value clean(const json::value& value) const;

 private:
  std::vector<std::pair<Pattern, std::string>> rules_;
  std::optional<Pattern>
      trigger_;  ///< a text without a match needs no rule; none: every rule is tried
};

}  // namespace windlass
