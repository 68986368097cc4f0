#include "engine/code_in_force.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

/// Of record(), when the repositories' records name other commits than the code in hand has.
constexpr std::string_view kOvertaken = "catalog.overtaken";
/// How long a server that starts waits for modules in C++ that were never compiled.
constexpr Micros kFirstCompilations = std::chrono::seconds(10);
/// Refreshes in a row that others may overtake.
constexpr int kMostCatchingUp = 5;

std::vector<std::string> imported_modules(const LoadedCode& code, const SourceCode& root) {
  const SourceErrors errors = import_errors_of(code.manifest);
  const auto of_root = errors.find(root.name);
  std::vector<std::string> names;
  for (const sources::SourceModule& module : root.version.modules) {
    const auto native = root.native.find(module.name);
    if (native != root.native.end() && native->second.pending) continue;
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
      loader_(loop, runner, root_, good_, options.sanitiser, options.native),
      quiet_(options.watch ? options.settle : Micros(0)),
      repositories_(storage, options.repositories, options.pythons, options.retry, std::move(wake)),
      apps_(options.apps, options.pythons, options.ask_again) {}

void CodeInForce::stop() {
  if (options_.native != nullptr) options_.native->stop();
  loader_.stop();
  repositories_.stop();
}

bool CodeInForce::look(bool at_packages) {
  const auto changed = repositories_.look();
  if (!changed.ok()) windlass::log::error("the repositories cannot be read", changed.error());
  if (code_ && options_.watch && !options_.keep_missing) repositories_.remove_gone(code_->used);
  const bool packages = at_packages && apps_.look(clock_.steady());
  return packages || (changed.ok() && *changed);
}

std::optional<Micros> CodeInForce::due() const {
  const std::optional<Micros> held = code_ && !code_->held.empty() ? quiet_.due() : std::nullopt;
  const std::optional<Micros> files = options_.watch ? repositories_.due() : std::nullopt;
  return held && files ? std::min(held, files) : held ? held : files;
}

void CodeInForce::tidy() {
  if (code_ && !options_.keep_missing) repositories_.prune(code_->newest, code_->used);
  if (options_.native != nullptr) options_.native->prune();
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
  if (options_.native != nullptr) resolve_native(set);
  return set;
}

/// Which libraries the modules in C++ have. Before anything serves, they are waited for.
void CodeInForce::resolve_native(CodeSet& set) {
  const Micros limit = clock_.steady() + kFirstCompilations;
  for (SourceCode& source : set.sources) {
    if (!code_) {
      options_.native->wait(source.version,
                            [&] { return !options_.watch || clock_.steady() < limit; });
    }
    options_.native->resolve(source, code_ ? code_->used.find(source.name) : nullptr);
  }
}

/// JOBS_ROOT as it is; where it cannot be read and there are other sources, as it was.
Result<void> CodeInForce::add_root(CodeSet& set, const RefreshWork& work,
                                   sources::WriteActivity* writes) {
  touched_.insert(work.touched.begin(), work.touched.end());
  root_problem_.reset();
  auto newest = root_.snapshot(touched_, writes);
  if (!newest.ok()) {
    // Windlass' own jobs need no sources: a sync may bring some.
    if (set.sources.empty() && options_.system_manifest.is_null()) return std::move(newest).error();
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
  WL_TRY(RefreshSummary summary, refresh_sources(work, writes));
  if (root_problem_) return *root_problem_;
  return summary;
}

/// Where JOBS_ROOT cannot be read, the other sources are refreshed all the same.
Result<RefreshSummary> CodeInForce::refresh_sources(const RefreshWork& work,
                                                    sources::WriteActivity* writes) {
  auto summary = refresh_once(work, writes);
  // Another process was faster: what it serves is newer than what is in hand.
  for (int i = 1; i < kMostCatchingUp && !summary.ok() && summary.error().code == kOvertaken; ++i)
    summary = refresh_once(work, writes);
  return summary;
}

Result<RefreshSummary> CodeInForce::refresh_once(const RefreshWork& work,
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
  declared.missing = repositories_.missing();
  declared.complete = options_.source == kJobsRootSource;
  RefreshSummary summary;
  auto written =
      storage_.jobs().update_all([&](const std::vector<Job>& existing) -> Result<std::vector<Job>> {
        // Nobody can change the repositories' records before this transaction ends.
        WL_TRY(const bool current, repositories_.is_current(code.newest));
        if (!current) return Error{std::string(kOvertaken), "Newer code serves already."};
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
  if (!options_.keep_missing) repositories_.lead_to(code_->used);
  tidy();
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

/// What changed in other sources is served before anything is tried beside it.
Result<void> CodeInForce::follow(sources::WriteActivity* writes) {
  WL_TRY(const bool changed, repositories_.look());
  if (code_ && !changed) return ok();
  WL_TRY([[maybe_unused]] const RefreshSummary followed, refresh_sources({false, {}}, writes));
  return ok();
}

Result<bool> CodeInForce::serves(const GitRepository& repository, sources::WriteActivity* writes) {
  WL_TRY([[maybe_unused]] const RefreshSummary now, refresh_sources({false, {}}, writes));
  const std::string name = std::string(kGitSource) + repository.slug;
  const SourceCode* used = code_->used.find(name);
  return used != nullptr && used->version.id == repository.current_head &&
         !used->version.unchecked && !all_errors(*code_).contains(name);
}

Result<CommitTrial> CodeInForce::try_commit(const GitRepository& repository,
                                            sources::SourceVersion version,
                                            const std::function<bool()>& cancelled,
                                            sources::WriteActivity* writes) {
  WL_TRY_VOID(follow(writes));
  const Error given_up{"git.cancelled", "The sync was cancelled; nothing was changed."};
  if (cancelled()) return given_up;
  SourceCode tried = repositories_.code(repository, std::move(version));
  if (options_.native != nullptr) options_.native->resolve(tried, code_->used.find(tried.name));
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
  return adopt(std::move(made), repository, tried.name);
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
  auto recorded = record(*code_);
  if (!recorded.ok() && recorded.error().code == kOvertaken)
    recorded = refresh_sources({false, {}}, nullptr);
  WL_TRY(trial.refresh, std::move(recorded));
  keep_errors(*code_);
  serve_(*code_);
  tidy();
  return trial;
}

Result<CommitTrial> CodeInForce::adopt(Attempt made, const GitRepository& tried,
                                       const std::string& source) {
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
  if (auto adopted = repositories_.adopt(taken, tried); !adopted.ok()) {
    serve_(*code_);  // has what was loaded dropped
    return std::move(adopted).error();
  }
  for (const SourceCode& each : taken) {
    if (each.kind == "git" && each.name != source)
      trial.with[each.name.substr(kGitSource.size())] = each.version.id;
  }
  auto recorded = record(code);
  if (!recorded.ok() && recorded.error().code != kOvertaken) return std::move(recorded).error();
  serve_(code);
  remember(std::move(code));
  if (!recorded.ok()) recorded = refresh_sources({false, {}}, nullptr);
  WL_TRY(trial.refresh, std::move(recorded));
  log_.tell(trial.refresh, *code_);
  return trial;
}

}  // namespace windlass::engine
