#pragma once

#include "model/git_repository.h"
#include "model/job.h"
#include "model/job_result.h"
#include "model/records.h"
#include "server/rest/serialise.h"

namespace windlass::rest {

// Each is defined in the file of its resource.
template <>
const Shape<Job>& shape_of<Job>();
template <>
const Shape<JobResult>& shape_of<JobResult>();
template <>
const Shape<JobQueue>& shape_of<JobQueue>();
template <>
const Shape<Worker>& shape_of<Worker>();
template <>
const Shape<User>& shape_of<User>();
template <>
const Shape<Token>& shape_of<Token>();
template <>
const Shape<FileProxy>& shape_of<FileProxy>();
template <>
const Shape<GitRepository>& shape_of<GitRepository>();

/// Members that belong to other parts of the original: always empty here, present because clients
/// read them.
template <class T>
void write_empty_object(JsonWriter& out, const T&, Rendering&) {
  out.raw("{}");
}
template <class T>
void write_empty_array(JsonWriter& out, const T&, Rendering&) {
  out.raw("[]");
}
template <class T>
void write_null(JsonWriter& out, const T&, Rendering&) {
  out.null();
}
template <class T>
void write_notes_url(JsonWriter& out, const T& object, Rendering& rendering) {
  rendering.url(out, resource_of<T>().path, object.id, "/notes/");
}

}  // namespace windlass::rest
