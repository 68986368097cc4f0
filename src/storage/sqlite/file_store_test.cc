#include <gmock/gmock.h>
#include <sys/stat.h>

#include "storage/sqlite/test_home.h"

namespace windlass::sqlite {
namespace {

namespace fs = std::filesystem;

/// A home with one running run, and what an earlier process may have left behind.
class FileStoreTest : public testing::Test {
 protected:
  FileStoreTest() : storage_(home_.open(clock_)) {
    storage_->results().enqueue(run_of(add_job(*storage_), clock_)).value();
    Worker worker;
    worker.id = new_id(clock_.now());
    worker.state = "ready";
    storage_->workers().add(worker).value();
    WorkRequest request;
    request.worker = worker.id;
    request.claim_limit = 1;
    request.queues = {"*"};
    run_ = storage_->results().exchange(request).value().claimed.at(0);
  }

  FileProxy add(std::string_view content) {
    return storage_->files().add(run_.result.number, run_.lease_token, "name", content).value();
  }
  fs::path incoming(const Uuid& id) const {
    return home_.options().files / "incoming" / id.to_string();
  }
  static void make_old(const fs::path& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }

  TestHome home_;
  SystemClock clock_;
  std::unique_ptr<Storage> storage_;
  ClaimedRun run_;
};

TEST_F(FileStoreTest, ContentsArePrivateAndNamedByIdAlone) {
  const FileProxy file = add("content");
  const fs::path path = storage_->files().content_path(file.id).value();
  EXPECT_EQ(path.filename(), file.id.to_string());
  EXPECT_TRUE(lies_beneath(path, home_.options().files));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(fs::is_empty(home_.options().files / "incoming"));
}

TEST_F(FileStoreTest, AFileWithoutRowIsDeletedAtTheNextStart) {
  const FileProxy kept = add("kept");
  const Uuid orphan = new_id(clock_.now());
  const Uuid arriving = new_id(clock_.now());
  write_new_file(incoming(orphan), "orphan", 0600).value();
  write_new_file(incoming(arriving), "of a process at work", 0600).value();
  make_old(incoming(orphan));
  storage_->migrate().value();
  EXPECT_FALSE(fs::exists(incoming(orphan)));
  EXPECT_TRUE(fs::exists(incoming(arriving)));
  EXPECT_TRUE(fs::exists(storage_->files().content_path(kept.id).value()));
}

TEST_F(FileStoreTest, AFileWithRowGoesToItsPlaceAtTheNextStart) {
  const FileProxy file = add("content");
  const fs::path place = storage_->files().content_path(file.id).value();
  fs::rename(place, incoming(file.id));
  EXPECT_EQ(storage_->files().content_path(file.id).value(), incoming(file.id));
  make_old(incoming(file.id));
  storage_->migrate().value();
  EXPECT_EQ(storage_->files().content_path(file.id).value(), place);
  EXPECT_EQ(read_file(place).value(), "content");
}

TEST_F(FileStoreTest, AFolderThatCannotBeWrittenIsAnErrorAndLeavesNoRow) {
  fs::remove_all(home_.options().files);
  write_new_file(home_.options().files, "a file where the folder should be", 0600).value();
  const auto file = storage_->files().add(run_.result.number, run_.lease_token, "name", "x");
  EXPECT_EQ(file.error().code, "file.io");
  EXPECT_EQ(storage_->files().list({})->count, 0);
}

}  // namespace
}  // namespace windlass::sqlite
