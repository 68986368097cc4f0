#include "runner/split_version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass::runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SourceSpec source(const std::string& name, std::vector<std::string> modules,
                  const std::string& python = "") {
  const std::string kind = name.substr(0, name.find(':'));
  return {kind,
          kind == "app" ? "" : "/files/" + name,
          kind == "app" ? "" : "/edit/" + name,
          std::move(modules),
          name,
          "1",
          python};
}

const std::string kNative = "/sdk/native-runner";

std::vector<std::string> names_of(const VersionPart& part) {
  std::vector<std::string> names;
  for (const SourceSpec& each : part.spec.sources) names.push_back(each.name);
  return names;
}

json::value entry(const std::string& name, const std::string& from, json::array classes = {}) {
  return json::object{{"name", name}, {"source", from}, {"error", nullptr}, {"classes", classes}};
}
json::value declared(const std::string& class_path) {
  return json::object{{"class_path", class_path}};
}

TEST(SplitVersion, SourcesOfOneInterpreterStayTogether) {
  const auto files = std::make_shared<const int>(1);
  const VersionSpec version{"v",
                            {source("app:a", {"a"}, "/a/python"), source("git:g", {"g.jobs"}),
                             source("jobs_root", {"m"}, "python3")},
                            true,
                            {files}};
  const SplitVersion split = split_version(version, "python3", kNative);
  ASSERT_EQ(split.parts.size(), 2u);
  EXPECT_EQ(split.parts[0].python, "/a/python");
  EXPECT_THAT(names_of(split.parts[0]), ElementsAre("app:a"));
  EXPECT_EQ(split.parts[1].python, "python3");
  EXPECT_THAT(names_of(split.parts[1]), ElementsAre("git:g", "jobs_root"));
  for (const VersionPart& part : split.parts) {
    EXPECT_EQ(part.spec.id, "v");
    EXPECT_TRUE(part.spec.check);
    EXPECT_EQ(part.spec.holds.size(), 1u);
  }
  EXPECT_TRUE(split.refused.empty());
}

TEST(SplitVersion, WithoutSourcesThereIsOnePart) {
  const SplitVersion split = split_version({"v", {}}, "python3", kNative);
  ASSERT_EQ(split.parts.size(), 1u);
  EXPECT_EQ(split.parts[0].python, "python3");
}

TEST(SplitVersion, ANameBelongsToTheFirstSourceInWhicheverInterpreter) {
  const VersionSpec version{
      "v", {source("git:net", {"net.jobs"}, "/a/python"), source("jobs_root", {"net", "other"})}};
  const SplitVersion split = split_version(version, "python3", kNative);
  ASSERT_EQ(split.parts.size(), 2u);
  EXPECT_THAT(split.parts[1].spec.sources[0].modules, ElementsAre("other"));
  ASSERT_EQ(split.refused.size(), 1u);
  EXPECT_EQ(get_string(split.refused[0], "name"), "net");
  EXPECT_EQ(get_string(split.refused[0], "source"), "jobs_root");
  EXPECT_EQ(get_string(split.refused[0], "file_path"), "/edit/jobs_root/net.py");
  EXPECT_EQ(get_string(split.refused[0].at("error"), "message"),
            "The name net is taken by the source git:net. Rename the file.");
}

TEST(SplitVersion, WithinOneInterpreterThatRefuses) {
  const SplitVersion split = split_version(
      {"v", {source("git:net", {"net.jobs"}), source("jobs_root", {"net"})}}, "python3", kNative);
  EXPECT_THAT(split.parts[0].spec.sources[1].modules, ElementsAre("net"));
  EXPECT_TRUE(split.refused.empty());
}

TEST(SplitVersion, NativeModulesGoToTheirRunnerAndFailedOnesToNone) {
  SourceSpec native = source("git:net", {"net.jobs.sweep", "net.jobs.torn"});
  native.native = true;
  native.libraries["net.jobs.sweep"] = {"/cache/sweep.so", "/edit/net/jobs/sweep.cpp"};
  native.failed["net.jobs.torn"] = {"CompileError", "torn.cpp does not compile.",
                                    "torn.cpp:1: error", "/edit/torn.cpp"};
  const SplitVersion split =
      split_version({"v", {source("git:net", {"net.jobs"}), native}}, "python3", kNative);
  ASSERT_EQ(split.parts.size(), 2u);
  EXPECT_EQ(split.parts[1].python, kNative);
  EXPECT_THAT(split.parts[1].spec.sources[0].modules, ElementsAre("net.jobs.sweep"));
  ASSERT_EQ(split.refused.size(), 1u) << "a source takes no name from itself";
  EXPECT_EQ(get_string(split.refused[0], "file_path"), "/edit/torn.cpp");
  EXPECT_EQ(get_string(split.refused[0].at("error"), "traceback"), "torn.cpp:1: error");

  native.modules = {"net.jobs.torn"};
  const SplitVersion nothing =
      split_version({"v", {source("git:net", {"net.jobs"}), native}}, "python3", kNative);
  EXPECT_EQ(nothing.parts.size(), 1u) << "no native runner for nothing";
  EXPECT_EQ(nothing.refused.size(), 1u);
}

TEST(SplitVersion, AFailedInterpreterIsNamedWithItsSource) {
  const VersionPart part{"/nowhere/python",
                         {"v", {source("app:a", {"a"}), source("git:g", {"g.jobs"})}}};
  const json::array entries = entries_of_failed(part, {"runner.interpreter", "It is not there."});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_TRUE(entries[0].at("app").is_null());
  EXPECT_EQ(get_string(entries[1].at("error"), "type"), "InterpreterFailed");
  EXPECT_EQ(get_string(entries[1].at("error"), "message"),
            "git:g needs the interpreter /nowhere/python, which cannot be used: It is not there.");
}

TEST(JoinManifests, ModulesComeInTheOrderOfTheSources) {
  const VersionSpec version{"v",
                            {source("app:a", {"a"}, "/a/python"), source("git:g", {"g.jobs"}),
                             source("jobs_root", {"k", "m"}, "/a/python")}};
  const json::value joined = join_manifests(
      version,
      {json::object{{"threads", 2},
                    {"installed_modules", json::array{"json"}},
                    {"warnings", json::array{"one"}},
                    {"modules", json::array{entry("a", "app:a", {declared("lib.Both")}),
                                            entry("m", "jobs_root")}}},
       json::object{
           {"threads", 1},
           {"warnings", json::array{"two"}},
           {"modules", json::array{entry("g.jobs", "git:g",
                                         {declared("lib.Both"), declared("g.jobs.Own")})}}}},
      {entry("k", "jobs_root")});
  EXPECT_EQ(get_string(joined, "version"), "v");
  EXPECT_EQ(get_int(joined, "threads"), 2);
  EXPECT_EQ(joined.at("warnings").get_array().size(), 2u);
  EXPECT_EQ(joined.at("installed_modules").get_array().size(), 1u);
  std::vector<std::string> names;
  for (const json::value& module : joined.at("modules").get_array())
    names.push_back(get_string(module, "name"));
  EXPECT_THAT(names, ElementsAre("a", "g.jobs", "k", "m"));
  const json::array& classes = joined.at("modules").at(1).at("classes").get_array();
  ASSERT_EQ(classes.size(), 1u) << "what two interpreters register is the first one's";
  EXPECT_EQ(get_string(classes[0], "class_path"), "g.jobs.Own");
}

}  // namespace
}  // namespace windlass::runner
