#include "engine/code_in_force.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

std::vector<std::string> imported_modules(const LoadedCode& code, const SourceCode& root) {
  const SourceErrors errors = import_errors_of(code.manifest);
  const auto of_root = errors.find(root.name);
  std::vector<std::string> names;
  for (const sources::SourceModule& module : root.version.modules) {
    if (of_root == errors.end() || !of_root->second.contains(module.name))
      names.push_back(module.name);
  }
  return names;
}

/// The manifest with Windlass' own jobs.
json::value with_modules_of(const json::value& manifest, const json::value& more) {
  json::value all = manifest;
  if (!all.is_object()) all = json::object();
  json::value& modules = all.get_object()["modules"];
  if (!modules.is_array()) modules = json::array();
  for (const json::value& module : modules_of(more)) modules.get_array().push_back(module);
  return all;
}

}  // namespace

CodeInForce::CodeInForce(const CatalogOptions& options, EventLoop& loop, runner::Runner& runner,
                         Storage& storage, const Clock& clock, Serve serve,
                         std::function<void()> wake)
    : options_(options),
      storage_(storage),
      clock_(clock),
      serve_(std::move(serve)),
      root_({options.jobs_root, options.home, options.copy_limit}),
      good_(options.home),
      loader_(loop, runner, root_, good_),
      quiet_(options.watch ? options.settle : Micros(0)),
      repositories_(storage, options.repositories, options.pythons, options.retry, std::move(wake)),
      apps_(options.apps, options.pythons) {}

void CodeInForce::stop() {
  loader_.stop();
  repositories_.stop();
}

bool CodeInForce::look(bool at_packages) {
  const auto changed = repositories_.look();
  if (!changed.ok()) windlass::log::error("the repositories cannot be read", changed.error());
  if (code_ && options_.watch && !options_.keep_missing) repositories_.remove_gone(code_->used);
  const bool packages = at_packages && apps_.look();
  return packages || (changed.ok() && *changed);
}

std::optional<Micros> CodeInForce::due() const {
  return code_ && !code_->held.empty() ? quiet_.due() : std::nullopt;
}

void CodeInForce::serve_again() {
  if (code_) serve_(*code_);
}

// gather ------------------------------------------------------------------------------------------

Result<CodeSet> CodeInForce::gather(const RefreshWork& work, sources::WriteActivity* writes) {
  CodeSet set;
  apps_.add_to(set);
  WL_TRY([[maybe_unused]] const bool changed, repositories_.look());
  repositories_.add_to(set, !options_.watch);
  WL_TRY_VOID(add_root(set, work, writes));
  return set;
}

/// JOBS_ROOT as it is; where it cannot be read and there are other sources, as it was.
Result<void> CodeInForce::add_root(CodeSet& set, const RefreshWork& work,
                                   sources::WriteActivity* writes) {
  touched_.insert(work.touched.begin(), work.touched.end());
  root_problem_.reset();
  auto newest = root_.snapshot(touched_, writes);
  if (!newest.ok()) {
    if (set.sources.empty()) return std::move(newest).error();
    root_problem_ = std::move(newest).error();
    const SourceCode* before = code_ ? code_->newest.root() : nullptr;
    if (before != nullptr) set.put(*before);
    return ok();
  }
  if (!options_.only_module.empty()) {
    std::erase_if(newest->modules,
                  [&](const auto& module) { return module.name != options_.only_module; });
  }
  touched_.clear();
  log_.tell_warnings(newest->warnings);
  set.put({options_.source, "jobs_root", "", *std::move(newest)});
  return ok();
}

