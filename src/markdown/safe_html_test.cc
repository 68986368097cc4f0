#include "markdown/safe_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>
#include <vector>

#include "base/text.h"

namespace windlass {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Reads HTML as strictly as XML is read. "" when it is well-formed and holds nothing but elements,
/// attributes and link targets that may stand there; else what is wrong.
class StrictReader {
 public:
  explicit StrictReader(std::string_view html) : rest_(html) {}

  std::string check() {
    if (!is_valid_utf8(rest_)) return "not UTF-8";
    while (!rest_.empty()) {
      const std::string problem = rest_.front() == '<' ? tag() : text();
      if (!problem.empty()) return problem + " at: " + std::string(rest_.substr(0, 80));
    }
    return open_.empty() ? "" : open_.back() + " is not closed";
  }

 private:
  std::string text() {
    const std::string_view text = rest_.substr(0, rest_.find('<'));
    if (text.find('>') != std::string_view::npos) return "a bare >";
    rest_.remove_prefix(text.size());
    return references(text);
  }
  static std::string references(std::string_view text) {
    for (std::size_t at = text.find('&'); at != std::string_view::npos;
         at = text.find('&', at + 1)) {
      const std::string_view rest = text.substr(at);
      bool known = false;
      for (const char* name : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
        known = known || rest.starts_with(name);
      if (!known) return "a bare &";
    }
    return "";
  }
  std::string tag() {
    static const std::set<std::string, std::less<>> kElements{
        "a",     "b",     "blockquote", "br", "code",  "del",  "div",   "em",     "h1",  "h2",
        "h3",    "h4",    "h5",         "h6", "hr",    "i",    "ins",   "kbd",    "li",  "mark",
        "ol",    "p",     "pre",        "q",  "s",     "samp", "small", "strong", "sub", "sup",
        "table", "tbody", "td",         "th", "thead", "tr",   "u",     "ul",     "var"};
    const std::size_t end = rest_.find('>');
    if (end == std::string_view::npos) return "a tag without end";
    std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (inside.starts_with('/')) {
      if (open_.empty() || open_.back() != inside.substr(1))
        return "wrong end " + std::string(inside);
      open_.pop_back();
      return "";
    }
    const std::string name(inside.substr(0, inside.find(' ')));
    if (!kElements.contains(name)) return "the element " + name;
    inside.remove_prefix(name.size());
    if (name == "br" || name == "hr") return inside == " /" ? "" : "an empty element with more";
    open_.push_back(name);
    return attributes(name, inside);
  }
  static std::string attributes(const std::string& element, std::string_view text) {
    while (!text.empty()) {
      const std::size_t begin = text.find("=\"");
      const std::size_t end = text.find('"', begin + 2);
      if (text.front() != ' ' || begin == std::string_view::npos || end == std::string_view::npos)
        return "attributes of " + element;
      const std::string_view name = text.substr(1, begin - 1);
      const std::string_view value = text.substr(begin + 2, end - begin - 2);
      text.remove_prefix(end + 1);
      if (!is_allowed(element, name, value) || !references(value).empty())
        return "the attribute " + std::string(name) + " of " + element;
    }
    return "";
  }
  static bool is_allowed(std::string_view element, std::string_view name, std::string_view value) {
    if (element == "a" && name == "rel") return value == "noopener noreferrer nofollow";
    if (element == "a" && name == "href") return leads_somewhere_safe(to_lower(value));
    if (element == "ol" && name == "start")
      return value.find_first_not_of("0123456789") == std::string_view::npos;
    if (element == "code" && name == "class") return value.starts_with("language-");
    const bool cell = element == "td" || element == "th";
    return cell && name == "align" && (value == "left" || value == "center" || value == "right");
  }
  static bool leads_somewhere_safe(std::string_view url) {
    for (const char c : url) {
      if (c <= ' ' || c == '\\' || c == '<' || c == 0x7f) return false;
    }
    return url.starts_with("http://") || url.starts_with("https://") ||
           url.starts_with("mailto:") || (url.starts_with('/') && !url.starts_with("//"));
  }

  std::string_view rest_;
  std::vector<std::string> open_;
};

std::string problem_with(std::string_view html) {
  return StrictReader(html).check();
}

TEST(SafeHtml, WritesMarkdown) {
  EXPECT_EQ(safe_html("**done** <script>"), "<p><strong>done</strong> &lt;script&gt;</p>\n");
  EXPECT_EQ(safe_html("# A *b* `c<d`\ntext\\\nmore"),
            "<h1>A <em>b</em> <code>c&lt;d</code></h1>\n<p>text<br />\nmore</p>\n");
  EXPECT_EQ(safe_html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
  EXPECT_EQ(safe_html("3. a\n\n4. b"),
            "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n");
  EXPECT_EQ(safe_html("> a\n\n---"), "<blockquote>\n<p>a</p>\n</blockquote>\n<hr />\n");
  EXPECT_EQ(safe_html("```py \"x\n<b>\n```"),
            "<pre><code class=\"language-py\">&lt;b&gt;\n</code></pre>\n");
  EXPECT_EQ(safe_html(""), "");
}

TEST(SafeHtml, IsGitHubFlavoured) {
  EXPECT_EQ(safe_html("~~gone~~"), "<p><del>gone</del></p>\n");
  EXPECT_EQ(
      safe_html("| a | b |\n|:--|--:|\n| 1 | <b>2</b> |\n"),
      "<table>\n<thead>\n<tr><th align=\"left\">a</th><th align=\"right\">b</th></tr>\n</thead>\n"
      "<tbody>\n<tr><td align=\"left\">1</td><td align=\"right\"><b>2</b></td></tr>\n</tbody>\n"
      "</table>\n");
  EXPECT_EQ(safe_html("| a |\n|---|\n"),
            "<table>\n<thead>\n<tr><th>a</th></tr>\n</thead>\n</table>\n");
  EXPECT_THAT(safe_html("see https://example.com/x?a=1&b=2 or me@example.com"),
              ::testing::AllOf(HasSubstr("<a href=\"https://example.com/x?a=1&amp;b=2\" rel=\""),
                               HasSubstr("<a href=\"mailto:me@example.com\" rel=\"")));
}

TEST(SafeHtml, KeepsHarmlessTagsThatAreBalanced) {
  EXPECT_EQ(safe_html("a <b>b <i>c</i></b> <KBD>d</KBD><br>e"),
            "<p>a <b>b <i>c</i></b> <kbd>d</kbd><br />e</p>\n");
  EXPECT_EQ(safe_html("a <b>b"), "<p>a &lt;b&gt;b</p>\n");
  EXPECT_EQ(safe_html("*a <b>b* c</b>"), "<p><em>a &lt;b&gt;b</em> c&lt;/b&gt;</p>\n");
  EXPECT_EQ(safe_html("<b>\nx <i> <hr> </b>"), "<div><b>\nx &lt;i&gt; <hr /> </b>\n</div>\n");
  EXPECT_EQ(safe_html("a <b onclick=\"x()\">b</b>"),
            "<p>a &lt;b onclick=&quot;x()&quot;&gt;b&lt;/b&gt;</p>\n");
  EXPECT_EQ(safe_html("a <hr> b"), "<p>a &lt;hr&gt; b</p>\n") << "no line within a paragraph";
}

TEST(SafeHtml, LeadsOnlyToTheWebAMailboxOrOurselves) {
  constexpr std::string_view kRel = "\" rel=\"noopener noreferrer nofollow\">";
  for (const std::string url : {"http://a.example", "HTTPS://a.example/b", "mailto:a@b.example",
                                "/api/extras/file-proxies/1/download/"}) {
    EXPECT_EQ(safe_html("[x](" + url + ")"),
              "<p><a href=\"" + url + std::string(kRel) + "x</a></p>\n");
  }
  for (const std::string url :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "//evil.example", "ftp://a.example", "relative", "#here", "?q",
        "java&#x0a;script:alert(1)", "&#106;avascript:alert(1)", "\\javascript:alert(1)",
        "https:evil.example", " "}) {
    EXPECT_THAT(safe_html("[x](<" + url + ">)"), Not(HasSubstr("href"))) << url;
  }
  EXPECT_THAT(safe_html("[x](</\\evil.example>)"), HasSubstr("href=\"/%5Cevil.example\""));
  EXPECT_THAT(safe_html("[x](</&#9;/evil.example>)"), HasSubstr("href=\"/%09/evil.example\""));
  EXPECT_THAT(safe_html("[x](</ü\"'>)"), HasSubstr("href=\"/%C3%BC%22&#39;\""));
}

TEST(SafeHtml, ShowsOfImagesTheirText) {
  EXPECT_EQ(safe_html("a ![the *map* `1`](http://evil.example/pixel.png \"t\") b"),
            "<p>a the map 1 b</p>\n");
  EXPECT_EQ(safe_html("[![x [y](/z)](http://a.example/1.png)](/b)"), "<p>[x y](/b)</p>\n");
  EXPECT_EQ(safe_html("![](http://a.example/1.png)"), "<p></p>\n");
}

TEST(SafeHtml, DisarmsKnownAttacks) {
  for (const std::string text :
       {"<script>alert(1)</script>",
        "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<IMG SRC=\"javascript:alert('XSS');\">",
        "<img \"\"\"><script>alert(1)</script>\">",
        "<svg/onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<object data=\"data:text/html,<script>alert(1)</script>\"></object>",
        "<body onload=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<b style=\"background:url(javascript:alert(1))\">x</b>",
        "<style>@import 'http://evil.example/x.css';</style>",
        "<link rel=stylesheet href=http://evil.example/x.css>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<base href=\"http://evil.example/\">",
        "<form action=\"http://evil.example/\"><input name=password></form>",
        "<details open ontoggle=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?xml version=\"1.0\"?><x/>",
        "<<script>alert(1)//<</script>",
        "<b\n/onclick=alert(1)>x</b>",
        "[x](javascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](\"onmouseover=alert(1)//)",
        "[x](http://a.example/\"onmouseover=\"alert(1))",
        "[x](http://a.example 'x\" onmouseover=alert(1) \"')",
        "![x](javascript:alert(1))",
        "![\"onerror=alert(1)](x)",
        "![x](x \"y\\\"onerror=alert(1)\")",
        "<javascript:alert(1)>",
        "<data:text/html;base64,PHNjcmlwdD4=>",
        "[x]: javascript:alert(1)\n\n[x]",
        "```x\" onclick=\"alert(1)\n```",
        "`` ``<script>``",
        "| <script> |\n|---|\n| <img src=x onerror=alert(1)> |",
        "http://a.example/\"><script>alert(1)</script>",
        "https://a.example/<img src=x onerror=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        "<scr\0ipt>alert(1)</scr\0ipt>",
        "\xe2\x80\xae<script>alert(1)</script>"}) {
    const std::string html = safe_html(text);
    EXPECT_EQ(problem_with(html), "") << text << "\n" << html;
    EXPECT_THAT(to_lower(html), Not(HasSubstr("href=\"javascript"))) << text;
  }
}

TEST(SafeHtml, ShowsTextsBeyondItsLimitsAsTheyWereWritten) {
  const std::string long_text(kLongestMarkdown, '*');
  EXPECT_EQ(problem_with(safe_html(long_text)), "");
  EXPECT_THAT(safe_html(long_text + "<"), StartsWith("<pre>***"));
  EXPECT_THAT(safe_html(long_text + "<"), ::testing::EndsWith("&lt;</pre>\n"));
  EXPECT_THAT(safe_html(std::string(100, '>') + "x"), StartsWith("<pre>&gt;"));
  std::string tags;
  for (int i = 0; i < 100; ++i) tags += "<b>";
  for (int i = 0; i < 100; ++i) tags += "</b>";
  EXPECT_THAT(safe_html("x " + tags), StartsWith("<pre>x &lt;b&gt;"));
  EXPECT_THAT(safe_html("<b>\n" + tags + "\n</b>"), StartsWith("<pre>&lt;b&gt;"));
  EXPECT_THAT(safe_html(std::string(40, '>') + "x"), StartsWith("<blockquote>"));
}

TEST(SafeHtml, GrowsNoHugeTables) {
  std::string table;
  for (int i = 0; i < 2000; ++i) table += "|a";
  table += "\n";
  for (int i = 0; i < 2000; ++i) table += "|-";
  for (int i = 0; i < 3000; ++i) table += "\n|";
  ASSERT_LT(table.size(), kLongestMarkdown);
  EXPECT_LT(safe_html(table).size(), 10 * kLongestMarkdown);
}

/// Texts on which parsers of Markdown have been slow or have run out of stack.
TEST(SafeHtml, TakesTextsThatAreHardToParse) {
  for (const std::string piece :
       {"[",        "![l",      "![[]()", "*a_ ",       "**x [a*b**c*](d) ",
        "<b>",      "<!A ",     "<?",     "`a``",       "- ",
        "> ",       "a@b.c ",   "@",      "www.a.b ",   "~~a ~~",
        "[a](<b",   "[a](b ",   "\\",     "&",          "|a",
        "https://", "((((",     "_",      "<a href=\"", "1. ",
        "\t- ",     "[x]: y\n", "[^1]",   "|-|\n"}) {
    std::string text;
    while (text.size() + piece.size() <= kLongestMarkdown) text += piece;
    EXPECT_EQ(problem_with(safe_html(text)), "") << piece;
  }
}

TEST(SafeHtml, AnyBytesGiveWellFormedHtml) {
  constexpr std::string_view kPieces[] = {
      "<b>",         "</b>", "<i>",   "</i>",     "<br>", "<hr>", "<script>",   "</script>",
      "<b x=1>",     "<!--", "-->",   "**",       "*",    "_",    "~~",         "`",
      "```",         "\n",   "\n\n",  "    ",     "\t",   "> ",   "- ",         "1. ",
      "# ",          "|",    "|-|",   "[",        "](",   ")",    "![",         "https://a.b",
      "javascript:", "/x",   "\"",    "'",        "&",    "&lt;", "&#60;",      "<",
      ">",           "\\",   "\xff",  "\xe2\x82", "ü",    "a",    "<a href=\"", "mailto:a@b.c",
      "[x]: /y\n",   "\r\n", "<KBD>", "</kbd>"};
  std::mt19937 random(20'260'101);  // the same texts every time
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const unsigned pieces = random() % 40;
    for (unsigned k = 0; k < pieces; ++k) {
      if (random() % 8 == 0) {
        text += static_cast<char>(random() % 256);
      } else {
        text += kPieces[random() % std::size(kPieces)];
      }
    }
    const std::string html = safe_html(text);
    ASSERT_EQ(problem_with(html), "") << text << "\n" << html;
  }
}

TEST(SafeHtml, IsThreadSafe) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int k = 0; k < 500; ++k)
        EXPECT_EQ(safe_html("~~a~~ **b**"), "<p><del>a</del> <strong>b</strong></p>\n");
    });
  }
}

}  // namespace
}  // namespace windlass
