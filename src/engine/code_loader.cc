#include "engine/code_loader.h"

#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/log.h"

namespace windlass::engine {

/// Where the answer of the load under way arrives. Shared with the callback, which may come when
/// nobody waits any more.
struct CodeLoader::Waiting {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t number = 0;  ///< of the load under way
  std::optional<Result<runner::Manifest>> answer;
  bool stopped = false;
};

CodeLoader::CodeLoader(EventLoop& loop, runner::Runner& runner, sources::JobsRoot& root,
                       const sources::LastGood& good)
    : loop_(loop),
      runner_(runner),
      root_(root),
      good_(good),
      waiting_(std::make_shared<Waiting>()) {}

CodeLoader::~CodeLoader() = default;

void CodeLoader::stop() {
  const std::lock_guard lock(waiting_->mutex);
  waiting_->stopped = true;
  waiting_->changed.notify_all();
}

Result<json::value> CodeLoader::import(const sources::SourceVersion& version) {
  runner::VersionSpec spec{version.id, {{"jobs_root", version.path, version.root, {}}}};
  for (const sources::SourceModule& module : version.modules)
    spec.sources[0].modules.push_back(module.name);
  std::unique_lock lock(waiting_->mutex);
  const std::uint64_t number = ++waiting_->number;
  waiting_->answer.reset();
  loop_.post([&runner = runner_, spec = std::move(spec), waiting = waiting_, number] {
    if (const std::lock_guard guard(waiting->mutex); waiting->stopped) return;
    runner.load(spec, [waiting, number](Result<runner::Manifest> manifest) {
      const std::lock_guard guard(waiting->mutex);
      if (waiting->number == number) waiting->answer = std::move(manifest);
      waiting->changed.notify_all();
    });
  });
  waiting_->changed.wait(lock, [&] { return waiting_->stopped || waiting_->answer; });
  if (waiting_->stopped) return Error{"catalog.stopped", "The program is being stopped."};
  WL_TRY(runner::Manifest manifest, *std::move(waiting_->answer));
  return std::move(manifest.frame);
}

Result<LoadedCode> CodeLoader::load(const sources::SourceVersion& newest, const LoadedCode* before,
                                    QuietModules& quiet, Micros now) {
  LoadedCode code{newest, newest, {}, {}, {}};
  WL_TRY(code.manifest, import(newest));
  code.errors = import_errors_of(code.manifest);
  code.held = quiet.held_back(newest, code.manifest, now);
  if (code.errors.empty() && code.held.empty()) return code;

  std::set<std::string> doubtful = code.held;
  for (const auto& [module, traceback] : code.errors) doubtful.insert(module);
  WL_TRY(const bool replaced, replace(code, doubtful, before));
  if (!replaced) code.held.clear();  // there is nothing to go on with instead
  if (broken_modules(code).empty()) return code;

  // A module may need others as they were: go back with everything that is known to be good.
  code.errors.merge(import_errors_of(code.manifest));
  std::set<std::string> all;
  for (const sources::SourceModule& module : newest.modules) all.insert(module.name);
  if (before != nullptr) {
    for (const sources::SourceModule& module : before->used.modules) all.insert(module.name);
  }
  WL_TRY([[maybe_unused]] const bool gone_back, replace(code, all, before));
  return code;
}

std::map<std::string, std::string> CodeLoader::good_files(
    const sources::SourceVersion& version, const std::set<std::string>& modules) const {
  std::map<std::string, std::string> files;
  for (const std::string& name : modules) {
    const auto good = good_.find(name);
    const sources::SourceModule* module = version.find(name);
    if (good && (module == nullptr || module->hash != good->hash)) files[name] = good->version;
  }
  return files;
}

/// Puts the good files of these modules in place of the newest and imports that. False when there
/// are none, or nothing came of it: then `code` is as it was. Trouble with earlier files is logged,
/// since the newest still serve.
Result<bool> CodeLoader::replace(LoadedCode& code, const std::set<std::string>& modules,
                                 const LoadedCode* before) {
  const auto files = good_files(code.newest, modules);
  if (files.empty()) return false;
  auto composed = root_.compose(code.newest, files);
  if (!composed.ok()) {
    if (composed.error().code != "sources.in_place")
      log::error("the last good job files cannot be used", composed.error());
    return false;
  }
  if (composed->id == code.used.id) return false;
  if (before != nullptr && before->used.id == composed->id) {
    code.manifest = before->manifest;  // it serves now
  } else {
    WL_TRY(code.manifest, import(*composed));
  }
  code.used = *std::move(composed);
  return true;
}

/// Modules that imported once and do not in `code.used`.
std::set<std::string> CodeLoader::broken_modules(const LoadedCode& code) const {
  std::set<std::string> broken;
  for (const auto& [module, traceback] : import_errors_of(code.manifest)) {
    if (good_.find(module)) broken.insert(module);
  }
  return broken;
}

}  // namespace windlass::engine
