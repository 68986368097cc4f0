#include "engine/import_errors.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace windlass::engine {
namespace {

TEST(ImportErrors, AreReadFromAManifest) {
  const json::value manifest = parse_json(R"({"modules": [
      {"name": "fine", "error": null},
      {"name": "broken", "error": {"type": "E", "message": "m", "traceback": "Traceback\nE: m\n"}},
      {"name": "dead", "error": {"type": "InterpreterExited", "message": "It ended.", "traceback": ""}}]})")
                                   .value();
  EXPECT_EQ(import_errors_of(manifest), (ImportErrors{{"broken", "Traceback\nE: m\n"},
                                                      {"dead", "InterpreterExited: It ended."}}));
  EXPECT_EQ(import_errors_of(json::object{}), ImportErrors());
}

TEST(ImportErrors, AreKeptInTheHome) {
  const TemporaryFolder home = TemporaryFolder::make().value();
  EXPECT_EQ(load_import_errors(home.path()), ImportErrors());
  const ImportErrors errors{{"a", "Traceback\nE: é"}, {"b", ""}};
  ASSERT_TRUE(save_import_errors(home.path(), errors).ok());
  EXPECT_EQ(load_import_errors(home.path()), errors);
  ASSERT_TRUE(save_import_errors(home.path(), {}).ok());
  EXPECT_EQ(load_import_errors(home.path()), ImportErrors());
  ASSERT_TRUE(save_import_errors(home.path(), {}).ok());
}

TEST(ImportErrors, AreNoneWhenTheFileIsDamaged) {
  const TemporaryFolder home = TemporaryFolder::make().value();
  ASSERT_TRUE(save_import_errors(home.path(), {{"a", "x"}}).ok());
  ASSERT_TRUE(replace_file(home.path() / "sources" / "import-errors.json", "{", 0600).ok());
  EXPECT_EQ(load_import_errors(home.path()), ImportErrors());
}

TEST(ImportErrors, EndWithTheProblem) {
  EXPECT_EQ(problem_of("Traceback\n  File x\nNameError: nope\n\n"), "NameError: nope");
  EXPECT_EQ(problem_of("one"), "one");
  EXPECT_EQ(problem_of(""), "");
}

}  // namespace
}  // namespace windlass::engine
