#include "engine/repository_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "engine/git_checkouts.h"
#include "engine/git_environments.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

std::string source_of(std::string_view slug) {
  return fmt::format("{}{}", kGitSource, slug);
}

Query all_of_them() {
  Query query;
  query.limit = std::numeric_limits<std::int64_t>::max();
  return query;
}

std::string module_of(std::string_view source) {
  return fmt::format("{}.jobs", source.substr(kGitSource.size()));
}

}  // namespace

/// One fetch at a time of files that are not here.
class RepositorySources::Fetching {
 public:
  Fetching(GitFiles& files, Micros retry, std::function<void()> wake)
      : files_(files), retry_(retry), wake_(std::move(wake)) {}
  ~Fetching() {
    stop();
    if (thread_.joinable()) thread_.join();
  }

  /// Begins, unless another is under way or this one failed a moment ago. What is known of why the
  /// files are not here.
  std::string want(const GitRepository& repository) {
    const std::string key = key_of(repository);
    const std::lock_guard lock(mutex_);
    const auto failed = failures_.find(key);
    const Micros now = clock_.steady();
    const bool tried = failed != failures_.end();
    if (!busy_ && !stopping_ && (!tried || now - failed->second.at >= retry_)) {
      if (thread_.joinable()) thread_.join();
      busy_ = true;
      try {
        thread_ = std::thread([this, repository, key] { run(repository, key); });
      } catch (const std::exception& failure) {
        busy_ = false;
        failures_[key] = {now, failure.what()};
        return failures_[key].why;
      }
    }
    return tried ? failed->second.why : "they are being fetched";
  }

  /// What else failed is asked for no more. What was fetched was seen to.
  void keep(const std::vector<GitRepository>& wanted) {
    std::set<std::string> keys;
    for (const GitRepository& repository : wanted) keys.insert(key_of(repository));
    const std::lock_guard lock(mutex_);
    std::erase_if(failures_, [&](const auto& failed) { return !keys.contains(failed.first); });
    if (!keys.contains(got_of_)) got_ = {};
  }

  /// When to ask again for what failed; not while one is fetched, whose end wakes the catalog.
  std::optional<Micros> due() const {
    const std::lock_guard lock(mutex_);
    std::optional<Micros> first;
    if (busy_ || stopping_) return first;
    for (const auto& [key, failure] : failures_) {
      const Micros at = failure.at + retry_;
      if (!first || at < *first) first = at;
    }
    return first;
  }

  /// A fetch under way is given up; returns at once.
  void stop() { stopping_ = true; }
  bool is_stopping() const { return stopping_; }

 private:
  struct Failure {
    Micros at{0};
    std::string why;
  };

  static std::string key_of(const GitRepository& repository) {
    return repository.slug + "@" + repository.current_head;
  }

  void run(const GitRepository& repository, const std::string& key) {
    const auto got =
        files_.checkout(repository, repository.current_head, true, [this] { return !stopping_; });
    {
      const std::lock_guard lock(mutex_);
      busy_ = false;
      if (got.ok()) {
        failures_.erase(key);
        // Held until the catalog has them.
        got_ = *got;
        got_of_ = key;
      } else if (!stopping_) {
        failures_[key] = {clock_.steady(), got.error().message};
        log::warning("The files of a repository's commit are not here and cannot be fetched",
                     {{"repository", repository.slug},
                      {"commit", repository.current_head},
                      {"reason", got.error().message}});
      }
    }
    if (!stopping_) wake_();  // the next one can begin, or this one again in its time
  }

  GitFiles& files_;
  const Micros retry_;
  const std::function<void()> wake_;
  SystemClock clock_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  bool busy_ = false;
  std::map<std::string, Failure> failures_;
  sources::SourceVersion got_;
  std::string got_of_;
  std::thread thread_;
};

RepositorySources::RepositorySources(Storage& storage, GitFiles* files,
                                     std::map<std::string, std::string> pythons, Micros retry,
                                     std::function<void()> wake)
    : storage_(storage), files_(files), pythons_(std::move(pythons)), retry_(retry) {
  if (files_ != nullptr) fetching_ = std::make_unique<Fetching>(*files_, retry, std::move(wake));
}

RepositorySources::~RepositorySources() = default;

