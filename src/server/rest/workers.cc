#include "base/text.h"
#include "server/rest/errors.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

void write_display(JsonWriter& out, const Worker& worker, Rendering&) {
  out.text(worker.name);
}

void write_natural_slug(JsonWriter& out, const Worker& worker) {
  write_slug(out, slugify(worker.name), worker.id);
}

Result<http::Response> list_workers(Call& call) {
  return answer_list<Worker>(
      call, [&](const Query& query) { return call.storage().workers().list(query); });
}

Result<http::Response> get_worker(Call& call) {
  const ResourceInfo& resource = resource_of<Worker>();
  WL_TRY(const Uuid id, id_of(call, "id", "worker.not_found", resource.label));
  Query query;
  query.filters.push_back({"id", Filter::Is::kOneOf, {DbValue{id.to_string()}}});
  WL_TRY(const Page<Worker> page, call.storage().workers().list(query));
  if (page.items.empty()) return no_such("worker.not_found", resource.label);
  return answer_object(call, 200, page.items.front());
}

}  // namespace

template <>
const Shape<Worker>& shape_of<Worker>() {
  static const Shape<Worker> shape{&write_display, &write_natural_slug, {}};
  return shape;
}

void add_worker_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/workers/",
                               "Lists worker processes, also those that have ended.", &list_workers,
                               "WorkerList", list_parameters<Worker>()));
  operations.push_back(
      reading("/api/extras/workers/{id}/", "Shows one worker process.", &get_worker, "Worker"));
}

}  // namespace windlass::rest
