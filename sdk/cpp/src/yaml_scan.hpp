/// Goes through a scalar from left to right.
#pragma once

#include <cstddef>
#include <string_view>

namespace windlass::jobs::internal {

class YamlScan {
 public:
  explicit YamlScan(std::string_view text) : rest_(text) {}

  /// Takes one of these characters, if it is next.
  bool one(std::string_view of) {
    if (rest_.empty() || of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Takes as many of them as there are, at most `most`.
  std::string_view run(std::string_view of, std::size_t most = std::string_view::npos) {
    const std::string_view found = rest_.substr(0, most);
    const std::string_view taken = found.substr(0, found.find_first_not_of(of));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  /// Takes this text, if it is next.
  bool text(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::string_view kDigitsAndLines = "0123456789_";

/// Without a line break at its end, which a Python pattern's `$` allows.
inline std::string_view without_last_break(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

}  // namespace windlass::jobs::internal
