#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::vector<std::string> names(const std::vector<Worker>& workers) {
  std::vector<std::string> out;
  for (const Worker& worker : workers) out.push_back(worker.name);
  return out;
}

}  // namespace

TEST_P(WorkersConformance, KeepsEveryField) {
  Worker worker = add_worker("host:1", {"default", "*"});
  worker.last_seen = clock().now();
  const Page<Worker> page = storage().workers().list({}).value();
  ASSERT_THAT(page.items, SizeIs(1));
  for (const Field<Worker>& field : fields_of<Worker>()) {
    std::visit([&](auto member) { EXPECT_EQ(page.items[0].*member, worker.*member) << field.name; },
               field.member);
  }
}

TEST_P(WorkersConformance, AWorkerMayRegisterAgain) {
  Worker worker = add_worker();
  worker.slots = 9;
  storage().workers().add(worker).value();
  const Page<Worker> page = storage().workers().list({}).value();
  ASSERT_EQ(page.count, 1);
  EXPECT_EQ(page.items[0].slots, 9);
}

TEST_P(WorkersConformance, RegisteringMakesItsQueues) {
  add_worker("host:1", {"fast", "*", "slow"});
  EXPECT_EQ(storage().queues().list({})->count, 2);
  EXPECT_EQ(storage().queues().find("fast")->name, "fast");
  EXPECT_EQ(storage().queues().find("*").error().code, "queue.not_found");
}

TEST_P(WorkersConformance, AliveMeansReadyOrDrainingAndSeenLately) {
  const Worker ready = add_worker("ready:1");
  const Worker draining = add_worker("draining:1");
  const Worker stopped = add_worker("stopped:1");
  storage().workers().set_state(draining.id, "draining").value();
  storage().workers().set_state(stopped.id, "stopped").value();
  EXPECT_THAT(names(storage().workers().alive().value()), ElementsAre("ready:1", "draining:1"));
  clock().advance(kDefaultLease + std::chrono::seconds(1));
  EXPECT_THAT(storage().workers().alive().value(), IsEmpty());
  EXPECT_THAT(names(storage().workers().unfinished_on_host("host").value()),
              ElementsAre("ready:1", "draining:1"));
  EXPECT_THAT(storage().workers().unfinished_on_host("elsewhere").value(), IsEmpty());
  EXPECT_EQ(storage().workers().set_state(new_id(clock().now()), "stopped").error().code,
            "worker.not_found");
}

TEST_P(WorkersConformance, EndedWorkersAreForgottenAfterADay) {
  const Worker old = add_worker("old:1");
  storage().workers().set_state(old.id, "stopped").value();
  clock().advance(std::chrono::hours(23));
  add_worker("second:1");
  EXPECT_EQ(storage().workers().list({})->count, 2);
  clock().advance(std::chrono::hours(2));
  add_worker("third:1");
  const Page<Worker> page = storage().workers().list({}).value();
  EXPECT_THAT(names(page.items), ElementsAre("third:1", "second:1"));
}

TEST_P(WorkersConformance, QueuesAreMadeOnce) {
  storage().queues().ensure({"a", "b"}).value();
  const JobQueue a = storage().queues().find("a").value();
  storage().queues().ensure({"b", "c", "a"}).value();
  EXPECT_EQ(storage().queues().list({})->count, 3);
  EXPECT_EQ(storage().queues().get(a.id)->name, "a");
  EXPECT_EQ(storage().queues().find("a")->id, a.id);
  EXPECT_EQ(a.queue_type, "celery");
  EXPECT_EQ(a.created, clock().now());
  EXPECT_EQ(storage().queues().find("z").error().code, "queue.not_found");
  EXPECT_EQ(storage().queues().get(new_id(clock().now())).error().code, "queue.not_found");
}

}  // namespace windlass::conformance
