#include "worker/outbox.h"

#include <gmock/gmock.h>

namespace windlass::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr RunKey kRun{7, 70};

Event entry(const std::string& message) {
  Event event;
  event.kind = EventKind::kLog;
  event.message = message;
  return event;
}

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() { box.open(kRun); }

  bool add(const RunKey& run, const std::string& message, Micros now = Micros(1)) {
    const Event event = entry(message);
    return box.put(run, weight(event), now,
                   [&](RunWrite& pending) { pending.events.push_back(event); });
  }
  void end(JobResultStatus status = JobResultStatus::kSuccess) {
    box.put(kRun, 0, Micros(1), [&](RunWrite& pending) {
      pending.outcome = RunOutcome{};
      pending.outcome->status = status;
    });
  }
  static std::vector<std::string> messages(const RunWrite& write) {
    std::vector<std::string> all;
    for (const Event& event : write.events) all.push_back(event.message);
    return all;
  }

  Outbox box;
};

TEST_F(OutboxTest, TakesNothingOfRunsThatAreNotOurs) {
  EXPECT_FALSE(add({8, 70}, "of another run"));
  EXPECT_FALSE(add({7, 71}, "of another lease"));
  EXPECT_FALSE(box.add_file({{8, 70}, 1, "a.txt", "YQ=="}));
  EXPECT_FALSE(box.crowded({8, 70}));
  EXPECT_FALSE(box.any_pending());
  EXPECT_FALSE(box.has_files());
}

TEST_F(OutboxTest, RemembersWhenTheOldestCame) {
  add(kRun, "one", Micros(5));
  add(kRun, "two", Micros(9));
  ASSERT_TRUE(box.any_pending());
  EXPECT_EQ(box.first_pending(), Micros(5));
  EXPECT_EQ(box.pending_bytes(), 2 * weight(entry("one")));
}

TEST_F(OutboxTest, AnOutcomeGoesWithTheLastPart) {
  constexpr std::size_t kMany = 5000;
  for (std::size_t count = 0; count < kMany; ++count) add(kRun, "x");
  end();
  const std::vector<RunWrite> first = box.take(false, Micros(2));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_FALSE(first[0].outcome);
  EXPECT_TRUE(box.any_pending());
  EXPECT_EQ(box.first_pending(), Micros(2));
  box.stored(first);
  std::size_t events = first[0].events.size();
  std::vector<RunWrite> rest;
  while (box.any_pending()) {
    rest = box.take(false, Micros(3));
    events += rest.at(0).events.size();
    box.stored(rest);
  }
  EXPECT_EQ(events, kMany);
  EXPECT_TRUE(rest.at(0).outcome);
  EXPECT_TRUE(box.empty()) << "the run has ended";
  EXPECT_EQ(box.pending_bytes(), 0u);
}

TEST_F(OutboxTest, WhatIsPutBackKeepsItsOrder) {
  add(kRun, "one");
  std::vector<RunWrite> taken = box.take(false, Micros(2));
  add(kRun, "two");
  EXPECT_FALSE(box.put_back(taken));
  taken = box.take(false, Micros(3));
  EXPECT_THAT(messages(taken.at(0)), ElementsAre("one", "two"));
  end();
  EXPECT_TRUE(box.put_back(taken)) << "an outcome waits";
  taken = box.take(false, Micros(4));
  EXPECT_THAT(messages(taken.at(0)), ElementsAre("one", "two"));
  EXPECT_TRUE(taken.at(0).outcome);
}

TEST_F(OutboxTest, ASilentRunIsWrittenOnlyWhenAllAre) {
  EXPECT_THAT(box.take(false, Micros(2)), IsEmpty());
  const std::vector<RunWrite> writes = box.take(true, Micros(2));
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_EQ(writes[0].number, kRun.number);
  EXPECT_EQ(writes[0].lease_token, kRun.lease_token);
}

TEST_F(OutboxTest, ARunThatWritesTooFastIsHeldBackUntilThereIsRoom) {
  add(kRun, "little");
  EXPECT_FALSE(box.crowded(kRun));
  add(kRun, std::string(2 << 20, 'x'));
  EXPECT_TRUE(box.crowded(kRun));
  EXPECT_THAT(box.relieve(), IsEmpty());
  const std::vector<RunWrite> writes = box.take(false, Micros(2));
  EXPECT_THAT(box.relieve(), IsEmpty()) << "it is not stored yet";
  box.stored(writes);
  EXPECT_THAT(box.relieve(), ElementsAre(kRun.number));
  EXPECT_THAT(box.relieve(), IsEmpty()) << "told once";
}

TEST_F(OutboxTest, FilesCountUntilStorageHasSeenThem) {
  EXPECT_TRUE(box.add_file({kRun, 1, "a.bin", std::string(2 << 20, 'A')}));
  EXPECT_TRUE(box.crowded(kRun));
  const FileToKeep file = box.take_file();
  EXPECT_EQ(file.name, "a.bin");
  EXPECT_FALSE(box.has_files());
  EXPECT_THAT(box.relieve(), IsEmpty());
  box.file_done(file);
  EXPECT_THAT(box.relieve(), ElementsAre(kRun.number));
}

TEST_F(OutboxTest, NothingIsLeftOfAForgottenRun) {
  add(kRun, "one");
  box.add_file({kRun, 1, "a.txt", "YQ=="});
  box.forget(kRun.number);
  EXPECT_TRUE(box.empty());
  EXPECT_FALSE(box.any_pending());
  EXPECT_FALSE(box.has_files());
  EXPECT_EQ(box.pending_bytes(), 0u);
  EXPECT_FALSE(add(kRun, "two"));
}

}  // namespace
}  // namespace windlass::worker
