#include <algorithm>

#include "embedded_queries.h"
#include "storage/sqlite/input_rows.h"
#include "storage/sqlite/result_rows.h"
#include "storage/sqlite/result_store.h"
#include "storage/sqlite/run_writes.h"

namespace windlass::sqlite {

namespace {

/// Larger inputs take a worker's own thread to open, not that of whoever submits them.
constexpr std::size_t kSmallInputs = 64 << 10;

Result<std::string> find_source(Connection& db, const Uuid& job) {
  Prepared find = db.prepare(sql::kFindJobSource);
  put(*find, 1, job);
  if (!find->executeStep()) {
    return Error{"job.not_found", "The job's record was deleted; nothing was queued."};
  }
  return value_at<std::string>(*find, 0);
}

Result<void> check_repository(Connection& db, const std::optional<Uuid>& repository) {
  if (!repository) return ok();
  Prepared find = db.prepare(sql::kAnyGitRepository);
  put(*find, 1, *repository);
  if (find->executeStep()) return ok();
  return Error{"git_repository.not_found", "The Git repository was deleted; nothing was queued."};
}

bool is_small(const NewRun& run) {
  return run.files.empty() && run.sealed_inputs.size() <= kSmallInputs;
}

bool has(const WorkReply& reply, std::int64_t number) {
  return std::any_of(reply.claimed.begin(), reply.claimed.end(),
                     [&](const ClaimedRun& run) { return run.result.number == number; });
}

}  // namespace

/// The claim that joins a transaction. It is asked for once, though a write may be called twice.
struct SqliteResultStore::Offer {
  StandingClaim* claim = nullptr;
  std::optional<WorkRequest> request;
  Result<WorkReply> reply = WorkReply{};

  void ask(const std::vector<StandingClaim*>& standing, const std::string& queue) {
    for (StandingClaim* one : standing) {
      if (request) return;
      claim = one;
      request = one->offer(queue);
    }
  }
};

Result<JobResult> SqliteResultStore::enqueue(const NewRun& run) {
  const std::shared_lock standing(standing_mutex_);
  Offer offer;
  const auto insert_and_claim = [&](Write& write) -> Result<JobResult> {
    WL_TRY(JobResult result, insert(write, run));
    if (!offer.request && is_small(run)) offer.ask(standing_, run.queue);
    if (offer.request) offer.reply = work(write, *offer.request);
    const bool waits = !offer.request || !offer.reply.ok() || !has(*offer.reply, result.number);
    if (waits) write.notice(Notice::Kind::kQueued);
    return result;
  };
  Result<JobResult> queued = writer_.run(insert_and_claim);
  if (!offer.request) return queued;
  if (queued.ok()) {
    offer.claim->settled(*offer.request, std::move(offer.reply));
    return queued;
  }
  offer.claim->settled(*offer.request, queued.error());
  // It may have been the claim, which is no reason to refuse the run.
  return writer_.run([&](Write& write) -> Result<JobResult> {
    WL_TRY(JobResult result, insert(write, run));
    write.notice(Notice::Kind::kQueued);
    return result;
  });
}

Result<JobResult> SqliteResultStore::insert(Write& write, const NewRun& run) {
  WL_TRY(std::string source, find_source(write.db, run.job));
  WL_TRY_VOID(check_repository(write.db, run.git_repository));
  JobResult result;
  result.id = run.id;
  result.name = run.name;
  result.task_name = run.task_name;
  result.job_model = run.job;
  result.user = run.user;
  result.git_repository = run.git_repository;
  result.date_created = clock_.now();
  result.queue = run.queue;
  result.task_kwargs = run.task_kwargs;
  result.ignore_singleton_lock = run.ignore_singleton_lock;
  result.source = std::move(source);
  result.last_sequence = 1;
  {
    Prepared statement = write.db.prepare(insert_sql<JobResult>());
    const LargeValues large = bind_row(*statement, result);
    statement->bind(1);  // the database gives the number
    statement->exec();
    result.number = write.db.database().getLastInsertRowid();
    insert_large(write.db, result.number, large);
  }
  insert_inputs(write.db, result.number, run);
  RunWriter(write.db, result.number, {}).add_status(result.date_created, result.status, "");
  write.notice(Notice::Kind::kResult, result.number);
  return result;
}

std::unique_ptr<StandingClaim::Stand> SqliteResultStore::stand_by(StandingClaim& claim) {
  class Stand final : public StandingClaim::Stand {
   public:
    Stand(SqliteResultStore& store, StandingClaim& claim) : store_(store), claim_(claim) {
      const std::unique_lock lock(store_.standing_mutex_);
      store_.standing_.push_back(&claim_);
    }
    ~Stand() override {
      const std::unique_lock lock(store_.standing_mutex_);
      std::erase(store_.standing_, &claim_);
    }

   private:
    SqliteResultStore& store_;
    StandingClaim& claim_;
  };
  return std::make_unique<Stand>(*this, claim);
}

}  // namespace windlass::sqlite
