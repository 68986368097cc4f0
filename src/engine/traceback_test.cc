#include "engine/traceback.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace windlass::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kText = R"(Traceback (most recent call last):
  File "/srv/jobs/a.py", line 7, in run
    self.work()
    ~~~~~~~~~^^
  File "/srv/jobs/lib/b.py", line 2, in work
    raise ValueError("first line\nsecond")
ValueError: first line
second
)";

TEST(ParseTraceback, FindsFramesAndTheWholeMessage) {
  const Traceback traceback = parse_traceback(kText);
  ASSERT_EQ(traceback.frames.size(), 2u);
  EXPECT_EQ(traceback.frames[0].file, "/srv/jobs/a.py");
  EXPECT_EQ(traceback.frames[0].line, 7);
  EXPECT_EQ(traceback.frames[0].function, "run");
  EXPECT_EQ(traceback.frames[1].function, "work");
  EXPECT_EQ(traceback.exception, "ValueError: first line\nsecond");
}

TEST(ParseTraceback, OfAChainTheLastExceptionCounts) {
  const Traceback traceback = parse_traceback(
      "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nKeyError: 'k'\n"
      "\nDuring handling of the above exception, another exception occurred:\n\n"
      "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    h()\nTypeError: "
      "no\n");
  ASSERT_EQ(traceback.frames.size(), 2u);
  EXPECT_EQ(traceback.frames[1].line, 3);
  EXPECT_EQ(traceback.exception, "TypeError: no");
}

TEST(ParseTraceback, ALineThatDoesNotCompileHasNoFunction) {
  const Traceback traceback = parse_traceback(
      "  File \"a.py\", line 3\n    def (\n        ^\nSyntaxError: invalid syntax\n");
  ASSERT_EQ(traceback.frames.size(), 1u);
  EXPECT_EQ(traceback.frames[0].line, 3);
  EXPECT_EQ(traceback.frames[0].function, "");
  EXPECT_EQ(traceback.exception, "SyntaxError: invalid syntax");
}

TEST(ParseTraceback, OtherTextsAreAllException) {
  EXPECT_EQ(parse_traceback("").exception, "");
  EXPECT_EQ(parse_traceback("killed\n").exception, "killed");
  EXPECT_TRUE(parse_traceback("  File \"a.py\", line x, in f\n").frames.empty());
  EXPECT_EQ(parse_traceback("  File \"a.py\", line 1, in f\n    x()").exception, "");
}

class SourceLinesTest : public ::testing::Test {
 protected:
  SourceLinesTest() {
    std::string content;
    for (int line = 1; line <= 20; ++line) content += "line " + std::to_string(line) + "\n";
    write("sources/0a1b/a.py", content);
    write("sources/0a1b/lib/b.py", "only\n");
    write("secret.key", "secret\n");
  }
  void write(const fs::path& file, std::string_view content) {
    ASSERT_TRUE(make_folder((home_.path() / file).parent_path()).ok());
    ASSERT_TRUE(write_new_file(home_.path() / file, content, 0600).ok());
  }
  std::vector<SourceLine> source_of(const fs::path& file, std::int64_t line,
                                    std::string_view version = "0a1b") {
    Traceback traceback;
    traceback.frames.push_back({file.string(), line, "run", {}});
    add_source_lines(traceback, {home_.path() / "jobs", home_.path() / "sources"}, version);
    return traceback.frames.front().source;
  }
  TemporaryFolder home_ = TemporaryFolder::make().value();
};

TEST_F(SourceLinesTest, ShowsFourLinesAroundFromTheVersionThatRan) {
  const auto source = source_of(home_.path() / "jobs/a.py", 10);
  ASSERT_EQ(source.size(), 9u);
  EXPECT_EQ(source.front().line, 6);
  EXPECT_EQ(source[4].text, "line 10");
  EXPECT_EQ(source.back().text, "line 14");
  EXPECT_EQ(source_of(home_.path() / "jobs/a.py", 1).front().line, 1);
  const auto only = source_of(home_.path() / "jobs/lib/b.py", 1);
  ASSERT_EQ(only.size(), 1u);
  EXPECT_EQ(only.front().text, "only");
}

TEST_F(SourceLinesTest, WhatIsGoneHasNone) {
  EXPECT_TRUE(source_of(home_.path() / "jobs/gone.py", 1).empty());
  EXPECT_TRUE(source_of(home_.path() / "jobs/a.py", 99).empty());
  EXPECT_TRUE(source_of(home_.path() / "jobs/a.py", 0).empty());
  EXPECT_TRUE(source_of(home_.path() / "jobs/a.py", 1, "ffff").empty());
  EXPECT_TRUE(source_of("/usr/lib/python3/os.py", 1).empty());
}

TEST_F(SourceLinesTest, NothingOutsideOfTheVersionIsRead) {
  EXPECT_TRUE(source_of(home_.path() / "jobs/../../secret.key", 1).empty());
  EXPECT_TRUE(source_of(home_.path() / "jobs/../secret.key", 1).empty());
  EXPECT_TRUE(source_of(home_.path() / "secret.key", 1).empty());
  EXPECT_TRUE(source_of(home_.path() / "jobs/secret.key", 1, "..").empty());
  EXPECT_TRUE(source_of(home_.path() / "jobs/secret.key", 1, "").empty());
  fs::create_symlink(home_.path() / "secret.key", home_.path() / "sources/0a1b/link.py");
  EXPECT_TRUE(source_of(home_.path() / "jobs/link.py", 1).empty());
}

TEST_F(SourceLinesTest, OfARepositoryTheCommitThatRanIsShown) {
  write("git/net/0a1b/net/jobs.py", "of the commit\n");
  Traceback traceback;
  const fs::path file = home_.path() / "git/net/current/net/jobs.py";
  traceback.frames.push_back({file.string(), 1, "run", {}});
  add_source_lines(traceback, source_folders("git:net", home_.path(), home_.path() / "jobs"),
                   "0a1b");
  ASSERT_EQ(traceback.frames.front().source.size(), 1u);
  EXPECT_EQ(traceback.frames.front().source.front().text, "of the commit");
  EXPECT_EQ(source_folders("git:../x", home_.path(), "/jobs").root, "/jobs");
}

TEST_F(SourceLinesTest, OfASyncTheCommitThatItImportedIsShown) {
  JobResult run;
  run.source = "git:net";
  run.source_version = "0a1b";
  EXPECT_EQ(traced_code(run).source, "git:net");
  EXPECT_EQ(traced_code(run).version, "0a1b");
  JobResult sync;
  sync.source = "system";
  sync.source_version = "1.0";
  sync.git_repository = Uuid{};
  sync.result = json::object{{"slug", "net"}, {"head", "2c3d"}};
  EXPECT_EQ(traced_code(sync).source, "git:net");
  EXPECT_EQ(traced_code(sync).version, "2c3d");
  sync.result = nullptr;  // it ended before it had one
  EXPECT_EQ(traced_code(sync).version, "");
}

}  // namespace
}  // namespace windlass::engine
