#include "server/rest/filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/rest/errors.h"

namespace windlass::rest {

namespace {

constexpr std::array<std::string_view, 2> kPaging{"limit", "offset"};
constexpr std::array<std::string_view, 5> kCommonParameters{"depth", "render", "include",
                                                            "exclude_m2m", "api_version"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_common_parameter(std::string_view name) {
  return contains(kCommonParameters, name);
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
  const auto number = parse_integer(values.back());
  if (number && *number >= 0) return *number;
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
  QueryReader reader(fields, resolve);
  for (const auto& [name, value] : query) {
    if (name == "sort") {
      reader.sort(value);
    } else if (name == "format") {
      request.csv = value == "csv";
      if (value != "csv" && value != "json") {
        errors[name] = {fmt::format("\"{}\" is not a format; use json or csv.", value)};
      }
    } else if (!contains(kPaging, name) && !contains(kCommonParameters, name)) {
      WL_TRY_VOID(reader.filter(name, value));
    }
  }
  const auto limit = read_limit(query, kDefaultPage);
  const auto offset = read_count(query, "offset", 0);
  if (!limit.ok()) errors.merge(FieldErrors(limit.error().fields));
  if (!offset.ok()) errors.merge(FieldErrors(offset.error().fields));
  errors.merge(FieldErrors(reader.errors()));
  if (!errors.empty()) {
    Error error{"rest.invalid", "The query has parameters that are unknown or wrong."};
    error.fields = std::move(errors);
    return error;
  }
  request.query = reader.take();
  request.query.limit = *limit;
  request.query.offset = *offset;
  return request;
}

}  // namespace windlass::rest
