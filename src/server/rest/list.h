#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/response.h"
#include "server/rest/call.h"
#include "server/rest/csv.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"
#include "server/rest/json_writer.h"
#include "server/rest/serialise.h"

namespace windlass::rest {

/// Finds what a reference filter names: a job by name or class path, a user by username, a queue by
/// name.
ResolveReference reference_resolver(Call& call);

/// The same page with another offset; "" when there is none. Parameters in alphabetical order, as
/// the original writes them.
std::string next_page_url(const Call& call, const Query& query, std::int64_t count);
std::string previous_page_url(const Call& call, const Query& query);

/// Writes a list's answer: {"count", "next", "previous", "results"}, or CSV. Objects go into out(),
/// between the constructor and finish().
class ListBody {
 public:
  ListBody(Call& call, const ListRequest& request, std::int64_t count, std::size_t items);
  JsonWriter& out() { return out_; }
  /// `columns` are the members that CSV shows, in order. Errors: what failed while rendering.
  Result<http::Response> finish(const CsvColumns& columns);

 private:
  Call& call_;
  const bool csv_;
  std::string text_;
  JsonWriter out_;
};

/// CSV as an answer that browsers keep as a file.
http::Response csv_response(std::string text);

/// The members that every object begins with, then `more`.
CsvColumns columns_with(CsvColumns more);

template <class T>
CellKind cell_kind(const ShownMember<T>& member) {
  if (member.computed != nullptr && member.computed->schema == kReferenceSchema)
    return CellKind::kReference;
  if (member.field == nullptr) return CellKind::kValue;
  if (member.field->kind == FieldKind::kReference) return CellKind::kReference;
  return member.field->kind == FieldKind::kStatus ? CellKind::kStatus : CellKind::kValue;
}

/// All members of T's JSON, in order.
template <class T>
const CsvColumns& columns_of() {
  static const CsvColumns columns = [] {
    CsvColumns list;
    for (const ShownMember<T>& member : shown_members<T>())
      list.push_back({member.name, cell_kind(member)});
    return columns_with(std::move(list));
  }();
  return columns;
}

/// Answers a list of T: `fetch` gets the Query and returns Result<Page<T>>.
template <class T, class Fetch>
Result<http::Response> answer_list(Call& call, ListRequest request, Fetch&& fetch) {
  WL_TRY(const Page<T> page, fetch(request.query));
  if constexpr (std::is_same_v<T, JobResult>) call.rendering.load_files(page.items);
  ListBody body(call, request, page.count, page.items.size());
  for (const T& item : page.items) write_object(body.out(), item, call.rendering);
  return body.finish(columns_of<T>());
}

template <class T>
Result<ListRequest> list_request(Call& call) {
  return read_list_request(call.request.query, field_infos<T>(), reference_resolver(call));
}

template <class T, class Fetch>
Result<http::Response> answer_list(Call& call, Fetch&& fetch) {
  WL_TRY(ListRequest request, list_request<T>(call));
  return answer_list<T>(call, std::move(request), std::forward<Fetch>(fetch));
}

/// One object as the answer. Errors: what failed while rendering.
template <class T>
Result<http::Response> answer_object(Call& call, int status, const T& object) {
  std::string text;
  text.reserve(4096);
  JsonWriter out(text);
  write_object(out, object, call.rendering);
  if (call.rendering.failure()) return *call.rendering.failure();
  return http::Response::json(status, std::move(text));
}

/// The error of a lookup by a path's id, in the original's words.
template <class T>
Result<T> found(Result<T> object) {
  if (object.ok() || !object.error().code.ends_with(".not_found")) return object;
  return no_such(object.error().code, resource_of<T>().label);
}

}  // namespace windlass::rest
