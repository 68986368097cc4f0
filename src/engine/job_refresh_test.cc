#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/code_set.h"
#include "engine/job_records.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

struct ClassSpec {
  std::string module;
  std::string name;
  std::string meta = "{}";  ///< members on top of the defaults
  std::string variables = "[]";
};

json::value class_of(const ClassSpec& spec) {
  json::object meta = parse_json(R"({"name": "", "description": "", "approval_required": false,
      "console_log_default": false, "dryrun_default": false, "field_order": [], "has_sensitive_variables": true,
      "hidden": false, "is_singleton": false, "read_only": false, "soft_time_limit": 0.0, "time_limit": 0.0,
      "task_queues": [], "template_name": ""})")
                          .value()
                          .get_object();
  meta["name"] = spec.name;
  const json::value given = parse_json(spec.meta).value();
  for (const auto& member : given.get_object()) meta[member.key()] = member.value();
  return json::object{{"class_path", spec.module + "." + spec.name},
                      {"module_name", spec.module},
                      {"job_class_name", spec.name},
                      {"grouping", "Group of " + spec.module},
                      {"file_path", "/jobs/" + spec.module + ".py"},
                      {"line", 7},
                      {"is_job_hook_receiver", false},
                      {"is_job_button_receiver", false},
                      {"supports_dryrun", false},
                      {"meta", meta},
                      {"variables", parse_json(spec.variables).value()}};
}

json::object module_of(const std::string& name, const std::vector<ClassSpec>& classes) {
  json::array list;
  for (const ClassSpec& spec : classes) list.push_back(class_of(spec));
  return {{"name", name}, {"error", nullptr}, {"classes", list}};
}

json::object broken_module(const std::string& name, const std::string& traceback) {
  return {{"name", name},
          {"classes", json::array{}},
          {"error", json::object{{"type", "E"}, {"message", "m"}, {"traceback", traceback}}}};
}

json::value manifest_of(std::vector<json::object> modules) {
  json::array list;
  for (json::object& module : modules) list.push_back(std::move(module));
  return json::object{
      {"type", "manifest"}, {"threads", 1}, {"modules", list}, {"warnings", json::array{}}};
}

/// The records of an installation, refreshed again and again.
class JobRefreshTest : public testing::Test {
 protected:
  /// Writes what a refresh wants written, as storage does.
  RefreshSummary refresh(const json::value& manifest,
                         const std::map<std::string, std::string>& errors = {},
                         const std::string& version = "v1",
                         const std::string& source = "jobs_root") {
    RefreshSummary summary;
    now_ += std::chrono::seconds(1);
    DeclaredCode code{manifest, {}, {{source, version}}, version};
    name_sources(code.manifest, CodeSet{{{source, "jobs_root", "", {}}}});
    if (!errors.empty()) code.errors[source] = errors;
    written_ = refreshed_records(records_, code, now_, &summary);
    for (const Job& job : written_) {
      const auto known = std::ranges::find(records_, job.id, &Job::id);
      if (known == records_.end()) {
        records_.push_back(job);
      } else {
        *known = job;
      }
    }
    return summary;
  }
  Job& record(const std::string& class_path) {
    const auto found = std::ranges::find(records_, class_path, &Job::class_path);
    WL_CHECK(found != records_.end(), class_path);
    return *found;
  }

  TimePoint now_ = from_micros(1'700'000'000'000'000);
  std::vector<Job> records_;
  std::vector<Job> written_;
};

TEST_F(JobRefreshTest, RecordsANewClassNotEnabled) {
  const auto summary =
      refresh(manifest_of({module_of("a", {{"a", "One", R"({"description": "d", "time_limit": 9.0,
      "task_queues": ["q"], "hidden": true, "read_only": true})",
                                            R"([{"name": "x", "type": "StringVar"}])"}})}));
  EXPECT_THAT(summary.new_jobs, ElementsAre("a.One"));
  EXPECT_EQ(summary.version, "v1");
  const Job& job = record("a.One");
  EXPECT_FALSE(job.id.is_nil());
  EXPECT_TRUE(job.installed);
  EXPECT_FALSE(job.enabled);
  EXPECT_EQ(job.module_name, "a");
  EXPECT_EQ(job.job_class_name, "One");
  EXPECT_EQ(job.grouping, "Group of a");
  EXPECT_EQ(job.name, "One");
  EXPECT_EQ(job.description, "d");
  EXPECT_EQ(job.time_limit, 9.0);
  EXPECT_TRUE(job.hidden);
  EXPECT_TRUE(job.read_only);
  EXPECT_THAT(job.queue_names(), ElementsAre("q"));
  EXPECT_EQ(job.file_path, "/jobs/a.py");
  EXPECT_EQ(job.line, 7);
  EXPECT_EQ(job.source, "jobs_root");
  EXPECT_EQ(job.source_version, "v1");
  EXPECT_EQ(to_text(job.variables), R"([{"name":"x","type":"StringVar"}])");
  EXPECT_EQ(job.created, now_);
}

