#include "engine/submit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using testing::HasSubstr;

class SubmitTest : public testing::Test {
 protected:
  SubmitTest() { home_.add_worker({"default"}); }

  /// An enabled job with one StringVar `text`, whose inputs may be seen.
  Job plain_job(const std::string& name = "Plain") {
    Job job;
    job.name = name;
    job.enabled = true;
    job.has_sensitive_variables = false;
    job.variables =
        parse_json(R"([{"name": "text", "type": "StringVar", "required": true}])").value();
    return job;
  }
  Job dry_run_job() {
    Job job = plain_job("Dry");
    job.variables = parse_json(R"([{"name": "dryrun", "type": "DryRunVar"}])").value();
    job.supports_dryrun = true;
    return job;
  }
  RunRequest request(const Job& job, const char* data = R"({"text": "hi"})") {
    RunRequest wanted;
    wanted.job = job.id.to_string();
    wanted.data = parse_json(data).value();
    wanted.user = admin_;
    return wanted;
  }
  void expect_refused(const RunRequest& wanted, const std::string& code) {
    const auto refused = submitter_.submit(wanted);
    ASSERT_FALSE(refused.ok()) << "expected " << code;
    EXPECT_EQ(refused.error().code, code) << refused.error().message;
    message_ = refused.error().message;
    EXPECT_EQ(home_.storage().results().list({})->count, 0) << "nothing is stored on an error";
  }
  /// The run as a worker gets it.
  ClaimedRun claim(const std::string& queue = "default") {
    WorkRequest work;
    const Worker worker = home_.add_worker({json::value(queue)});
    work.worker = worker.id;
    work.worker_name = worker.name;
    work.claim_limit = 1;
    work.queues = {queue};
    auto reply = home_.storage().results().exchange(work);
    EXPECT_TRUE(reply.ok());
    EXPECT_EQ(reply->claimed.size(), 1u);
    return reply->claimed.at(0);
  }

  FakeClock clock_;
  TestHome home_{clock_};
  User admin_ = home_.add_user("admin", true);
  NoChoices choices_;
  Submitter submitter_{home_.storage(), clock_, home_.key(), choices_, {}};
  std::string message_;
};

TEST_F(SubmitTest, QueuesARunWithItsInputs) {
  const Job job = home_.add_job(plain_job());
  const auto result = submitter_.submit(request(job, R"({"text": " hi "})"));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->status, JobResultStatus::kPending);
  EXPECT_EQ(result->name, "Plain");
  EXPECT_EQ(result->task_name, "my_group.Plain");
  EXPECT_EQ(result->job_model, job.id);
  EXPECT_EQ(result->user, admin_.id);
  EXPECT_EQ(result->queue, "default");
  const auto stored = home_.storage().results().get(result->id);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(to_text(stored->task_kwargs), R"({"text":"hi"})");
  EXPECT_EQ(claim().sealed_inputs, "");
}

TEST_F(SubmitTest, FindsTheJobByClassPathAndName) {
  const Job job = home_.add_job(plain_job("Nice Name"));
  EXPECT_EQ(find_job(home_.storage(), "my_group.Nice Name")->id, job.id);
  EXPECT_EQ(find_job(home_.storage(), "Nice Name")->id, job.id);
  EXPECT_EQ(find_job(home_.storage(), job.id.to_string())->id, job.id);
  RunRequest unknown = request(job);
  unknown.job = "no_such.Job";
  expect_refused(unknown, "job.not_found");
  unknown.job = new_id(clock_.now()).to_string();
  expect_refused(unknown, "job.not_found");
}

