#include "engine/quiet_modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Micros kSettle = std::chrono::seconds(1);

json::value manifest(const std::map<std::string, int>& classes) {
  json::array modules;
  for (const auto& [name, count] : classes) {
    json::array list(static_cast<std::size_t>(count), json::object{});
    modules.push_back(json::object{{"name", name}, {"error", nullptr}, {"classes", list}});
  }
  return json::object{{"modules", modules}};
}

sources::SourceVersion version(const std::string& hash) {
  sources::SourceVersion made;
  made.modules = {{"a", "a.py", hash}, {"b", "b.py", "same"}};
  return made;
}

TEST(QuietModules, AreHeldBackUntilTheyStaySo) {
  QuietModules quiet(kSettle);
  quiet.in_force(manifest({{"a", 1}, {"b", 0}}));
  EXPECT_EQ(quiet.due(), std::nullopt);
  EXPECT_THAT(quiet.held_back(version("1"), manifest({{"a", 0}, {"b", 0}}), Micros(100)),
              ElementsAre("a"));
  EXPECT_EQ(quiet.due(), Micros(100) + kSettle);
  EXPECT_THAT(quiet.held_back(version("1"), manifest({{"a", 0}, {"b", 0}}), Micros(200)),
              ElementsAre("a"));
  EXPECT_EQ(quiet.due(), Micros(100) + kSettle) << "the same files go on waiting";
  EXPECT_THAT(quiet.held_back(version("2"), manifest({{"a", 0}, {"b", 0}}), Micros(300)),
              ElementsAre("a"));
  EXPECT_EQ(quiet.due(), Micros(300) + kSettle) << "changed files begin anew";
  EXPECT_THAT(quiet.held_back(version("2"), manifest({{"a", 0}, {"b", 0}}), Micros(300) + kSettle),
              IsEmpty());
  EXPECT_EQ(quiet.due(), std::nullopt);
}

TEST(QuietModules, AreNoneOnceTheyRegisterAgain) {
  QuietModules quiet(kSettle);
  quiet.in_force(manifest({{"a", 2}}));
  EXPECT_THAT(quiet.held_back(version("1"), manifest({{"a", 0}}), Micros(0)), ElementsAre("a"));
  EXPECT_THAT(quiet.held_back(version("2"), manifest({{"a", 1}}), Micros(10)), IsEmpty());
  EXPECT_EQ(quiet.due(), std::nullopt);
}

TEST(QuietModules, AreNeitherBrokenNorRemovedNorNewOnes) {
  QuietModules quiet(kSettle);
  quiet.in_force(manifest({{"a", 1}, {"gone", 1}}));
  json::value broken = manifest({{"a", 0}, {"b", 0}, {"gone", 0}});
  broken.at("modules").at(0).get_object()["error"] = json::object{{"type", "E"}};
  EXPECT_THAT(quiet.held_back(version("1"), broken, Micros(0)), IsEmpty());
}

TEST(QuietModules, AreNeverHeldWithoutASettlingTime) {
  QuietModules quiet(Micros(0));
  quiet.in_force(manifest({{"a", 1}}));
  EXPECT_THAT(quiet.held_back(version("1"), manifest({{"a", 0}}), Micros(0)), IsEmpty());
}

}  // namespace
}  // namespace windlass::engine
