#include "runner/pool_group.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace windlass::runner {

/// A load in several interpreters.
class PoolGroup::Joining {
 public:
  Joining(VersionSpec version, SplitVersion split, Load::Done done, Micros began)
      : version(std::move(version)),
        split(std::move(split)),
        done(std::move(done)),
        began(began),
        left(this->split.parts.size() + 1),
        members(this->split.parts.size()),
        answers(this->split.parts.size(), Error{"runner.stopped", ""}) {}

  const VersionSpec version;
  SplitVersion split;
  Load::Done done;
  const Micros began;
  std::size_t left;              ///< answers that have not come, and one for whoever asks
  std::vector<Member*> members;  ///< who has a part; null for one that is not asked
  std::vector<Result<Manifest>> answers;
};

PoolGroup::PoolGroup(PoolOptions options, EventLoop& loop, const Clock& clock, Spawner& spawner)
    : options_(std::move(options)),
      loop_(loop),
      clock_(clock),
      spawner_(spawner),
      alive_(std::make_shared<PoolGroup*>(this)) {}

PoolGroup::~PoolGroup() = default;

PoolGroup::Member& PoolGroup::member_for(const std::string& python) {
  for (const auto& member : members_) {
    if (member->python == python && !member->ending) return *member;
  }
  PoolOptions options = options_;
  options.python = python;
  auto made = std::make_unique<Member>();
  made->python = python;
  made->core = std::make_unique<PoolCore>(std::move(options), loop_, clock_, spawner_);
  return *members_.emplace_back(std::move(made));
}

PoolCore& PoolGroup::route(std::string_view class_path) {
  if (serving_.parts.empty()) return *member_for(options_.python).core;
  if (serving_.parts.size() > 1) {
    for (const Member* member : serving_.parts) {
      if (member->core->serves(class_path)) return *member->core;
    }
  }
  return *serving_.parts.front()->core;
}

// ---------------------------------------------------------------- load

PoolGroup::Member& PoolGroup::load_part(const VersionPart& part, Load::Done done) {
  Member& member = member_for(part.python);
  ++member.loads;
  member.core->load(part.spec, std::move(done));
  return member;
}

void PoolGroup::load(const VersionSpec& version, Load::Done done) {
  if (stopping_) {
    done(Error{"runner.stopped", "The program is being stopped."});
    return;
  }
  SplitVersion split = split_version(version, options_.python, options_.native_runner.string());
  std::erase_if(failures_, [&](const auto& failure) {
    return std::ranges::find(split.parts, failure.first, &VersionPart::python) == split.parts.end();
  });
  const auto joining =
      std::make_shared<Joining>(version, std::move(split), std::move(done), clock_.steady());
  const std::size_t count = joining->split.parts.size();
  for (std::size_t i = 0; i < count; ++i) {
    const VersionPart& part = joining->split.parts[i];
    const auto failed = failures_.find(part.python);
    if (count > 1 && failed != failures_.end() && failed->second.slow) {
      joining->answers[i] = failed->second.why;
      --joining->left;
      continue;
    }
    joining->members[i] = &load_part(part, [this, joining, i](Result<Manifest> result) {
      joining->answers[i] = std::move(result);
      if (--joining->left == 0) joined(*joining);
    });
  }
  if (--joining->left == 0) joined(*joining);
}

void PoolGroup::joined(Joining& joining) {
  std::vector<VersionPart>& parts = joining.split.parts;
  Loaded loaded{joining.version.id, {}};
  std::vector<json::value> frames;
  std::vector<std::size_t> failed;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // Until here nothing ended them.
    if (joining.members[i] != nullptr) --joining.members[i]->loads;
    Result<Manifest>& answer = joining.answers[i];
    if (answer.ok()) {
      loaded.parts.push_back(joining.members[i]);
      frames.push_back(std::move(answer->frame));
    } else {
      failed.push_back(i);
    }
  }
  const bool stopped = std::ranges::any_of(
      failed, [&](std::size_t i) { return joining.answers[i].error().code == "runner.stopped"; });
  if (frames.empty() || stopped) {
    Error error = joining.answers[failed.front()].error();
    end_unneeded();
    joining.done(std::move(error));
    return;
  }
  loaded_.push_back(std::move(loaded));
  json::array more = std::move(joining.split.refused);
  const Micros took = clock_.steady() - joining.began;
  for (const std::size_t i : failed) {
    const Error& why = joining.answers[i].error();
    for (json::value& entry : entries_of_failed(parts[i], why)) more.push_back(std::move(entry));
    note_failure(std::move(parts[i]), why, took);
  }
  json::value frame = parts.size() == 1 && more.empty()
                          ? std::move(frames.front())
                          : join_manifests(joining.version, std::move(frames), std::move(more));
  joining.done(Manifest{joining.version.id, std::move(frame)});
}

