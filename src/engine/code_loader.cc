#include "engine/code_loader.h"

#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/log.h"
#include "model/job_source.h"

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
                       const sources::LastGood& good, const Sanitiser& sanitiser,
                       NativeBuilds* native)
    : loop_(loop),
      runner_(runner),
      root_(root),
      good_(good),
      sanitiser_(sanitiser),
      native_(native),
      waiting_(std::make_shared<Waiting>()) {}

CodeLoader::~CodeLoader() = default;

void CodeLoader::stop() {
  const std::lock_guard lock(waiting_->mutex);
  waiting_->stopped = true;
  waiting_->changed.notify_all();
}

Result<json::value> CodeLoader::import(const CodeSet& set) {
  std::unique_lock lock(waiting_->mutex);
  const std::uint64_t number = ++waiting_->number;
  waiting_->answer.reset();
  loop_.post([&runner = runner_, spec = set.spec(), waiting = waiting_, number] {
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
  name_sources(manifest.frame, set);
  clean_import_errors(manifest.frame, sanitiser_);
  return std::move(manifest.frame);
}

Result<LoadedCode> CodeLoader::load(const CodeSet& newest, const LoadedCode* before,
                                    QuietModules& quiet, Micros now) {
  LoadedCode code{newest, newest, newest.id(), {}, {}, {}};
  WL_TRY(code.manifest, import(newest));
  code.errors = import_errors_of(code.manifest);
  const SourceCode* root = newest.root();
  if (root != nullptr) code.held = quiet.held_back(root->version, code.manifest, now);
  if (code.errors.empty() && code.held.empty()) return code;

  Back doubtful{code.held, {}};
  for (const auto& [source, modules] : code.errors) {
    if (root != nullptr && source == root->name) {
      for (const auto& [module, traceback] : modules) doubtful.modules.insert(module);
    } else {
      doubtful.sources.insert(source);
    }
  }
  WL_TRY(const bool replaced, go_back(code, doubtful, before));
  if (!replaced) code.held.clear();  // there is nothing to go on with instead
  const std::size_t still_broken = broken(code, before);
  if (still_broken == 0) return code;

  // A module may need others as they were: go back with everything that is known to be good, but
  // not in vain.
  for (auto& [source, modules] : import_errors_of(code.manifest))
    code.errors[source].merge(modules);
  Back all;
  for (const CodeSet* set : {&newest, before != nullptr ? &before->used : nullptr}) {
    if (set == nullptr) continue;
    for (const SourceCode& source : set->sources) {
      if (source.kind == "git") all.sources.insert(source.name);
    }
    if (set->root() == nullptr) continue;
    for (const sources::SourceModule& module : set->root()->version.modules)
      all.modules.insert(module.name);
  }
  LoadedCode back = code;
  WL_TRY([[maybe_unused]] const bool gone_back, go_back(back, all, before));
  return broken(back, before) < still_broken ? back : code;
}

void CodeLoader::go_back(SourceCode& root, const std::set<std::string>& modules,
                         const LoadedCode* before) {
  std::map<std::string, std::string> files, hashes;
  for (const std::string& name : modules) {
    const auto good = good_.find(name);
    const sources::SourceModule* module = root.version.find(name);
    if (!good || (module != nullptr && module->hash == good->hash)) continue;
    files[name] = good->version;
    hashes[name] = good->hash;
  }
  if (files.empty()) return;
  auto composed = root_.compose(root.version, files);
  if (composed.ok()) {
    root.version = *std::move(composed);
  } else if (composed.error().code != "sources.in_place") {
    log::error("the last good job files cannot be used", composed.error());
  }
  if (native_ == nullptr) return;
  native_->resolve(root, before != nullptr ? before->used.find(root.name) : nullptr);
  // What was compiled with headers as they were is kept.
  for (const auto& [name, hash] : hashes) {
    const auto known = root.native.find(name);
    if (known == root.native.end()) continue;
    if (auto earlier = native_->of_hash(hash)) {
      earlier->file = known->second.file;
      known->second = *std::move(earlier);
    }
  }
}

/// Imports the newest with earlier files of these. False when there are none, or nothing came of
/// it: then `code` is as it was. Trouble with earlier files is logged, since the newest still
/// serve.
Result<bool> CodeLoader::go_back(LoadedCode& code, const Back& back, const LoadedCode* before) {
  CodeSet used = code.newest;
  for (SourceCode& source : used.sources) {
    if (source.kind == "git" && back.sources.contains(source.name) && before != nullptr) {
      const SourceCode* earlier = before->used.find(source.name);
      if (earlier != nullptr) source = *earlier;
    } else if (source.kind == "jobs_root") {
      go_back(source, back.modules, before);
    }
  }
  const std::string id = used.id();
  if (id == code.id) return false;
  if (before != nullptr && before->id == id) {
    code.manifest = before->manifest;  // it serves now
  } else {
    WL_TRY(code.manifest, import(used));
  }
  code.used = std::move(used);
  code.id = id;
  return true;
}

std::size_t CodeLoader::broken(const LoadedCode& code, const LoadedCode* before) const {
  const SourceErrors earlier =
      before != nullptr ? import_errors_of(before->manifest) : SourceErrors();
  const SourceCode* root = code.used.root();
  std::size_t count = 0;
  for (const auto& [source, modules] : import_errors_of(code.manifest)) {
    const bool is_root = root != nullptr && source == root->name;
    const bool served = before != nullptr && before->used.find(source) != nullptr &&
                        !earlier.contains(source) && source.starts_with(kGitSource);
    for (const auto& [module, traceback] : modules) {
      if (is_root ? good_.find(module).has_value() : served) ++count;
    }
  }
  return count;
}

}  // namespace windlass::engine
