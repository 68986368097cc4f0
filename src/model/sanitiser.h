#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/pattern.h"
#include "model/secrets.h"

namespace windlass {

/// Takes secrets out of what jobs log, print, return and raise: passwords, tokens, credentials in
/// URLs, and known values. Immutable; thread-safe; cheap to copy.
class Sanitiser {
 public:
  /// The default patterns.
  static const Sanitiser& standard();
  /// Pairs of regular expression (any case) and replacement with $1 groups. Errors:
  /// `pattern.invalid`.
  static Result<Sanitiser> make(const std::vector<std::pair<std::string, std::string>>& patterns);
  /// The default patterns, after others of the form `REGEX` or `REGEX => REPLACEMENT` (setting
  /// sanitiser_patterns). Error `settings.invalid` names every item that is wrong.
  static Result<Sanitiser> with_patterns(const std::vector<std::string>& items);
  /// The same that knows these values too, which are prepared.
  Sanitiser with_secrets(Secrets secrets) const;

  /// The text with every match replaced. A text on which a pattern gives up (limit) is replaced
  /// whole.
  std::string clean(std::string_view text) const;
  /// All texts within a JSON value; in names of members the known values only. The value of a
  /// member whose name says secret (password, token, …) whole.
  json::value clean(const json::value& value) const;
  /// The text without the known values: what is to be cut to a length goes through this first, so
  /// that no piece of one is left at the cut.
  std::string hide(std::string_view text) const {
    return secrets_ ? secrets_->hide(text) : std::string(text);
  }
  /// Number of bytes at the text's end that may become a known value when more follows.
  std::size_t begun(std::string_view text) const { return secrets_ ? secrets_->begun(text) : 0; }

 private:
  using Rules = std::vector<std::pair<Pattern, std::string>>;
  static std::optional<std::string> apply(const Rules& rules, std::string text);

  std::shared_ptr<const Rules> own_;       ///< tried on every text; may be null, as all here
  std::shared_ptr<const Rules> defaults_;  ///< tried on a text in which trigger_ finds something
  std::optional<Pattern> trigger_;
  std::shared_ptr<const Secrets> secrets_;
};

}  // namespace windlass
