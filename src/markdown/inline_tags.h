#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace windlass {

/// A raw HTML tag that may stand in the output: `<name>`, `</name>` or, for br and hr, `<name>` and
/// `<name/>`. `name` lives as long as the program.
struct InlineTag {
  enum class Kind { kOpens, kCloses, kEmpty };
  std::string_view name;
  Kind kind = Kind::kOpens;
  std::size_t length = 0;  ///< of its text
};

/// The tag that the text begins with, if it is on the list: b, br, code, del, em, hr, i, ins, kbd,
/// mark, q, s, samp, small, strong, sub, sup, u, var, in any case of letters. A tag with an
/// attribute is none.
std::optional<InlineTag> read_inline_tag(std::string_view text);

/// Which of the tags of one element stay so that each one that opens is closed, in order: the
/// others are text.
std::vector<bool> balanced(const std::vector<InlineTag>& tags);

}  // namespace windlass
