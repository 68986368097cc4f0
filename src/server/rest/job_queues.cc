#include <fmt/format.h>

#include "base/text.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

/// "celery: default (1 worker)"
void write_display(JsonWriter& out, const JobQueue& queue, Rendering& rendering) {
  const std::size_t workers = rendering.workers_on(queue.name);
  out.text(fmt::format("{}: {} ({} worker{})", queue.queue_type, queue.name, workers,
                       workers == 1 ? "" : "s"));
}

void write_natural_slug(JsonWriter& out, const JobQueue& queue) {
  write_slug(out, slugify(queue.name), queue.id);
}

Result<http::Response> list_queues(Call& call) {
  return answer_list<JobQueue>(
      call, [&](const Query& query) { return call.storage().queues().list(query); });
}

Result<http::Response> get_queue(Call& call) {
  WL_TRY(const Uuid id, id_of(call, "id", "queue.not_found", resource_of<JobQueue>().label));
  WL_TRY(const JobQueue queue, found<JobQueue>(call.storage().queues().get(id)));
  return answer_object(call, 200, queue);
}

}  // namespace

template <>
const Shape<JobQueue>& shape_of<JobQueue>() {
  static const Shape<JobQueue> shape{
      &write_display,
      &write_natural_slug,
      {
          {"tenant", R"({"type":"object","nullable":true})", &write_null<JobQueue>},
          {"tags", R"({"type":"array","items":{}})", &write_empty_array<JobQueue>},
          {"notes_url", R"({"type":"string","format":"uri"})", &write_notes_url<JobQueue>},
          {"custom_fields", R"({"type":"object"})", &write_empty_object<JobQueue>},
      }};
  return shape;
}

void add_job_queue_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/job-queues/",
                               "Lists the queues that runs are routed through.", &list_queues,
                               "JobQueueList", list_parameters<JobQueue>()));
  operations.push_back(
      reading("/api/extras/job-queues/{id}/", "Shows one queue.", &get_queue, "JobQueue"));
}

}  // namespace windlass::rest