Result<RefreshSummary> CodeInForce::refresh(const RefreshWork& work,
                                            sources::WriteActivity* writes) {
  WL_TRY(const CodeSet newest, gather(work, writes));
  const bool same = code_ && code_->newest == newest && code_->held.empty();
  RefreshSummary summary;
  if (same && !work.forced) {
    serve_(*code_);
    summary.version = code_->id;
    // What was refused since then is told of.
    if (!kept_errors_ || *kept_errors_ != all_errors(*code_)) {
      WL_TRY(summary, record(*code_));
      keep_errors(*code_);
    }
  } else {
    LoadedCode code;
    if (same && code_->errors.empty()) {
      code = *code_;
    } else {
      const TimePoint began = clock_.now();
      WL_TRY(code, loader_.load(newest, code_ ? &*code_ : nullptr, quiet_, clock_.steady()));
      apps_.imported(code.manifest, began, {&code.newest, &code.used});
    }
    WL_TRY(summary, record(code));
    serve_(code);
    remember(std::move(code));
    if (!options_.source.starts_with(kFileSource)) log_.tell(summary, *code_);
  }
  if (root_problem_) return *root_problem_;
  return summary;
}

// record ------------------------------------------------------------------------------------------

SourceErrors CodeInForce::all_errors(const LoadedCode& code) const {
  SourceErrors errors = code.errors;
  errors.merge(repositories_.errors(load_import_errors(options_.home)));
  return errors;
}

/// The records come before the code: a run claimed after the change has both.
Result<RefreshSummary> CodeInForce::record(const LoadedCode& code) {
  DeclaredCode declared;
  declared.manifest = with_modules_of(code.manifest, options_.system_manifest);
  declared.errors = all_errors(code);
  declared.versions = code.used.versions();
  if (!options_.system_manifest.is_null())
    declared.versions[std::string(kSystemSource)] = options_.system_version;
  declared.version = code.id;
  declared.complete = options_.source == kJobsRootSource;
  RefreshSummary summary;
  auto written =
      storage_.jobs().update_all([&](const std::vector<Job>& existing) -> Result<std::vector<Job>> {
        summary = RefreshSummary();
        std::vector<Job> records = refreshed_records(existing, declared, clock_.now(), &summary);
        if (options_.keep_missing) {
          std::erase_if(records, [](const Job& job) { return !job.installed; });
          summary.vanished_jobs.clear();
        }
        return records;
      });
  if (!written.ok()) return std::move(written).error();
  std::set<std::string> queues;
  for (const Job& job : *written) {
    for (std::string& name : job.queue_names()) queues.insert(std::move(name));
  }
  if (!queues.empty())
    WL_TRY_VOID(storage_.queues().ensure(std::vector(queues.begin(), queues.end())));
  return summary;
}

// remember ----------------------------------------------------------------------------------------

void CodeInForce::keep_errors(const LoadedCode& code) {
  SourceErrors errors = all_errors(code);
  if (options_.keep_missing || (kept_errors_ && *kept_errors_ == errors)) return;
  if (const auto saved = save_import_errors(options_.home, errors); !saved.ok())
    windlass::log::error("the import errors cannot be kept", saved.error());
  kept_errors_ = std::move(errors);
}

void CodeInForce::remember(LoadedCode code) {
  const SourceCode* root = code.used.root();
  if (root != nullptr) {
    const auto marked = good_.mark_good(root->version, imported_modules(code, *root));
    if (!marked.ok()) {
      windlass::log::error("the last good job files are remembered in memory only", marked.error());
    }
  }
  keep_errors(code);
  quiet_.in_force(code.manifest);
  std::set<std::string> keep = good_.versions();
  for (const CodeSet* set : {&code.newest, &code.used}) {
    if (set->root() != nullptr) keep.insert(set->root()->version.id);
  }
  code_ = std::move(code);
  root_.prune(keep);
  if (!options_.keep_missing) repositories_.tidy(code_->newest, code_->used);
}

// commits -----------------------------------------------------------------------------------------

/// Imports a set beside what serves.
Result<CodeInForce::Attempt> CodeInForce::attempt(CodeSet set, const std::set<std::string>& tried) {
  Attempt made{std::move(set), {}, clock_.now(), ""};
  WL_TRY(made.manifest, loader_.import(made.set));
  const SourceErrors before = import_errors_of(code_->manifest);
  const SourceErrors after = import_errors_of(made.manifest);
  for (const std::string& source : tried) {
    if (!made.problem.empty() || !after.contains(source)) continue;
    made.problem = after.at(source).begin()->second;
  }
  for (const auto& [source, modules] : after) {
    for (const auto& [module, traceback] : modules) {
      const auto known = before.find(source);
      if (!made.problem.empty() || (known != before.end() && known->second.contains(module)))
        continue;
      made.problem =
          fmt::format("With this commit the module {} of {} does not import any more:\n{}", module,
                      source, traceback);
    }
  }
  return made;
}