TEST_F(JobRefreshTest, WritesNothingWhenNothingChanged) {
  const json::value manifest = manifest_of({module_of("a", {{"a", "One"}})});
  refresh(manifest);
  const auto summary = refresh(manifest);
  EXPECT_THAT(written_, IsEmpty());
  EXPECT_THAT(summary.changed_jobs, IsEmpty());
}

TEST_F(JobRefreshTest, BringsTheVersionToUnchangedJobsWithoutCallingThemChanged) {
  const json::value manifest = manifest_of({module_of("a", {{"a", "One"}})});
  refresh(manifest);
  const TimePoint updated = record("a.One").last_updated;
  const auto summary = refresh(manifest, {}, "v2");
  EXPECT_EQ(record("a.One").source_version, "v2");
  EXPECT_EQ(record("a.One").last_updated, updated);
  EXPECT_THAT(summary.changed_jobs, IsEmpty());
}

TEST_F(JobRefreshTest, KeepsEnablingAndOverridesWhenTheClassChanges) {
  refresh(
      manifest_of({module_of("a", {{"a", "One", R"({"description": "old", "hidden": false})"}})}));
  record("a.One").enabled = true;
  ASSERT_TRUE(
      patch_job(
          record("a.One"),
          json::object{{"description", "mine"}, {"name", "Mine"}, {"default_job_queue", "own"}},
          now_)
          .ok());
  const auto summary = refresh(manifest_of({module_of(
      "a", {{"a", "One",
             R"({"name": "New", "description": "new", "hidden": true, "task_queues": ["q"]})"}})}));
  EXPECT_THAT(summary.changed_jobs, ElementsAre("a.One"));
  const Job& job = record("a.One");
  EXPECT_TRUE(job.enabled);
  EXPECT_EQ(job.description, "mine");
  EXPECT_EQ(job.name, "Mine");
  EXPECT_TRUE(job.hidden);
  EXPECT_THAT(job.queue_names(), ElementsAre("own", "q"));
  EXPECT_TRUE(job.is_overridden("default_job_queue"));
  EXPECT_FALSE(job.is_overridden("task_queues"));
  EXPECT_EQ(get_string(job.class_values, "description"), "new");
}

TEST_F(JobRefreshTest, MarksAVanishedClassAndTakesItBack) {
  refresh(manifest_of({module_of("a", {{"a", "One"}, {"a", "Two"}})}));
  record("a.Two").enabled = true;
  const Uuid id = record("a.Two").id;
  const auto gone = refresh(manifest_of({module_of("a", {{"a", "One"}})}), {}, "v2");
  EXPECT_THAT(gone.vanished_jobs, ElementsAre("a.Two"));
  EXPECT_FALSE(record("a.Two").installed);
  EXPECT_TRUE(record("a.Two").enabled);
  EXPECT_EQ(record("a.Two").import_error, "");
  EXPECT_THAT(refresh(manifest_of({module_of("a", {{"a", "One"}})}), {}, "v2").vanished_jobs,
              IsEmpty());
  const auto back = refresh(manifest_of({module_of("a", {{"a", "One"}, {"a", "Two"}})}), {}, "v3");
  EXPECT_THAT(back.new_jobs, IsEmpty());
  EXPECT_TRUE(record("a.Two").installed);
  EXPECT_TRUE(record("a.Two").enabled);
  EXPECT_EQ(record("a.Two").id, id);
}

// Import errors ----------------------------------------------------------------------------------

