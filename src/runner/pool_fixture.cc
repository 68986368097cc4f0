#include "runner/pool_fixture.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <future>

#include "runner/process.h"

namespace windlass::runner {

Recorder::~Recorder() {
  loop_.call([this] { run.reset(); });
}

void Recorder::on_started(const std::string& on_version, std::int64_t process,
                          const std::string& text) {
  const std::lock_guard lock(mutex);
  EXPECT_FALSE(started);
  started = true;
  version = on_version;
  pid = process;
  warning = text;
  changed_.notify_all();
}

void Recorder::on_frame(json::object frame) {
  if (when_frame) when_frame(frame);
  const std::lock_guard lock(mutex);
  EXPECT_TRUE(started);
  EXPECT_FALSE(ended);
  frames.push_back(std::move(frame));
  changed_.notify_all();
}

void Recorder::on_console(bool is_stderr, std::string_view bytes) {
  const std::lock_guard lock(mutex);
  EXPECT_TRUE(started);
  EXPECT_FALSE(ended);
  console_bytes += bytes.size();
  if (keep_console) console[is_stderr ? 1 : 0] += bytes;
  changed_.notify_all();
}

void Recorder::on_ended(RunEnd with) {
  {
    const std::lock_guard lock(mutex);
    end = std::move(with);
    ++ends;
    EXPECT_EQ(ends, 1);
  }
  if (when_ended) when_ended(*this);
  const std::lock_guard lock(mutex);
  ended = true;
  changed_.notify_all();
}

bool Recorder::wait_for(const std::function<bool()>& condition, int seconds) {
  std::unique_lock lock(mutex);
  return changed_.wait_for(lock, std::chrono::seconds(seconds), condition);
}

RunEnd& Recorder::wait_end(int seconds) {
  EXPECT_TRUE(wait_for([this] { return ended; }, seconds)) << "the run did not end";
  return end;
}

bool Recorder::wait_started(int seconds) {
  return wait_for([this] { return started; }, seconds);
}

bool Recorder::wait_log(const std::string& message, int seconds) {
  return wait_for(
      [&] {
        return std::any_of(frames.begin(), frames.end(), [&](const json::object& frame) {
          return get_string(frame, "message") == message;
        });
      },
      seconds);
}

std::vector<std::string> Recorder::logs() {
  const std::lock_guard lock(mutex);
  std::vector<std::string> messages;
  for (const json::object& frame : frames) {
    if (get_string(frame, "type") == "log") messages.push_back(get_string(frame, "message"));
  }
  return messages;
}

std::string Recorder::output(bool is_stderr) {
  const std::lock_guard lock(mutex);
  return console[is_stderr ? 1 : 0];
}

void Recorder::tell(const std::function<void(Run&)>& what) {
  loop_.call([&] { what(*run); });
}

PoolHost::PoolHost() {
  options_.sdk = WINDLASS_TEST_SDK;
  options_.vendor = vendor_.path();
  options_.instance = "test." + std::to_string(::getpid());
}

PoolHost::~PoolHost() {
  if (pool_ != nullptr) pool_->stop();
  recorders_.clear();
  pool_.reset();
}

Pool& PoolHost::pool() {
  if (pool_ == nullptr) pool_ = std::make_unique<Pool>(options_, loop_, clock_);
  return *pool_;
}

void PoolHost::write_module(const std::string& name, const std::string& text) {
  std::ofstream(jobs_.path() / (name + ".py")) << text;
  if (std::find(modules_.begin(), modules_.end(), name) == modules_.end()) modules_.push_back(name);
}

VersionSpec PoolHost::version(const std::string& id) const {
  return {id, {{"jobs_root", jobs_.path(), jobs_.path(), modules_}}};
}

Result<Manifest> PoolHost::load(const std::string& id, int seconds) {
  return load(version(id), seconds);
}

Result<Manifest> PoolHost::load(const VersionSpec& spec, int seconds) {
  auto done = std::make_shared<std::promise<Result<Manifest>>>();
  auto future = done->get_future();
  Pool& loader = pool();
  loop_.call([&] {
    loader.load(spec, [done](Result<Manifest> result) { done->set_value(std::move(result)); });
  });
  if (future.wait_for(std::chrono::seconds(seconds)) != std::future_status::ready) {
    return Error{"test.timeout", "the version was not loaded in time"};
  }
  return future.get();
}

void PoolHost::serve(const std::string& id) {
  const Result<Manifest> manifest = load(id);
  ASSERT_TRUE(manifest.ok()) << manifest.error().message << " " << manifest.error().detail;
  for (const json::value& module : manifest->frame.at("modules").get_array()) {
    EXPECT_TRUE(module.at("error").is_null()) << to_text(module.at("error"));
  }
  loop_.call([&] { pool_->serve(id); });
}

Recorder& PoolHost::start(const std::string& class_path, json::object inputs,
                          const std::function<void(RunSpec&)>& change) {
  RunSpec spec;
  spec.frame = {{"type", "run"},
                {"task_id", "0190f3a1-0000-7000-8000-000000000001"},
                {"class_path", class_path},
                {"inputs", std::move(inputs)},
                {"attempt", 1},
                {"user", {{"id", "0190f3a1-0000-7000-8000-000000000002"}, {"username", "admin"}}},
                {"job", {{"id", "0190f3a1-0000-7000-8000-000000000003"}, {"name", class_path}}},
                {"queue", "default"},
                {"create_file_max_size", 10 << 20}};
  if (change) change(spec);
  recorders_.push_back(std::make_unique<Recorder>(loop_));
  Recorder& recorder = *recorders_.back();
  loop_.call([&] { recorder.run = pool().start(std::move(spec), recorder); });
  return recorder;
}

RunEnd& PoolHost::run(const std::string& class_path, json::object inputs) {
  return start(class_path, std::move(inputs)).wait_end();
}

std::size_t PoolHost::active() {
  std::size_t count = 0;
  loop_.call([&] { count = pool().active(); });
  return count;
}

json::object PoolHost::module_of(const Manifest& manifest, const std::string& name) {
  for (const json::value& module : manifest.frame.at("modules").get_array()) {
    if (get_string(module, "name") == name) return module.get_object();
  }
  ADD_FAILURE() << "the manifest has no module " << name;
  return {};
}

bool is_alive(pid_t pid) {
  const char state = process_state(pid);
  return state != '\0' && state != 'Z' && state != 'X';
}

bool wait_dead(pid_t pid, int seconds) {
  return Process(pid).wait_ended(seconds * 1000);
}

std::string result_status(const RunEnd& end) {
  return get_string(end.result, "status");
}

}  // namespace windlass::runner
