#include "server/rest/filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "server/rest/errors.h"

namespace windlass::rest {

namespace {

constexpr std::array<std::string_view, 5> kListParameters{"limit", "offset", "sort", "q", "format"};
constexpr std::array<std::string_view, 5> kCommonParameters{"depth", "render", "include",
                                                            "exclude_m2m", "api_version"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error wrong(std::string sentence) {
  return {"rest.invalid", std::move(sentence)};
}

template <class Number>
bool read_number(std::string_view text, Number* out) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return problem == std::errc{} && end == text.data() + text.size();
}

Result<DbValue> read_bool(const std::string& text) {
  const std::string lower = to_lower(text);
  if (lower == "true" || lower == "1") return DbValue{std::int64_t{1}};
  if (lower == "false" || lower == "0") return DbValue{std::int64_t{0}};
  return wrong(fmt::format("\"{}\" is not a valid boolean; use true or false.", text));
}

Result<DbValue> read_status(const std::string& text) {
  if (const auto status = parse_status(text)) return DbValue{std::string(to_string(*status))};
  return wrong(fmt::format(
      "\"{}\" is not a status; use PENDING, STARTED, RETRY, SUCCESS, FAILURE or REVOKED.", text));
}

Result<DbValue> read_reference(const FieldInfo& field, const std::string& text,
                               const ResolveReference& resolve) {
  if (const auto id = Uuid::parse(text)) return DbValue{id->to_string()};
  if (text == "null") return DbValue{};
  auto id = resolve(field.refers_to, text);
  if (id.ok()) return DbValue{id->to_string()};
  if (!id.error().code.ends_with(".not_found")) return std::move(id).error();
  return wrong(fmt::format("\"{}\" is neither an id nor a name that exists.", text));
}

Result<DbValue> read_value(const FieldInfo& field, const std::string& text,
                           const ResolveReference& resolve) {
  switch (field.kind) {
    case FieldKind::kId:
      if (const auto id = Uuid::parse(text)) return DbValue{id->to_string()};
      return wrong(fmt::format("\"{}\" is not a valid id.", text));
    case FieldKind::kReference:
      return read_reference(field, text, resolve);
    case FieldKind::kStatus:
      return read_status(text);
    case FieldKind::kBool:
      return read_bool(text);
    case FieldKind::kTime: {
      WL_TRY(const TimePoint time, parse_rfc3339(text));
      return DbValue{to_micros(time)};
    }
    case FieldKind::kInteger: {
      std::int64_t number = 0;
      if (read_number(text, &number)) return DbValue{number};
      return wrong(fmt::format("\"{}\" is not a whole number.", text));
    }
    case FieldKind::kNumber: {
      double number = 0;
      if (read_number(text, &number)) return DbValue{number};
      return wrong(fmt::format("\"{}\" is not a number.", text));
    }
    case FieldKind::kText:
    case FieldKind::kJson:
      break;
  }
  return DbValue{text};
}

std::optional<Filter::Is> condition_of(std::string_view suffix) {
  if (suffix.empty()) return Filter::Is::kOneOf;
  if (suffix == "__n") return Filter::Is::kNoneOf;
  if (suffix == "__ic") return Filter::Is::kContains;
  if (suffix == "__gte") return Filter::Is::kAtLeast;
  if (suffix == "__lte") return Filter::Is::kAtMost;
  return std::nullopt;
}

const FieldInfo* field_named(const FieldInfos& fields, std::string_view name) {
  for (const FieldInfo* field : fields) {
    if (field->name == name) return field;
  }
  return nullptr;
}

/// Puts filters together from the pieces of a query.
class FilterReader {
 public:
  FilterReader(const FieldInfos& fields, const ResolveReference& resolve)
      : fields_(fields), resolve_(resolve) {}

  /// Nothing, or why the whole request fails (storage trouble): wrong parameters go into `errors`.
  Result<void> add(const std::string& name, const std::string& text, FieldErrors& errors) {
    const auto at = name.rfind("__");
    const std::string_view base = std::string_view(name).substr(0, at);
    const std::string_view suffix =
        at == std::string::npos ? "" : std::string_view(name).substr(at);
    const FieldInfo* field = field_named(fields_, base);
    if (field == nullptr || !contains(filter_suffixes(*field), suffix)) {
      errors[name] = {"Unknown filter field"};
      return ok();
    }
    auto value = read_value(*field, text, resolve_);
    if (value.ok()) {
      filter_for(*field, *condition_of(suffix)).values.push_back(*std::move(value));
    } else if (value.error().code == "rest.invalid" || value.error().code == "time.invalid") {
      errors[name].push_back(value.error().message);
    } else {
      return std::move(value).error();
    }
    return ok();
  }
  std::vector<Filter> take() { return std::move(filters_); }

