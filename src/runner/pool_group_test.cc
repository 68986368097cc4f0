// Sources with interpreters of their own.
#include <cstdlib>
#include <fstream>
#include <future>

#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr const char* kTells = R"py(
import os, signal, sys
import dependency
from windlass import jobs
class Tells(jobs.Job):
    def run(self):
        return [dependency.VERSION, sys.prefix, os.getppid()]
class Waits(jobs.Job):
    def run(self):
        self.logger.info("waiting")
        while True:
            signal.pause()
jobs.register_jobs(Tells, Waits)
)py";

class PoolGroupTest : public PoolTest {
 protected:
  PoolGroupTest() { options_.interpreter_retry = milliseconds(20); }

  /// A virtual environment that has this version of the module `dependency`.
  std::string make_python(const std::string& name, const std::string& version) {
    const auto folder = venvs_.path() / name;
    const std::string command = "python3 -m venv --without-pip '" + folder.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
    for (const auto& library : std::filesystem::directory_iterator(folder / "lib")) {
      std::ofstream(library.path() / "site-packages" / "dependency.py")
          << "VERSION = \"" << version << "\"\n";
    }
    return (folder / "bin" / "python").string();
  }
  /// A source of one module, in a folder of its own.
  SourceSpec source(const std::string& module, const std::string& python,
                    const std::string& text = kTells) {
    const auto folder = jobs_.path() / module;
    std::filesystem::create_directory(folder);
    std::ofstream(folder / (module + ".py")) << text;
    return {"jobs_root", folder, folder, {module}, "of:" + module, module + " 1", python};
  }
  Manifest load_and_serve(const VersionSpec& version) {
    auto manifest = load(version);
    EXPECT_TRUE(manifest.ok()) << manifest.error().message;
    on_loop([&] { pool_->serve(version.id); });
    return *std::move(manifest);
  }
  static std::string error_of(const Manifest& manifest, const std::string& module) {
    const json::value error = module_of(manifest, module).at("error");
    return error.is_null() ? "" : get_string(error, "message");
  }
  std::string told(const std::string& class_path) {
    const RunEnd& end = run(class_path);
    const json::value* result = find(end.result, "result");
    if (result == nullptr || !result->is_array()) return to_text(end.result) + end.message;
    zygote_ = static_cast<pid_t>(result->at(2).as_int64());
    return std::string(result->at(0).as_string());
  }

  TemporaryFolder venvs_ = TemporaryFolder::make().value();
  pid_t zygote_ = 0;  ///< of the run that told last
};

TEST_F(PoolGroupTest, EachSourceHasThePackagesOfItsInterpreter) {
  const VersionSpec both{
      "v1",
      {source("one", make_python("a", "1.0")), source("two", make_python("b", "2.0")),
       source("plain", "", "from windlass import jobs\n")}};
  const Manifest manifest = load_and_serve(both);
  EXPECT_EQ(manifest.frame.at("modules").get_array().size(), 3u);
  for (const char* module : {"one", "two", "plain"}) EXPECT_EQ(error_of(manifest, module), "");
  EXPECT_EQ(told("one.Tells"), "1.0");
  EXPECT_EQ(told("two.Tells"), "2.0");
  EXPECT_EQ(recorders_.back()->version, "two 1");
  EXPECT_EQ(active(), 0u);
}

TEST_F(PoolGroupTest, AnInterpreterEndsWithTheLastRunOfTheLastVersionThatNeedsIt) {
  const SourceSpec one = source("one", make_python("a", "1.0"));
  const SourceSpec two = source("two", make_python("b", "2.0"));
  load_and_serve({"v1", {one, two}});
  ASSERT_EQ(told("one.Tells"), "1.0");
  const pid_t first = zygote_;
  Recorder& runs = start("two.Waits");
  ASSERT_TRUE(runs.wait_log("waiting"));
  ASSERT_EQ(told("two.Tells"), "2.0");
  const pid_t second = zygote_;
  load_and_serve({"v2", {one}});
  EXPECT_TRUE(wait_dead(first)) << "the zygote of the version before";
  EXPECT_TRUE(is_alive(second)) << "its run goes on";
  EXPECT_EQ(active(), 1u);
  runs.tell([](auto& run) { run.stop(StopReason::kCancelled); });
  EXPECT_EQ(runs.wait_end().how, How::kResult);
  EXPECT_TRUE(wait_dead(second));
  EXPECT_EQ(told("one.Tells"), "1.0");
  load_and_serve({"v3", {one, two}});
  EXPECT_EQ(told("two.Tells"), "2.0");
}

TEST_F(PoolGroupTest, RunsThatWaitForAVersionGoToWhereItsClassIsThen) {
  const std::string first = make_python("a", "1.0");
  const std::string second = make_python("b", "2.0");
  const SourceSpec other = source("other", first);
  load_and_serve({"v1", {source("one", first), other}});
  ASSERT_EQ(told("one.Tells"), "1.0");
  on_loop([&] { pool_->expect_version(seconds(60)); });
  Recorder& waits = start("one.Tells");
  Recorder& comes = start("new.Tells");
  Recorder& stopped = start("one.Waits");
  stopped.tell([](auto& run) { run.stop(StopReason::kCancelled); });
  EXPECT_EQ(stopped.wait_end().how, How::kKilled);
  EXPECT_EQ(active(), 2u);
  load_and_serve({"v2", {source("one", second), other, source("new", second)}});
  EXPECT_EQ(to_text(waits.wait_end().result.at("result").at(0)), "\"2.0\"");
  EXPECT_EQ(to_text(comes.wait_end().result.at("result").at(0)), "\"2.0\"");
  EXPECT_EQ(told("other.Tells"), "1.0");
}

