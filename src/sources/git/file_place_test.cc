#include "sources/git/file_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "sources/git/test_repository.h"

namespace windlass::sources {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A repository that is not to be reached, beside the folder that is.
class FilePlace : public TestMirror {
 protected:
  FilePlace() {
    fs::create_directories(root_);
    secret_.commit(files("secret = 1"));
  }
  static void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  /// The code with which a fetch of the repository at the path beneath the root is refused.
  std::string refusal(const std::string& name) const {
    GitOptions bounded = options();
    bounded.file_roots = {root_};
    GitRemote remote;
    remote.url = "file://" + (root_ / name).string();
    remote.branch = "main";
    const auto head = GitMirror(bounded, "bounded").fetch(remote, nullptr);
    if (head.ok()) return "";
    EXPECT_THAT(head.error().message, HasSubstr("git_file_roots"));
    return head.error().code;
  }

  const fs::path root_ = folder_.path() / "root";
  TestRepository secret_{folder_.path() / "secret.git"};
};

TEST_F(FilePlace, AFileInPlaceOfTheFolderLeadsOut) {
  write(root_ / "a/.git", "gitdir: " + secret_.path().string() + "\n");
  EXPECT_EQ(refusal("a"), "git.url");
}

TEST_F(FilePlace, ACommonFolderLeadsOut) {
  write(root_ / "a/HEAD", "ref: refs/heads/main\n");
  write(root_ / "a/commondir", "../../secret.git\n");
  EXPECT_EQ(refusal("a"), "git.url");
}

TEST_F(FilePlace, AlternatesLeadOut) {
  TestRepository open(root_ / "a");
  open.commit(files());
  EXPECT_EQ(refusal("a"), "");
  for (const std::string& line :
       {(secret_.path() / "objects").string(), std::string("../../../secret.git/objects"),
        std::string("secret.git/objects")}) {
    write(root_ / "a/objects/info/alternates", "# comment\n" + line + "\n");
    EXPECT_EQ(refusal("a"), "git.url") << line;
  }
}

TEST_F(FilePlace, AlternatesWithinAreFine) {
  TestRepository other(root_ / "b");
  const std::string commit = other.commit(files());
  TestRepository open(root_ / "a");
  write(root_ / "a/objects/info/alternates", "../../b/objects\n");
  write(root_ / "a/refs/heads/main", commit + "\n");
  EXPECT_EQ(refusal("a"), "");
  write(root_ / "b/objects/info/alternates", (secret_.path() / "objects").string() + "\n");
  EXPECT_EQ(refusal("a"), "git.url") << "by way of another repository";
}

TEST_F(FilePlace, SymbolicLinksLeadOut) {
  TestRepository open(root_ / "a");
  open.commit(files());
  fs::create_directory_symlink("b", root_ / "a/objects/inside");
  fs::create_directories(root_ / "a/objects/b");
  EXPECT_EQ(refusal("a"), "");
  fs::create_symlink(secret_.path() / "HEAD", root_ / "a/objects/b/out");
  EXPECT_EQ(refusal("a"), "git.url");
}

}  // namespace
}  // namespace windlass::sources