 private:
  /// Values of one name are alternatives; bounds each hold.
  Filter& filter_for(const FieldInfo& field, Filter::Is is) {
    const bool alternatives = is != Filter::Is::kAtLeast && is != Filter::Is::kAtMost;
    for (Filter& filter : filters_) {
      if (alternatives && filter.field == field.name && filter.is == is) return filter;
    }
    return filters_.emplace_back(Filter{std::string(field.name), is, {}});
  }

  const FieldInfos& fields_;
  const ResolveReference& resolve_;
  std::vector<Filter> filters_;
};

Result<std::string> read_sort(const std::string& text, const FieldInfos& fields) {
  std::string_view name = text;
  if (name.starts_with('-')) name.remove_prefix(1);
  const FieldInfo* field = field_named(fields, name);
  if (field != nullptr && field->has(kSort)) return text;
  std::string known;
  for (const FieldInfo* candidate : fields) {
    if (!candidate->has(kSort)) continue;
    known += (known.empty() ? "" : ", ") + std::string(candidate->name);
  }
  return wrong(fmt::format("\"{}\" does not sort; use one of {}, with - before it for descending.",
                           text, known));
}

}  // namespace

bool is_common_parameter(std::string_view name) {
  return contains(kCommonParameters, name);
}

std::vector<std::string_view> filter_suffixes(const FieldInfo& field) {
  if (!field.has(kFilter)) return {};
  switch (field.kind) {
    case FieldKind::kText:
      return {"", "__n", "__ic"};
    case FieldKind::kInteger:
    case FieldKind::kNumber:
    case FieldKind::kTime:
      return {"", "__n", "__gte", "__lte"};
    default:
      return {"", "__n"};
  }
}

std::vector<std::string> values_of(const http::NamedValues& query, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : query) {
    if (key == name) values.push_back(value);
  }
  return values;
}

Result<std::int64_t> read_count(const http::NamedValues& query, std::string_view name,
                                std::int64_t fallback) {
  const std::vector<std::string> values = values_of(query, name);
  if (values.empty()) return fallback;
  std::int64_t number = 0;
  if (read_number(values.back(), &number) && number >= 0) return number;
  return invalid_field(name,
                       fmt::format("\"{}\" is not a whole number of at least 0.", values.back()));
}

Result<std::int64_t> read_limit(const http::NamedValues& query, std::int64_t fallback) {
  WL_TRY(const std::int64_t limit, read_count(query, "limit", fallback));
  return limit == 0 ? kLargestPage : std::min(limit, kLargestPage);
}

Result<bool> read_render(const http::NamedValues& query) {
  const std::vector<std::string> values = values_of(query, "render");
  if (values.empty()) return false;
  if (values.back() == "html") return true;
  return invalid_field(
      "render",
      fmt::format("\"{}\" cannot be rendered; use html, or leave it out.", values.back()));
}

Result<ListRequest> read_list_request(const http::NamedValues& query, const FieldInfos& fields,
                                      const ResolveReference& resolve) {
  ListRequest request;
  FieldErrors errors;
  FilterReader filters(fields, resolve);
  const auto keep = [&errors](auto result, auto* out) {
    if (result.ok())
      *out = *std::move(result);
    else
      errors.merge(FieldErrors(result.error().fields));
  };
  keep(read_limit(query, kDefaultPage), &request.query.limit);
  keep(read_count(query, "offset", 0), &request.query.offset);
  for (const auto& [name, value] : query) {
    if (name == "sort") {
      auto sort = read_sort(value, fields);
      if (sort.ok())
        request.query.sort = *std::move(sort);
      else
        errors[name] = {sort.error().message};
    } else if (name == "q") {
      request.query.search = value;
    } else if (name == "format") {
      request.csv = value == "csv";
      if (value != "csv" && value != "json") {
        errors[name] = {fmt::format("\"{}\" is not a format; use json or csv.", value)};
      }
    } else if (!contains(kListParameters, name) && !contains(kCommonParameters, name)) {
      WL_TRY_VOID(filters.add(name, value, errors));
    }
  }
  if (!errors.empty()) {
    Error error{"rest.invalid", "The query has parameters that are unknown or wrong."};
    error.fields = std::move(errors);
    return error;
  }
  request.query.filters = filters.take();
  return request;
}

}  // namespace windlass::rest
