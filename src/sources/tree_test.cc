#include "sources/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass::sources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Tree tree_of(const std::vector<std::string>& paths) {
  Tree tree;
  for (const std::string& path : paths) tree[path] = {"hash of " + path, false};
  return tree;
}

std::vector<SourceModule> modules(const Tree& tree) {
  std::vector<std::string> warnings;
  auto found = modules_of(tree, &warnings);
  EXPECT_THAT(warnings, IsEmpty());
  return found;
}

std::vector<std::string> names(const std::vector<SourceModule>& modules) {
  std::vector<std::string> names;
  for (const SourceModule& module : modules) names.push_back(module.name);
  return names;
}

TEST(Modules, EachKindOfFileMakesOne) {
  const auto found = modules(tree_of({"a.py", "b/__init__.py", "b/inner.cpp", "c.cpp",
                                      "d/CMakeLists.txt", "d/src/main.cpp", "e.so", "f/data.txt"}));
  ASSERT_THAT(names(found), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(found[0].kind, ModuleKind::kPython);
  EXPECT_EQ(found[1].kind, ModuleKind::kPython);
  EXPECT_EQ(found[1].path, "b");
  EXPECT_EQ(found[2].kind, ModuleKind::kCpp);
  EXPECT_EQ(found[2].path, "c.cpp");
  EXPECT_EQ(found[3].kind, ModuleKind::kProject);
  EXPECT_EQ(found[3].path, "d");
  EXPECT_EQ(found[4].kind, ModuleKind::kLibrary);
}

TEST(Modules, TwoLanguagesOfOneNameClash) {
  const auto found = modules(tree_of({"x.py", "x.cpp"}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].clash, "x.py and x.cpp both make the module x. Rename all but one of them.");
  EXPECT_EQ(module_files(tree_of({"x.py", "x.cpp", "y.py"}), "x").size(), 2u);
}

TEST(Modules, APackageMayHaveABuildOfItsOwn) {
  const auto found = modules(tree_of({"p/__init__.py", "p/CMakeLists.txt"}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, ModuleKind::kPython);
  EXPECT_EQ(found[0].clash, "");
}

TEST(Modules, HeadersCountForTheFilesThatMayIncludeThem) {
  Tree tree =
      tree_of({"a.cpp", "b.py", "lib/helper.hpp", "project/CMakeLists.txt", "project/own.h"});
  const auto before = modules(tree);
  tree["lib/helper.hpp"].hash = "another";
  const auto after = modules(tree);
  EXPECT_NE(before[0].hash, after[0].hash);
  EXPECT_EQ(before[1].hash, after[1].hash);
  EXPECT_EQ(before[2].hash, after[2].hash);
  tree["project/own.h"].hash = "another";
  const auto later = modules(tree);
  EXPECT_EQ(after[0].hash, later[0].hash) << "a project's headers are its own";
  EXPECT_NE(after[2].hash, later[2].hash);
}

TEST(Modules, NamesThatNoCompilerTakesAreTold) {
  std::vector<std::string> warnings;
  const auto found = modules_of(
      tree_of({"my-sweep.cpp", "größe.cpp", "_fast.cpython-311-x86_64-linux-gnu.so"}), &warnings);
  EXPECT_THAT(found, IsEmpty());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("\"größe\" is not a C++ identifier"),
                                    HasSubstr("\"my-sweep\" is not a C++ identifier")));
}

TEST(NativeModules, AreThoseOfAFolderWithHeadersFromAnywhere) {
  Tree tree = tree_of({"net/jobs/__init__.py", "net/jobs/sweep.cpp", "net/jobs/other.py",
                       "net/jobs/both.py", "net/jobs/both.cpp", "net/include/lib.hpp", "top.cpp"});
  std::vector<std::string> warnings;
  const auto found = native_modules_of(tree, "net/jobs", "net.jobs.", &warnings);
  ASSERT_THAT(names(found), ElementsAre("net.jobs.both", "net.jobs.sweep"));
  EXPECT_NE(found[0].clash, "");
  EXPECT_EQ(found[1].path, "net/jobs/sweep.cpp");
  tree["net/include/lib.hpp"].hash = "another";
  const auto after = native_modules_of(tree, "net/jobs", "net.jobs.", &warnings);
  EXPECT_NE(after[1].hash, found[1].hash);
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
}  // namespace windlass::sources
