#include "sources/git/slug.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace windlass::sources {

namespace {

constexpr std::size_t kLongest = 100;
constexpr std::array<std::string_view, 35> kKeywords = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_slug(std::string_view text) {
  const auto may_follow = [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= kLongest && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), may_follow) &&
         std::find(kKeywords.begin(), kKeywords.end(), text) == kKeywords.end();
}

std::string slug_of(std::string_view name) {
  std::string slug = slugify(name);
  std::replace(slug.begin(), slug.end(), '-', '_');
  slug = slug.substr(0, kLongest);
  while (slug.ends_with('_')) slug.pop_back();
  if (is_slug(slug) || slug.empty()) return slug;
  slug = ("repository_" + slug).substr(0, kLongest);  // "2024 jobs", "class"
  return is_slug(slug) ? slug : "";
}

}  // namespace windlass::sources