void RepositorySources::stop() {
  if (fetching_ != nullptr) fetching_->stop();
}

Result<bool> RepositorySources::look() {
  if (files_ == nullptr) return false;
  WL_TRY(Page<GitRepository> page, storage_.git_repositories().list(all_of_them()));
  records_ = std::move(page.items);
  std::vector<Serving> now;
  for (const GitRepository& record : records_) {
    now.push_back({record.id.to_string(), record.slug, record.current_head, record.newest_head,
                   record.python});
  }
  std::ranges::sort(now, {}, &Serving::slug);
  const bool changed = now != seen_;
  seen_ = std::move(now);
  std::erase_if(versions_, [&](const auto& known) {
    const GitRepository* record = find(known.first);
    return record == nullptr || record->current_head != known.second.code.version.id;
  });
  std::erase_if(refused_, [&](const auto& refused) {
    const GitRepository* record = find(refused.first);
    return record == nullptr || record->newest_head != refused.second.version.id;
  });
  return changed;
}

GitRepository* RepositorySources::find(std::string_view name) {
  const auto at = std::ranges::find_if(records_, [&](const GitRepository& record) {
    return name.substr(kGitSource.size()) == record.slug;
  });
  return at == records_.end() ? nullptr : &*at;
}

SourceCode RepositorySources::code(const GitRepository& repository,
                                   sources::SourceVersion version) const {
  const std::string python =
      version.python.empty() ? chosen_python(repository, pythons_) : version.python;
  return {source_of(repository.slug), "git", python, std::move(version)};
}

void RepositorySources::add_to(CodeSet& set, bool wait) {
  missing_.clear();
  ask_again_.reset();
  std::vector<GitRepository> wanted;
  for (const GitRepository& record : records_) {
    if (record.current_head.empty()) continue;
    const std::string name = source_of(record.slug);
    const std::string chosen = chosen_python(record, pythons_);
    const auto known = versions_.find(name);
    if (known == versions_.end() || known->second.chosen != chosen) {
      auto version = files_->checkout(record, record.current_head, wait,
                                      [this] { return !fetching_->is_stopping(); });
      if (version.ok()) {
        versions_.insert_or_assign(name, Known{code(record, *std::move(version)), chosen});
      } else if (version.error().code == "git.not_here") {
        missing_[name] = fetching_->want(record);
        wanted.push_back(record);
      } else {
        missing_[name] = version.error().message;
        ask_again_ = clock_.steady() + retry_;
      }
    }
    // With another interpreter it may go on until it has what it requires there.
    if (const auto now = versions_.find(name); now != versions_.end()) set.put(now->second.code);
  }
  if (files_ != nullptr) fetching_->keep(wanted);
}

std::set<std::string> RepositorySources::missing() const {
  std::set<std::string> names;
  for (const auto& [name, why] : missing_) names.insert(name);
  return names;
}

std::optional<Micros> RepositorySources::due() const {
  if (files_ == nullptr) return std::nullopt;
  const std::optional<Micros> fetch = fetching_->due();
  return fetch && ask_again_ ? std::min(fetch, ask_again_) : fetch ? fetch : ask_again_;
}

Result<bool> RepositorySources::is_current(const CodeSet& newest) const {
  if (files_ == nullptr) return true;
  WL_TRY(const Page<GitRepository> page, storage_.git_repositories().list(all_of_them()));
  std::set<std::string> names;
  for (const GitRepository& record : page.items) {
    const std::string name = source_of(record.slug);
    if (!record.current_head.empty()) names.insert(name);
    const SourceCode* source = newest.find(name);
    const std::string have = source == nullptr ? "" : source->version.id;
    if (have != record.current_head && !missing_.contains(name)) return false;
  }
  return std::ranges::all_of(newest.sources, [&](const SourceCode& source) {
    return source.kind != "git" || names.contains(source.name);
  });
}

SourceErrors RepositorySources::errors(const SourceErrors& kept) const {
  SourceErrors errors;
  for (const GitRepository& record : records_) {
    const std::string name = source_of(record.slug);
    if (const auto missing = missing_.find(name); missing != missing_.end()) {
      errors[name][module_of(name)] =
          fmt::format("The files of commit {}, or what it requires, are not here: {}",
                      record.current_head, missing->second);
    } else if (record.newest_head != record.current_head && kept.contains(name)) {
      errors[name] = kept.at(name);
    }
  }
  return errors;
}

