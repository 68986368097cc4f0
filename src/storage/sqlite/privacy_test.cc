#include <gmock/gmock.h>
#include <sys/stat.h>

#include "storage/sqlite/test_home.h"

namespace windlass::sqlite {
namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

TEST(Privacy, NobodyElseReadsAnyFile) {
  const TestHome home;
  const SystemClock clock;
  const mode_t before = ::umask(0);
  const auto storage = home.open(clock);
  const Job job = add_job(*storage);
  storage->results().enqueue(run_of(job, clock)).value();
  ::umask(before);
  const std::string database = home.options().database;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(mode_of(database + suffix), 0600u) << suffix;
  }
  EXPECT_EQ(mode_of(home.options().wake), 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(home.options().wake)) {
    EXPECT_EQ(mode_of(entry.path()), 0600u);
  }
}

TEST(Privacy, WipedInputsAreNowhereInTheFile) {
  const TestHome home;
  const SystemClock clock;
  const std::string secret(3000, 'S');
  {
    const auto storage = home.open(clock);
    NewRun run = run_of(add_job(*storage), clock);
    run.sealed_inputs = secret;
    run.files = {{"file", "name", true, std::string(3000, 'F')}};
    const JobResult queued = storage->results().enqueue(run).value();
    home.connect().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    EXPECT_NE(read_file(home.options().database)->find(secret.substr(0, 500)), std::string::npos);
    EXPECT_NE(read_file(home.options().database)->find(std::string(500, 'F')), std::string::npos);
    storage->results().request_cancel(queued.id, "ada").value();
    home.connect().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  EXPECT_EQ(read_file(home.options().database)->find(secret.substr(0, 500)), std::string::npos);
  EXPECT_EQ(read_file(home.options().database)->find(std::string(500, 'F')), std::string::npos);
}

}  // namespace
}  // namespace windlass::sqlite
