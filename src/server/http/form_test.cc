#include "server/http/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Form, KeepsOrderAndRepeatedNames) {
  EXPECT_THAT(*parse_form("status=A&x=1&status=B"),
              ElementsAre(Pair("status", "A"), Pair("x", "1"), Pair("status", "B")));
}

TEST(Form, DecodesNamesAndValues) {
  EXPECT_THAT(*parse_form("a%20b=x+y%2B%26%3D&%C3%A4=%c3%b6"),
              ElementsAre(Pair("a b", "x y+&="), Pair("\xC3\xA4", "\xC3\xB6")));
}

TEST(Form, TakesWhatHasNoValueOrNoName) {
  EXPECT_THAT(*parse_form("a&b=&=c&&d==e=&"),
              ElementsAre(Pair("a", ""), Pair("b", ""), Pair("", "c"), Pair("d", "=e=")));
  EXPECT_THAT(*parse_form(""), IsEmpty());
  EXPECT_THAT(*parse_form("&&&"), IsEmpty());
}

TEST(Form, LeavesWrongEscapesAndReplacesWrongUtf8) {
  EXPECT_THAT(*parse_form("a=%&b=%4&c=%zz&d=%FF&e=%00"),
              ElementsAre(Pair("a", "%"), Pair("b", "%4"), Pair("c", "%zz"),
                          Pair("d", "\xEF\xBF\xBD"), Pair("e", "\xEF\xBF\xBD")));
}

TEST(Form, RefusesTooManyFields) {
  EXPECT_TRUE(parse_form("a=1&b=2", 2).ok());
  const auto refused = parse_form("a=1&b=2&c", 2);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "http.too_many_fields");
}

}  // namespace
}  // namespace windlass::http
