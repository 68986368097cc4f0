#include "server/rest/rendering.h"

#include <algorithm>
#include <limits>

#include "model/job_source.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

/// Serialises the object of that id, one level less deep.
template <class T>
std::string whole(Result<T> object, Rendering& deeper) {
  std::string text;
  if (object.ok()) {
    JsonWriter out(text);
    write_object(out, *object, deeper);
  } else if (!object.error().code.ends_with(".not_found")) {
    deeper.fail(std::move(object).error());
  }
  return text;
}

struct Related {
  std::string_view object_type;
  std::string_view path;
  std::string (*fetch)(Storage&, const Uuid&, Rendering&);
};

template <class T>
Related related(std::string (*fetch)(Storage&, const Uuid&, Rendering&)) {
  return {resource_of<T>().object_type, resource_of<T>().path, fetch};
}

/// As lists show it: its large values, repeated in every object that refers to it, would add up.
Result<JobResult> result_without_large_values(Storage& storage, const Uuid& id) {
  Query query;
  query.filters.push_back({"id", Filter::Is::kOneOf, {DbValue{id.to_string()}}});
  WL_TRY(Page<JobResult> page, storage.results().list(query));
  if (page.items.empty()) return Error{"job_result.not_found", "There is no such result."};
  return std::move(page.items.front());
}

/// The kinds of objects that others refer to.
const std::vector<Related>& related_kinds() {
  static const std::vector<Related> kinds{
      related<Job>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.jobs().get(id), rendering);
      }),
      related<JobResult>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(result_without_large_values(storage, id), rendering);
      }),
      related<JobQueue>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.queues().get(id), rendering);
      }),
      related<GitRepository>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.git_repositories().get(id), rendering);
      }),
      related<User>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.accounts().get_user(id), rendering);
      }),
  };
  return kinds;
}

const Related& kind_named(std::string_view object_type) {
  const auto& kinds = related_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Related& kind) {
    return kind.object_type == object_type;
  });
  WL_CHECK(found != kinds.end(), "no kind of object " + std::string(object_type));
  return *found;
}

}  // namespace

void Rendering::url(JsonWriter& out, std::string_view path, const Uuid& id, std::string_view tail) {
  out.begin_text();
  out.plain_part(base_url_);
  out.plain_part("/api/");
  out.plain_part(path);
  out.plain_part("/");
  out.plain_part(id);
  out.plain_part(tail);
  out.end_text();
}

void Rendering::reference(JsonWriter& out, std::string_view object_type, const Uuid& id) {
  const ObjectKey key{object_type, id};
  if (depth_ > 0 && !is_being_written(key)) return embed(out, key);
  out.begin_object();
  out.quoted_key("\"id\":");
  out.id(id);
  out.quoted_key("\"object_type\":\"");
  out.plain_part(object_type);
  out.plain_part("\",\"url\":");
  url(out, kind_named(object_type).path, id);
  out.end_object();
}

void Rendering::embed(JsonWriter& out, const ObjectKey& key) {
  auto place = embedded_.find(key);
  if (place == embedded_.end()) {
    Rendering deeper(storage_, queues_, base_url_, depth_ - 1, false, commit_link_);
    deeper.outer_ = this;
    place = embedded_.emplace(key, kind_named(key.first).fetch(storage_, key.second, deeper)).first;
    if (deeper.failure_) fail(*std::move(deeper.failure_));
    if (deeper.shaped_by_outer_) {  // it may read otherwise within another object
      const std::string text = std::move(embedded_.extract(place).mapped());
      return text.empty() ? out.null() : out.raw(text);
    }
  }
  place->second.empty() ? out.null() : out.raw(place->second);
}

bool Rendering::is_being_written(const ObjectKey& key) {
  if (std::find(writing_.begin(), writing_.end(), key) != writing_.end()) return true;
  if (outer_ == nullptr || !outer_->is_being_written(key)) return false;
  shaped_by_outer_ = true;
  return true;
}

std::string Rendering::version_url(std::string_view source, std::string_view version) {
  if (!commit_link_ || !source.starts_with(kGitSource) || version.empty()) return "";
  std::pair<std::string, std::string> key{source, version};
  auto remote = remotes_.find(key);
  if (remote == remotes_.end()) {
    auto found = storage_.git_repositories().remote_of(source.substr(kGitSource.size()), version);
    if (!found.ok()) fail(found.error());
    remote = remotes_.emplace(std::move(key), std::move(found).value_or("")).first;
  }
  return remote->second.empty() ? "" : commit_link_(remote->second, version);
}

std::vector<JobQueue> Rendering::queues_of(const Job& job) {
  std::vector<JobQueue> queues;
  for (const std::string& name : job.queues_with(queues_.default_queue())) {
    auto queue = queues_.by_name(name);
    if (queue.ok()) {
      queues.push_back(*std::move(queue));
    } else {
      fail(std::move(queue).error());
    }
  }
  return queues;
}

std::size_t Rendering::workers_on(std::string_view queue) {
  if (!alive_) {
    auto alive = storage_.workers().alive();
    if (!alive.ok()) fail(alive.error());
    alive_ = std::move(alive).value_or({});
  }
  return std::count_if(alive_->begin(), alive_->end(),
                       [&](const Worker& worker) { return serves(worker, queue); });
}

void Rendering::load_files(const std::vector<JobResult>& results) {
  Query query;
  query.limit = std::numeric_limits<std::int64_t>::max();
  Filter filter{"job_result", Filter::Is::kOneOf, {}};
  for (const JobResult& result : results) {
    files_[result.id];
    // Before its first attempt nothing has made a file.
    if (result.attempt > 0) filter.values.emplace_back(result.id.to_string());
  }
  if (filter.values.empty()) return;
  query.filters.push_back(std::move(filter));
  auto page = storage_.files().list(query);
  if (!page.ok()) return fail(std::move(page).error());
  for (FileProxy& file : page->items) files_[file.job_result].push_back(std::move(file));
}

const std::vector<FileProxy>& Rendering::files_of(const JobResult& result) {
  const auto found = files_.find(result.id);
  if (found != files_.end()) return found->second;
  load_files({result});
  return files_[result.id];
}

}  // namespace windlass::rest
