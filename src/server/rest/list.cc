#include "server/rest/list.h"

#include <algorithm>

#include "base/text.h"
#include "engine/objects.h"
#include "server/rest/csv.h"
#include "server/rest/errors.h"

namespace windlass::rest {

namespace {

/// The request's URL with limit set and offset replaced, or removed when 0.
std::string page_url(const Call& call, const Query& query, std::int64_t offset) {
  http::NamedValues parameters = call.request.query;
  std::erase_if(parameters, [](const auto& parameter) {
    return parameter.first == "limit" || parameter.first == "offset";
  });
  parameters.emplace_back("limit", std::to_string(query.limit));
  if (offset > 0) parameters.emplace_back("offset", std::to_string(offset));
  std::stable_sort(parameters.begin(), parameters.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string url = std::string(call.base_url()) + call.request.path;
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    url += separator + percent_encode(name) + "=" + percent_encode(value);
    separator = '&';
  }
  return url;
}

void write_url(JsonWriter& out, const std::string& url) {
  url.empty() ? out.null() : out.text(url);
}

}  // namespace

ResolveReference reference_resolver(Call& call) {
  return [directory = engine::ObjectDirectory(call.storage())](std::string_view object_type,
                                                               const std::string& name) {
    return directory.resolve(object_type, name);
  };
}

std::string next_page_url(const Call& call, const Query& query, std::int64_t count) {
  // Both are at least 0, so this cannot overflow.
  const bool last = query.offset >= count || count - query.offset <= query.limit;
  return last ? "" : page_url(call, query, query.offset + query.limit);
}

std::string previous_page_url(const Call& call, const Query& query) {
  if (query.offset <= 0) return "";
  return page_url(call, query, std::max<std::int64_t>(0, query.offset - query.limit));
}

ListBody::ListBody(Call& call, const ListRequest& request, std::int64_t count, std::size_t items)
    : call_(call), csv_(request.csv), out_(text_) {
  constexpr std::size_t kUsualObject = 2048;
  text_.reserve(256 + items * kUsualObject);
  if (!csv_) {
    out_.begin_object();
    out_.key("count");
    out_.integer(count);
    out_.key("next");
    write_url(out_, next_page_url(call, request.query, count));
    out_.key("previous");
    write_url(out_, previous_page_url(call, request.query));
    out_.key("results");
  }
  out_.begin_array();
}

Result<http::Response> ListBody::finish(const CsvColumns& columns) {
  out_.end_array();
  if (call_.rendering.failure()) return *call_.rendering.failure();
  if (!csv_) {
    out_.end_object();
    return http::Response::json(200, std::move(text_));
  }
  std::string csv;
  append_csv_header(&csv, columns);
  WL_TRY_VOID(append_csv_rows(&csv, columns, text_));
  return csv_response(std::move(csv));
}

http::Response csv_response(std::string text) {
  return http::Response::text(200, "text/csv; charset=utf-8", std::move(text));
}

CsvColumns columns_with(CsvColumns more) {
  CsvColumns columns{{"id"}, {"object_type"}, {"display"}, {"url"}, {"natural_slug"}};
  std::move(more.begin(), more.end(), std::back_inserter(columns));
  return columns;
}

}  // namespace windlass::rest
