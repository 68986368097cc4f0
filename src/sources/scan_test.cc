#include "sources/scan.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "sources/test_root.h"
#include "sources/tree.h"
#include "sources/write_activity.h"

namespace windlass::sources {
namespace {

namespace fs = std::filesystem;

class ScanTest : public TestRoot {
 protected:
  std::vector<std::string> paths() const {
    std::vector<std::string> found;
    const auto scan = scan_folder(root_);
    for (const ScannedFile& file : scan->files) found.push_back(file.path);
    return found;
  }
};

TEST_F(ScanTest, ListsFilesOfAllFoldersByPath) {
  write("b.py", "");
  write("a/__init__.py", "");
  write("a/deep/er/data.csv", "1,2");
  write("a.py", "xx");
  EXPECT_EQ(paths(),
            (std::vector<std::string>{"a.py", "a/__init__.py", "a/deep/er/data.csv", "b.py"}));
  EXPECT_EQ(scan_folder(root_)->bytes, 5u);
}

TEST_F(ScanTest, LeavesOutCachesDotFilesAndWhatEditorsDrop) {
  for (const char* path : {".git/config", ".hidden.py", "__pycache__/a.pyc", "a.pyc", "a.pyo",
                           "a.py~", ".#a.py", "#a.py#", ".a.py.swp", "a.py.swp", "4913",
                           "pkg/__pycache__/x.pyc", "pkg/.env", "a.py___jb_tmp___"}) {
    write(path, "x");
  }
  write("a.py", "x");
  EXPECT_EQ(paths(), (std::vector<std::string>{"a.py"}));
}

TEST_F(ScanTest, LeavesOutVirtualEnvironments) {
  write("venv/pyvenv.cfg", "home = /usr");
  write("venv/lib/big.py", "x");
  write("a.py", "x");
  EXPECT_EQ(paths(), (std::vector<std::string>{"a.py"}));
}

TEST_F(ScanTest, FollowsLinksButNotInCircles) {
  const fs::path outside = folder_.path() / "elsewhere";
  fs::create_directories(outside / "pkg");
  std::ofstream(outside / "pkg" / "__init__.py") << "x";
  std::ofstream(outside / "one.py") << "x";
  fs::create_symlink(outside / "one.py", root_ / "one.py");
  fs::create_directory_symlink(outside / "pkg", root_ / "pkg");
  fs::create_directory_symlink(root_, root_ / "loop");
  fs::create_symlink(outside / "missing.py", root_ / "missing.py");
  fs::create_symlink(root_ / "self", root_ / "self");
  EXPECT_EQ(paths(), (std::vector<std::string>{"one.py", "pkg/__init__.py"}));
}

TEST_F(ScanTest, SkipsSocketsAndPipes) {
  ASSERT_EQ(::mkfifo((root_ / "pipe.py").c_str(), 0600), 0);
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (root_ / "s.py").string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_TRUE(paths().empty());
}

TEST_F(ScanTest, NamesARootThatIsNotThere) {
  const auto missing = scan_folder(folder_.path() / "no");
  EXPECT_EQ(missing.error().code, "sources.no_root");
  EXPECT_NE(missing.error().message.find("jobs_root"), std::string::npos);
  write("file", "");
  EXPECT_EQ(scan_folder(root_ / "file").error().code, "sources.no_root");
}

TEST_F(ScanTest, EntersEachFolderBeforeListingIt) {
  write("a/b/c.py", "");
  std::vector<std::string> entered;
  ASSERT_TRUE(
      scan_folder(root_, "", [&](const std::string& path) { entered.push_back(path); }).ok());
  EXPECT_EQ(entered, (std::vector<std::string>{"", "a", "a/b"}));
  const auto part = scan_folder(root_, "a/b");
  EXPECT_EQ(part->files.at(0).path, "a/b/c.py");
}

Tree tree_with(const std::vector<std::string>& paths) {
  Tree tree;
  for (const std::string& path : paths) tree[path] = {"hash of " + path, false};
  return tree;
}

TEST(Modules, AreTopLevelFilesAndPackagesWithIdentifiersForNames) {
  std::vector<std::string> warnings;
  const auto modules =
      modules_of(tree_with({"__init__.py", "a.py", "data.csv", "data/x.csv", "noinit/mod.py",
                            "pkg/__init__.py", "pkg/sub/__init__.py", "Grüße.py", "_private.py"}),
                 &warnings);
  ASSERT_EQ(modules.size(), 4u);
  EXPECT_EQ(modules[0].name, "Grüße");
  EXPECT_EQ(modules[1].name, "_private");
  EXPECT_EQ(modules[2].path, "a.py");
  EXPECT_EQ(modules[3].path, "pkg");
  EXPECT_TRUE(warnings.empty());
}

TEST(Modules, WarnsOfNamesThatCannotBeImported) {
  std::vector<std::string> warnings;
  const auto modules = modules_of(
      tree_with({"my-job.py", "2nd.py", ".py", "a b/__init__.py", "both.py", "both/__init__.py"}),
      &warnings);
  ASSERT_EQ(modules.size(), 1u);
  EXPECT_EQ(modules[0].path, "both") << "Python prefers the package";
  ASSERT_EQ(warnings.size(), 4u);
  EXPECT_NE(warnings[0].find("2nd"), std::string::npos);
}

TEST(Modules, HashTellsWhetherTheModulesOwnFilesChanged) {
  std::vector<std::string> warnings;
  Tree tree = tree_with({"a.py", "pkg/__init__.py", "pkg/data.csv", "pkg2.py"});
  const auto before = modules_of(tree, &warnings);
  tree["pkg/data.csv"].hash = "other";
  const auto after = modules_of(tree, &warnings);
  EXPECT_EQ(before[0].hash, after[0].hash);
  EXPECT_NE(before[1].hash, after[1].hash);
  EXPECT_EQ(before[2].hash, after[2].hash);
}

TEST(Tree, IdDependsOnPathsContentAndMode) {
  const Tree tree = tree_with({"a.py", "b.py"});
  Tree renamed = tree_with({"a.py"});
  renamed["c.py"] = tree.at("b.py");
  Tree executable = tree;
  executable["a.py"].executable = true;
  EXPECT_EQ(tree_id(tree), tree_id(tree_with({"b.py", "a.py"})));
  EXPECT_EQ((std::set{tree_id(tree), tree_id(renamed), tree_id(executable), tree_id({})}).size(),
            4u);
}

TEST(Covers, TakesAFoldersPathForAllBeneath) {
  const std::set<std::string> paths = {"a.py", "pkg/sub"};
  EXPECT_TRUE(covers(paths, "a.py"));
  EXPECT_TRUE(covers(paths, "pkg/sub/deep/x.py"));
  EXPECT_FALSE(covers(paths, "pkg/subway.py"));
  EXPECT_FALSE(covers(paths, "pkg"));
  EXPECT_FALSE(covers(paths, "a.pyx"));
}

}  // namespace
}  // namespace windlass::sources
