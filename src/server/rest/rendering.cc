#include "server/rest/rendering.h"

#include <algorithm>
#include <limits>

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

/// The kinds of objects that others refer to.
const std::vector<Related>& related_kinds() {
  static const std::vector<Related> kinds{
      related<Job>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.jobs().get(id), rendering);
      }),
      related<JobResult>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.results().get(id), rendering);
      }),
      related<JobQueue>([](Storage& storage, const Uuid& id, Rendering& rendering) {
        return whole(storage.queues().get(id), rendering);
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
  if (depth_ > 0) {
    const std::string& text = embedded(object_type, id);
    return text.empty() ? out.null() : out.raw(text);
  }
  out.begin_object();
  out.quoted_key("\"id\":");
  out.id(id);
  out.quoted_key("\"object_type\":\"");
  out.plain_part(object_type);
  out.plain_part("\",\"url\":");
  url(out, kind_named(object_type).path, id);
  out.end_object();
}

const std::string& Rendering::embedded(std::string_view object_type, const Uuid& id) {
  const auto [place, added] = embedded_.try_emplace({object_type, id});
  if (added) {
    Rendering deeper(storage_, queues_, base_url_, depth_ - 1);
    place->second = kind_named(object_type).fetch(storage_, id, deeper);
    if (deeper.failure_) fail(*std::move(deeper.failure_));
  }
  return place->second;
}

std::vector<JobQueue> Rendering::queues_of(const Job& job) {
  std::vector<std::string> names = job.queue_names();
  if (names.empty()) names.push_back(queues_.default_queue());
  std::vector<JobQueue> queues;
  for (const std::string& name : names) {
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