TEST_F(PoolGroupTest, AnInterpreterThatCannotBeUsedDisturbsNoOther) {
  const auto old = venvs_.path() / "too_old";
  std::ofstream(old) << "#!/bin/sh\necho 'Python 3.7 is too old' >&2\nexit 78\n";
  std::filesystem::permissions(old, std::filesystem::perms(0755));
  const Manifest manifest =
      load_and_serve({"v1",
                      {source("one", make_python("a", "1.0")), source("lost", "/nowhere/python"),
                       source("old", old.string())}});
  EXPECT_EQ(error_of(manifest, "one"), "");
  EXPECT_THAT(error_of(manifest, "lost"),
              HasSubstr("of:lost needs the interpreter /nowhere/python, which cannot be used"));
  EXPECT_THAT(error_of(manifest, "old"), HasSubstr("too old"));
  EXPECT_EQ(told("one.Tells"), "1.0");
}

TEST_F(PoolGroupTest, WhereNoInterpreterCanBeUsedTheLoadFails) {
  const auto failed = load({"v1", {source("one", "/nowhere/a"), source("two", "/nowhere/b")}});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "runner.interpreter");
  EXPECT_THAT(failed.error().message, HasSubstr("/nowhere/a"));
}

TEST_F(PoolGroupTest, AnInterpreterThatComesBackIsTold) {
  std::promise<void> recovered;
  options_.on_recovered = [&] { recovered.set_value(); };
  const std::string good = make_python("a", "1.0");
  const auto late = venvs_.path() / "late";
  const VersionSpec version{"v1", {source("one", good), source("two", late.string())}};
  EXPECT_NE(error_of(load_and_serve(version), "two"), "");
  // In one step, or half of it would be tried.
  std::ofstream(venvs_.path() / "new") << "#!/bin/sh\nexec '" << good << "' \"$@\"\n";
  std::filesystem::permissions(venvs_.path() / "new", std::filesystem::perms(0755));
  std::filesystem::rename(venvs_.path() / "new", late);
  auto told_so = recovered.get_future();
  ASSERT_EQ(told_so.wait_for(seconds(10)), std::future_status::ready);
  EXPECT_EQ(error_of(load_and_serve(version), "two"), "");
  EXPECT_EQ(told("two.Tells"), "1.0");
}

TEST_F(PoolGroupTest, AnInterpreterThatHangsIsWaitedForOnce) {
  options_.start_timeout = seconds(2);
  options_.interpreter_retry = seconds(3600);
  const auto hangs = venvs_.path() / "hangs";
  const auto starts = venvs_.path() / "starts";
  std::ofstream(hangs) << "#!/bin/sh\necho once >> " << starts.string() << "\nexec sleep 3600\n";
  std::filesystem::permissions(hangs, std::filesystem::perms(0755));
  const VersionSpec version{
      "v1", {source("one", make_python("a", "1.0")), source("two", hangs.string())}};
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(error_of(load_and_serve(version), "two"), HasSubstr("within 2 seconds"));
  }
  EXPECT_EQ(read_file(starts).value(), "once\n");
}

TEST_F(PoolGroupTest, AVersionThatDoesNotServeLeavesNoInterpreterBehind) {
  const SourceSpec one = source("one", make_python("a", "1.0"));
  load_and_serve({"v1", {one}});
  const auto file = jobs_.path() / "pid";
  const std::string notes =
      "import os\nopen('" + file.string() + "', 'w').write(str(os.getpid()))\n";
  const auto tried = load({"v2", {one, source("tried", make_python("b", "2.0"), notes)}});
  ASSERT_TRUE(tried.ok()) << tried.error().message;
  const pid_t zygote = std::stoi(read_file(file).value());
  EXPECT_TRUE(is_alive(zygote));
  on_loop([&] { pool_->serve("v1"); });
  EXPECT_TRUE(wait_dead(zygote));
  EXPECT_EQ(told("one.Tells"), "1.0");
}

TEST_F(PoolGroupTest, AStopEndsAllInterpreters) {
  load_and_serve(
      {"v1", {source("one", make_python("a", "1.0")), source("two", make_python("b", "2.0"))}});
  Recorder& first = start("one.Waits");
  Recorder& second = start("two.Waits");
  ASSERT_TRUE(first.wait_log("waiting"));
  ASSERT_TRUE(second.wait_log("waiting"));
  pool_->stop();
  for (Recorder* each : {&first, &second}) {
    EXPECT_EQ(each->wait_end().how, How::kKilled);
    EXPECT_EQ(each->end.stop_reason, StopReason::kDrain);
    EXPECT_FALSE(is_alive(static_cast<pid_t>(each->pid)));
  }
  const auto refused = load({"v2", {source("one", "")}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "runner.stopped");
}

}  // namespace
}  // namespace windlass::runner
