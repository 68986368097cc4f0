#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(JobsConformance, KeepsEveryField) {
  Job job;
  job.id = new_id(clock().now());
  job.class_path = "m.C";
  job.module_name = "m";
  job.job_class_name = "C";
  job.grouping = "Gr\u00fc\u00dfe";
  job.name = "Name";
  job.description = "Two\nlines";
  job.installed = job.enabled = job.is_job_hook_receiver = job.is_job_button_receiver = true;
  job.has_sensitive_variables = false;
  job.is_singleton = job.approval_required = job.console_log_default = job.hidden = true;
  job.dryrun_default = job.read_only = job.supports_dryrun = true;
  job.soft_time_limit = 0.5;
  job.time_limit = 1.25;
  job.task_queues = json::array{"a", "b"};
  job.overrides = json::array{"name"};
  job.class_values = json::object{{"name", "N"}};
  job.variables = json::array{json::object{{"name", "x"}}};
  job.file_path = "/jobs/m.py";
  job.line = 7;
  job.source = "jobs_root";
  job.source_version = "abc";
  job.import_error = "Traceback";
  job.warning = "threads";
  storage()
      .jobs()
      .update_all([&](const std::vector<Job>& before) -> Result<std::vector<Job>> {
        EXPECT_THAT(before, IsEmpty());
        return std::vector{job};
      })
      .value();

  const Job kept = storage().jobs().get(job.id).value();
  job.created = job.last_updated = clock().now();
  for (const Field<Job>& field : fields_of<Job>()) {
    std::visit([&](auto member) { EXPECT_EQ(kept.*member, job.*member) << field.name; },
               field.member);
  }
  EXPECT_EQ(storage().jobs().find_by_class_path("m.C")->id, job.id);
  EXPECT_EQ(storage().jobs().find_by_name("Name")->id, job.id);
}

TEST_P(JobsConformance, UnknownJobsAreNotFound) {
  EXPECT_EQ(storage().jobs().get(new_id(clock().now())).error().code, "job.not_found");
  EXPECT_EQ(storage().jobs().find_by_class_path("m.C").error().code, "job.not_found");
  EXPECT_EQ(storage().jobs().find_by_name("N").error().code, "job.not_found");
  EXPECT_EQ(storage().jobs().remove(new_id(clock().now())).error().code, "job.not_found");
  EXPECT_EQ(storage().jobs().modify(new_id(clock().now()), [](Job&) { return ok(); }).error().code,
            "job.not_found");
}

TEST_P(JobsConformance, UpdateAllReplacesKnownRecordsAndInsertsNewOnes) {
  const Job first = add_job("A");
  const Job second = add_job("B");
  clock().advance(std::chrono::seconds(1));
  storage()
      .jobs()
      .update_all([&](const std::vector<Job>& before) -> Result<std::vector<Job>> {
        EXPECT_THAT(before, SizeIs(2));
        Job changed = before.at(0);
        changed.description = "changed";
        Job fresh = before.at(1);
        fresh.id = Uuid{};
        fresh.class_path = "module.C";
        fresh.name = "C";
        return std::vector{changed, fresh};
      })
      .value();
  EXPECT_EQ(storage().jobs().list({})->count, 3);
  const Job changed = storage().jobs().get(first.id).value();
  EXPECT_EQ(changed.description, "changed");
  EXPECT_EQ(changed.created, first.created);
  EXPECT_EQ(changed.last_updated, clock().now());
  EXPECT_EQ(storage().jobs().get(second.id)->last_updated, second.last_updated);
  EXPECT_FALSE(storage().jobs().find_by_name("C")->id.is_nil());
}

TEST_P(JobsConformance, ANewVersionOfTheSourceAloneIsNoUpdate) {
  const Job job = add_job("A");
  clock().advance(std::chrono::seconds(1));
  const auto written = storage().jobs().update_all([&](std::vector<Job> jobs) {
    jobs.at(0).source_version = "next";
    return Result<std::vector<Job>>(std::move(jobs));
  });
  EXPECT_EQ(written->at(0).last_updated, job.last_updated);
  const Job after = storage().jobs().get(job.id).value();
  EXPECT_EQ(after.source_version, "next");
  EXPECT_EQ(after.last_updated, job.last_updated);
}

