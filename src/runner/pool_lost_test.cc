// Zygotes and bases that die while they are needed.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "runner/pool_fixture.h"
#include "runner/process_tree.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;
using ::testing::Contains;

constexpr const char* kJobs = R"py(
import os, signal
from windlass import jobs

class Waits(jobs.Job):
    def run(self):
        # A process that is hard to find: another session, no parent, an empty environment.
        r, w = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.dup2(w, 9)
                os.execve("/bin/sh", ["sh", "-c", "echo $$ >&9; exec 9>&-; read line <&8 || sleep 1000"], {})
            os._exit(0)
        os.wait()
        self.logger.info("%d", int(os.read(r, 20)))
        self.logger.info("%d", os.getppid())
        self.logger.info("waiting")
        while True:
            signal.pause()

class Quick(jobs.Job):
    def run(self):
        return os.getppid()

jobs.register_jobs(Waits, Quick)
)py";

class PoolLostTest : public PoolTest {
 protected:
  struct Family {
    Recorder* run;
    pid_t child;
    pid_t daemon;
    pid_t zygote;
  };
  /// A run under way, and the processes around it.
  Family begin() {
    Recorder& run = start("lost.Waits");
    EXPECT_TRUE(run.wait_log("waiting"));
    const std::vector<std::string> logs = run.logs();
    return {&run, static_cast<pid_t>(run.pid), std::atoi(logs.at(0).c_str()),
            std::atoi(logs.at(1).c_str())};
  }
  pid_t base_of(pid_t zygote) {
    for (const pid_t base : children_of(::getpid())) {
      const std::vector<pid_t> zygotes = children_of(base);
      if (std::find(zygotes.begin(), zygotes.end(), zygote) != zygotes.end()) return base;
    }
    return -1;
  }
  /// What must hold when the end of a lost run is told.
  void expect_all_dead_at_end(const Family& family) {
    on_loop([&] {
      family.run->when_ended = [family](Recorder&) {
        EXPECT_FALSE(is_alive(family.child));
        EXPECT_FALSE(is_alive(family.daemon));
        EXPECT_FALSE(is_alive(family.zygote));
      };
    });
  }
};

TEST_F(PoolLostTest, AKilledZygoteIsReplacedAndItsRunsEnd) {
  write_module("lost", kJobs);
  serve();
  const Family one = begin();
  const Family two = begin();
  ASSERT_TRUE(is_alive(one.daemon));
  EXPECT_EQ(one.zygote, two.zygote);
  expect_all_dead_at_end(one);
  expect_all_dead_at_end(two);
  ::kill(one.zygote, SIGKILL);
  for (const Family& family : {one, two}) {
    EXPECT_EQ(family.run->wait_end().how, How::kRunnerLost);
    EXPECT_FALSE(family.run->end.stopped);
    EXPECT_THAT(family.run->end.message, ::testing::HasSubstr("signal 9"));
    EXPECT_THAT(family.run->logs(), Contains("waiting"));
  }
  const RunEnd& next = run("lost.Quick");
  EXPECT_EQ(next.how, How::kResult) << next.message;
  EXPECT_NE(get_int(next.result, "result"), one.zygote);
}

TEST_F(PoolLostTest, AKilledBaseIsReplacedAndItsRunsEnd) {
  write_module("lost", kJobs);
  serve();
  const Family family = begin();
  ASSERT_TRUE(is_alive(family.daemon));
  expect_all_dead_at_end(family);
  const pid_t base = base_of(family.zygote);
  ASSERT_GT(base, 0);
  ::kill(base, SIGKILL);
  EXPECT_EQ(family.run->wait_end().how, How::kRunnerLost);
  const RunEnd& next = run("lost.Quick");
  EXPECT_EQ(next.how, How::kResult) << next.message;
  EXPECT_NE(base_of(static_cast<pid_t>(get_int(next.result, "result"))), base);
}

TEST_F(PoolLostTest, AKilledChildLeavesTheOthersAlone) {
  write_module("lost", kJobs);
  serve();
  const Family one = begin();
  const Family two = begin();
  ::kill(one.child, SIGKILL);
  EXPECT_EQ(one.run->wait_end().how, How::kExited);
  EXPECT_FALSE(is_alive(one.daemon));
  EXPECT_TRUE(is_alive(two.child));
  EXPECT_TRUE(is_alive(two.daemon));
  two.run->tell([](auto& run) { run.stop(StopReason::kCancelled); });
  EXPECT_EQ(two.run->wait_end().how, How::kResult);
  EXPECT_GE(two.run->end.leftovers, 1);
}

TEST_F(PoolLostTest, KilledSparesAreReplaced) {
  options_.spares = 1;
  write_module("lost", kJobs);
  serve();
  for (int i = 0; i < 5; ++i) {
    const auto zygote = static_cast<pid_t>(get_int(run("lost.Quick").result, "result"));
    ASSERT_GT(zygote, 0);
    for (const pid_t spare : children_of(zygote)) {
      ::kill(spare, SIGKILL);
      EXPECT_TRUE(wait_dead(spare));
    }
  }
  EXPECT_EQ(run("lost.Quick").how, How::kResult);
}

TEST_F(PoolLostTest, APoolWithoutVersionsRefusesRuns) {
  const RunEnd& end = run("lost.Quick");
  EXPECT_EQ(end.how, How::kStartFailed);
  EXPECT_FALSE(end.message.empty());
}

TEST_F(PoolLostTest, OrphansOfOthersAreLeftAlone) {
  // A child of this process that belongs to nobody's runner, as other parts of the program may
  // have.
  write_module("lost", kJobs);
  serve();
  const pid_t ours = ::fork();
  if (ours == 0) {
    for (;;) ::pause();
  }
  const Family family = begin();
  ::kill(base_of(family.zygote), SIGKILL);
  EXPECT_EQ(family.run->wait_end().how, How::kRunnerLost);
  EXPECT_TRUE(is_alive(ours));
  ::kill(ours, SIGKILL);
  ::waitpid(ours, nullptr, 0);
}

}  // namespace
}  // namespace windlass::runner
