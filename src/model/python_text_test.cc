#include "model/python_text.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

TEST(PythonText, PrintsScalarsAsStrDoes) {
  EXPECT_EQ(python_text("as it is"), "as it is");
  EXPECT_EQ(python_text(5), "5");
  EXPECT_EQ(python_text(std::uint64_t{18446744073709551615u}), "18446744073709551615");
  EXPECT_EQ(python_text(true), "True");
  EXPECT_EQ(python_text(false), "False");
  EXPECT_EQ(python_text(nullptr), "None");
}

TEST(PythonText, PrintsFloatsAsReprDoes) {
  const std::pair<double, const char*> cases[] = {{5.0, "5.0"},
                                                  {0.0, "0.0"},
                                                  {-0.0, "-0.0"},
                                                  {0.5, "0.5"},
                                                  {-1.25, "-1.25"},
                                                  {0.1, "0.1"},
                                                  {100.0, "100.0"},
                                                  {1e15, "1000000000000000.0"},
                                                  {1e16, "1e+16"},
                                                  {1.5e16, "1.5e+16"},
                                                  {1e-4, "0.0001"},
                                                  {1e-5, "1e-05"},
                                                  {1.234e-7, "1.234e-07"},
                                                  {1e100, "1e+100"},
                                                  {123456789.125, "123456789.125"},
                                                  {2.5e-300, "2.5e-300"},
                                                  {0.30000000000000004, "0.30000000000000004"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(python_text(number), text);
}

TEST(PythonText, PrintsListsAsJson) {
  EXPECT_EQ(python_text(json::array{1, "a"}), R"([1,"a"])");
}

TEST(PythonStrip, TakesUnicodeWhiteSpaceFromTheEndsOnly) {
  EXPECT_EQ(python_strip(" \t\n\v\f\r\x1c a\u00a0b \u2029\u3000\u0085"), "a\u00a0b");
  EXPECT_EQ(python_strip("\u200b"), "\u200b");  // zero width space is no white space to Python
  EXPECT_EQ(python_strip("\u2003 "), "");
  EXPECT_EQ(python_strip(""), "");
}

}  // namespace
}  // namespace windlass
