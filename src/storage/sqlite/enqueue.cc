#include <algorithm>

#include "embedded_queries.h"
#include "storage/sqlite/errors.h"
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

}  // namespace

/// The claim of a worker that joins the transaction of one run.
class SqliteResultStore::Offer {
 public:
  explicit Offer(SqliteResultStore& store) : store_(store) {}

  /// Claims in this write; the run that it queues may be among what is claimed. A write may be
  /// called twice: a worker is asked once. Fails where the write has to be undone.
  Result<void> claim(Write& write, const NewRun& run) {
    if (!asked_) request_ = store_.ask(run.queue, &standing_);
    asked_ = true;
    if (!request_) return ok();
    reply_ = guarded([&] { return store_.work(write, *request_); });
    // Of a worker that is not known any more nothing was written.
    if (reply_.ok() || reply_.error().code == "worker.not_found") return ok();
    return reply_.error();
  }

  bool has_claimed(std::int64_t number) const {
    if (!request_ || !reply_.ok()) return false;
    return std::any_of(reply_->claimed.begin(), reply_->claimed.end(),
                       [&](const ClaimedRun& run) { return run.result.number == number; });
  }

  /// Whether it was the claim for which the write was undone.
  bool failed() const { return request_ && !reply_.ok(); }

  /// Tells the worker what came of it, once the write has ended; it is not asked again.
  void settle(const Result<JobResult>& queued) {
    if (!request_) return;
    standing_->claim.settled(*request_,
                             queued.ok() ? std::move(reply_) : Result<WorkReply>(queued.error()));
    request_.reset();
    const std::lock_guard lock(store_.standing_mutex_);
    --standing_->offers;
    store_.standing_settled_.notify_all();
  }

 private:
  SqliteResultStore& store_;
  Standing* standing_ = nullptr;
  bool asked_ = false;
  std::optional<WorkRequest> request_;
  Result<WorkReply> reply_ = WorkReply{};
};

Result<JobResult> SqliteResultStore::enqueue(const NewRun& run) {
  Offer offer(*this);
  bool claims = is_small(run);
  const auto insert_and_claim = [&](Write& write) -> Result<JobResult> {
    WL_TRY(JobResult result, insert(write, run));
    if (claims) WL_TRY_VOID(offer.claim(write, run));
    if (!claims || !offer.has_claimed(result.number)) write.notice(Notice::Kind::kQueued);
    return result;
  };
  Result<JobResult> queued = writer_.run(insert_and_claim);
  // A claim that fails is no reason to refuse the run.
  const bool again = !queued.ok() && offer.failed();
  offer.settle(queued);
  if (!again) return queued;
  claims = false;
  return writer_.run(insert_and_claim);
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

/// The request of the first worker that has room, and which that is.
std::optional<WorkRequest> SqliteResultStore::ask(const std::string& queue, Standing** who) {
  const std::lock_guard lock(standing_mutex_);
  for (Standing* standing : standing_) {
    std::optional<WorkRequest> request = standing->claim.offer(queue);
    if (!request) continue;
    ++standing->offers;
    *who = standing;
    return request;
  }
  return std::nullopt;
}

std::unique_ptr<StandingClaim::Stand> SqliteResultStore::stand_by(StandingClaim& claim) {
  class Stand final : public StandingClaim::Stand {
   public:
    Stand(SqliteResultStore& store, StandingClaim& claim) : store_(store), standing_{claim} {
      const std::lock_guard lock(store_.standing_mutex_);
      store_.standing_.push_back(&standing_);
    }
    /// Waits for what is under way; nobody asks anew meanwhile.
    ~Stand() override {
      std::unique_lock lock(store_.standing_mutex_);
      std::erase(store_.standing_, &standing_);
      store_.standing_settled_.wait(lock, [this] { return standing_.offers == 0; });
    }

   private:
    SqliteResultStore& store_;
    Standing standing_;
  };
  return std::make_unique<Stand>(*this, claim);
}

}  // namespace windlass::sqlite
