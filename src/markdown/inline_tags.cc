#include "markdown/inline_tags.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace windlass {

namespace {

constexpr std::array<std::string_view, 19> kTags{
    "b", "br", "code", "del",   "em",     "hr",  "i",   "ins", "kbd", "mark",
    "q", "s",  "samp", "small", "strong", "sub", "sup", "u",   "var"};
constexpr std::size_t kLongestTag = 16;  // with its brackets and blanks

bool is_empty_element(std::string_view name) {
  return name == "br" || name == "hr";
}

}  // namespace

std::optional<InlineTag> read_inline_tag(std::string_view text) {
  const std::size_t end = text.substr(0, kLongestTag).find('>');
  if (!text.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  std::string_view inside = text.substr(1, end - 1);
  const bool closes = inside.starts_with('/');
  if (closes) inside.remove_prefix(1);
  const bool ends_itself = inside.ends_with('/');
  if (ends_itself) inside.remove_suffix(1);
  while (inside.ends_with(' ')) inside.remove_suffix(1);
  const auto known = std::find(kTags.begin(), kTags.end(), to_lower(inside));
  if (known == kTags.end()) return std::nullopt;
  const bool empty = is_empty_element(*known);
  if ((closes && (empty || ends_itself)) || (ends_itself && !empty)) return std::nullopt;
  const InlineTag::Kind kind = empty    ? InlineTag::Kind::kEmpty
                               : closes ? InlineTag::Kind::kCloses
                                        : InlineTag::Kind::kOpens;
  return InlineTag{*known, kind, end + 1};
}

std::vector<bool> balanced(const std::vector<InlineTag>& tags) {
  std::vector<bool> stays(tags.size(), false);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i].kind == InlineTag::Kind::kEmpty) {
      stays[i] = true;
    } else if (tags[i].kind == InlineTag::Kind::kOpens) {
      open.push_back(i);
    } else {
      const auto opener = std::find_if(open.rbegin(), open.rend(), [&](std::size_t candidate) {
        return tags[candidate].name == tags[i].name;
      });
      if (opener == open.rend()) continue;
      stays[*opener] = stays[i] = true;
      open.erase(opener.base() - 1, open.end());  // what was opened within and not closed is text
    }
  }
  return stays;
}

}  // namespace windlass
