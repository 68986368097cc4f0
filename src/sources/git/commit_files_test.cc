#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/git/test_repository.h"

namespace windlass::sources {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CommitFiles : public TestMirror {};

TEST_F(CommitFiles, WithoutInitAtTheRootIsRefused) {
  EXPECT_EQ(refusal_of({{"jobs.py", {"x"}}, {"a/__init__.py", {""}}}), "git.no_init");
}

TEST_F(CommitFiles, WithoutJobsIsRefused) {
  EXPECT_EQ(refusal_of({{"__init__.py", {""}}, {"other.py", {"x"}}}), "git.no_jobs");
}

TEST_F(CommitFiles, AFolderOfJobsNeedsAnInit) {
  origin_.commit({{"__init__.py", {""}}, {"jobs/one.py", {"x"}}});
  const auto version = sync();
  ASSERT_FALSE(version.ok());
  EXPECT_EQ(version.error().code, "git.no_jobs");
  EXPECT_THAT(version.error().message, HasSubstr("folder jobs has no file __init__.py"));
}

TEST_F(CommitFiles, APackageOfJobsIsTheModule) {
  origin_.commit({{"__init__.py", {""}}, {"jobs/__init__.py", {""}}, {"jobs/one.py", {"x = 1"}}});
  const auto version = sync().value();
  ASSERT_THAT(version.modules, SizeIs(1));
  EXPECT_EQ(version.modules[0].name, "netjobs.jobs");
  EXPECT_EQ(version.modules[0].path, "netjobs/jobs");
  EXPECT_EQ(content(version, "netjobs/jobs/one.py"), "x = 1");
}

TEST_F(CommitFiles, NamesThatLeadElsewhereAreRefused) {
  const git_oid blob = origin_.blob("x");
  const git_oid inner = origin_.tree({{0100644, "config", blob}});
  for (const std::string& name :
       {std::string(".."), std::string("."), std::string(".git"), std::string(".GiT"),
        std::string("a/b"), std::string("../../etc"), std::string("a\nb"), std::string("\x7f")}) {
    origin_.commit_entries(
        {{0040000, name, inner}, {0100644, "__init__.py", blob}, {0100644, "jobs.py", blob}});
    const auto version = sync();
    ASSERT_FALSE(version.ok()) << name;
    EXPECT_EQ(version.error().code, "git.unsafe") << name;
    EXPECT_EQ(version.error().message.find('\n'), std::string::npos);
  }
}

TEST_F(CommitFiles, TheSameNameTwiceIsRefused) {
  const git_oid blob = origin_.blob("x");
  origin_.commit_entries(
      {{0100644, "__init__.py", blob}, {0100644, "jobs.py", blob}, {0120000, "jobs.py", blob}});
  EXPECT_EQ(sync().error().code, "git.unsafe");
}

TEST_F(CommitFiles, NamesThatDifferInCaseAloneAreRefused) {
  TestFiles tricky = files();
  tricky["lib/Data.txt"] = {"a"};
  tricky["lib/data.txt"] = {"b"};
  EXPECT_EQ(refusal_of(tricky), "git.unsafe");
  TestFiles folders = files();
  folders["Lib/a.txt"] = {"a"};
  folders["lib/b.txt"] = {"b"};
  EXPECT_EQ(refusal_of(folders), "git.unsafe");
}

TEST_F(CommitFiles, DeepFoldersAreRefused) {
  TestFiles deep = files();
  std::string path;
  for (int i = 0; i < 80; ++i) path += "d/";
  deep[path + "x"] = {"x"};
  EXPECT_EQ(refusal_of(deep), "git.unsafe");
}

TEST_F(CommitFiles, FoldersThatLinksMakeDeepAreRefused) {
  TestFiles deep = files();
  for (int i = 0; i < 200; ++i)
    deep["d" + std::to_string(i) + "/n"] = link_to("../d" + std::to_string(i + 1));
  deep["d200/x"] = {"x"};
  EXPECT_EQ(refusal_of(deep), "git.unsafe");
}

TEST_F(CommitFiles, PathsThatAreTooLongAreRefused) {
  TestFiles tricky = files();
  std::string path;
  for (int i = 0; i < 12; ++i) path += std::string(200, 'd') + "/";
  tricky[path + "x"] = {"x"};
  EXPECT_EQ(refusal_of(tricky), "git.unsafe");
  TestFiles linked = files();
  const std::string name(200, 'n');
  for (int i = 0; i < 12; ++i)
    linked["d" + std::to_string(i) + "/" + name] = link_to("../d" + std::to_string(i + 1));
  linked["d12/x"] = {"x"};
  EXPECT_EQ(refusal_of(linked), "git.unsafe");
}

TEST_F(CommitFiles, LinksThatTakeManyStepsAreRefused) {
  GitOptions few = options();
  few.file_limit = 50;
  TestFiles slow = files();
  slow["a/x"] = {"x"};
  std::string way;
  for (int i = 0; i < 800; ++i) way += "a/../";
  for (int i = 0; i < 10; ++i) slow["l" + std::to_string(i)] = link_to(way + "a/x");
  origin_.commit(slow);
  GitMirror mirror(few, "few");
  const auto head = mirror.fetch(remote(), nullptr).value();
  const auto version = mirror.checkout(head.commit);
  ASSERT_FALSE(version.ok());
  EXPECT_EQ(version.error().code, "git.too_large");
  EXPECT_THAT(version.error().message, HasSubstr("symbolic links"));
}

TEST_F(CommitFiles, TooManyBytesAreRefused) {
  GitOptions small = options();
  small.size_limit = 1000;
  TestFiles large = files();
  large["a"] = {std::string(600, 'a')};
  large["b"] = {std::string(600, 'a')};  // the same blob counts twice: it is written twice
  origin_.commit(large);
  GitMirror mirror(small, "small");
  const auto head = mirror.fetch(remote(), nullptr).value();
  EXPECT_EQ(mirror.checkout(head.commit).error().code, "git.too_large");
}

TEST_F(CommitFiles, TooManyFilesAreRefused) {
  GitOptions few = options();
  few.file_limit = 10;
  TestFiles many = files();
  for (int i = 0; i < 10; ++i) many["f" + std::to_string(i)] = {"x"};
  origin_.commit(many);
  GitMirror mirror(few, "few");
  const auto head = mirror.fetch(remote(), nullptr).value();
  EXPECT_EQ(mirror.checkout(head.commit).error().code, "git.too_large");
}

TEST_F(CommitFiles, LinksThatMultiplyAreRefused) {
  TestFiles bomb = files();
  bomb["l0/x"] = {"x"};
  for (int i = 1; i < 30; ++i) {
    bomb["l" + std::to_string(i) + "/a"] = link_to("../l" + std::to_string(i - 1));
    bomb["l" + std::to_string(i) + "/b"] = link_to("../l" + std::to_string(i - 1));
  }
  EXPECT_EQ(refusal_of(bomb), "git.too_large");
}

TEST_F(CommitFiles, LinksWithinTheRepositoryBecomeWhatTheyLeadTo) {
  TestFiles linked = files();
  linked["lib/real.py"] = {"y = 2"};
  linked["lib/tool"] = {"#!", 0100755};
  linked["a.py"] = link_to("lib/real.py");
  linked["b.py"] = link_to("a.py");
  linked["again"] = link_to("./lib/../lib");
  linked["tool"] = link_to("again/tool");
  origin_.commit(linked);
  const auto version = sync().value();
  EXPECT_THAT(version.warnings, IsEmpty());
  EXPECT_EQ(content(version, "netjobs/a.py"), "y = 2");
  EXPECT_EQ(content(version, "netjobs/b.py"), "y = 2");
  EXPECT_EQ(content(version, "netjobs/again/real.py"), "y = 2");
  const auto at = version.path / "netjobs/tool";
  EXPECT_FALSE(std::filesystem::is_symlink(at));
  EXPECT_NE(std::filesystem::status(at).permissions() & std::filesystem::perms::owner_exec,
            std::filesystem::perms::none);
}

TEST_F(CommitFiles, LinksThatLeadOutInCirclesOrToNothingAreLeftOut) {
  TestFiles linked = files();
  linked["absolute"] = link_to("/etc/passwd");
  linked["out"] = link_to("lib/../../x");
  linked["lib/out"] = link_to("../../netjobs/jobs.py");
  linked["gone"] = link_to("nothing");
  linked["through"] = link_to("jobs.py/x");
  linked["circle1"] = link_to("circle2");
  linked["circle2"] = link_to("circle1");
  linked["lib/up"] = link_to("..");
  linked["long"] = link_to(std::string(5000, 'a'));
  origin_.commit(linked);
  const auto version = sync().value();
  for (const auto& [path, file] : linked) {
    if (file.mode != 0120000) continue;
    EXPECT_FALSE(std::filesystem::exists(version.path / "netjobs" / path)) << path;
    EXPECT_THAT(version.warnings, Contains(HasSubstr("\"" + path + "\" is left out"))) << path;
  }
}

TEST_F(CommitFiles, JobsThatAreALinkOutOfTheRepositoryAreNone) {
  EXPECT_EQ(refusal_of({{"__init__.py", {""}}, {"jobs.py", link_to("/etc/passwd")}}),
            "git.no_jobs");
}

TEST_F(CommitFiles, SubmodulesAndLargeFilePointersAreNamed) {
  TestFiles odd = files();
  odd["vendor/sub"] = {std::string(40, 'a'), GIT_FILEMODE_COMMIT};
  odd["data.bin"] = {"version https://git-lfs.github.com/spec/v1\noid sha256:" +
                     std::string(64, 'a') + "\nsize 12345\n"};
  odd[".gitattributes"] = {"*.bin filter=lfs\n* text eol=crlf\n"};
  origin_.commit(odd);
  const auto version = sync().value();
  EXPECT_THAT(version.warnings,
              Contains(HasSubstr("\"vendor/sub\" is left out: it is a Git submodule")));
  EXPECT_THAT(version.warnings, Contains(HasSubstr("\"data.bin\" is a Git LFS pointer")));
  EXPECT_FALSE(std::filesystem::exists(version.path / "netjobs/vendor/sub"));
  EXPECT_EQ(content(version, "netjobs/jobs.py"), "x = 1\n") << "no line ends are changed";
}

TEST_F(CommitFiles, ManyWarningsAreCounted) {
  TestFiles odd = files();
  for (int i = 0; i < 50; ++i) odd["link" + std::to_string(i)] = link_to("nothing");
  origin_.commit(odd);
  const auto version = sync().value();
  ASSERT_THAT(version.warnings, SizeIs(21));
  EXPECT_THAT(version.warnings.back(), HasSubstr("30 more"));
}

TEST_F(CommitFiles, DotFilesAreWrittenAndCachesAreNot) {
  TestFiles odd = files();
  odd[".env.example"] = {"A=1"};
  odd["__pycache__/jobs.cpython-311.pyc"] = {"stale"};
  odd["name\xff"] = {"x"};
  origin_.commit(odd);
  const auto version = sync().value();
  EXPECT_EQ(content(version, "netjobs/.env.example"), "A=1");
  EXPECT_FALSE(std::filesystem::exists(version.path / "netjobs/__pycache__"));
  EXPECT_THAT(version.warnings, Contains(HasSubstr("its name is no UTF-8")));
}

}  // namespace
}  // namespace windlass::sources
