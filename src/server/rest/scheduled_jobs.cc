#include "server/rest/errors.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"

namespace windlass::rest {

namespace {

const FieldInfos& schedule_fields() {
  static const FieldInfo id{"id", FieldKind::kId, kFilter};
  static const FieldInfo name{"name", FieldKind::kText, kFilter | kSort};
  static const FieldInfo job{"job_model", FieldKind::kReference, kFilter, "extras.job"};
  static const FieldInfo enabled{"enabled", FieldKind::kBool, kFilter};
  static const FieldInfos fields{&id, &name, &job, &enabled};
  return fields;
}

/// Nothing makes schedules yet, so there are none.
Result<http::Response> list_schedules(Call& call) {
  WL_TRY(const ListRequest request,
         read_list_request(call.request.query, schedule_fields(), reference_resolver(call)));
  ListBody body(call, request, 0, 0);
  return body.finish(columns_with({{"name"}, {"job_model", CellKind::kReference}, {"enabled"}}));
}

Result<http::Response> get_schedule(Call&) {
  return no_such("scheduled_job.not_found", "Scheduled Job");
}

}  // namespace

void add_scheduled_job_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/scheduled-jobs/", "Lists schedules.", &list_schedules,
                               "ScheduledJobList", query_parameters(schedule_fields())));
  operations.push_back(reading("/api/extras/scheduled-jobs/{id}/", "Shows one schedule.",
                               &get_schedule, "ScheduledJob"));
}

}  // namespace windlass::rest
