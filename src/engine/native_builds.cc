#include "engine/native_builds.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.h"
#include "engine/code_set.h"

namespace windlass::engine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLibrary = "module.so";
constexpr const char* kProblem = "problem.json";
constexpr Micros kKept = std::chrono::hours(24 * 7);
constexpr auto kAskEvery = std::chrono::milliseconds(100);
/// After a machine's trouble, such as a full disk, a module is compiled again.
constexpr Micros kTryAgain = std::chrono::seconds(30);
/// What took too long costs much, and will do so again: each wait is twice the one before.
constexpr Micros kAfterTimeout = std::chrono::minutes(10);
constexpr Micros kLongestWait = std::chrono::hours(24);
/// How often the clock is looked at while something waits to be tried again.
constexpr Micros kLook = std::chrono::seconds(1);
constexpr const char* kTimedOut = "native.timed_out";

/// Until a module is tried again that has failed so often.
Micros wait_after(const Error& error, int failures) {
  if (error.code != kTimedOut) return kTryAgain;
  return std::min(kAfterTimeout * (1 << std::min(failures - 1, 10)), kLongestWait);
}

runner::ModuleFailure failure_of(const std::string& message, const std::string& output,
                                 const fs::path& file) {
  return {"CompileError", message, output.empty() ? message : output, file};
}

bool is_whole(const fs::path& folder) {
  std::error_code failure;
  return fs::exists(folder / kLibrary, failure) || fs::exists(folder / kProblem, failure);
}

}  // namespace

class NativeBuilds::Impl {
 public:
  Impl(NativeOptions options, const Sanitiser& sanitiser, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        tools_(options_, sanitiser),
        folders_(options_.folder, is_whole) {}

  ~Impl() {
    stop();
    if (thread_.joinable()) thread_.join();
  }

  void on_built(std::function<void()> call) { on_built_ = std::move(call); }

  void resolve(SourceCode& source, const SourceCode* serving) {
    source.native.clear();
    for (const sources::SourceModule& module : source.version.modules) {
      if (!module.is_native() || !module.clash.empty()) continue;
      const NativeModule* serves = nullptr;
      if (serving != nullptr) {
        const auto known = serving->native.find(module.name);
        if (known != serving->native.end() && !known->second.library.empty())
          serves = &known->second;
      }
      source.native[module.name] = look(source.version, module, serves);
    }
  }

  std::optional<NativeModule> of_hash(const std::string& hash) {
    for (const sources::ModuleKind kind :
         {sources::ModuleKind::kCpp, sources::ModuleKind::kLibrary}) {
      const auto key = key_of(kind, hash);
      if (!key.ok()) continue;
      if (auto found = find(*key, {}); found && !found->library.empty()) return found;
    }
    return std::nullopt;
  }

  void wait(const sources::SourceVersion& version, const std::function<bool()>& proceed) {
    std::set<std::string> wanted;
    for (const sources::SourceModule& module : version.modules) {
      if (!module.is_native() || !module.clash.empty()) continue;
      const auto key = key_of(module.kind, module.hash);
      if (!key.ok()) continue;
      wanted.insert(*key);
      look(version, module, nullptr);
    }
    std::unique_lock lock(mutex_);
    const auto ready = [&] {
      if (stopping_) return true;
      return std::ranges::none_of(wanted, [&](const auto& key) { return jobs_.contains(key); });
    };
    while (!ready() && proceed()) changed_.wait_for(lock, kAskEvery);
  }

  void prune() {
    folders_.prune(kKept, [](const std::string& name) {
      log::debug("A compiled module that nobody used was removed", {{"folder", name}});
    });
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }

 private:
  struct Job {
    sources::SourceVersion version;  ///< holds its files
    sources::SourceModule module;
  };
  /// Why a module could not be compiled, for reasons that need not be its own.
  struct Trouble {
    Error error;
    int failures = 0;   ///< one after another
    Micros again{0};    ///< by the steady clock
    bool told = false;  ///< that it may be tried again
  };

  Result<std::string> key_of(sources::ModuleKind kind, const std::string& hash) {
    if (kind == sources::ModuleKind::kLibrary)
      return KeyedFolders::key_of("library\n" + options_.job_user + "\n" + hash);
    WL_TRY(const std::string identity, tools_.identity());
    return KeyedFolders::key_of(identity + "\n" + options_.job_user + "\n" + hash);
  }

  /// What came of an earlier compilation.
  std::optional<NativeModule> find(const std::string& key, const fs::path& file) {
    const auto folder = folders_.open(key);
    if (!folder) return std::nullopt;
    NativeModule found;
    found.key = key;
    found.file = file;
    found.hold = folder->hold;
    std::error_code failure;
    if (fs::exists(folder->path / kLibrary, failure)) {
      found.library = folder->path / kLibrary;
      return found;
    }
    const auto problem = read_file(folder->path / kProblem);
    const auto parsed = problem.ok() ? parse_json(*problem) : problem.error();
    if (!parsed.ok()) return std::nullopt;
    found.failure = failure_of(get_string(*parsed, "message"), get_string(*parsed, "output"), file);
    return found;
  }

  NativeModule look(const sources::SourceVersion& version, const sources::SourceModule& module,
                    const NativeModule* serving) {
    NativeModule answer;
    answer.file = version.root / module.path;
    const auto key = key_of(module.kind, module.hash);
    if (!key.ok()) {
      answer.failure = failure_of(key.error().message, "", answer.file);
      return answer;
    }
    if (auto found = find(*key, answer.file)) return *std::move(found);
    if (const auto trouble = begin(*key, version, module)) {
      answer.failure = failure_of(trouble->message, trouble->detail, answer.file);
      return answer;
    }
    if (serving != nullptr) {
      answer = *serving;
    } else {
      answer.failure = runner::ModuleFailure{
          "Compiling", fmt::format("{} is being compiled.", module.path), "", answer.file};
    }
    answer.pending = true;
    return answer;
  }

  /// Has a module compiled, unless that has failed and the time to try again has not come.
  std::optional<Error> begin(const std::string& key, const sources::SourceVersion& version,
                             const sources::SourceModule& module) {
    const std::lock_guard lock(mutex_);
    const auto known = trouble_.find(key);
    if (known != trouble_.end() && clock_.steady() < known->second.again)
      return known->second.error;
    if (stopping_ || !jobs_.try_emplace(key, Job{version, module}).second) return std::nullopt;
    queue_.push_back(key);
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    changed_.notify_all();
    return std::nullopt;
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto called = [&] { return stopping_ || !queue_.empty(); };
      if (!is_waiting()) {
        changed_.wait(lock, called);
      } else if (!changed_.wait_for(lock, kLook, called)) {
        if (!take_due()) continue;
        lock.unlock();
        if (on_built_) on_built_();  // whoever still has such a module asks for it once more
        lock.lock();
        continue;
      }
      if (stopping_) return;
      const std::string key = queue_.front();
      queue_.pop_front();
      const Job job = jobs_.at(key);
      lock.unlock();
      const Micros began = clock_.steady();
      const auto made = make(key, job);
      const std::string seconds =
          fmt::format("{:.2f}", std::chrono::duration<double>(clock_.steady() - began).count());
      if (made.ok()) {
        log::info(*made ? "A module in C++ was compiled" : "A module in C++ does not compile",
                  {{"module", job.module.name}, {"s", seconds}});
      } else if (made.error().code != "native.stopped") {
        log::error("a module in C++ could not be compiled", made.error());
      }
      lock.lock();
      if (made.ok()) {
        trouble_.erase(key);
      } else {
        note_trouble(key, made.error());
      }
      jobs_.erase(key);
      changed_.notify_all();
      lock.unlock();
      if (on_built_) on_built_();
      lock.lock();
    }
  }

