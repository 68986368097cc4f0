#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"

namespace windlass {

/// What stands in the place of a secret.
inline constexpr std::string_view kRedacted = "(redacted)";

/// The very values that a run's sensitive inputs have, and finds them in texts. Built by one
/// thread; thread-safe once it is built. The time that hide() takes does not depend on how many
/// there are.
class Secrets {
 public:
  /// Shorter texts come up by chance.
  static constexpr std::size_t kShortest = 6;  ///< characters

  /// Adds every text within the value, member names aside: whole, each of its lines without the
  /// white space around it, and as JSON writes it. Shorter ones than kShortest are left out.
  void add(const json::value& value);
  bool empty() const { return by_start_.empty(); }
  /// The text with every secret replaced; the longest where several begin.
  std::string hide(std::string_view text) const;
  /// Whether the text ends in what may become a secret when more follows.
  bool may_go_on(std::string_view text) const;

 private:
  void add_text(std::string_view text);
  void add_one(std::string_view text);
  std::string_view longest_at(std::string_view text) const;

  /// By their first kShortest bytes, which every secret has; the longest first.
  std::unordered_map<std::uint64_t, std::vector<std::string>> by_start_;
};

}  // namespace windlass