TEST_P(JobsConformance, NamesMaySwap) {
  const Job first = add_job("A");
  const Job second = add_job("B");
  storage()
      .jobs()
      .update_all([&](std::vector<Job> jobs) -> Result<std::vector<Job>> {
        std::swap(jobs.at(0).name, jobs.at(1).name);
        return jobs;
      })
      .value();
  EXPECT_EQ(storage().jobs().get(first.id)->name, "B");
  EXPECT_EQ(storage().jobs().get(second.id)->name, "A");
}

TEST_P(JobsConformance, AnErrorOfTheChangeWritesNothing) {
  const Job job = add_job("A");
  const auto failing = [](const std::vector<Job>&) -> Result<std::vector<Job>> {
    return Error{"test.refused", "No."};
  };
  EXPECT_EQ(storage().jobs().update_all(failing).error().code, "test.refused");
  const auto changed = storage().jobs().modify(job.id, [](Job& record) -> Result<void> {
    record.enabled = false;
    return Error{"test.refused", "No."};
  });
  EXPECT_EQ(changed.error().code, "test.refused");
  EXPECT_TRUE(storage().jobs().get(job.id)->enabled);
}

TEST_P(JobsConformance, AnAmbiguousNameWritesNothing) {
  add_job("A");
  const auto written =
      storage().jobs().update_all([](const std::vector<Job>& before) -> Result<std::vector<Job>> {
        Job fresh = before.at(0);
        fresh.id = Uuid{};
        fresh.class_path = "module.Ok";
        fresh.name = "Ok";
        Job twin = fresh;
        twin.class_path = "module.Twin";
        return std::vector{fresh, twin};
      });
  EXPECT_EQ(written.error().code, "storage.failed");
  EXPECT_EQ(storage().jobs().list({})->count, 1);
}

TEST_P(JobsConformance, ListsByGroupingAndName) {
  for (const char* name : {"b", "c", "a"}) add_job(name);
  storage()
      .jobs()
      .modify(storage().jobs().find_by_name("b")->id,
              [](Job& job) -> Result<void> {
                job.grouping = "Zebra";
                job.hidden = true;
                return ok();
              })
      .value();
  const auto names = [&](const Query& query) {
    std::vector<std::string> out;
    const Page<Job> page = storage().jobs().list(query).value();
    for (const Job& job : page.items) out.push_back(job.name);
    return out;
  };
  EXPECT_THAT(names({}), ElementsAre("a", "c", "b"));
  Query query;
  query.sort = "-name";
  EXPECT_THAT(names(query), ElementsAre("c", "b", "a"));
  query.filters.push_back({"hidden", Filter::Is::kOneOf, {std::int64_t{0}}});
  EXPECT_THAT(names(query), ElementsAre("c", "a"));
  query.limit = 1;
  query.offset = 1;
  EXPECT_THAT(names(query), ElementsAre("a"));
  EXPECT_EQ(storage().jobs().list(query)->count, 2);
  query = {};
  query.search = "ZEB";
  EXPECT_THAT(names(query), ElementsAre("b"));
}

TEST_P(JobsConformance, SearchTakesLettersOfAnyAlphabetInAnyCase) {
  add_job("\u00dcbersicht");            // Ü
  add_job("\u0417\u0430\u0434\u0430");  // Зада
  for (const char* search : {"\u00fcBERS", "\u0437\u0410\u0414"}) {
    Query query;
    query.search = search;
    EXPECT_EQ(storage().jobs().list(query)->count, 1) << search;
    query.search.clear();
    query.filters.push_back({"name", Filter::Is::kContains, {search}});
    EXPECT_EQ(storage().jobs().list(query)->count, 1) << search;
  }
}

TEST_P(JobsConformance, RemovingAJobKeepsItsResults) {
  const Job job = add_job();
  const JobResult result = enqueue(job);
  storage().jobs().remove(job.id).value();
  EXPECT_EQ(storage().jobs().get(job.id).error().code, "job.not_found");
  EXPECT_EQ(reload(result).job_model, std::nullopt);
  Query query;
  query.filters.push_back({"job_model", Filter::Is::kOneOf, {std::monostate{}}});
  EXPECT_EQ(storage().results().list(query)->count, 1);
}

TEST_P(JobsConformance, RemovingAJobKeepsFinalResultsToo) {
  const Job job = add_job();
  const Worker worker = add_worker();
  enqueue(job);
  const JobResult done = finish(worker, claim(worker).at(0));
  storage().jobs().remove(job.id).value();
  EXPECT_EQ(reload(done).job_model, std::nullopt);
  EXPECT_EQ(reload(done).status, JobResultStatus::kSuccess);
}

}  // namespace windlass::conformance
