#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job_result.h"
#include "server/http/request.h"
#include "server/rest/csv.h"
#include "server/rest/json_writer.h"
#include "server/rest/operation.h"
#include "server/rest/rendering.h"
#include "storage/events.h"

namespace windlass::rest {

/// A kind of entries of a run's record: log entries or console lines.
struct EntryKind {
  EventKind kind;
  std::string_view object_type;
  std::string_view path;
  std::string_view label;                ///< for "No JobLogEntry matches the given query."
  std::string_view not_found;            ///< error code
  std::string_view level_filter;         ///< parameter that filters Event::level
  std::vector<std::string_view> levels;  ///< what Event::level may be
  bool has_grouping;
  CsvColumns columns;  ///< members of an entry, in order
};
const EntryKind& log_entries();
const EntryKind& console_entries();

/// How deep entries embed: the result and nothing within it, as a page may hold thousands of them.
inline constexpr int kEntryDepth = 1;

/// One entry of `result` as an object.
void write_entry(JsonWriter& out, const EntryKind& kind, const Event& event,
                 const JobResult& result, Rendering& rendering);

/// What is asked of the entries of one result.
struct EntryRequest {
  EventQuery query;  ///< number is not set
  bool csv = false;
  bool bare = false;   ///< value of `bare`, where that is taken
  std::string result;  ///< value of `job_result`, where that is taken
};

/// Reads the level filter, `grouping`, `attempt`, `q`, `format`, and as many of `limit`, `offset`,
/// `after`, `bare`, `job_result` as `more` names. Error `rest.invalid` with everything that is
/// unknown or wrong; `sort` is, since entries have one order.
Result<EntryRequest> read_entry_request(const http::NamedValues& query, const EntryKind& kind,
                                        const std::vector<std::string_view>& more);

/// The same parameters, for OpenAPI.
std::vector<QueryParameter> entry_parameters(const EntryKind& kind,
                                             const std::vector<std::string_view>& more);

}  // namespace windlass::rest
