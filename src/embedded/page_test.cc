#include "embedded/page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace windlass {
namespace {

TEST(EmbeddedPage, HoldsAnIndexAndEveryFileOnceOrNothing) {
  std::set<std::string_view> paths;
  for (const PageFile& file : embedded_page()) {
    EXPECT_TRUE(paths.insert(file.path).second) << file.path;
    EXPECT_FALSE(file.path.starts_with('/')) << file.path;
    if (file.gzip) {
      EXPECT_TRUE(file.content.starts_with("\x1f\x8b")) << file.path;
    }
  }
  EXPECT_EQ(paths.contains("index.html"), !paths.empty());
}

}  // namespace
}  // namespace windlass