  void note_trouble(const std::string& key, const Error& error) {
    Trouble& trouble = trouble_[key];
    const Micros wait = wait_after(error, ++trouble.failures);
    trouble.error = error;
    if (error.code == kTimedOut) {
      trouble.error.message +=
          fmt::format(" It is tried again in {} minutes, and when Windlass is started.",
                      std::chrono::duration_cast<std::chrono::minutes>(wait).count());
    }
    trouble.again = clock_.steady() + wait;
    trouble.told = false;
  }

  bool is_waiting() const {
    return std::ranges::any_of(trouble_, [](const auto& each) { return !each.second.told; });
  }

  /// Whether something may be tried again now of which that has not been told yet.
  bool take_due() {
    bool is_due = false;
    for (auto& [key, trouble] : trouble_) {
      if (trouble.told || clock_.steady() < trouble.again) continue;
      trouble.told = is_due = true;
    }
    return is_due;
  }

  /// Whether there is a library now.
  Result<bool> make(const std::string& key, const Job& job) {
    const auto proceed = [this] {
      const std::lock_guard lock(mutex_);
      return !stopping_;
    };
    WL_TRY(const auto account, tools_.account());
    WL_TRY(const KeyedFolder made,
           folders_.make(
               key, account, [] {}, proceed, {"native.stopped", "The compilation was given up."},
               [&](const fs::path& folder) { return fill(folder, job, proceed); }));
    std::error_code failure;
    return fs::exists(made.path / kLibrary, failure);
  }

  Result<void> fill(const fs::path& folder, const Job& job, const std::function<bool()>& proceed) {
    if (job.module.kind == sources::ModuleKind::kLibrary) {
      std::error_code failure;
      fs::copy_file(job.version.path / job.module.path, folder / kLibrary, failure);
      if (failure) return file_error("Cannot copy", job.version.path / job.module.path);
      fs::permissions(folder / kLibrary, fs::perms(0755), failure);
      return ok();
    }
    WL_TRY(const auto problem, tools_.compile(job.version, job.module, folder, proceed));
    if (!problem) return ok();
    if (problem->timed_out) return Error{kTimedOut, problem->message, problem->output};
    json::object kept{{"message", problem->message}, {"output", problem->output}};
    return replace_file(folder / kProblem, to_text(std::move(kept)), 0644);
  }

  const NativeOptions options_;
  const Clock& clock_;
  NativeToolchain tools_;
  KeyedFolders folders_;
  std::function<void()> on_built_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Job> jobs_;  ///< by key: waiting, or being compiled
  std::deque<std::string> queue_;
  std::map<std::string, Trouble> trouble_;  ///< by key
  bool stopping_ = false;
  std::thread thread_;
};

NativeBuilds::NativeBuilds(NativeOptions options, const Sanitiser& sanitiser, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), sanitiser, clock)) {}
NativeBuilds::~NativeBuilds() = default;

void NativeBuilds::on_built(std::function<void()> call) {
  impl_->on_built(std::move(call));
}
void NativeBuilds::resolve(SourceCode& source, const SourceCode* serving) {
  impl_->resolve(source, serving);
}
std::optional<NativeModule> NativeBuilds::of_hash(const std::string& hash) {
  return impl_->of_hash(hash);
}
void NativeBuilds::wait(const sources::SourceVersion& version,
                        const std::function<bool()>& proceed) {
  impl_->wait(version, proceed);
}
void NativeBuilds::prune() {
  impl_->prune();
}
void NativeBuilds::stop() {
  impl_->stop();
}

}  // namespace windlass::engine
