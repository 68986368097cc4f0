#include <algorithm>
#include <limits>

#include "base/crypto.h"
#include "base/text.h"
#include "server/rest/errors.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

/// That a job may be routed to a queue. Not stored: it follows from the job's record.
struct Assignment {
  Uuid id;
  Job job;
  JobQueue queue;
};

constexpr std::string_view kPath = "extras/job-queue-assignments";
constexpr std::string_view kLabel = "Job Queue Assignment";

/// What lists filter by.
const FieldInfos& assignment_fields() {
  static const FieldInfo id{"id", FieldKind::kId, kFilter};
  static const FieldInfo job{"job", FieldKind::kReference, kFilter, "extras.job"};
  static const FieldInfo queue{"job_queue", FieldKind::kReference, kFilter, "extras.jobqueue"};
  static const FieldInfos fields{&id, &job, &queue};
  return fields;
}

/// A UUIDv8 made of the two ids, so that the same assignment has the same id everywhere.
Uuid assignment_id(const Uuid& job, const Uuid& queue) {
  const std::string digest = content_hash(job.to_string() + " " + queue.to_string());
  Uuid id = *Uuid::parse(digest.substr(0, 32));
  id.bytes[6] = static_cast<std::uint8_t>(0x80 | (id.bytes[6] & 0x0f));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

Result<std::vector<Assignment>> all_assignments(Call& call) {
  Query everything;
  everything.limit = std::numeric_limits<std::int64_t>::max();
  WL_TRY(const Page<Job> jobs, call.storage().jobs().list(everything));
  std::vector<Assignment> assignments;
  for (const Job& job : jobs.items) {
    for (const JobQueue& queue : call.rendering.queues_of(job)) {
      assignments.push_back({assignment_id(job.id, queue.id), job, queue});
    }
  }
  if (call.rendering.failure()) return *call.rendering.failure();
  return assignments;
}

bool passes(const Assignment& assignment, const Filter& filter) {
  const Uuid& id = filter.field == "job"         ? assignment.job.id
                   : filter.field == "job_queue" ? assignment.queue.id
                                                 : assignment.id;
  const DbValue text = id.to_string();
  const bool named =
      std::find(filter.values.begin(), filter.values.end(), text) != filter.values.end();
  return filter.is == Filter::Is::kNoneOf ? !named : named;
}

void write_assignment(JsonWriter& out, const Assignment& assignment, Rendering& rendering) {
  const JobQueue& queue = assignment.queue;
  out.begin_object();
  out.key("id");
  out.id(assignment.id);
  out.key("object_type");
  out.text("extras.jobqueueassignment");
  out.key("display");
  out.text(assignment.job.name + ": " + queue.queue_type + ": " + queue.name);
  out.key("url");
  rendering.url(out, kPath, assignment.id);
  out.key("natural_slug");
  write_slug(out,
             slugify(assignment.job.module_name) + "_" + slugify(assignment.job.job_class_name) +
                 "_" + slugify(queue.name),
             assignment.id);
  out.key("job");
  rendering.reference(out, resource_of<Job>().object_type, assignment.job.id);
  out.key("job_queue");
  rendering.reference(out, resource_of<JobQueue>().object_type, queue.id);
  out.end_object();
}

Result<http::Response> list_assignments(Call& call) {
  WL_TRY(const ListRequest request,
         read_list_request(call.request.query, assignment_fields(), reference_resolver(call)));
  WL_TRY(std::vector<Assignment> assignments, all_assignments(call));
  for (const Filter& filter : request.query.filters) {
    std::erase_if(assignments, [&](const Assignment& each) { return !passes(each, filter); });
  }
  const auto count = static_cast<std::int64_t>(assignments.size());
  const std::int64_t first = std::min(request.query.offset, count);
  const std::int64_t last = first + std::min(request.query.limit, count - first);
  ListBody body(call, request, count, last - first);
  for (std::int64_t i = first; i < last; ++i) {
    write_assignment(body.out(), assignments[i], call.rendering);
  }
  return body.finish(
      columns_with({{"job", CellKind::kReference}, {"job_queue", CellKind::kReference}}));
}

Result<http::Response> get_assignment(Call& call) {
  WL_TRY(const Uuid id, id_of(call, "id", "queue_assignment.not_found", kLabel));
  WL_TRY(const std::vector<Assignment> assignments, all_assignments(call));
  for (const Assignment& assignment : assignments) {
    if (assignment.id != id) continue;
    std::string text;
    JsonWriter out(text);
    write_assignment(out, assignment, call.rendering);
    if (call.rendering.failure()) return *call.rendering.failure();
    return http::Response::json(200, std::move(text));
  }
  return no_such("queue_assignment.not_found", kLabel);
}

}  // namespace

void add_queue_assignment_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/job-queue-assignments/",
                               "Lists which job may be routed to which queue.", &list_assignments,
                               "JobQueueAssignmentList", query_parameters(assignment_fields())));
  operations.push_back(reading("/api/extras/job-queue-assignments/{id}/", "Shows one assignment.",
                               &get_assignment, "JobQueueAssignment", {depth_parameter()}));
}

}  // namespace windlass::rest