TEST_F(JobRefreshTest, ShowsTheErrorOfTheNewestFilesWhileTheLastGoodOnesServe) {
  refresh(manifest_of({module_of("a", {{"a.sub", "One"}}), module_of("b", {{"b", "Two"}})}));
  const auto summary =
      refresh(manifest_of({module_of("a", {{"a.sub", "One"}}), module_of("b", {{"b", "Two"}})}),
              {{"a", "Traceback:\n  File x\nNameError: nope\n"}}, "v2");
  EXPECT_THAT(summary.errors, ElementsAre(Pair("a", HasSubstr("NameError: nope"))));
  EXPECT_TRUE(record("a.sub.One").installed);
  EXPECT_THAT(record("a.sub.One").import_error, HasSubstr("NameError"));
  EXPECT_EQ(record("b.Two").import_error, "");
  refresh(manifest_of({module_of("a", {{"a.sub", "One"}}), module_of("b", {{"b", "Two"}})}), {},
          "v3");
  EXPECT_EQ(record("a.sub.One").import_error, "");
}

TEST_F(JobRefreshTest, MarksRecordsOfAModuleThatNoFilesServe) {
  refresh(manifest_of({module_of("a", {{"a", "One"}})}));
  const auto summary =
      refresh(manifest_of({broken_module("a", "Traceback:\nSyntaxError: no")}), {}, "v2");
  EXPECT_THAT(summary.vanished_jobs, ElementsAre("a.One"));
  EXPECT_THAT(summary.errors, ElementsAre(Pair("a", HasSubstr("SyntaxError: no"))));
  EXPECT_FALSE(record("a.One").installed);
  EXPECT_THAT(record("a.One").import_error, HasSubstr("SyntaxError"));
}

TEST_F(JobRefreshTest, NamesTheErrorOfAModuleWithoutRecords) {
  const auto summary =
      refresh(manifest_of({broken_module("a", "Traceback:\nSyntaxError: no\n\n")}));
  EXPECT_THAT(summary.errors, ElementsAre(Pair("a", HasSubstr("SyntaxError: no"))));
  EXPECT_THAT(records_, IsEmpty());
}

TEST_F(JobRefreshTest, PutsWarningsOnTheRecord) {
  json::value manifest = manifest_of({module_of("a", {{"a", "One"}, {"a", "Other"}})});
  manifest.get_object()["warnings"] =
      json::array{json::object{{"class_path", "a.One"},
                               {"code", "meta.unknown"},
                               {"message", "Meta.colour is not known and has no effect"}}};
  refresh(manifest);
  EXPECT_EQ(record("a.One").warning, "Meta.colour is not known and has no effect");
  EXPECT_EQ(record("a.Other").warning, "");
  manifest.get_object()["threads"] = 2;
  refresh(manifest);
  EXPECT_THAT(record("a.Other").warning, HasSubstr("threads"));
}

