#include "runner/pool.h"

#include <fcntl.h>

#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;

constexpr const char* kJobs = R"py(
import sys
from windlass import jobs

class Greet(jobs.Job):
    who = jobs.StringVar()
    def run(self, *, who):
        self.logger.info("hello %s", who)
        print("printed")
        print("to stderr", file=sys.stderr)
        return {"greeted": who}

class Fails(jobs.Job):
    def run(self):
        raise ValueError("broken")

jobs.register_jobs(Greet, Fails)
)py";

TEST_F(PoolTest, RunsAJobToItsResult) {
  write_module("greetings", kJobs);
  serve();
  Recorder& recorder = start("greetings.Greet", {{"who", "world"}});
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(end.how, How::kResult) << static_cast<int>(end.how) << end.message;
  EXPECT_EQ(result_status(end), "SUCCESS") << to_text(end.result);
  EXPECT_EQ(to_text(end.result.at("result")), R"({"greeted":"world"})");
  EXPECT_THAT(recorder.logs(), ::testing::Contains("hello world"));
  EXPECT_EQ(recorder.output(false), "printed\n");
  EXPECT_EQ(recorder.output(true), "to stderr\n");
  EXPECT_EQ(recorder.version, "v1");
  EXPECT_EQ(recorder.warning, "");
  EXPECT_FALSE(is_alive(static_cast<pid_t>(recorder.pid)));
  EXPECT_GT(end.cpu_seconds, 0);
  EXPECT_GT(end.peak_memory, 1 << 20);
  EXPECT_FALSE(end.stopped);
  EXPECT_EQ(end.leftovers, 0);
  EXPECT_EQ(end.unreadable_frames, 0);
}

TEST_F(PoolTest, AnExceptionIsAResult) {
  write_module("greetings", kJobs);
  serve();
  const RunEnd& end = run("greetings.Fails");
  EXPECT_EQ(end.how, How::kResult);
  EXPECT_EQ(result_status(end), "FAILURE");
  EXPECT_EQ(get_string(end.result, "reason"), "exception");
  EXPECT_THAT(get_string(end.result, "traceback"), ::testing::HasSubstr("ValueError: broken"));
}

/// A job that returns what its process was told of its input files: the count in each frame, and
/// the descriptors that came with it.
constexpr const char* kFrames = R"py(
from windlass import _channel, jobs

told = []
receive = _channel.Channel.receive_with_descriptors

def note(channel):
    frame, descriptors = receive(channel)
    if frame and frame["type"] == "input_files":
        told.append([frame["count"], len(descriptors)])
    return frame, descriptors

_channel.Channel.receive_with_descriptors = note

class Told(jobs.Job):
    def run(self):
        return told

jobs.register_jobs(Told)
)py";

TEST_F(PoolTest, TheFrameOfInputFilesHasTheirNumber) {
  write_module("frames", kFrames);
  serve();
  Recorder& recorder = start("frames.Told", {}, [](RunSpec& spec) {
    for (int i = 0; i < 3; ++i) spec.files.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  });
  const RunEnd& end = recorder.wait_end();
  ASSERT_EQ(result_status(end), "SUCCESS") << to_text(end.result);
  EXPECT_EQ(to_text(end.result.at("result")), "[[3,3]]");
}

}  // namespace
}  // namespace windlass::runner
