#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/files.h"
#include "base/sealing_key.h"
#include "model/job.h"
#include "storage/sqlite/open.h"

namespace windlass::engine {

/// A home in a temporary folder with a database and a key, for the engine's tests.
class TestHome {
 public:
  explicit TestHome(const Clock& clock) : clock_(clock) {
    SqliteOptions options;
    options.database = folder_.path() / "windlass.sqlite3";
    options.files = folder_.path() / "files";
    options.wake = folder_.path() / "wake";
    auto opened = open_sqlite(options, clock_);
    WL_CHECK(opened.ok(), "the database opens: " + opened.error().message + opened.error().detail);
    storage_ = *std::move(opened);
    const Result<void> migrated = storage_->migrate();
    WL_CHECK(migrated.ok(), "the database migrates: " + migrated.error().message);
  }

  const std::filesystem::path& path() const { return folder_.path(); }
  Storage& storage() { return *storage_; }
  const SealingKey& key() const { return key_; }

  Job add_job(Job job) {
    job.id = new_id(clock_.now());
    if (job.class_path.empty()) job.class_path = "my_group." + job.name;
    job.installed = true;
    const auto written = storage_->jobs().update_all(
        [&](const std::vector<Job>&) -> Result<std::vector<Job>> { return std::vector{job}; });
    EXPECT_TRUE(written.ok());
    return written->front();
  }

  User add_user(const std::string& name, bool superuser) {
    User user;
    user.id = new_id(clock_.now());
    user.username = name;
    user.is_superuser = superuser;
    user.date_joined = clock_.now();
    const auto added = storage_->accounts().add_user(user);
    EXPECT_TRUE(added.ok());
    return *added;
  }

  Worker add_worker(json::array queues) {
    Worker worker;
    worker.id = new_id(clock_.now());
    worker.name = "host:" + std::to_string(++workers_);
    worker.hostname = "host";
    worker.queues = std::move(queues);
    worker.slots = 2;
    worker.state = "ready";
    worker.started = worker.last_seen = clock_.now();
    EXPECT_TRUE(storage_->workers().add(worker).ok());
    return worker;
  }

 private:
  TemporaryFolder folder_ = TemporaryFolder::make().value();
  const Clock& clock_;
  SealingKey key_ = SealingKey::load_or_create(folder_.path() / "key").value();
  std::unique_ptr<Storage> storage_;
  int workers_ = 0;
};

}  // namespace windlass::engine
