#pragma once

#include "storage/sqlite/readers.h"
#include "storage/sqlite/writer.h"
#include "storage/workers.h"

namespace windlass::sqlite {

class SqliteWorkerStore final : public WorkerStore {
 public:
  SqliteWorkerStore(Writer& writer, Readers& readers, const Clock& clock, Micros lease)
      : writer_(writer), readers_(readers), clock_(clock), lease_(lease) {}

  Result<void> add(const Worker& worker) override;
  Result<void> set_state(const Uuid& worker, const std::string& state) override;
  Result<std::vector<Worker>> alive() override;
  Result<Page<Worker>> list(const Query& query) override;
  Result<std::vector<Worker>> unfinished_on_host(const std::string& hostname) override;

 private:
  Writer& writer_;
  Readers& readers_;
  const Clock& clock_;
  const Micros lease_;
};

class SqliteQueueStore final : public QueueStore {
 public:
  SqliteQueueStore(Writer& writer, Readers& readers, const Clock& clock)
      : writer_(writer), readers_(readers), clock_(clock) {}

  Result<Page<JobQueue>> list(const Query& query) override;
  Result<JobQueue> get(const Uuid& id) override;
  Result<JobQueue> find(std::string_view name) override;
  Result<void> ensure(const std::vector<std::string>& names) override;

 private:
  Writer& writer_;
  Readers& readers_;
  const Clock& clock_;
};

}  // namespace windlass::sqlite
