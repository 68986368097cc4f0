#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job_result.h"
#include "server/http/request.h"
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
  std::vector<std::string> columns;  ///< members of an entry, in order
};
const EntryKind& log_entries();
const EntryKind& console_entries();

/// One entry of `result` as an object.
void write_entry(JsonWriter& out, const EntryKind& kind, const Event& event,
                 const JobResult& result, Rendering& rendering);

/// What is asked of the entries of one result.
struct EntryRequest {
  EventQuery query;  ///< number is not set
  bool csv = false;
  std::string result;  ///< value of `job_result`, where that is taken
};

/// Reads the level filter, `grouping`, `attempt`, `q`, `format`, and as many of `limit`, `offset`,
/// `after`, `job_result` as `more` names. Error `rest.invalid` with everything that is unknown or
/// wrong.
Result<EntryRequest> read_entry_request(const http::NamedValues& query, const EntryKind& kind,
                                        const std::vector<std::string_view>& more);

/// The same parameters, for OpenAPI.
std::vector<QueryParameter> entry_parameters(const EntryKind& kind,
                                             const std::vector<std::string_view>& more);

}  // namespace windlass::rest
