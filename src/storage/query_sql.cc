#include "storage/query_sql.h"

#include "base/text.h"
#include "model/git_repository.h"
#include "model/job.h"
#include "model/job_result.h"
#include "model/records.h"

namespace windlass {

namespace {

template <class T>
Listing make_listing(std::vector<SortKey> order, std::string_view key) {
  Listing listing{resource_of<T>().table, {}, std::move(order), key};
  for (const Field<T>& field : fields_of<T>()) listing.fields.push_back(field);
  return listing;
}

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

const FieldInfo* find_info(const Listing& listing, std::string_view name) {
  for (const FieldInfo& field : listing.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

class Compiler {
 public:
  Compiler(const Listing& listing, std::size_t first_place)
      : listing_(listing), next_place_(first_place) {}

  Result<void> add_filter(const Filter& filter) {
    const FieldInfo* field = find_info(listing_, filter.field);
    if (field == nullptr || !field->has(kFilter)) {
      return Error{"storage.unknown_filter", "There is no filter named " + filter.field + "."};
    }
    const std::string column = quoted(field->name);
    switch (filter.is) {
      case Filter::Is::kOneOf:
        add(one_of(column, filter.values));
        break;
      case Filter::Is::kNoneOf:
        add("NOT coalesce(" + one_of(column, filter.values) + ", false)");
        break;
      case Filter::Is::kAtLeast:
        for (const DbValue& value : filter.values) add(column + " >= " + bound(value));
        break;
      case Filter::Is::kAtMost:
        for (const DbValue& value : filter.values) add(column + " <= " + bound(value));
        break;
      case Filter::Is::kContains:
        add(contains_any(column, filter.values));
        break;
    }
    return ok();
  }

  void add_search(const std::string& text) {
    if (text.empty()) return;
    std::string any;
    for (const FieldInfo& field : listing_.fields) {
      if (!field.has(kSearch)) continue;
      any += (any.empty() ? "" : " OR ") + contains(quoted(field.name), text);
    }
    add(any.empty() ? "1 = 0" : "(" + any + ")");
  }

  Result<void> set_order(std::string_view sort) {
    std::vector<SortKey> keys = listing_.order;
    if (!sort.empty()) {
      WL_TRY(keys, keys_of(sort));
    }
    for (const SortKey& key : keys) {
      out_.order += (out_.order.empty() ? " ORDER BY " : ", ") + quoted(key.field) +
                    (key.descending ? " DESC" : "");
    }
    return ok();
  }

  CompiledQuery take() { return std::move(out_); }

 private:
  /// The index of the first field serves all: the others order what is equal in it.
  Result<std::vector<SortKey>> keys_of(std::string_view sort) const {
    std::vector<SortKey> keys;
    for (std::string_view name : split(sort, ',')) {
      const bool descending = name.starts_with('-');
      if (descending) name.remove_prefix(1);
      const FieldInfo* field = find_info(listing_, name);
      if (field == nullptr || !field->has(kSort)) {
        return Error{"storage.unknown_sort", "Cannot sort by " + std::string(name) + "."};
      }
      keys.push_back({field->name, descending});
    }
    keys.push_back({listing_.key, keys.back().descending});
    return keys;
  }

  void add(const std::string& condition) {
    out_.where += (out_.where.empty() ? " WHERE " : " AND ") + condition;
  }

  std::string bound(DbValue value) {
    out_.values.push_back(std::move(value));
    return "$" + std::to_string(next_place_++);
  }

  std::string one_of(const std::string& column, const std::vector<DbValue>& values) {
    std::string list;
    std::string null;
    for (const DbValue& value : values) {
      if (std::holds_alternative<std::monostate>(value)) {
        null = column + " IS NULL";
      } else {
        list += (list.empty() ? "" : ", ") + bound(value);
      }
    }
    if (list.empty()) return null.empty() ? "1 = 0" : null;
    const std::string in = column + " IN (" + list + ")";
    return null.empty() ? in : "(" + in + " OR " + null + ")";
  }

  std::string contains(const std::string& column, const std::string& text) {
    return "lower(" + column + ") LIKE lower(" + bound(contains_pattern(text)) + ") ESCAPE '\\'";
  }

  std::string contains_any(const std::string& column, const std::vector<DbValue>& values) {
    std::string any;
    for (const DbValue& value : values) {
      if (const auto* text = std::get_if<std::string>(&value)) {
        any += (any.empty() ? "" : " OR ") + contains(column, *text);
      }
    }
    return any.empty() ? "1 = 0" : "(" + any + ")";
  }

  const Listing& listing_;
  std::size_t next_place_;
  CompiledQuery out_;
};

}  // namespace

template <>
const Listing& listing_of<Job>() {
  static const Listing listing = make_listing<Job>({{"grouping"}, {"name"}, {"id"}}, "id");
  return listing;
}

template <>
const Listing& listing_of<JobResult>() {
  static const Listing listing =
      make_listing<JobResult>({{"date_created", true}, {"number", true}}, "number");
  return listing;
}

template <>
const Listing& listing_of<JobQueue>() {
  static const Listing listing = make_listing<JobQueue>({{"id", true}}, "id");
  return listing;
}

template <>
const Listing& listing_of<Worker>() {
  static const Listing listing = make_listing<Worker>({{"id", true}}, "id");
  return listing;
}

template <>
const Listing& listing_of<User>() {
  static const Listing listing = make_listing<User>({{"id", true}}, "id");
  return listing;
}

template <>
const Listing& listing_of<Token>() {
  static const Listing listing = make_listing<Token>({{"id", true}}, "id");
  return listing;
}

template <>
const Listing& listing_of<FileProxy>() {
  static const Listing listing = make_listing<FileProxy>({{"id", true}}, "id");
  return listing;
}

template <>
const Listing& listing_of<GitRepository>() {
  static const Listing listing = make_listing<GitRepository>({{"name"}, {"id"}}, "id");
  return listing;
}

std::string contains_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

Result<CompiledQuery> compile_query(const Query& query, const Listing& listing,
                                    std::size_t first_place) {
  Compiler compiler(listing, first_place);
  for (const Filter& filter : query.filters) WL_TRY_VOID(compiler.add_filter(filter));
  compiler.add_search(query.search);
  WL_TRY_VOID(compiler.set_order(query.sort));
  return compiler.take();
}

}  // namespace windlass