void PoolGroup::note_failure(VersionPart part, Error why, Micros took) {
  if (stopping_) return;
  const std::string python = part.python;
  Failure& failure = failures_[python];
  if (failure.why.message != why.message) {
    log::error("An interpreter of job code cannot be used; it is tried again by itself", why);
  }
  // One that fails faster is tried again with every load.
  failure.slow = failure.slow || took > options_.start_timeout / 2;
  failure.why = std::move(why);
  failure.part = std::move(part);
  failure.retry = loop_.after(options_.interpreter_retry, [this, python] { try_again(python); });
}

void PoolGroup::try_again(std::string python) {
  const Micros began = clock_.steady();
  const VersionPart part = failures_.at(python).part;
  load_part(part, [this, python, began](Result<Manifest> result) {
    --member_for(python).loads;
    const auto failed = failures_.find(python);
    if (failed == failures_.end()) {
      end_unneeded();
    } else if (!result.ok()) {
      note_failure(std::move(failed->second.part), std::move(result).error(),
                   clock_.steady() - began);
      end_unneeded();
    } else {
      // What was imported is dropped by the next serve().
      failures_.erase(failed);
      log::info("An interpreter of job code can be used again", {{"interpreter", python}});
      if (options_.on_recovered) options_.on_recovered();
    }
  });
}

// ---------------------------------------------------------------- serve

void PoolGroup::serve(const std::string& id, const SourceVersions& sources) {
  // What waited for this version goes where its class is now.
  std::vector<PooledRun*> waiting;
  if (members_.size() > 1) {
    for (const auto& member : members_) {
      const auto taken = member->core->take_waiting();
      waiting.insert(waiting.end(), taken.begin(), taken.end());
    }
  }
  const auto newest = std::find_if(loaded_.rbegin(), loaded_.rend(),
                                   [&](const Loaded& loaded) { return loaded.id == id; });
  if (newest != loaded_.rend()) serving_ = std::move(*newest);
  const bool known = serving_.id == id && !serving_.parts.empty();
  if (known) loaded_.clear();
  // Where there is no such version, they say so.
  for (const Member* member : serving_.parts) member->core->serve(id, sources);
  if (serving_.parts.empty()) route({}).serve(id, sources);
  for (PooledRun* run : waiting) route(run->class_path()).adopt(*run);
  if (known) end_unneeded();
}

void PoolGroup::expect_version(Micros at_most) {
  if (serving_.parts.empty()) member_for(options_.python).core->expect_version(at_most);
  for (const Member* member : serving_.parts) member->core->expect_version(at_most);
}

std::unique_ptr<Run> PoolGroup::start(RunSpec spec, RunObserver& observer) {
  PoolCore& core = route(get_string(spec.frame, "class_path"));
  return core.start(std::move(spec), observer);
}

std::size_t PoolGroup::active() const {
  std::size_t count = 0;
  for (const auto& member : members_) count += member->core->active();
  return count;
}

// ---------------------------------------------------------------- end

bool PoolGroup::is_needed(const Member& member) const {
  const auto has = [&](const Loaded& loaded) {
    return std::ranges::find(loaded.parts, &member) != loaded.parts.end();
  };
  return member.loads > 0 || has(serving_) || std::ranges::any_of(loaded_, has);
}

void PoolGroup::end_unneeded() {
  if (stopping_) return;
  for (const auto& member : members_) {
    if (member->ending || is_needed(*member)) continue;
    member->ending = true;
    member->core->end_when_idle(
        [&loop = loop_, weak = std::weak_ptr(alive_), ended = member.get()] {
          loop.post([weak, ended] {
            if (const auto group = weak.lock()) (*group)->remove(ended);
          });
        });
  }
}

void PoolGroup::remove(const Member* member) {
  if (stopping_) return;  // stop() looks after all
  std::erase_if(members_, [&](const auto& each) { return each.get() == member; });
}

void PoolGroup::stop(const std::function<void()>& done) {
  stopping_ = true;
  failures_.clear();
  const auto left = std::make_shared<std::size_t>(members_.size());
  if (members_.empty()) done();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i]->core->stop([left, done] {
      if (--*left == 0) done();
    });
  }
}

}  // namespace windlass::runner
