// Environment, programs, process trees.
#include "runner/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <future>

#include "runner/environment.h"
#include "runner/frame.h"
#include "runner/out_of_memory.h"
#include "runner/process_tree.h"
#include "runner/spawn.h"

namespace windlass::runner {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(RunnerEnvironment, PassesOnWhatIsAllowed) {
  std::vector<std::string> ours = {
      "PATH=/bin",           "HOME=/home/x",  "LC_ALL=C",
      "SSL_CERT_FILE=/c",    "https_proxy=p", "AWS_SECRET_KEY=s",
      "WINDLASS_DATABASE=d", "MINE=1",        "WL_RUNNER_INSTANCE=other",
      "LD_PRELOAD=x",        "EMPTY",         "WINDLASS_OPEN=1"};
  std::vector<char*> pointers;
  for (std::string& entry : ours) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  EXPECT_THAT(runner_environment(pointers.data(), {"MINE", "WINDLASS_OPEN"}, "me"),
              UnorderedElementsAre("PATH=/bin", "HOME=/home/x", "LC_ALL=C", "SSL_CERT_FILE=/c",
                                   "https_proxy=p", "MINE=1", "WL_RUNNER_INSTANCE=me"));
  std::vector<std::string> environment = {"HOME=/a", "HOMER=/b"};
  EXPECT_EQ(value_of(environment, "HOME"), "/a");
  EXPECT_EQ(value_of(environment, "HOM"), "");
  set_value(environment, "HOME", "/c");
  EXPECT_THAT(environment, UnorderedElementsAre("HOME=/c", "HOMER=/b"));
}

TEST(FindProgram, LooksOnThePath) {
  EXPECT_EQ(*find_program("sh", "/nowhere:/bin"), "/bin/sh");
  EXPECT_EQ(*find_program("/bin/sh", ""), "/bin/sh");
  EXPECT_EQ(find_program("no-such-program", "/bin:/usr/bin").error().code, "runner.interpreter");
  EXPECT_EQ(find_program("/etc/passwd", "").error().code, "runner.interpreter") << "not executable";
  EXPECT_EQ(find_program("/bin", "").error().code, "runner.interpreter") << "a folder";
}

class SpawnTest : public ::testing::Test {
 protected:
  /// What a shell script prints, and its wait status.
  std::string output_of(const std::string& script, int* status) {
    auto sockets = make_socket_pair();
    auto pipe = make_pipe();
    std::promise<Result<pid_t>> done;
    SpawnPlan plan{{"/bin/sh", "-c", script},
                   {"PATH=/bin:/usr/bin"},
                   std::move(sockets->second),
                   std::move(pipe->second),
                   {}};
    spawner_.spawn(std::move(plan),
                   [&](Result<pid_t> result) { done.set_value(std::move(result)); });
    const Result<pid_t> pid = done.get_future().get();
    EXPECT_TRUE(pid.ok());
    EXPECT_TRUE(is_our_program(*pid));
    ::waitpid(*pid, status, 0);
    forget_program(*pid);
    EXPECT_FALSE(is_our_program(*pid));
    char room[4096];
    const ssize_t size = ::read(pipe->first.get(), room, sizeof room);
    return {room, static_cast<std::size_t>(std::max<ssize_t>(0, size))};
  }
  Spawner spawner_;
};

/// Past the C library, which keeps some numbers for itself.
void ignore_signal(int number) {
  const struct {
    void (*handler)(int);
    unsigned long flags;
    void* restorer;
    unsigned long mask;
  } ignoring{SIG_IGN, 0, nullptr, 0};
  ASSERT_EQ(::syscall(SYS_rt_sigaction, number, &ignoring, nullptr, 8), 0);
}

TEST_F(SpawnTest, TheProgramStandsAlone) {
  for (const int number : {SIGHUP, SIGUSR2, 32}) ignore_signal(number);
  int status = 0;
  const std::string output = output_of(
      "ls /proc/self/fd; echo session; cut -d' ' -f6 /proc/self/stat; echo $$; env; "
      "grep -E 'SigBlk|SigIgn' /proc/self/status; cat /proc/self/oom_score_adj; exit 7",
      &status);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(output.substr(0, 10), "0\n1\n2\n3\n4\n") << "4 is the listing itself";
  EXPECT_FALSE(output.substr(10).starts_with("5\n")) << output;
  EXPECT_THAT(output, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(output, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST_F(SpawnTest, AProgramThatCannotStartIsAnError) {
  auto pipe = make_pipe();
  auto sockets = make_socket_pair();
  std::promise<Result<pid_t>> done;
  SpawnPlan plan{{"/nowhere/at/all"}, {}, std::move(sockets->second), std::move(pipe->second), {}};
  spawner_.spawn(std::move(plan), [&](Result<pid_t> result) { done.set_value(std::move(result)); });
  const Result<pid_t> pid = done.get_future().get();
  ASSERT_FALSE(pid.ok());
  EXPECT_EQ(pid.error().code, "runner.interpreter");
  EXPECT_THAT(pid.error().message, HasSubstr("No such file"));
}

TEST(Spawner, ProgramsEndWithIt) {
  auto pipe = make_pipe();
  auto sockets = make_socket_pair();
  std::promise<Result<pid_t>> done;
  pid_t pid = -1;
  {
    Spawner spawner;
    SpawnPlan plan{
        {"/bin/sleep", "1000"}, {}, std::move(sockets->second), std::move(pipe->second), {}};
    spawner.spawn(std::move(plan),
                  [&](Result<pid_t> result) { done.set_value(std::move(result)); });
    pid = *done.get_future().get();
  }
  EXPECT_TRUE(Process(pid).wait_ended(5'000));
  ::waitpid(pid, nullptr, 0);
  forget_program(pid);
}

/// A process of the test's own, a sub-reaper, that runs `what` and then waits to be killed. Returns
/// when `what` is done.
pid_t fork_family(void (*what)()) {
  int ready[2];
  EXPECT_EQ(::pipe(ready), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    what();
    [[maybe_unused]] const ssize_t written = ::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  char byte;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return pid;
}

void nothing() {}

void three_generations() {
  for (int i = 0; i < 2; ++i) {
    if (::fork() != 0) continue;
    for (int j = 0; j < 2; ++j) {
      if (::fork() == 0) break;
    }
    ::setsid();
    for (;;) ::pause();
  }
}

void zombie() {
  if (::fork() == 0) ::_exit(0);
}

void end_and_reap(pid_t pid) {
  kill_tree(pid);
  ::waitpid(pid, nullptr, 0);
}

TEST(ProcessTree, LooksAtAProcess) {
  const pid_t alone = fork_family(nothing);
  EXPECT_EQ(look_at(alone).threads, 1);
  EXPECT_FALSE(look_at(alone).children);
  EXPECT_TRUE(children_of(alone).empty());
  const TreeMemory memory = resident_memory(alone);
  EXPECT_EQ(memory.processes, 1);
  EXPECT_GT(memory.bytes, 100 << 10);
  end_and_reap(alone);
  EXPECT_EQ(look_at(alone).threads, 0);
  EXPECT_EQ(process_state(alone), '\0');
}

TEST(ProcessTree, EndsWhatDescends) {
  const pid_t root = fork_family(three_generations);
  EXPECT_EQ(children_of(root).size(), 2u);
  TreeEnd tree(root);
  const Process watched(children_of(root).at(0));
  while (tree.step()) watched.wait_ended(1);
  EXPECT_GE(tree.killed().size(), 2u);
  // The signal takes effect a moment after kill() has returned.
  for (int look = 0; look < 200'000 && process_state(root) != 'T'; ++look) continue;
  EXPECT_EQ(process_state(root), 'T') << "stopped, so that it starts nothing new";
  for (const pid_t pid : children_of(root)) EXPECT_EQ(process_state(pid), 'Z');
  end_and_reap(root);
}

TEST(ProcessTree, ZombiesNeedNoEnding) {
  const pid_t root = fork_family(zombie);
  EXPECT_TRUE(Process(children_of(root).at(0)).wait_ended(5'000));
  EXPECT_TRUE(look_at(root).children);
  TreeEnd tree(root);
  EXPECT_FALSE(tree.step());
  EXPECT_TRUE(tree.killed().empty());
  end_and_reap(root);
}

void share_much() {
  constexpr std::size_t kSize = 40 << 20;
  void* memory = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memset(memory, 'x', kSize);
  for (int i = 0; i < 3; ++i) {
    if (::fork() == 0) {
      for (;;) ::pause();
    }
  }
}

TEST(ProcessTree, SharedMemoryCountsOnceWhenMeasuredExactly) {
  const pid_t root = fork_family(share_much);
  const TreeMemory resident = resident_memory(root);
  const TreeMemory proportional = proportional_memory(root);
  EXPECT_EQ(resident.processes, 4);
  EXPECT_EQ(proportional.processes, 4);
  EXPECT_GT(resident.bytes, 160 << 20);
  EXPECT_GT(proportional.bytes, 40 << 20);
  EXPECT_LT(proportional.bytes, resident.bytes / 2);
  end_and_reap(root);
}

TEST(Process, IsNotMistaken) {
  const pid_t pid = fork_family(nothing);
  const Process process(pid);
  EXPECT_FALSE(process.ended());
  EXPECT_GT(cpu_seconds(::getpid()), 0);
  process.signal(SIGKILL);
  EXPECT_TRUE(process.wait_ended(5'000));
  ::waitpid(pid, nullptr, 0);
  EXPECT_TRUE(process.ended());
  process.signal(SIGKILL);
  EXPECT_TRUE(Process().ended());
  EXPECT_TRUE(Process(1).ended()) << "never ours to end";
  EXPECT_TRUE(Process(::getpid()).ended());
}

TEST(OutOfMemoryWatch, SeesNothingWhileNothingHappens) {
  OutOfMemoryWatch watch;
  EXPECT_FALSE(watch.rose());
  watch.sample(std::chrono::seconds(5));
  watch.sample(std::chrono::seconds(6));
  EXPECT_FALSE(watch.rose());
}

}  // namespace
}  // namespace windlass::runner
