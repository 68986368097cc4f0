#include "sources/last_good.h"

#include "sources/test_root.h"

namespace windlass::sources {
namespace {

SourceVersion version_of(const std::string& id, const std::vector<SourceModule>& modules) {
  SourceVersion version;
  version.id = id;
  version.modules = modules;
  return version;
}

class LastGoodTest : public TestRoot {};

TEST_F(LastGoodTest, RemembersAcrossRestarts) {
  LastGood good(home_);
  EXPECT_FALSE(good.find("a"));
  ASSERT_TRUE(
      good.mark_good(version_of("v1", {{"a", "a.py", "h1"}, {"b", "b", "h2"}}), {"a", "b"}).ok());
  const LastGood again(home_);
  EXPECT_EQ(again.find("a"), (LastGood::Entry{"v1", "h1"}));
  EXPECT_EQ(again.versions(), std::set<std::string>{"v1"});
}

TEST_F(LastGoodTest, AModuleThatFailedKeepsItsEarlierVersion) {
  LastGood good(home_);
  ASSERT_TRUE(
      good.mark_good(version_of("v1", {{"a", "a.py", "h1"}, {"b", "b.py", "h2"}}), {"a", "b"})
          .ok());
  ASSERT_TRUE(
      good.mark_good(version_of("v2", {{"a", "a.py", "h3"}, {"b", "b.py", "h4"}}), {"a"}).ok());
  EXPECT_EQ(LastGood(home_).find("a")->version, "v2");
  EXPECT_EQ(LastGood(home_).find("b"), (LastGood::Entry{"v1", "h2"}));
  EXPECT_EQ(good.versions(), (std::set<std::string>{"v1", "v2"}));
}

TEST_F(LastGoodTest, ForgetsModulesThatAreGone) {
  LastGood good(home_);
  ASSERT_TRUE(good.mark_good(version_of("v1", {{"a", "a.py", "h1"}}), {"a"}).ok());
  ASSERT_TRUE(good.mark_good(version_of("v2", {{"b", "b.py", "h2"}}), {"b"}).ok());
  EXPECT_FALSE(LastGood(home_).find("a"));
}

TEST_F(LastGoodTest, RecordsNothingInPlace) {
  SourceVersion version = version_of("v1", {{"a", "a.py", "h1"}});
  version.in_place = true;
  LastGood good(home_);
  ASSERT_TRUE(good.mark_good(version, {"a"}).ok());
  EXPECT_FALSE(good.find("a"));
  EXPECT_TRUE(stored().empty());
}

TEST_F(LastGoodTest, ADamagedFileBeginsAnew) {
  std::filesystem::create_directories(home_ / "sources");
  for (const char* text : {"", "{", "[]", R"({"modules": 3})"}) {
    std::ofstream(home_ / "sources" / "last-good.json", std::ios::trunc) << text;
    LastGood good(home_);
    EXPECT_TRUE(good.versions().empty()) << text;
    EXPECT_TRUE(good.mark_good(version_of("v1", {{"a", "a.py", "h1"}}), {"a"}).ok());
  }
}

TEST_F(LastGoodTest, AFileThatCannotBeWrittenIsAnErrorButHolds) {
  std::ofstream(home_) << "a file where the home should be";
  LastGood good(home_);
  EXPECT_EQ(good.mark_good(version_of("v1", {{"a", "a.py", "h1"}}), {"a"}).error().code, "file.io");
  EXPECT_EQ(good.find("a")->version, "v1");
}

}  // namespace
}  // namespace windlass::sources
