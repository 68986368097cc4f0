#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job_result.h"
#include "storage/query.h"

namespace windlass {

/// Queues of this beginning belong to one process each (`runjob --local`): "*" does not serve them.
inline constexpr std::string_view kLocalQueue = "local:";

/// A file that was uploaded as an input. Kept apart from the result, and gone after the last
/// attempt.
struct InputFile {
  std::string field;    ///< the variable's name
  std::string name;     ///< as the client called it: a label, never a path to open
  bool sealed = false;  ///< `content` is what SealingKey::seal made of it
  std::string content;
};

/// A run to be queued.
struct NewRun {
  Uuid id;
  Uuid job;
  std::string name;
  std::string task_name;
  std::optional<Uuid> user;
  std::optional<Uuid> git_repository = {};  ///< that a sync or dry run is of
  std::string queue;
  json::value task_kwargs = json::object{};  ///< {} when sealed
  std::string sealed_inputs;  ///< an object as JSON, sealed: all inputs, or the sensitive ones; ""
                              ///< without any. Kept apart from the result
  std::vector<InputFile> files = {};
  bool ignore_singleton_lock = false;
};

/// A run that a worker has claimed. Only the holder of the lease token may write to it.
struct ClaimedRun {
  JobResult result;
  std::int64_t lease_token = 0;
  std::string sealed_inputs;
  std::string username;        ///< of result.user; "" without one
  double soft_time_limit = 0;  ///< of the job's record, seconds; 0: the setting's
  double time_limit = 0;
  bool has_sensitive_variables = true;
  std::vector<std::string> sensitive_fields;  ///< variables of the record that are so by
                                              ///< themselves; only read where inputs are sealed
  bool has_files = false;                     ///< ResultStore::input_files() has some
  std::int64_t max_retries = -1;              ///< of the job's record, as the two below
  double retry_delay = 0;                     ///< seconds
  double retry_backoff = 1;
  /// Another run of a singleton job that is under way; none when this one may go on.
  std::optional<Uuid> singleton_holder;
};

/// How an attempt ended.
struct RunOutcome {
  JobResultStatus status = JobResultStatus::kFailure;
  json::value result;  ///< not stored of kRetry, as the traceback
  std::optional<std::string> traceback;
  std::string reason_code;
  std::string reason;
  std::int64_t peak_memory = 0;
  double cpu_seconds = 0;
  Micros retry_after{0};  ///< kRetry: from now to the next attempt
};

/// What a worker stores of one run. Events get their sequence numbers in the transaction that
/// stores them.
struct RunWrite {
  std::int64_t number = 0;
  std::int64_t lease_token = 0;
  std::vector<Event> events;                  ///< in order; sequence is ignored
  std::int64_t dropped_log_count = 0;         ///< to be added
  std::optional<json::value> progress;        ///< the newest
  std::optional<std::string> source_version;  ///< when it became known
  std::optional<RunOutcome> outcome;          ///< ends the attempt; inputs that are kept apart are
                                              ///< wiped with the last. A retry becomes REVOKED when
                                              ///< a cancel has been asked for
};

struct CancelRequest {
  std::int64_t number = 0;
  std::string by;
};

/// One exchange between a worker and the database: writes of its runs, renewal of its leases and
/// new claims, in one transaction.
struct WorkRequest {
  Uuid worker;
  std::string worker_name;
  bool renew = false;  ///< renew this worker's last_seen and the leases of its runs
  std::vector<RunWrite> writes;
  std::int64_t claim_limit = 0;     ///< 0 claims nothing
  std::vector<std::string> queues;  ///< names; {"*"} for all
  bool look_for_cancels = false;
};

struct WorkReply {
  std::vector<ClaimedRun> claimed;  ///< oldest first; STARTED, with a lease
  std::vector<std::int64_t>
      lost;  ///< runs whose token is no longer valid: nothing of them was written
  std::vector<CancelRequest> cancels;
  /// From now until a retry in one of the queues falls due; told where a claim was asked for.
  std::optional<Micros> next_retry;
};

/// A worker of this process, which waits for runs: its claim may join the transaction that queues
/// one, so that a run which need not wait costs one commit in place of two.
class StandingClaim {
 public:
  virtual ~StandingClaim() = default;
  /// A request that claims from this queue, and does nothing else; nothing when the worker has no
  /// room. Called inside a transaction: quick, and must not call storage. settled() follows.
  virtual std::optional<WorkRequest> offer(const std::string& queue) = 0;
  /// What came of it, on the same thread, after the transaction has ended.
  virtual void settled(const WorkRequest& offered, Result<WorkReply> reply) = 0;
  /// Stands until it is destroyed; nothing is asked after its destructor has returned.
  class Stand {
   public:
    virtual ~Stand() = default;
  };
};

/// A run whose attempt was ended because its worker is gone.
struct SettledRun {
  JobResult result;
  std::string worker_instance;
};

/// Numbers of runs that ended within a quarter of an hour, by how.
struct EndedRuns {
  TimePoint from;
  std::int64_t success = 0;
  std::int64_t failure = 0;
  std::int64_t revoked = 0;
};

/// How much was run of a job.
struct JobLoad {
  Uuid job;
  std::int64_t runs = 0;
  std::int64_t failures = 0;
};

/// Results, the queue and the leases. All calls block; all are thread-safe.
class ResultStore {
 public:
  virtual ~ResultStore() = default;
  /// Stores a PENDING result, durable when it returns, and wakes workers. Errors: `job.not_found`,
  /// `git_repository.not_found`.
  virtual Result<JobResult> enqueue(const NewRun& run) = 0;
  /// Claims what is PENDING, and what is RETRY and due by the database's clock.
  /// Errors: `worker.not_found` when the worker's record is gone or was settled as lost.
  virtual Result<WorkReply> exchange(const WorkRequest& request) = 0;
  /// enqueue() asks `claim` from now on, but for runs whose inputs are large.
  virtual std::unique_ptr<StandingClaim::Stand> stand_by(StandingClaim& claim) = 0;
  /// The uploaded files of the run that holds this lease, by field. Errors:
  /// `job_result.lease_lost`.
  virtual Result<std::vector<InputFile>> input_files(std::int64_t number,
                                                     std::int64_t lease_token) = 0;
  /// Puts every sealed input and file through `change`, in one transaction; its error ends that and
  /// is returned. `change` may be called twice for one value. Returns how many it changed.
  virtual Result<std::int64_t> reseal(
      const std::function<Result<std::string>(const std::string& sealed)>& change) = 0;
  /// Errors: `job_result.not_found`.
  virtual Result<JobResult> get(const Uuid& id) = 0;
  virtual Result<JobResult> get_by_number(std::int64_t number) = 0;
  /// kDetail values larger than kListValueLimit are null in the items.
  virtual Result<Page<JobResult>> list(const Query& query) = 0;
  /// The newest result of this task that is of the repository; nothing before the first. Values as
  /// in list(). Costs the same however many there are.
  virtual Result<std::optional<JobResult>> newest_of(const Uuid& git_repository,
                                                     std::string_view task_name) = 0;
  /// Final results of this task that nobody asked for and whose value has no true `changed`, but
  /// for the newest `keep` of each repository; `limit` at most. Of a repository's syncs: polls that
  /// brought nothing.
  virtual Result<std::vector<Uuid>> idle_of_repositories(std::string_view task_name,
                                                         std::int64_t keep, std::int64_t limit) = 0;
  /// PENDING or RETRY: REVOKED at once, with reason "Cancelled by <by>." and a log entry. STARTED:
  /// marked, and its worker woken. Final: unchanged. Returns the result as it is then.
  virtual Result<JobResult> request_cancel(const Uuid& id, const std::string& by) = 0;
  /// Deletes a final result with its events and files. Errors: `job_result.not_final`,
  /// `job_result.not_found`.
  virtual Result<void> remove(const Uuid& id) = 0;
  /// Ends the attempts of all runs whose lease ran out, and marks workers not seen for a lease as
  /// lost. A run becomes FAILURE, code `worker_lost`; or RETRY where its job's record declares
  /// further attempts, unless a cancel was asked for or its queue belongs to one process.
  virtual Result<std::vector<SettledRun>> settle_expired() = 0;
  /// The same at once for the runs of one worker that is known to be gone; `reason` is the
  /// sentence.
  virtual Result<std::vector<SettledRun>> settle_worker(const Uuid& worker,
                                                        const std::string& reason) = 0;
  /// Number of results a status, and of runs waiting a queue, from counters.
  struct Counts {
    std::vector<std::pair<JobResultStatus, std::int64_t>> by_status;
    std::vector<std::pair<std::string, std::int64_t>> waiting_by_queue;
    std::vector<std::pair<std::string, std::int64_t>> running_by_queue;
    std::vector<std::pair<Uuid, std::int64_t>> running_by_worker;  ///< attempts under a lease
  };
  virtual Result<Counts> counts() = 0;
  /// Runs that ended from `from` on and before `to` (both whole quarters of hours), from counters;
  /// quarters in which none did are left out.
  virtual Result<std::vector<EndedRuns>> ended(TimePoint from, TimePoint to) = 0;
  /// The jobs of which the most runs ended from `from` on (a day's beginning, UTC), most first;
  /// from counters.
  virtual Result<std::vector<JobLoad>> busiest_jobs(TimePoint from, std::int64_t limit) = 0;
  /// What became FAILURE from `from` on, newest first. Values as in list().
  virtual Result<std::vector<JobResult>> newest_failures(TimePoint from, std::int64_t limit) = 0;
  /// What ended from `from` on and before `to`, however, newest first. Values as in list().
  virtual Result<std::vector<JobResult>> ended_between(TimePoint from, TimePoint to,
                                                       std::int64_t limit) = 0;
};

}  // namespace windlass