Result<CommitTrial> CodeInForce::try_commit(const GitRepository& repository,
                                            sources::SourceVersion version,
                                            const std::function<bool()>& cancelled) {
  if (!code_) {
    WL_TRY([[maybe_unused]] const RefreshSummary first, refresh({}, nullptr));
  }
  WL_TRY([[maybe_unused]] const bool changed, repositories_.look());
  const Error given_up{"git.cancelled", "The sync was cancelled; nothing was changed."};
  if (cancelled()) return given_up;
  const SourceCode tried = repositories_.code(repository, std::move(version));
  CodeSet set = code_->used;
  set.put(tried);
  WL_TRY(Attempt made, attempt(set, {tried.name}));
  if (!made.problem.empty() && !cancelled()) {
    // Code that depends on each other may have to come together.
    const std::string alone = set.id();
    std::set<std::string> names{tried.name};
    for (SourceCode& newer : repositories_.newer_than(set, tried.name)) {
      names.insert(newer.name);
      set.put(std::move(newer));
    }
    if (const SourceCode* root = code_->newest.root()) set.put(*root);
    if (set.id() != alone) {
      WL_TRY(Attempt together, attempt(std::move(set), names));
      if (together.problem.empty()) made = std::move(together);
    }
  }
  if (cancelled()) {
    serve_(*code_);  // has what was loaded dropped
    return given_up;
  }
  if (!made.problem.empty()) return refuse(tried, std::move(made.problem));
  return adopt(std::move(made), tried.name);
}

Result<CommitTrial> CodeInForce::refuse(const SourceCode& tried, std::string problem) {
  const std::string& source = tried.name;
  repositories_.refuse(tried);
  CommitTrial trial;
  trial.error = std::move(problem);
  if (!options_.keep_missing) {
    SourceErrors errors = load_import_errors(options_.home);
    const std::string module = source.substr(kGitSource.size()) + ".jobs";
    errors[source] = {{module, trial.error}};
    WL_TRY_VOID(save_import_errors(options_.home, errors));
    kept_errors_ = std::move(errors);
  }
  WL_TRY(trial.refresh, record(*code_));
  keep_errors(*code_);
  serve_(*code_);
  return trial;
}

Result<CommitTrial> CodeInForce::adopt(Attempt made, const std::string& source) {
  LoadedCode code = *code_;
  code.id = made.set.id();
  code.manifest = std::move(made.manifest);
  const SourceErrors now = import_errors_of(code.manifest);
  CommitTrial trial;
  std::vector<SourceCode> taken;
  for (const SourceCode& each : made.set.sources) {
    const SourceCode* before = code_->used.find(each.name);
    if (before != nullptr && *before == each && each.name != source) continue;
    taken.push_back(each);
    code.newest.put(each);
    code.errors.erase(each.name);
    if (each.kind == "jobs_root") code.held.clear();
  }
  for (const auto& [name, modules] : now) code.errors[name].insert(modules.begin(), modules.end());
  code.used = std::move(made.set);
  apps_.imported(code.manifest, made.began, {&code.newest, &code.used});
  for (const json::value& module : modules_of(code.manifest)) {
    const json::value* classes = find(module, "classes");
    if (get_string(module, "source") == source && classes != nullptr && classes->is_array())
      trial.jobs += static_cast<std::int64_t>(classes->get_array().size());
  }
  trial.imported = true;
  // Recorded first: with the repositories' new commits, nothing that was refused is left of them.
  for (const SourceCode& each : taken) {
    if (each.kind != "git") continue;
    WL_TRY_VOID(repositories_.adopt(each));
    if (each.name != source) trial.with[each.name.substr(kGitSource.size())] = each.version.id;
  }
  WL_TRY(trial.refresh, record(code));
  serve_(code);
  remember(std::move(code));
  log_.tell(trial.refresh, *code_);
  return trial;
}

}  // namespace windlass::engine
