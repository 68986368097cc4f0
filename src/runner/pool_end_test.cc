// The ways in which a run can end, and what is left of it then.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kJobs = R"py(
import ctypes, os, signal, subprocess, sys, threading, time
from windlass import jobs

def wait():
    while True:
        signal.pause()

def daemon(log, clear_environment=False):
    """A process that has left session and parent; returns its pid."""
    r, w = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            os.write(w, b"%d" % os.getpid())
            if clear_environment:
                os.execve(sys.executable, [sys.executable, "-c", "import signal; signal.pause()"], {})
            wait()
        os._exit(0)
    os.wait()
    log("%s", os.read(r, 20).decode())

class Exits(jobs.Job):
    status = jobs.IntegerVar()
    def run(self, *, status):
        self.logger.info("before")
        print("printed before", end="", flush=True)
        os._exit(status)

class Segfaults(jobs.Job):
    def run(self):
        self.logger.info("before")
        ctypes.string_at(0)

class KillsItself(jobs.Job):
    def run(self):
        self.logger.info("before")
        os.kill(os.getpid(), signal.SIGKILL)

class ClosesEverything(jobs.Job):
    def run(self):
        self.logger.info("before")
        os.closerange(0, 100)
        wait()

class ClosesEverythingAndReturns(jobs.Job):
    def run(self):
        os.closerange(0, 100)

class LeavesDaemon(jobs.Job):
    def run(self):
        daemon(self.logger.info)
        return "done"

class LeavesDaemonAndDies(jobs.Job):
    def run(self):
        daemon(self.logger.info, clear_environment=True)
        os._exit(0)

class Bomb(jobs.Job):
    def run(self):
        # Each process starts the next ones, three generations deep, all in sessions of their own.
        def grow(depth):
            for _ in range(3):
                if os.fork() == 0:
                    os.setsid()
                    if depth:
                        grow(depth - 1)
                    wait()
        grow(2)
        deadline = time.monotonic() + 5
        while count_descendants(os.getpid()) < 39 and time.monotonic() < deadline:
            os.sched_yield()
        self.logger.info("%d", count_descendants(os.getpid()))
        return "done"

def count_descendants(pid):
    try:
        below = open("/proc/%d/task/%d/children" % (pid, pid)).read().split()
    except OSError:
        return 0
    return len(below) + sum(count_descendants(int(child)) for child in below)

class Respawns(jobs.Job):
    def run(self):
        # A supervisor that starts its worker again whenever it dies.
        r, w = os.pipe()
        if os.fork() == 0:
            os.setsid()
            while True:
                pid = os.fork()
                if pid == 0:
                    os.write(w, b"x")
                    wait()
                os.waitpid(pid, 0)
        os.read(r, 1)
        return "done"

class LeavesThread(jobs.Job):
    def run(self):
        threading.Thread(target=lambda: [print("from the thread", flush=True) for _ in iter(int, 1)], daemon=True).start()
        return "done"

class LeavesWriter(jobs.Job):
    def run(self):
        # A process that floods the run's console for ever.
        if os.fork() == 0:
            os.setsid()
            while True:
                os.write(1, b"x" * 4096)
        return "done"

class Prints(jobs.Job):
    def run(self):
        sys.stdout.write("no newline")
        sys.stderr.buffer.write(b"\xff\xfe bytes")

class PrintsMuch(jobs.Job):
    size = jobs.IntegerVar()
    def run(self, *, size):
        block = b"0123456789abcdef" * 4096
        for _ in range(size // len(block)):
            os.write(1, block)

class SendsRubbish(jobs.Job):
    def run(self):
        import socket
        mine = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, self.descriptor())
        for text in (b"", b"{", b"[]", b'{"type": 3}', b'{"type": "hello"}', b'{"type":"log","message":"\xff"}',
                     b"x" * 60001, b'{"type":"part","frame":1,"index":5,"count":9,"data":"x"}'):
            mine.send(text)
        mine.detach()
        return "done"
    def descriptor(self):
        for name in os.listdir("/proc/self/fd"):
            try:
                if os.readlink("/proc/self/fd/" + name).startswith("socket:"):
                    return int(name)
            except OSError:
                pass

class Nested(jobs.Job):
    def run(self):
        value = "x" * 200000
        self.logger.info(value)
        return value

class Environment(jobs.Job):
    def run(self):
        return dict(os.environ)

