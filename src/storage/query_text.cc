#include "storage/query_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace windlass {

namespace {

Error wrong(std::string sentence) {
  return {"query.invalid", std::move(sentence)};
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
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
    case FieldKind::kInteger:
      if (const auto number = parse_integer(text)) return DbValue{*number};
      return wrong(fmt::format("\"{}\" is not a whole number.", text));
    case FieldKind::kNumber:
      if (const auto number = parse_number<double>(text)) return DbValue{*number};
      return wrong(fmt::format("\"{}\" is not a number.", text));
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

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_number<std::int64_t>(text);
}

Result<void> QueryReader::filter(const std::string& name, const std::string& text) {
  if (name == "q") {
    query_.search = text;
    return ok();
  }
  const auto at = name.rfind("__");
  const std::string_view base = std::string_view(name).substr(0, at);
  const std::string_view suffix = at == std::string::npos ? "" : std::string_view(name).substr(at);
  const FieldInfo* field = field_named(fields_, base);
  const auto suffixes =
      field != nullptr ? filter_suffixes(*field) : std::vector<std::string_view>();
  if (std::ranges::find(suffixes, suffix) == suffixes.end()) {
    errors_[name] = {std::string(kUnknownFilter)};
    return ok();
  }
  auto value = read_value(*field, text, resolve_);
  if (value.ok()) {
    filter_for(*field, *condition_of(suffix)).values.push_back(*std::move(value));
  } else if (value.error().code == "query.invalid" || value.error().code == "time.invalid") {
    errors_[name].push_back(value.error().message);
  } else {
    return std::move(value).error();
  }
  return ok();
}

/// Values of one name are alternatives; bounds each hold.
Filter& QueryReader::filter_for(const FieldInfo& field, Filter::Is is) {
  const bool alternatives = is != Filter::Is::kAtLeast && is != Filter::Is::kAtMost;
  for (Filter& filter : query_.filters) {
    if (alternatives && filter.field == field.name && filter.is == is) return filter;
  }
  return query_.filters.emplace_back(Filter{std::string(field.name), is, {}});
}

void QueryReader::sort(const std::string& text) {
  std::string known;
  for (const FieldInfo* candidate : fields_) {
    if (!candidate->has(kSort)) continue;
    known += (known.empty() ? "" : ", ") + std::string(candidate->name);
  }
  if (known.empty()) {
    errors_["sort"] = {"This list has one order; leave sort out."};
    return;
  }
  std::vector<std::string> wrong;
  for (const std::string_view item : split(text, ',')) {
    const std::string_view name = item.starts_with('-') ? item.substr(1) : item;
    const FieldInfo* field = field_named(fields_, name);
    if (field != nullptr && field->has(kSort)) continue;
    wrong.push_back(fmt::format(
        "\"{}\" does not sort; use one of {}, with - before it for descending.", item, known));
  }
  if (wrong.empty()) {
    query_.sort = text;
  } else {
    errors_["sort"] = std::move(wrong);
  }
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

}  // namespace windlass
