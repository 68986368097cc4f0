#include "engine/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "engine/object_view.h"
#include "storage/query_text.h"

namespace windlass::engine {

namespace {

using windlass::display_of;

std::string display_of(const Job& job) {
  return job.name;
}
std::string display_of(const JobQueue& queue) {
  return queue.name;
}
std::string display_of(const FileProxy& file) {
  return file.name;
}
std::string display_of(const GitRepository& repository) {
  return repository.name;
}
std::string display_of(const User& user) {
  return user.username;
}

/// One type of objects: what it is, how storage gives it, and by which fields people name it.
struct Kind {
  const ResourceInfo& resource;
  const FieldInfos& fields;
  std::function<Result<FoundObjects>(Storage&, const Query&)> list;
  std::vector<std::string_view> names;
};

template <class T>
bool has_large_fields() {
  return std::ranges::any_of(fields_of<T>(), [](const auto& field) { return field.has(kDetail); });
}

template <class T, class Store>
Kind kind(Store& (Storage::*store)(), Result<Page<T>> (Store::*list)(const Query&),
          Result<T> (Store::*get)(const Uuid&), std::vector<std::string_view> names) {
  const auto find = [=](Storage& storage, const Query& query) -> Result<FoundObjects> {
    WL_TRY(Page<T> page, ((storage.*store)().*list)(query));
    if (has_large_fields<T>() && page.items.size() == 1) {
      WL_TRY(page.items.front(), ((storage.*store)().*get)(page.items.front().id));
    }
    FoundObjects found{page.count, {}};
    for (const T& item : page.items) found.objects.push_back(object_view(item, display_of(item)));
    return found;
  };
  return {resource_of<T>(), field_infos<T>(), find, std::move(names)};
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      kind(&Storage::jobs, &JobStore::list, &JobStore::get, {"class_path", "name"}),
      kind(&Storage::results, &ResultStore::list, &ResultStore::get, {}),
      kind(&Storage::queues, &QueueStore::list, &QueueStore::get, {"name"}),
      kind(&Storage::files, &FileStore::list, &FileStore::get, {}),
      kind(&Storage::git_repositories, &GitRepositoryStore::list, &GitRepositoryStore::get,
           {"slug", "name"}),
      kind(&Storage::accounts, &AccountStore::list_users, &AccountStore::get_user, {"username"}),
  };
  return all;
}

template <class Names>
std::string joined(const Names& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

Result<const Kind*> kind_named(std::string_view object_type) {
  const std::string wanted = to_lower(object_type);
  for (const Kind& kind : kinds()) {
    if (kind.resource.object_type == wanted) return &kind;
  }
  return Error{"object.unknown_type",
               fmt::format("There are no objects of type \"{}\" here; there are {}.", object_type,
                           joined(object_types()))};
}

/// Everything that is wrong, and what there is to ask for.
Error invalid_query(const Kind& kind, FieldErrors fields) {
  std::vector<std::string> wrong;
  bool unknown = false;
  for (const auto& [name, messages] : fields) {
    const bool no_such = messages.front() == kUnknownFilter;
    unknown = unknown || no_such;
    wrong.push_back(no_such ? fmt::format("there is no filter \"{}\"", name)
                            : fmt::format("{}: {}", name, fmt::join(messages, " ")));
  }
  std::string sentence = fmt::format("{} cannot be found like this: {}", kind.resource.object_type,
                                     fmt::join(wrong, "; "));
  if (!sentence.ends_with('.')) sentence += '.';
  if (unknown) {
    std::vector<std::string_view> known{"q"};
    for (const FieldInfo* field : kind.fields) {
      if (field->has(kFilter) && !field->has(kHidden)) known.push_back(field->name);
    }
    sentence += fmt::format(" Filters are {}.", joined(known));
  }
  return {"query.invalid", std::move(sentence), "", std::move(fields)};
}

}  // namespace

const std::vector<std::string_view>& object_types() {
  static const std::vector<std::string_view> types = [] {
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds()) names.push_back(kind.resource.object_type);
    return names;
  }();
  return types;
}

Result<FoundObjects> ObjectDirectory::find(const ObjectsWanted& wanted) const {
  WL_TRY(const Kind* kind, kind_named(wanted.object_type));
  const ResolveReference resolve_name = [this](std::string_view type, const std::string& name) {
    return resolve(type, name);
  };
  Query query;
  FieldErrors errors;
  for (const ObjectFilters& filters : wanted.filters) {
    QueryReader reader(kind->fields, resolve_name);
    for (const auto& [name, values] : filters) {
      for (const std::string& value : values) WL_TRY_VOID(reader.filter(name, value));
    }
    errors.merge(FieldErrors(reader.errors()));
    Query read = reader.take();
    std::ranges::move(read.filters, std::back_inserter(query.filters));
    if (!read.search.empty()) query.search = std::move(read.search);
  }
  if (!wanted.sort.empty()) {
    QueryReader reader(kind->fields, resolve_name);
    reader.sort(wanted.sort);
    errors.merge(FieldErrors(reader.errors()));
    query.sort = reader.take().sort;
  }
  if (!errors.empty()) return invalid_query(*kind, std::move(errors));
  query.limit = wanted.limit;
  query.offset = wanted.offset;
  return kind->list(storage_, query);
}

Result<Uuid> ObjectDirectory::resolve(std::string_view object_type, const std::string& text) const {
  WL_TRY(const Kind* kind, kind_named(object_type));
  const bool is_id = Uuid::parse(text).has_value();
  const std::vector<std::string_view> fields =
      is_id ? std::vector<std::string_view>{"id"} : kind->names;
  for (const std::string_view field : fields) {
    Query query;
    query.limit = 1;
    const std::string value = is_id ? Uuid::parse(text)->to_string() : text;
    query.filters.push_back({std::string(field), Filter::Is::kOneOf, {DbValue(value)}});
    WL_TRY(const FoundObjects found, kind->list(storage_, query));
    if (found.objects.empty()) continue;
    return *Uuid::parse(get_string(found.objects.front(), "id"));
  }
  return Error{"object.not_found",
               fmt::format("There is no {} \"{}\"{}.", kind->resource.label, text,
                           kind->names.empty() && !is_id ? ": it is named by its id" : "")};
}

std::string object_url(std::string_view path, const Uuid& id) {
  return fmt::format("/api/{}/{}/", path, id.to_string());
}

json::object object_reference(std::string_view object_type, const Uuid& id) {
  const auto kind = std::ranges::find(kinds(), object_type,
                                      [](const Kind& one) { return one.resource.object_type; });
  WL_CHECK(kind != kinds().end(), "references name types of the directory");
  return {{"id", id.to_string()},
          {"object_type", to_json_view(object_type)},
          {"url", object_url(kind->resource.path, id)}};
}

}  // namespace windlass::engine