class Surroundings(jobs.Job):
    def run(self):
        return {"session": os.getsid(0) == os.getpid(), "descriptors": len(os.listdir("/proc/self/fd")),
                "stdin": os.read(0, 10).decode(), "blocked": len(signal.pthread_sigmask(signal.SIG_BLOCK, ()))}

jobs.register_jobs(Exits, Segfaults, KillsItself, ClosesEverything, ClosesEverythingAndReturns, LeavesDaemon,
                   LeavesDaemonAndDies, Bomb, Respawns, LeavesThread, LeavesWriter, Prints, PrintsMuch, SendsRubbish,
                   Nested, Environment, Surroundings)
)py";

/// One pool for all tests, as in life: no run may spoil the next one.
class PoolEndTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::setenv("WINDLASS_SECRET", "hidden", 1);
    ::setenv("OTHER_SECRET", "hidden", 1);
    ::setenv("LC_TEST", "passed on", 1);
    ::setenv("ALLOWED_BY_OPTION", "passed on", 1);
    host_ = new PoolHost;
    host_->options_.environment = {"ALLOWED_BY_OPTION", "WINDLASS_SECRET"};
    host_->write_module("ends", kJobs);
    host_->serve();
  }
  static void TearDownTestSuite() { delete host_; }
  static Recorder& start(const std::string& class_path, json::object inputs = {}) {
    return host_->start(class_path, std::move(inputs));
  }
  static RunEnd& run(const std::string& class_path, json::object inputs = {}) {
    return host_->run(class_path, std::move(inputs));
  }

  /// Runs a job that logs a pid; whether that process was alive when the run's end was told.
  bool outlives(const std::string& class_path, RunEnd* end) {
    bool alive = true;
    Recorder& recorder = start(class_path);
    host_->on_loop([&] {
      recorder.when_ended = [&alive](Recorder& ended) {
        alive = is_alive(static_cast<pid_t>(std::stol(ended.logs().back())));
      };
    });
    *end = recorder.wait_end();
    return alive;
  }
  static PoolHost* host_;
};

PoolHost* PoolEndTest::host_ = nullptr;

TEST_F(PoolEndTest, ExitWithoutResult) {
  Recorder& recorder = start("ends.Exits", {{"status", 3}});
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(end.how, How::kExited);
  EXPECT_TRUE(WIFEXITED(end.wait_status));
  EXPECT_EQ(WEXITSTATUS(end.wait_status), 3);
  EXPECT_FALSE(end.out_of_memory);
  EXPECT_THAT(recorder.logs(), Contains("before")) << "what was sent before the end is not lost";
  EXPECT_EQ(recorder.output(), "printed before");
  EXPECT_EQ(run("ends.Prints").how, How::kResult) << "the next run is unaffected";
}

TEST_F(PoolEndTest, SignalsTellThemselves) {
  Recorder& segfault = start("ends.Segfaults");
  EXPECT_EQ(segfault.wait_end().how, How::kExited);
  EXPECT_TRUE(WIFSIGNALED(segfault.end.wait_status));
  EXPECT_EQ(WTERMSIG(segfault.end.wait_status), SIGSEGV);
  EXPECT_THAT(segfault.logs(), Contains("before"));

  const RunEnd& killed = run("ends.KillsItself");
  EXPECT_EQ(killed.how, How::kExited);
  EXPECT_EQ(WTERMSIG(killed.wait_status), SIGKILL);
  EXPECT_FALSE(killed.out_of_memory);
  EXPECT_FALSE(killed.stopped);
}

TEST_F(PoolEndTest, KilledFromOutside) {
  Recorder& recorder = start("ends.ClosesEverything");
  ASSERT_TRUE(recorder.wait_log("before"));
  ::kill(static_cast<pid_t>(recorder.pid), SIGTERM);
  EXPECT_EQ(recorder.wait_end().how, How::kExited);
  EXPECT_EQ(WTERMSIG(recorder.end.wait_status), SIGTERM);
}

TEST_F(PoolEndTest, AClosedChannelIsTheEnd) {
  Recorder& recorder = start("ends.ClosesEverything");
  EXPECT_EQ(recorder.wait_end().how, How::kChannelClosed);
  EXPECT_FALSE(is_alive(static_cast<pid_t>(recorder.pid)));
  EXPECT_EQ(run("ends.ClosesEverythingAndReturns").how, How::kExited);
}