std::vector<SourceCode> RepositorySources::newer_than(const CodeSet& used,
                                                      const std::string& but) const {
  std::vector<SourceCode> newer;
  for (const GitRepository& record : records_) {
    const std::string name = source_of(record.slug);
    const SourceCode* serving = used.find(name);
    if (name == but || record.newest_head.empty()) continue;
    if (serving != nullptr && serving->version.id == record.newest_head) continue;
    auto version = files_->checkout(record, record.newest_head, false, [] { return true; });
    if (version.ok()) newer.push_back(code(record, *std::move(version)));
  }
  return newer;
}

Result<void> RepositorySources::adopt(const std::vector<SourceCode>& taken,
                                      const GitRepository& tried) {
  std::vector<Uuid> ids;
  std::map<std::string, std::pair<GitRepository, std::string>> wanted;  ///< slug → and its commit
  for (const SourceCode& source : taken) {
    if (source.kind != "git") continue;
    const GitRepository* record = source.name == source_of(tried.slug) ? &tried : find(source.name);
    if (record == nullptr) {
      return Error{"git_repository.not_found",
                   fmt::format("The repository {} was deleted meanwhile.",
                               source.name.substr(kGitSource.size()))};
    }
    ids.push_back(record->id);
    wanted[record->slug] = {*record, source.version.id};
  }
  WL_TRY(const std::vector<GitRepository> adopted,
         storage_.git_repositories().modify_all(ids, [&](GitRepository& stored) -> Result<void> {
           const auto& [fetched, commit] = wanted.at(stored.slug);
           WL_TRY_VOID(check_fetched(stored, fetched, commit));
           stored.current_head = commit;
           stored.sync_error.clear();
           return ok();
         }));
  for (const GitRepository& record : adopted) {
    if (GitRepository* known = find(source_of(record.slug))) *known = record;
    // The next look finds nothing new in what was done here.
    for (Serving& seen : seen_) {
      if (seen.slug == record.slug) seen.commit = seen.newest = record.current_head;
    }
  }
  for (const SourceCode& source : taken) {
    if (source.kind != "git") continue;
    const GitRepository& record = wanted.at(source.name.substr(kGitSource.size())).first;
    versions_.insert_or_assign(source.name, Known{source, chosen_python(record, pythons_)});
    refused_.erase(source.name);
    missing_.erase(source.name);
  }
  return ok();
}

void RepositorySources::lead_to(const CodeSet& used) {
  if (files_ == nullptr) return;
  for (const SourceCode& source : used.sources) {
    if (source.kind != "git") continue;
    const std::string slug = source.name.substr(kGitSource.size());
    std::string& current = current_[slug];
    if (current == source.version.id) continue;
    if (const auto made = files_->make_current(slug, source.version.id); made.ok()) {
      current = source.version.id;
    } else {
      log::error("The stable path of a repository's files cannot be set", made.error());
    }
  }
}

void RepositorySources::prune(const CodeSet& newest, const CodeSet& used) {
  if (files_ == nullptr) return;
  for (const GitRepository& record : records_) {
    std::set<std::string> keep{record.current_head, record.newest_head};
    for (const CodeSet* set : {&newest, &used}) {
      if (const SourceCode* source = set->find(source_of(record.slug)))
        keep.insert(source->version.id);
    }
    files_->prune(record.slug, keep);
  }
}

void RepositorySources::remove_gone(const CodeSet& used) {
  if (files_ == nullptr) return;
  files_->prune_environments();
  for (const std::string& slug : files_->slugs()) {
    if (find(source_of(slug)) != nullptr || used.find(source_of(slug)) != nullptr) continue;
    // It may have been added since the last look.
    const auto stored = storage_.git_repositories().find_by_slug(slug);
    if (stored.ok() || stored.error().code != "git_repository.not_found") continue;
    current_.erase(slug);
    const auto removed = files_->remove(slug);
    if (removed.ok()) {
      log::info("The files of a deleted repository were removed", {{"repository", slug}});
    } else if (removed.error().code != "git.in_use") {
      log::error("The files of a deleted repository cannot be removed", removed.error());
    }
  }
}

}  // namespace windlass::engine
