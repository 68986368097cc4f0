#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(InputsConformance, FilesComeBackAsTheyWereForTheHolderOfTheLeaseOnly) {
  const Job job = add_job();
  NewRun run = new_run(job);
  std::string bytes("\0\xff not text", 11);
  bytes.append(300'000, '\0');
  run.files = {
      {"table", "t.csv", false, bytes}, {"empty", "", false, ""}, {"key", "k", true, "1:x"}};
  enqueue(run);
  enqueue(job);
  const Worker worker = add_worker();
  const std::vector<ClaimedRun> claimed = claim(worker, 2);
  EXPECT_TRUE(claimed.at(0).has_files);
  EXPECT_FALSE(claimed.at(1).has_files);
  const std::int64_t number = claimed[0].result.number;
  const auto files = storage().results().input_files(number, claimed[0].lease_token).value();
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].field, "empty");
  EXPECT_EQ(files[0].content, "");
  EXPECT_EQ(files[1].field, "key");
  EXPECT_TRUE(files[1].sealed);
  EXPECT_EQ(files[2].name, "t.csv");
  EXPECT_FALSE(files[2].sealed);
  EXPECT_EQ(files[2].content, bytes);
  EXPECT_EQ(storage().results().input_files(number, claimed[0].lease_token ^ 1).error().code,
            "job_result.lease_lost");
  finish(worker, claimed[0]);
  EXPECT_EQ(storage().results().input_files(number, claimed[0].lease_token).error().code,
            "job_result.lease_lost");
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input_file"), "0");
  EXPECT_THAT(
      storage().results().input_files(claimed[1].result.number, claimed[1].lease_token).value(),
      IsEmpty());
}

TEST_P(InputsConformance, AClaimNamesTheSensitiveFieldsOfSealedInputs) {
  const Job job =
      storage()
          .jobs()
          .modify(
              add_job().id,
              [](Job& record) -> Result<void> {
                record.variables = json::array{
                    json::object{{"name", "region"}, {"type", "StringVar"}, {"sensitive", false}},
                    json::object{{"name", "pin"}, {"type", "StringVar"}, {"sensitive", true}}};
                return ok();
              })
          .value();
  NewRun run = new_run(job);
  run.sealed_inputs = "sealed";
  enqueue(run);
  enqueue(job);
  const std::vector<ClaimedRun> claimed = claim(add_worker(), 2);
  EXPECT_THAT(claimed.at(0).sensitive_fields, ElementsAre("pin"));
  EXPECT_THAT(claimed.at(1).sensitive_fields, IsEmpty());
}

TEST_P(InputsConformance, ResealingChangesEverySealedValueOrNone) {
  const Job job = add_job();
  for (const char* sealed : {"a", "b", ""}) {
    NewRun run = new_run(job);
    run.sealed_inputs = sealed;
    run.files = {{"x", "x", true, std::string("file of ") + sealed},
                 {"y", "y", true, "second"},
                 {"z", "z", false, "plain"}};
    enqueue(run);
  }
  EXPECT_EQ(storage()
                .results()
                .reseal([](const std::string& sealed) -> Result<std::string> {
                  if (sealed == "second") return Error{"key.damaged", "Damaged."};
                  return "new " + sealed;
                })
                .error()
                .code,
            "key.damaged");
  const auto anew = [](const std::string& sealed) -> Result<std::string> {
    return sealed.starts_with("new ") ? sealed : "new " + sealed;
  };
  EXPECT_EQ(storage().results().reseal(anew).value(), 2 + 6) << "nothing had been changed before";
  EXPECT_EQ(storage().results().reseal(anew).value(), 0);
  const std::vector<ClaimedRun> claimed = claim(add_worker(), 3);
  EXPECT_EQ(claimed.at(0).sealed_inputs, "new a");
  EXPECT_EQ(claimed.at(2).sealed_inputs, "");
  const auto files =
      storage().results().input_files(claimed[1].result.number, claimed[1].lease_token).value();
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].content, "new file of b");
  EXPECT_EQ(files[1].content, "new second");
  EXPECT_EQ(files[2].content, "plain");
}

}  // namespace windlass::conformance