TEST_F(PoolEndTest, DaemonsEndWithTheirRun) {
  RunEnd end;
  EXPECT_FALSE(outlives("ends.LeavesDaemon", &end));
  EXPECT_EQ(end.how, How::kResult);
  EXPECT_EQ(end.leftovers, 1);
}

TEST_F(PoolEndTest, DaemonsEndWithARunThatDies) {
  RunEnd end;
  EXPECT_FALSE(outlives("ends.LeavesDaemonAndDies", &end));
  EXPECT_EQ(end.how, How::kExited);
}

TEST_F(PoolEndTest, AForkBombIsEnded) {
  Recorder& recorder = start("ends.Bomb");
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(end.how, How::kResult);
  EXPECT_THAT(recorder.logs(), Contains("39"));
  EXPECT_EQ(end.leftovers, 39);
  EXPECT_GE(run("ends.Respawns").leftovers, 2);
}

TEST_F(PoolEndTest, AThreadEndsWithItsRun) {
  Recorder& recorder = start("ends.LeavesThread");
  EXPECT_EQ(recorder.wait_end().how, How::kResult);
  EXPECT_FALSE(is_alive(static_cast<pid_t>(recorder.pid)));
}

TEST_F(PoolEndTest, AFloodingLeftoverDoesNotHoldTheEndUp) {
  EXPECT_EQ(run("ends.LeavesWriter").how, How::kResult);
}

TEST_F(PoolEndTest, ConsoleArrivesAsItWasWritten) {
  Recorder& recorder = start("ends.Prints");
  EXPECT_EQ(recorder.wait_end().how, How::kResult);
  EXPECT_EQ(recorder.output(), "no newline");
  EXPECT_EQ(recorder.output(true), "\xff\xfe bytes");
}

TEST_F(PoolEndTest, APausedReaderHoldsTheJobBack) {
  constexpr std::size_t kSize = 100 << 20;
  Recorder& recorder = start("ends.PrintsMuch", {{"size", kSize}});
  host_->on_loop([&] {
    recorder.keep_console = false;
    recorder.run->pause();
  });
  // A second run comes through meanwhile, so the loop is free; the first cannot have got beyond
  // what its pipe holds.
  EXPECT_EQ(run("ends.Prints").how, How::kResult);
  {
    const std::lock_guard lock(recorder.mutex);
    EXPECT_FALSE(recorder.ended);
    EXPECT_LT(recorder.console_bytes, std::size_t{1} << 20);
  }
  recorder.tell([](auto& held) { held.resume(); });
  EXPECT_EQ(recorder.wait_end(30).how, How::kResult);
  EXPECT_EQ(recorder.console_bytes, kSize);
}

TEST_F(PoolEndTest, RubbishOnTheSocketIsCounted) {
  const RunEnd& end = run("ends.SendsRubbish");
  EXPECT_EQ(end.how, How::kResult) << static_cast<int>(end.how);
  EXPECT_EQ(get_string(end.result, "result"), "done");
  EXPECT_GE(end.unreadable_frames, 7);
}

TEST_F(PoolEndTest, LargeFramesComeWhole) {
  Recorder& recorder = start("ends.Nested");
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(get_string(end.result, "result").size(), 200'000u);
  EXPECT_THAT(recorder.logs(), Contains(std::string(200'000, 'x')));
}

TEST_F(PoolEndTest, TheEnvironmentHoldsNoSecrets) {
  const RunEnd& end = run("ends.Environment");
  const json::object& environment = end.result.at("result").as_object();
  EXPECT_FALSE(environment.contains("WINDLASS_SECRET"));
  EXPECT_FALSE(environment.contains("OTHER_SECRET"));
  EXPECT_TRUE(environment.contains("LC_TEST"));
  EXPECT_TRUE(environment.contains("ALLOWED_BY_OPTION"));
  EXPECT_TRUE(environment.contains("PATH"));
  EXPECT_EQ(get_string(environment, "WL_RUNNER_INSTANCE"), host_->options_.instance);
}

TEST_F(PoolEndTest, AChildStandsAlone) {
  const RunEnd& end = run("ends.Surroundings");
  const json::object& found = end.result.at("result").as_object();
  EXPECT_TRUE(get_bool(found, "session"));
  EXPECT_EQ(get_int(found, "descriptors"), 5)
      << "stdin, stdout, stderr, the run socket, and the listing itself";
  EXPECT_EQ(get_string(found, "stdin"), "");
  EXPECT_EQ(get_int(found, "blocked"), 0);
}

}  // namespace
}  // namespace windlass::runner
