#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace windlass {

/// Texts beyond these limits are shown as they were written, in `<pre>`.
inline constexpr std::size_t kLongestMarkdown = 16 << 10;  ///< bytes
inline constexpr int kDeepestMarkdown = 64;                ///< elements within one another

/// GitHub-flavoured Markdown (tables, strikethrough, bare links) as HTML that a page may show as it
/// is, whoever wrote the text:
///   - well-formed: every element is closed, in order, and every attribute is quoted;
///   - raw HTML: harmless inline tags without attributes (inline_tags.h) where they are balanced;
///     everything else is shown as text;
///   - links lead to http, https, mailto, or a path of our own server, with rel="noopener
///     noreferrer nofollow"; of any other link only its text stays;
///   - images are their alternative text.
/// Any bytes are taken; the result is valid UTF-8. Thread-safe; one text is parsed at a time.
///
///     safe_html("**done** <script>") == "<p><strong>done</strong> &lt;script&gt;</p>\n"
std::string safe_html(std::string_view markdown);

}  // namespace windlass
