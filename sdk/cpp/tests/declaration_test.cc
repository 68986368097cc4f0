#include <gtest/gtest.h>

#include <stdexcept>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

#include "seam.hpp"

namespace windlass::jobs {
namespace {

constexpr int kLineOfNoRun = __LINE__ + 1;
class NoRun : public Job {
 public:
  Json run() override { return {}; }
};

template <class T>
std::string problems_of() {
  try {
    testing::declaration<T>();
    return "";
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
}

Json variable_of(const Json& declaration, const std::string& name) {
  for (const Json& variable : declaration["variables"]) {
    if (variable["name"] == Json(name)) return variable;
  }
  return {};
}

class WellMade : public NoRun {
 public:
  static inline const Meta meta{.name = "Well made",
                                .description = "\n    First.\n\n      Second.\n",
                                .dryrun_default = true,
                                .field_order = {"second"},
                                .max_retries = 2};
  enum class Colour { red, blue };
  StringVar first{this, "first", {.label = "First", .min_length = 1, .default_value = "hi"}};
  IntegerVar second{this, "second", {.min_value = 0, .default_value = 0}};
  ChoiceVar third{this, "third", {.choices = {{"a", "A"}, {"G", {{1, "One"}, {2, "Two"}}}}}};
  EnumVar<Colour> fourth{this,
                         "fourth",
                         {.choices = {{Colour::red, "r", "Red"}, {Colour::blue, "b", "Blue"}},
                          .default_value = Colour::blue}};
  JSONVar fifth{this, "fifth", {.default_value = "text", .visible_if = {{"third", {1, "a"}}}}};
  DryRunVar dryrun{this};
};

TEST(Declaration, SaysWhatTheManifestWants) {
  const Json made = testing::declaration<WellMade>();
  EXPECT_EQ(made["job_class_name"], "WellMade");
  EXPECT_EQ(made["meta"]["name"], "Well made");
  EXPECT_EQ(made["meta"]["description"], "First.\n\n  Second.");
  EXPECT_EQ(made["meta"]["max_retries"], 2);
  EXPECT_EQ(made["meta"].size(), 17U);
  EXPECT_EQ(made["supports_dryrun"], true);
  EXPECT_EQ(made["line"], kLineOfNoRun) << "that of the class which derives from Job itself";
  EXPECT_EQ(made["variables"][0]["name"], "second") << "field_order comes first";
  EXPECT_EQ(
      variable_of(made, "first").dump(),
      R"({"name":"first","type":"StringVar","label":"First","description":"","required":true,)"
      R"("has_default":true,"default":"hi","widget":null,"visible_if":null,"min_length":1,)"
      R"("max_length":null,"regex":null,"sensitive":false})");
  EXPECT_EQ(variable_of(made, "second")["has_default"], true) << "0 is a default";
  EXPECT_EQ(variable_of(made, "third")["choices"].dump(),
            R"([["a","A"],["G",[["1","One"],["2","Two"]]]])");
  EXPECT_EQ(variable_of(made, "fourth")["type"], "ChoiceVar");
  EXPECT_EQ(variable_of(made, "fourth")["default"], "b");
  EXPECT_EQ(variable_of(made, "fifth")["default"], "\"text\"") << "as somebody would type it";
  EXPECT_EQ(variable_of(made, "fifth")["visible_if"].dump(), R"({"third":["1","a"]})");
  EXPECT_EQ(variable_of(made, "dryrun")["required"], false);
}

class WrongMeta : public NoRun {
 public:
  static inline const Meta meta{.max_retries = -1,
                                .retry_backoff = 0.5,
                                .soft_time_limit = -1,
                                .task_queues = {" ", std::string(300, 'q')}};
};

TEST(Declaration, SaysAllThatIsWrongWithMeta) {
  const std::string problems = problems_of<WrongMeta>();
  for (const char* part :
       {"WrongMeta: Meta.max_retries wants a number from 0 on, got -1",
        "WrongMeta: Meta.retry_backoff wants a factor from 1 on, got 0.5",
        "WrongMeta: Meta.soft_time_limit wants seconds from 0 on, got -1.0",
        "WrongMeta: Meta.task_queues wants names of queues, got a blank one (\" \")",
        "got one of 300 (qqqq"}) {
    EXPECT_NE(problems.find(part), std::string::npos) << part << "\n" << problems;
  }
}

class WrongVariables : public NoRun {
 public:
  enum class Size { small, large };
  StringVar one{this, "same"};
  TextVar two{this, "same"};
  BooleanVar three{this, "not a name"};
  ObjectVar four{this, "four", {.model = "extras.nothing"}};
  IntegerVar five{this, "five", {.visible_if = {{"gone", 1}}}};
  IntegerVar six{this, "six", {.visible_if = {{"seven", 1}}}};
  IntegerVar seven{this, "seven", {.visible_if = {{"six", 1}}}};
  EnumVar<Size> eight{
      this, "eight", {.choices = {{Size::small, "s", "Small"}}, .default_value = Size::large}};
};

TEST(Declaration, SaysAllThatIsWrongWithVariables) {
  const std::string problems = problems_of<WrongVariables>();
  for (const char* part :
       {"WrongVariables.same: two variables have this name",
        "\"not a name\" is no name of a variable",
        "WrongVariables.four: model wants one of extras.fileproxy, ",
        "WrongVariables.five: visible_if names gone, which is no variable of the class",
        "visible_if goes in a circle: six → seven → six",
        "WrongVariables.eight: its default is none of its choices"}) {
    EXPECT_NE(problems.find(part), std::string::npos) << part << "\n" << problems;
  }
}

class Throwing : public NoRun {
 public:
  Throwing() { throw std::runtime_error("no database"); }
};

TEST(Declaration, AConstructorThatThrowsIsAProblem) {
  EXPECT_EQ(problems_of<Throwing>(),
            "Throwing: its constructor threw std::runtime_error: no database");
}

class Misspelt : public NoRun {
 public:
  static inline const Meta meta{.field_order = {"hots", "zzz"}, .template_name = "x.html"};
  StringVar hosts{this, "hosts"};
};

TEST(Module, HasWarningsAndItsOwnPaths) {
  internal::begin_module({"pack.jobs.m", "git:pack", "/git/pack/jobs/m.cpp"});
  register_jobs<Misspelt>({.grouping = "Group"});
  const internal::ModuleEntry made = internal::end_module();
  const Json& cls = made.entry["classes"][0];
  EXPECT_TRUE(made.entry["error"].is_null());
  EXPECT_EQ(made.entry["source"], "git:pack");
  EXPECT_EQ(cls["class_path"], "pack.jobs.m.Misspelt");
  EXPECT_EQ(cls["module_name"], "pack.jobs.m");
  EXPECT_EQ(cls["grouping"], "Group");
  EXPECT_EQ(cls["file_path"], "/git/pack/jobs/m.cpp");
  ASSERT_EQ(made.warnings.size(), 3U);
  EXPECT_EQ(made.warnings[0]["message"],
            "Meta.field_order names hots, which is no variable of the class; did you mean hosts?");
  EXPECT_EQ(made.warnings[0]["code"], "meta.field_order");
  EXPECT_EQ(made.warnings[1]["message"],
            "Meta.field_order names zzz, which is no variable of the class");
  EXPECT_EQ(made.warnings[2]["code"], "meta.template_name");
}

namespace first {
class Twin : public NoRun {};
}  // namespace first
namespace second {
class Twin : public NoRun {};
}  // namespace second

TEST(Module, TwoClassesOfOneNameAreAnError) {
  internal::begin_module({"twins", "jobs_root", "/jobs/twins.cpp"});
  register_jobs<first::Twin, second::Twin>();
  const Json entry = internal::end_module().entry;
  EXPECT_EQ(entry["error"]["type"], "DeclarationError");
  EXPECT_NE(entry["error"]["message"].as_string().find("two classes twins.Twin"),
            std::string::npos);
  EXPECT_TRUE(entry["classes"].empty());
}

class Lost : public NoRun {};

TEST(Module, OneThatFailsToLoadKnowsNoClasses) {
  internal::begin_module({"lost", "jobs_root", "/jobs/lost.cpp"});
  register_jobs<Lost>();
  const Json entry = internal::fail_module("LoadError", "It ended.", "").entry;
  EXPECT_EQ(entry["error"]["message"], "It ended.");
  internal::begin_module({"found", "jobs_root", "/jobs/found.cpp"});
  register_jobs<Lost>();
  EXPECT_EQ(internal::end_module().entry["classes"][0]["class_path"], "found.Lost");
}

TEST(Module, OneForAnotherAbiSaysWhatToDo) {
  internal::begin_module({"old", "jobs_root", "/jobs/old.cpp"});
  EXPECT_EQ(windlass_jobs_check_abi("windlass-jobs-abi: 0, libc++"), 0);
  const Json entry = internal::end_module().entry;
  EXPECT_EQ(
      entry["error"]["message"],
      "The module was built for ABI 0, libc++, this Windlass loads ABI 1, libstdc++. Rebuild it "
      "with the headers of this Windlass.");
  EXPECT_EQ(windlass_jobs_check_abi(WINDLASS_JOBS_ABI), 1);
}

}  // namespace
}  // namespace windlass::jobs
