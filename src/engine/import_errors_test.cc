#include "engine/import_errors.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace windlass::engine {
namespace {

TEST(ImportErrors, AreReadFromAManifest) {
  const json::value manifest = parse_json(R"({"modules": [
      {"name": "fine", "error": null},
      {"name": "broken", "error": {"type": "E", "message": "m", "traceback": "Traceback\nE: m\n"}},
      {"name": "net.jobs", "source": "git:net",
       "error": {"type": "InterpreterExited", "message": "It ended.", "traceback": ""}}]})")
                                   .value();
  EXPECT_EQ(import_errors_of(manifest),
            (SourceErrors{{"jobs_root", {{"broken", "Traceback\nE: m\n"}}},
                          {"git:net", {{"net.jobs", "InterpreterExited: It ended."}}}}));
  EXPECT_EQ(import_errors_of(json::object{}), SourceErrors());
}

TEST(ImportErrors, AreKeptInTheHome) {
  const TemporaryFolder home = TemporaryFolder::make().value();
  EXPECT_EQ(load_import_errors(home.path()), SourceErrors());
  const SourceErrors errors{{"jobs_root", {{"a", "Traceback\nE: é"}, {"b", ""}}},
                            {"git:net", {{"net.jobs", "E"}}}};
  ASSERT_TRUE(save_import_errors(home.path(), errors).ok());
  EXPECT_EQ(load_import_errors(home.path()), errors);
  ASSERT_TRUE(save_import_errors(home.path(), {}).ok());
  EXPECT_EQ(load_import_errors(home.path()), SourceErrors());
  ASSERT_TRUE(save_import_errors(home.path(), {}).ok());
}

TEST(ImportErrors, AreNoneWhenTheFileIsDamaged) {
  const TemporaryFolder home = TemporaryFolder::make().value();
  ASSERT_TRUE(save_import_errors(home.path(), {{"jobs_root", {{"a", "x"}}}}).ok());
  for (const char* damaged : {"{", "[]", R"({"jobs_root": 1})"}) {
    ASSERT_TRUE(replace_file(home.path() / "sources" / "import-errors.json", damaged, 0600).ok());
    EXPECT_EQ(load_import_errors(home.path()), SourceErrors());
  }
}

TEST(ImportErrors, EndWithTheProblem) {
  EXPECT_EQ(
      problem_of("Traceback (most recent call last)\n  File x\n    error: x\nNameError: nope\n\n"),
      "NameError: nope");
  EXPECT_EQ(problem_of("one"), "one");
  EXPECT_EQ(problem_of(""), "");
}

TEST(ImportErrors, OfACompilerAreItsFirst) {
  EXPECT_EQ(
      problem_of(
          "x.cpp: In function 'f':\nx.cpp:3:1: error: no a\n  3 | a\nx.cpp:4:1: error: no b\n   ^"),
      "x.cpp:3:1: error: no a");
  EXPECT_EQ(problem_of("-- found\nCMake Error at CMakeLists.txt:2 (find):\n  none\n-- stopped"),
            "CMake Error at CMakeLists.txt:2 (find):");
}

}  // namespace
}  // namespace windlass::engine