TEST_F(SubmitTest, SealsTheInputsOfASensitiveJob) {
  Job job = plain_job();
  job.has_sensitive_variables = true;
  const auto result = submitter_.submit(request(home_.add_job(job), R"({"text": "hunter2"})"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(to_text(result->task_kwargs), "{}");
  const ClaimedRun run = claim();
  EXPECT_EQ(to_text(run.result.task_kwargs), "{}");
  EXPECT_EQ(run.sealed_inputs.find("hunter2"), std::string::npos);
  EXPECT_EQ(home_.key().open(run.sealed_inputs).value(), R"({"text":"hunter2"})");
}

TEST_F(SubmitTest, SealsSensitiveVariablesAlone) {
  Job job = plain_job();
  job.variables = parse_json(R"([{"name": "text", "type": "StringVar"},
    {"name": "password", "type": "StringVar", "sensitive": true}])")
                      .value();
  const auto result =
      submitter_.submit(request(home_.add_job(job), R"({"text": "hi", "password": "hunter2"})"));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(to_text(result->task_kwargs), R"({"text":"hi"})");
  EXPECT_EQ(home_.key().open(claim().sealed_inputs).value(), R"({"password":"hunter2"})");
}

TEST_F(SubmitTest, RefusesThoseWhoMayNot) {
  RunRequest wanted = request(home_.add_job(plain_job()));
  wanted.user = home_.add_user("bob", false);
  expect_refused(wanted, "job.forbidden");
  wanted.user = admin_;
  wanted.user->is_active = false;
  expect_refused(wanted, "job.forbidden");
}

TEST_F(SubmitTest, RefusesADisabledJobAndSaysHowToEnableIt) {
  Job job = plain_job();
  job.enabled = false;
  expect_refused(request(home_.add_job(job)), "job.not_enabled");
  EXPECT_THAT(message_, HasSubstr("This job is not enabled to be run."));
  EXPECT_THAT(message_, HasSubstr("windlass jobs enable my_group.Plain"));
}

TEST_F(SubmitTest, RefusesAJobThatIsNotInstalledAndSaysWhy) {
  Job job = home_.add_job(plain_job());
  const auto vanish = [&](const std::string& import_error) {
    const auto changed = home_.storage().jobs().modify(job.id, [&](Job& record) -> Result<void> {
      record.installed = false;
      record.import_error = import_error;
      return ok();
    });
    ASSERT_TRUE(changed.ok());
  };
  vanish("");
  expect_refused(request(job), "job.not_installed");
  EXPECT_THAT(message_, HasSubstr("no longer registered"));
  vanish("Traceback (most recent call last):\n  File \"x.py\"\nNameError: nope\n");
  expect_refused(request(job), "job.not_installed");
  EXPECT_THAT(message_, HasSubstr("does not import: NameError: nope"));
}

TEST_F(SubmitTest, RefusesAJobOfAFileUnlessItIsALocalRun) {
  Job job = plain_job();
  job.source = "file:/tmp/my file.py";
  job = home_.add_job(job);
  RunRequest wanted = request(job);
  expect_refused(wanted, "job.not_installed");
  EXPECT_THAT(message_, HasSubstr("`windlass runjob --local '/tmp/my file.py'`"));
  wanted.local = true;
  EXPECT_TRUE(submitter_.submit(wanted).ok());
}

TEST_F(SubmitTest, RefusesReceivers) {
  Job hook = plain_job("Hook");
  hook.is_job_hook_receiver = true;
  expect_refused(request(home_.add_job(hook)), "job.receiver");
  Job button = plain_job("Button");
  button.is_job_button_receiver = true;
  expect_refused(request(home_.add_job(button)), "job.receiver");
}

TEST_F(SubmitTest, RefusesWrongInputsAllAtOnce) {
  const Job job = home_.add_job(plain_job());
  const auto refused = submitter_.submit(request(job, R"({"zzz": 1})"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "job.inputs");
  EXPECT_EQ(refused.error().fields.size(), 2u);
  expect_refused(request(job, "[]"), "job.data_not_object");
}

TEST_F(SubmitTest, LetsOnlyDryRunsOfAJobWithApprovalThrough) {
  Job job = dry_run_job();
  job.approval_required = true;
  job = home_.add_job(job);
  expect_refused(request(job, "{}"), "job.approval_required");
  expect_refused(request(job, R"({"dryrun": false})"), "job.approval_required");
  const auto dry = submitter_.submit(request(job, R"({"dryrun": "true"})"));
  ASSERT_TRUE(dry.ok()) << dry.error().message;

  Job plain = plain_job("Approved");
  plain.approval_required = true;
  const auto refused = submitter_.submit(request(home_.add_job(plain)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "job.approval_required");
}

TEST_F(SubmitTest, TakesTheDryRunLeftOutFromTheRecord) {
  Job job = dry_run_job();
  job.dryrun_default = true;
  job = home_.add_job(job);
  EXPECT_EQ(to_text(submitter_.submit(request(job, "{}"))->task_kwargs), R"({"dryrun":true})");
  EXPECT_EQ(to_text(submitter_.submit(request(job, "null"))->task_kwargs), R"({"dryrun":true})");
  EXPECT_EQ(to_text(submitter_.submit(request(job, R"({"dryrun": false})"))->task_kwargs),
            R"({"dryrun":false})");
}

// Queues -----------------------------------------------------------------------------------------

TEST_F(SubmitTest, ChoosesTheQueueAmongTheJobsOwn) {
  Job job = plain_job();
  job.task_queues = json::array{"slow", "fast"};
  job = home_.add_job(job);
  home_.add_worker({"slow", "fast"});
  RunRequest wanted = request(job);
  EXPECT_EQ(submitter_.submit(wanted)->queue, "slow");
  wanted.queue = "fast";
  EXPECT_EQ(submitter_.submit(wanted)->queue, "fast");
  wanted.queue = home_.storage().queues().find("fast")->id.to_string();
  EXPECT_EQ(submitter_.submit(wanted)->queue, "fast");
}

TEST_F(SubmitTest, RefusesAQueueThatIsNotTheJobs) {
  Job job = plain_job();
  job.task_queues = json::array{"slow"};
  RunRequest wanted = request(home_.add_job(job));
  wanted.queue = "default";
  expect_refused(wanted, "job.queue_not_allowed");
  EXPECT_EQ(message_, "\"default\" is not a valid choice.");
  wanted.queue = new_id(clock_.now()).to_string();
  expect_refused(wanted, "job.queue_not_allowed");
  EXPECT_EQ(message_, "\"" + wanted.queue + "\" is not a valid choice.");
}

TEST_F(SubmitTest, GoesToTheDefaultQueueOnlyWhenTheJobNamesNone) {
  RunRequest wanted = request(home_.add_job(plain_job()));
  wanted.queue = "nowhere";
  expect_refused(wanted, "job.queue_not_allowed");
  wanted.queue = "default";
  EXPECT_TRUE(submitter_.submit(wanted).ok());
}

TEST_F(SubmitTest, RefusesAQueueThatNobodyServesAndSaysWhatWould) {
  Job job = plain_job();
  job.task_queues = json::array{"slow"};
  job = home_.add_job(job);
  expect_refused(request(job), "queue.no_worker");
  EXPECT_THAT(message_, HasSubstr("\"slow\""));
  EXPECT_THAT(message_, HasSubstr("windlass worker --queue slow"));
  EXPECT_THAT(message_, HasSubstr("windlass start"));
  home_.add_worker({"slow"});
  EXPECT_TRUE(submitter_.submit(request(job)).ok()) << "a worker that came counts at once";
}

TEST_F(SubmitTest, NamesAStartWithAllQueuesWhereNoWorkerCanBeAdded) {
  Job job = plain_job();
  job.task_queues = json::array{"slow"};
  job = home_.add_job(job);
  Submitter alone(home_.storage(), clock_, home_.key(), choices_,
                  {.served_alone = [] { return true; }});
  const auto refused = alone.submit(request(job));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "queue.no_worker");
  EXPECT_THAT(refused.error().message, HasSubstr("`windlass start --queue default --queue slow`"));
}

TEST_F(SubmitTest, CountsWorkersThatServeAllQueuesButNoneThatDrain) {
  Job job = plain_job();
  job.task_queues = json::array{"slow"};
  job = home_.add_job(job);
  const Worker all = home_.add_worker({"*"});
  EXPECT_TRUE(submitter_.submit(request(job)).ok());
  ASSERT_TRUE(home_.storage().workers().set_state(all.id, "draining").ok());
  clock_.advance(std::chrono::seconds(1));
  const auto refused = submitter_.submit(request(job));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "queue.no_worker");
}

TEST_F(SubmitTest, NoticesThatAWorkerWasNotSeenForALease) {
  const Job job = home_.add_job(plain_job());
  EXPECT_TRUE(submitter_.submit(request(job)).ok());
  clock_.advance(kDefaultLease + std::chrono::seconds(1));
  EXPECT_EQ(submitter_.submit(request(job)).error().code, "queue.no_worker");
}

TEST_F(SubmitTest, RunsLocallyWithoutAccountEnablingOrWorker) {
  Job job = plain_job();
  job.enabled = false;
  RunRequest wanted = request(home_.add_job(job));
  wanted.user.reset();
  wanted.local = true;
  wanted.queue = "local:4711";
  const auto result = submitter_.submit(wanted);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->queue, "local:4711");
  EXPECT_EQ(result->user, std::nullopt);
}

TEST_F(SubmitTest, HoldsLocalRunsToTheOtherRules) {
  Job job = plain_job();
  job.approval_required = true;
  RunRequest wanted = request(home_.add_job(job), "{}");
  wanted.local = true;
  expect_refused(wanted, "job.inputs");
  wanted.data = json::object{{"text", "x"}};
  expect_refused(wanted, "job.approval_required");
}

}  // namespace
}  // namespace windlass::engine
