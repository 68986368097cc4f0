#include "engine/job_sources.h"

#include <gmock/gmock.h>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class JobSourcesTest : public testing::Test {
 protected:
  std::vector<JobSource> sources() {
    return job_sources(home_.storage(), {home_.path(), home_.path() / "jobs", {"my_app"}}).value();
  }
  GitRepository add_repository(const std::string& slug, const std::string& head = "",
                               const std::string& error = "") {
    GitRepository repository;
    repository.id = new_id(clock_.now());
    repository.name = repository.slug = slug;
    repository.remote_url = "https://example.org/x.git";
    repository.current_head = head;
    repository.sync_error = error;
    return home_.storage().git_repositories().add(repository).value();
  }
  void add_job(const std::string& module, const std::string& source, const std::string& version,
               const std::string& warning = "") {
    Job job;
    job.module_name = module;
    job.job_class_name = "J";
    job.class_path = job.name = module + ".J";
    job.source = source;
    job.source_version = version;
    job.warning = warning;
    home_.add_job(job);
  }

  FakeClock clock_;
  TestHome home_{clock_};
};

TEST_F(JobSourcesTest, ListsEverySourceAlsoThoseWithoutJobs) {
  add_repository("net", "aa");
  add_repository("big");
  add_job("my_group", "jobs_root", "h1", "threads");
  add_job("net.jobs", "git:net", "aa");
  add_job("net.jobs.sub", "git:net", "aa");
  add_job("my_app.jobs", "app:my_app", "1.0+h2");
  add_job("nautobot.core.jobs", "system", "1");
  add_job("gone.jobs", "git:gone", "bb");
  const std::vector<JobSource> all = sources();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].name, "jobs_root");
  EXPECT_EQ(all[0].path, home_.path() / "jobs");
  EXPECT_EQ(all[0].version, "h1");
  EXPECT_THAT(all[0].warnings, ElementsAre("my_group.J: threads"));
  EXPECT_EQ(all[1].name, "git:big");
  EXPECT_EQ(all[1].version, "");
  EXPECT_EQ(all[1].jobs, 0);
  EXPECT_EQ(all[2].name, "git:net");
  EXPECT_EQ(all[2].version, "aa");
  EXPECT_EQ(all[2].jobs, 2);
  EXPECT_EQ(all[2].path, home_.path() / "git/net/current");
  EXPECT_EQ(all[2].repository->name, "net");
  EXPECT_EQ(all[3].name, "app:my_app");
  EXPECT_EQ(all[3].version, "1.0+h2");
  EXPECT_EQ(all[3].path, "");
}

TEST_F(JobSourcesTest, ErrorsStandWithTheSourceOfTheirModule) {
  add_repository("net", "aa", "Traceback\nSyntaxError: x");
  save_import_errors(home_.path(), {{"jobs_root", {{"broken", "E1"}}},
                                    {"git:net", {{"net.jobs", "the catalog's"}}},
                                    {"app:my_app", {{"my_app", "E2"}}},
                                    {"git:gone", {{"gone.jobs", "E3"}}}})
      .value();
  const std::vector<JobSource> all = sources();
  EXPECT_THAT(all[0].errors, ElementsAre(Pair("broken", "E1")));
  EXPECT_THAT(all[1].errors, ElementsAre(Pair("net.jobs", "Traceback\nSyntaxError: x")));
  EXPECT_THAT(all[2].errors, ElementsAre(Pair("my_app", "E2")));
  EXPECT_THAT(all[0].warnings, IsEmpty());
}

}  // namespace
}  // namespace windlass::engine
