#include "base/files.h"
#include "storage/conformance/conformance.h"

namespace windlass::conformance {

TEST_P(FilesConformance, KeepsContentWithTheRun) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  const std::string content("a\0b\xff", 4);
  const FileProxy file = storage()
                             .files()
                             .add(run.result.number, run.lease_token, "../../etc/passwd", content)
                             .value();
  EXPECT_EQ(file.size, 4);
  EXPECT_EQ(file.job_result, run.result.id);
  EXPECT_EQ(file.uploaded_at, clock().now());
  EXPECT_EQ(storage().files().get(file.id)->name, "../../etc/passwd");
  EXPECT_EQ(read_file(storage().files().content_path(file.id).value()).value(), content);
  Query query;
  query.filters.push_back({"job_result", Filter::Is::kOneOf, {run.result.id.to_string()}});
  EXPECT_EQ(storage().files().list(query)->count, 1);
}

TEST_P(FilesConformance, OnlyTheLeaseHolderAddsFiles) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  EXPECT_EQ(storage().files().add(run.result.number, run.lease_token ^ 1, "x", "y").error().code,
            "job_result.lease_lost");
  finish(worker, run);
  EXPECT_EQ(storage().files().add(run.result.number, run.lease_token, "x", "y").error().code,
            "job_result.lease_lost");
  EXPECT_EQ(storage().files().list({})->count, 0);
  EXPECT_EQ(storage().files().get(new_id(clock().now())).error().code, "file.not_found");
  EXPECT_EQ(storage().files().content_path(new_id(clock().now())).error().code, "file.not_found");
}

TEST_P(FilesConformance, RemovingAResultRemovesItsFiles) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  const FileProxy file =
      storage().files().add(run.result.number, run.lease_token, "a", "content").value();
  const std::filesystem::path path = storage().files().content_path(file.id).value();
  finish(worker, run);
  storage().results().remove(run.result.id).value();
  EXPECT_EQ(storage().files().get(file.id).error().code, "file.not_found");
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace windlass::conformance
