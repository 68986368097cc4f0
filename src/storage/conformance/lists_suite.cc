#include <algorithm>
#include <map>
#include <random>

#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;

namespace {

Query filtered(const std::string& field, std::vector<DbValue> values,
               Filter::Is is = Filter::Is::kOneOf) {
  Query query;
  query.filters.push_back({field, is, std::move(values)});
  return query;
}

DbValue value_of(const JobResult& result, const std::string& field) {
  const auto reference = [](const std::optional<Uuid>& id) {
    return id ? DbValue(id->to_string()) : DbValue();
  };
  if (field == "status") return std::string(to_string(result.status));
  if (field == "queue") return result.queue;
  return reference(field == "user" ? result.user : result.job_model);
}

/// Whether a result is asked for, in the plainest words: what every adapter is compared with.
bool matches(const JobResult& result, const Query& query) {
  for (const Filter& filter : query.filters) {
    const DbValue value = value_of(result, filter.field);
    const bool one_of =
        std::find(filter.values.begin(), filter.values.end(), value) != filter.values.end();
    if (one_of != (filter.is == Filter::Is::kOneOf)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::int64_t> ListsConformance::numbers(const Query& query) {
  std::vector<std::int64_t> out;
  const Page<JobResult> page = storage().results().list(query).value();
  for (const JobResult& result : page.items) out.push_back(result.number);
  return out;
}

TEST_P(ListsConformance, NewestFirstInPages) {
  const Job job = add_job();
  for (int i = 0; i < 5; ++i) {
    enqueue(job);
    clock().advance(std::chrono::seconds(1));
  }
  Query query;
  query.limit = 2;
  EXPECT_THAT(numbers(query), ElementsAre(5, 4));
  query.offset = 4;
  EXPECT_THAT(numbers(query), ElementsAre(1));
  EXPECT_EQ(storage().results().list(query)->count, 5);
  query.limit = 0;
  EXPECT_THAT(numbers(query), IsEmpty());
}

TEST_P(ListsConformance, SortsByTimes) {
  const Job job = add_job();
  const Worker worker = add_worker();
  for (int i = 0; i < 3; ++i) {
    enqueue(job);
    clock().advance(std::chrono::seconds(1));
  }
  const std::vector<ClaimedRun> runs = claim(worker, 3);
  finish(worker, runs[2]);
  clock().advance(std::chrono::seconds(1));
  finish(worker, runs[0]);
  Query query;
  query.sort = "date_created";
  EXPECT_THAT(numbers(query), ElementsAre(1, 2, 3));
  query.sort = "-date_done";
  EXPECT_THAT(numbers(query), ElementsAre(1, 3, 2));
  query.sort = "-status";
  EXPECT_EQ(storage().results().list(query).error().code, "storage.unknown_sort");
  EXPECT_EQ(storage().results().list(filtered("result", {"x"})).error().code,
            "storage.unknown_filter");
}

TEST_P(ListsConformance, FiltersByTime) {
  const Job job = add_job();
  std::vector<std::int64_t> times;
  for (int i = 0; i < 3; ++i) {
    times.push_back(to_micros(enqueue(job).date_created));
    clock().advance(std::chrono::seconds(1));
  }
  EXPECT_THAT(numbers(filtered("date_created", {times[1]}, Filter::Is::kAtLeast)),
              ElementsAre(3, 2));
  EXPECT_THAT(numbers(filtered("date_created", {times[1]}, Filter::Is::kAtMost)),
              ElementsAre(2, 1));
}

TEST_P(ListsConformance, LargeValuesAreLeftOutOfListsOnly) {
  const std::string fits(kListValueLimit - 2, 'a');  // two more bytes as JSON text
  const std::string large(kListValueLimit - 1, 'a');
  NewRun run = new_run(add_job());
  run.task_kwargs = json::object{{"text", large}};
  const JobResult queued = enqueue(run);
  EXPECT_EQ(queued.task_kwargs, run.task_kwargs);
  const Worker worker = add_worker();
  const ClaimedRun claimed = claim(worker).at(0);
  EXPECT_EQ(claimed.result.task_kwargs, run.task_kwargs);
  RunWrite part = write_of(claimed);
  part.outcome = outcome_of(JobResultStatus::kFailure);
  part.outcome->result = fits;
  part.outcome->traceback = std::string(kListValueLimit + 1, 't');
  write(worker, part);

  const JobResult whole = reload(queued);
  EXPECT_EQ(whole.task_kwargs, run.task_kwargs);
  EXPECT_EQ(whole.result, json::value(fits));
  EXPECT_EQ(whole.traceback, part.outcome->traceback);
  EXPECT_EQ(storage().results().get_by_number(queued.number)->traceback, whole.traceback);
  const JobResult listed = storage().results().list({})->items.at(0);
  EXPECT_TRUE(listed.task_kwargs.is_null());
  EXPECT_EQ(listed.result, json::value(fits));
  EXPECT_EQ(listed.traceback, std::nullopt);
}

void ListsConformance::expect_counts(const std::vector<JobResult>& all) {
  std::map<JobResultStatus, std::int64_t> by_status;
  std::map<std::string, std::int64_t> waiting;
  for (const JobResult& result : all) {
    ++by_status[result.status];
    if (result.status == JobResultStatus::kPending || result.status == JobResultStatus::kRetry) {
      ++waiting[result.queue];
    }
  }
  const ResultStore::Counts counts = storage().results().counts().value();
  EXPECT_EQ(counts.by_status.size(), 6u);
  for (const auto& [status, count] : counts.by_status) {
    EXPECT_EQ(count, by_status[status]) << to_string(status);
  }
  const std::map<std::string, std::int64_t> told(counts.waiting_by_queue.begin(),
                                                 counts.waiting_by_queue.end());
  EXPECT_EQ(told, waiting);
}

void ListsConformance::expect_page(const Query& query, const std::vector<JobResult>& all) {
  std::vector<std::int64_t> expected;
  std::int64_t matched = 0;
  for (const JobResult& result : all) {
    if (!matches(result, query)) continue;
    ++matched;
    if (matched > query.offset && static_cast<std::int64_t>(expected.size()) < query.limit) {
      expected.push_back(result.number);
    }
  }
  EXPECT_EQ(storage().results().list(query)->count, matched);
  EXPECT_EQ(numbers(query), expected);
}

/// Random work, then every combination of filters: lists and counts are compared with the plain
/// answer.
TEST_P(ListsConformance, CountsAndPagesAreExactAfterRandomWork) {
  std::mt19937 random(8);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<Job> jobs{add_job("A"), add_job("B"), add_job("C")};
  const std::vector<User> users{add_user("ada"), add_user("bob")};
  const std::vector<std::string> queues{"default", "slow"};
  const Worker worker = add_worker("host:1", {"*"});
  std::vector<ClaimedRun> running;
  std::vector<Uuid> known;
  bool job_removed = false;
  for (int step = 0; step < 400; ++step) {
    clock().advance(std::chrono::milliseconds(below(3)));
    const std::size_t what = below(10);
    if (what < 4) {
      NewRun run = new_run(jobs[job_removed ? 1 + below(2) : below(3)], queues[below(2)]);
      if (below(3) > 0) run.user = users[below(2)].id;
      known.push_back(enqueue(run).id);
    } else if (what < 6) {
      for (ClaimedRun& run : claim(worker, 2)) running.push_back(std::move(run));
    } else if (what < 8 && !running.empty()) {
      const std::size_t which = below(running.size());
      finish(worker, running[which],
             below(5) == 0   ? JobResultStatus::kRetry
             : below(2) == 0 ? JobResultStatus::kSuccess
                             : JobResultStatus::kFailure);
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
    } else if (what == 8 && !known.empty()) {
      const auto cancelled = storage().results().request_cancel(known[below(known.size())], "ada");
      EXPECT_TRUE(cancelled.ok() || cancelled.error().code == "job_result.not_found");
    } else if (!known.empty()) {
      const auto removed = storage().results().remove(known[below(known.size())]);
      EXPECT_TRUE(removed.ok() || removed.error().code.starts_with("job_result."));
    }
    if (step == 200) {
      storage().jobs().remove(jobs[0].id).value();
      job_removed = true;
    }
  }

  std::vector<JobResult> all;
  for (const Uuid& id : known) {
    auto result = storage().results().get(id);
    if (result.ok()) all.push_back(std::move(result).value());
  }
  std::reverse(all.begin(), all.end());
  ASSERT_GT(all.size(), 50u);
  expect_counts(all);

  const auto pick = [&](const std::vector<DbValue>& values) {
    std::vector<DbValue> out;
    for (const DbValue& value : values) {
      if (below(2) == 0) out.push_back(value);
    }
    return out;
  };
  const std::vector<DbValue> statuses{"PENDING", "STARTED", "RETRY",
                                      "SUCCESS", "FAILURE", "REVOKED"};
  for (int i = 0; i < 300; ++i) {
    Query query;
    if (below(2) == 0) query.filters.push_back({"status", Filter::Is::kOneOf, pick(statuses)});
    if (below(3) == 0) {
      query.filters.push_back(
          {"job_model", Filter::Is::kOneOf,
           pick({std::monostate{}, jobs[1].id.to_string(), jobs[2].id.to_string()})});
    }
    if (below(3) == 0)
      query.filters.push_back({"queue", Filter::Is::kOneOf, pick({"default", "slow"})});
    if (below(4) == 0) {
      query.filters.push_back(
          {"user", below(2) == 0 ? Filter::Is::kOneOf : Filter::Is::kNoneOf,
           pick({std::monostate{}, users[0].id.to_string(), users[1].id.to_string()})});
    }
    query.limit = static_cast<std::int64_t>(below(20));
    query.offset = static_cast<std::int64_t>(below(30));
    expect_page(query, all);
  }
}

}  // namespace windlass::conformance
