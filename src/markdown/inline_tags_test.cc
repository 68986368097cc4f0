#include "markdown/inline_tags.h"

#include <gtest/gtest.h>

#include <string>

namespace windlass {
namespace {

TEST(InlineTags, AreReadOnlyWithoutAttributes) {
  const auto tag = read_inline_tag("<Strong >x");
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->name, "strong");
  EXPECT_EQ(tag->kind, InlineTag::Kind::kOpens);
  EXPECT_EQ(tag->length, 9u);
  EXPECT_EQ(read_inline_tag("</b>")->kind, InlineTag::Kind::kCloses);
  EXPECT_EQ(read_inline_tag("<br/>")->kind, InlineTag::Kind::kEmpty);
  EXPECT_EQ(read_inline_tag("<HR />")->name, "hr");
  for (const char* text :
       {"", "b>", "<b", "<b class=x>", "<b/>", "</br>", "</b/>", "< b>", "<script>", "<b\n>",
        "<b\tonclick=x>", "<>", "</>", "<//b>", "<a>", "<bb>"}) {
    EXPECT_FALSE(read_inline_tag(text)) << text;
  }
}

/// The tags that stay of a text that is nothing but tags.
std::string kept(std::string_view text) {
  std::vector<InlineTag> tags;
  std::vector<std::string_view> texts;
  while (!text.empty()) {
    tags.push_back(read_inline_tag(text).value());
    texts.push_back(text.substr(0, tags.back().length));
    text.remove_prefix(tags.back().length);
  }
  const std::vector<bool> stays = balanced(tags);
  std::string out;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (stays[i]) out += texts[i];
  }
  return out;
}

TEST(InlineTags, StayWhereTheyAreBalanced) {
  EXPECT_EQ(kept("<b><i></i></b><br>"), "<b><i></i></b><br>");
  EXPECT_EQ(kept("<b><i></b></i>"), "<b></b>");
  EXPECT_EQ(kept("</b><b>"), "");
  EXPECT_EQ(kept("<b><b></b>"), "<b></b>");
  EXPECT_EQ(kept("<i><b></B></b></i>"), "<i><b></B></i>");
  EXPECT_EQ(kept(""), "");
}

}  // namespace
}  // namespace windlass
