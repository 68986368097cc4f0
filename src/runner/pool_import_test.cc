// What importing job code can do to an interpreter.
#include <signal.h>

#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;
using ::testing::HasSubstr;

constexpr const char* kGood = R"py(
from windlass import jobs
class Good(jobs.Job):
    def run(self):
        return "fine"
jobs.register_jobs(Good)
)py";

std::string error_type(const json::object& module) {
  return get_string(module.at("error"), "type");
}
std::string error_message(const json::object& module) {
  return get_string(module.at("error"), "message");
}

TEST_F(PoolTest, ModulesThatEndOrHangTheInterpreterAreLeftOut) {
  options_.import_timeout = std::chrono::seconds(1);
  write_module("a_exits", "import os\nos._exit(3)\n");
  write_module("b_quits", "import sys\nsys.exit(4)\n");
  write_module("c_crashes", "import ctypes\nctypes.string_at(0)\n");
  write_module("d_hangs", "import signal\nwhile True:\n    signal.pause()\n");
  write_module("e_raises", "import nothing_of_this_name\n");
  write_module("good", kGood);
  const Result<Manifest> manifest = load();
  ASSERT_TRUE(manifest.ok()) << manifest.error().message;
  EXPECT_EQ(manifest->version, "v1");
  EXPECT_EQ(manifest->frame.at("modules").get_array().size(), 6u);

  const json::object exits = module_of(*manifest, "a_exits");
  EXPECT_EQ(error_type(exits), "InterpreterExited");
  EXPECT_THAT(error_message(exits), HasSubstr("exit status 3"));
  EXPECT_EQ(get_string(exits, "file_path"), (jobs_.path() / "a_exits.py").string());
  EXPECT_EQ(error_type(module_of(*manifest, "b_quits")), "SystemExit");
  const json::object crashes = module_of(*manifest, "c_crashes");
  EXPECT_EQ(error_type(crashes), "InterpreterExited");
  EXPECT_THAT(error_message(crashes), HasSubstr("signal 11"));
  const json::object hangs = module_of(*manifest, "d_hangs");
  EXPECT_EQ(error_type(hangs), "ImportTimeout");
  EXPECT_THAT(error_message(hangs), HasSubstr("1 seconds"));
  EXPECT_EQ(error_type(module_of(*manifest, "e_raises")), "ModuleNotFoundError");
  EXPECT_TRUE(module_of(*manifest, "good").at("error").is_null());

  loop_.call([&] { pool_->serve("v1"); });
  EXPECT_EQ(run("good.Good").how, How::kResult);
}

TEST_F(PoolTest, ThreadsAtImportGiveFreshInterpreters) {
  write_module("threaded", R"py(
import threading
from windlass import jobs
ready = threading.Event()
threading.Thread(target=threading.Event().wait, daemon=True).start()
class Tells(jobs.Job):
    def run(self):
        return threading.active_count()
jobs.register_jobs(Tells)
)py");
  serve();
  Recorder& recorder = start("threaded.Tells");
  EXPECT_EQ(recorder.wait_end().how, How::kResult);
  EXPECT_EQ(get_int(recorder.end.result, "result"), 2)
      << "the thread runs in the run's own interpreter";
  EXPECT_THAT(recorder.warning, HasSubstr("starts threads"));
  EXPECT_EQ(run("threaded.Tells").how, How::kResult);
}

TEST_F(PoolTest, WhatAnImportStartsEndsWithItsVersion) {
  write_module("spawns", R"py(
import os, signal
from windlass import jobs
r, w = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(w, b"%d" % os.getpid())
        while True:
            signal.pause()
    os._exit(0)
daemon = int(os.read(r, 20))
class Daemon(jobs.Job):
    def run(self):
        return daemon
jobs.register_jobs(Daemon)
)py");
  serve();
  const auto daemon = static_cast<pid_t>(get_int(run("spawns.Daemon").result, "result"));
  ASSERT_GT(daemon, 0);
  EXPECT_TRUE(is_alive(daemon));
  modules_.clear();
  write_module("good", kGood);
  serve("v2");
  EXPECT_TRUE(wait_dead(daemon));
}

TEST_F(PoolTest, AMissingInterpreterIsAnError) {
  options_.python = "/nowhere/python3";
  write_module("good", kGood);
  const auto missing = load();
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "runner.interpreter");
  EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/python3"));
}

TEST_F(PoolTest, AnInterpreterThatCannotStartSaysWhy) {
  options_.sdk = jobs_.path();  // no SDK there
  write_module("good", kGood);
  const auto broken = load();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "runner.interpreter");
  EXPECT_THAT(broken.error().message, HasSubstr("can't open file")) << broken.error().detail;
}

TEST_F(PoolTest, AProgramThatIsNoInterpreterIsAnError) {
  options_.python = "true";
  const auto broken = load();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "runner.interpreter");
}

TEST_F(PoolTest, AnUnknownAccountIsAnError) {
  options_.job_user = "no-such-account-here";
  const auto broken = load();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "runner.job_user");
}

TEST_F(PoolTest, JobsRunAsTheJobUser) {
  if (::geteuid() != 0) return;  // only root may become somebody else; the refusal is tested above
  options_.job_user = "nobody";
  options_.python = "/usr/bin/python3";  // one that everybody may use
  std::filesystem::permissions(jobs_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(vendor_.path(), std::filesystem::perms(0755));
  write_module("who", R"py(
import os
from windlass import jobs
class Who(jobs.Job):
    def run(self):
        return [os.getuid(), os.geteuid(), os.environ["USER"]]
jobs.register_jobs(Who)
)py");
  serve();
  Recorder& recorder = start("who.Who");
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(to_text(end.result.at("result")), R"([65534,65534,"nobody"])");
  EXPECT_FALSE(is_alive(static_cast<pid_t>(recorder.pid)));
}

}  // namespace
}  // namespace windlass::runner
