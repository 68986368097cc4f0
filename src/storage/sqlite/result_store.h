#pragma once

#include <condition_variable>
#include <mutex>

#include "storage/results.h"
#include "storage/sqlite/readers.h"
#include "storage/sqlite/writer.h"

namespace windlass::sqlite {

/// Deletes the contents of a result's files; called before their rows go.
using RemoveFiles = std::function<Result<void>(const Uuid& result)>;

class SqliteResultStore final : public ResultStore {
 public:
  SqliteResultStore(Writer& writer, Readers& readers, const Clock& clock, Micros lease,
                    RemoveFiles remove_files)
      : writer_(writer),
        readers_(readers),
        clock_(clock),
        lease_(lease),
        remove_files_(std::move(remove_files)) {}

  Result<JobResult> enqueue(const NewRun& run) override;
  Result<WorkReply> exchange(const WorkRequest& request) override;
  std::unique_ptr<StandingClaim::Stand> stand_by(StandingClaim& claim) override;
  Result<std::vector<InputFile>> input_files(std::int64_t number,
                                             std::int64_t lease_token) override;
  Result<std::int64_t> reseal(
      const std::function<Result<std::string>(const std::string& sealed)>& change) override;
  Result<JobResult> get(const Uuid& id) override;
  Result<JobResult> get_by_number(std::int64_t number) override;
  Result<Page<JobResult>> list(const Query& query) override;
  Result<std::optional<JobResult>> newest_of(const Uuid& git_repository,
                                             std::string_view task_name) override;
  Result<std::vector<Uuid>> idle_of_repositories(std::string_view task_name, std::int64_t keep,
                                                 std::int64_t limit) override;
  Result<JobResult> request_cancel(const Uuid& id, const std::string& by) override;
  Result<void> remove(const Uuid& id) override;
  Result<std::vector<SettledRun>> settle_expired() override;
  Result<std::vector<SettledRun>> settle_worker(const Uuid& worker,
                                                const std::string& reason) override;
  Result<Counts> counts() override;
  Result<std::vector<EndedRuns>> ended(TimePoint from, TimePoint to) override;
  Result<std::vector<JobLoad>> busiest_jobs(TimePoint from, std::int64_t limit) override;
  Result<std::vector<JobResult>> newest_failures(TimePoint from, std::int64_t limit) override;
  Result<std::vector<JobResult>> ended_between(TimePoint from, TimePoint to,
                                               std::int64_t limit) override;

 private:
  class Offer;
  /// A worker that stands by.
  struct Standing {
    StandingClaim& claim;
    int offers = 0;  ///< that are not settled
  };

  std::optional<WorkRequest> ask(const std::string& queue, Standing** who);
  Result<JobResult> insert(Write& write, const NewRun& run);
  Result<WorkReply> work(Write& write, const WorkRequest& request);

  Writer& writer_;
  Readers& readers_;
  const Clock& clock_;
  const Micros lease_;
  const RemoveFiles remove_files_;
  std::mutex standing_mutex_;  ///< guards what stands below
  std::condition_variable standing_settled_;
  std::vector<Standing*> standing_;
};

}  // namespace windlass::sqlite
