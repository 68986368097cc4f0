#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json.h"

namespace windlass {

/// What stands in the place of a secret.
inline constexpr std::string_view kRedacted = "(redacted)";

/// The very values that a run's sensitive inputs have, and finds them in texts. Built by one
/// thread: add(), then prepare(); thread-safe from then on. What hide() takes grows with the text,
/// and hardly with the number of secrets.
class Secrets {
 public:
  /// Shorter texts come up by chance.
  static constexpr std::size_t kShortest = 6;  ///< characters
  /// Of texts and lines. Where there are more, hide() replaces every text whole.
  static constexpr std::size_t kMost = 10'000;

  /// Adds every text within the value, member names aside: whole, each of its lines without the
  /// white space around it, and as JSON writes it, also in ASCII, as URLs do, and in base64.
  /// Shorter ones than kShortest are left out.
  void add(const json::value& value);
  /// To be called after the last add() and before any question. May be slow with many secrets.
  void prepare();
  bool empty() const { return count_ == 0; }
  /// The text with every secret replaced; the longest where several begin.
  std::string hide(std::string_view text) const;
  /// Number of bytes at the text's end that may become a secret when more follows.
  std::size_t begun(std::string_view text) const;

 private:
  /// A secret, and where the longest other one stands that it begins with; itself for none.
  struct Known {
    std::string text;
    std::size_t within = 0;
  };
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  bool too_many() const { return count_ > kMost; }
  void add_text(std::string_view text);
  bool add_one(std::string_view text);
  void link();
  std::size_t longest_at(std::string_view text) const;

  std::size_t count_ = 0;                  ///< of texts and lines, without their other forms
  std::unordered_set<std::string> added_;  ///< until prepare()
  std::vector<Known> known_;               ///< sorted
  std::unordered_map<std::uint64_t, Range> by_start_;  ///< by the first kShortest bytes
  std::size_t longest_ = 0;                            ///< bytes
};

}  // namespace windlass