TEST_F(JobRefreshTest, WarnsOfObjectsThatThereAreNone) {
  refresh(manifest_of(
      {module_of("a", {{"a", "One", "{}",
                        R"([{"name": "device", "type": "ObjectVar", "model": "dcim.device"},
                 {"name": "job", "type": "ObjectVar", "model": "extras.Job"}])"}})}));
  EXPECT_EQ(
      record("a.One").warning,
      "The variable device chooses among objects of type \"dcim.device\", which there are none "
      "of here; there are extras.job, extras.jobresult, extras.jobqueue, extras.fileproxy, "
      "extras.gitrepository, users.user.");
}

TEST_F(JobRefreshTest, WarnsOfADefaultThatItsOwnRulesRefuse) {
  const auto summary = refresh(manifest_of(
      {module_of("a", {{"a", "One", "{}",
                        R"([{"name": "copies", "type": "IntegerVar", "has_default": true,
                             "default": 12, "max_value": 9}])"}})}));
  EXPECT_THAT(record("a.One").warning, HasSubstr("The default of the variable copies"));
  EXPECT_THAT(summary.warnings, ElementsAre(Pair("a.One", HasSubstr("less than or equal to 9"))));
}

// Names ------------------------------------------------------------------------------------------

TEST_F(JobRefreshTest, KeepsNamesUniqueAndOldOnesStable) {
  refresh(manifest_of({module_of("b", {{"b", "X", R"({"name": "Same"})"}})}));
  refresh(manifest_of(
      {module_of("a", {{"a", "X", R"({"name": "Same"})"}, {"a", "Y", R"({"name": "Same"})"}}),
       module_of("b", {{"b", "X", R"({"name": "Same"})"}})}));
  EXPECT_EQ(record("b.X").name, "Same");
  EXPECT_EQ(record("a.X").name, "Same (2)");
  EXPECT_EQ(record("a.Y").name, "Same (3)");
}

TEST_F(JobRefreshTest, LeavesNamesOfVanishedAndOverriddenRecordsTaken) {
  refresh(manifest_of({module_of("a", {{"a", "X", R"({"name": "Same"})"}, {"a", "Y"}})}));
  ASSERT_TRUE(patch_job(record("a.Y"), json::object{{"name", "Wanted"}}, now_).ok());
  refresh(manifest_of({module_of(
      "a", {{"a", "Y"}, {"a", "Z", R"({"name": "Same"})"}, {"a", "W", R"({"name": "Wanted"})"}})}));
  EXPECT_EQ(record("a.X").name, "Same");
  EXPECT_EQ(record("a.Z").name, "Same (2)");
  EXPECT_EQ(record("a.W").name, "Wanted (2)");
}

TEST_F(JobRefreshTest, LetsTwoJobsSwapNames) {
  refresh(manifest_of(
      {module_of("a", {{"a", "X", R"({"name": "One"})"}, {"a", "Y", R"({"name": "Two"})"}})}));
  refresh(manifest_of(
      {module_of("a", {{"a", "X", R"({"name": "Two"})"}, {"a", "Y", R"({"name": "One"})"}})}));
  EXPECT_EQ(record("a.X").name, "Two");
  EXPECT_EQ(record("a.Y").name, "One");
}

// Sources ----------------------------------------------------------------------------------------

TEST_F(JobRefreshTest, LeavesTheJobsOfOtherSourcesAlone) {
  refresh(manifest_of({module_of("a", {{"a", "One"}})}));
  const auto summary = refresh(manifest_of({module_of("b", {{"b", "Two"}})}), {}, "g1", "git");
  EXPECT_THAT(summary.new_jobs, ElementsAre("b.Two"));
  EXPECT_THAT(summary.vanished_jobs, IsEmpty());
  EXPECT_TRUE(record("a.One").installed);
}

TEST_F(JobRefreshTest, RefusesAClassPathThatAnotherSourceHas) {
  refresh(manifest_of({module_of("a", {{"a", "One"}})}));
  const auto summary =
      refresh(manifest_of({module_of("a", {{"a", "One", R"({"description": "theirs"})"}})}), {},
              "g1", "git");
  ASSERT_THAT(summary.errors, SizeIs(1));
  EXPECT_EQ(summary.errors[0].first, "a");
  EXPECT_THAT(summary.errors[0].second, HasSubstr("a.One belongs to a job of jobs_root"));
  EXPECT_THAT(written_, IsEmpty());
}

TEST_F(JobRefreshTest, SaysWhichFileHasAClassPath) {
  refresh(manifest_of({module_of("a", {{"a", "One"}})}), {}, "f1", "file:/tmp/a.py");
  const auto summary = refresh(manifest_of({module_of("a", {{"a", "One"}})}));
  ASSERT_THAT(summary.errors, SizeIs(1));
  EXPECT_THAT(summary.errors[0].second, HasSubstr("a job of the file /tmp/a.py"));
}

TEST_F(JobRefreshTest, TakesOverAClassPathThatItsSourceHasLost) {
  refresh(manifest_of({module_of("a", {{"a", "One"}})}));
  refresh(manifest_of({}));
  const Uuid id = record("a.One").id;
  refresh(manifest_of({module_of("a", {{"a", "One"}})}), {}, "g1", "git");
  EXPECT_EQ(record("a.One").id, id);
  EXPECT_EQ(record("a.One").source, "git");
  EXPECT_TRUE(record("a.One").installed);
}

TEST_F(JobRefreshTest, StandsAManifestWithoutItsMembers) {
  refresh(manifest_of({module_of("a", {{"a", "One"}})}));
  const auto summary = refresh(json::object{});
  EXPECT_THAT(summary.vanished_jobs, ElementsAre("a.One"));
}

}  // namespace
}  // namespace windlass::engine
