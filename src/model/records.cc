#include "model/records.h"

#include <algorithm>

namespace windlass {

template <>
const ResourceInfo& resource_of<JobQueue>() {
  static const ResourceInfo info{"extras.jobqueue", "extras/job-queues", "Job Queue", "job_queue"};
  return info;
}

template <>
const std::vector<Field<JobQueue>>& fields_of<JobQueue>() {
  using Q = JobQueue;
  static const std::vector<Field<Q>> fields{
      {{"id", FieldKind::kId, kFilter}, &Q::id},
      {{"name", FieldKind::kText, kFilter | kSort | kSearch}, &Q::name},
      {{"description", FieldKind::kText, kSearch | kWritable}, &Q::description},
      {{"queue_type", FieldKind::kText, kFilter}, &Q::queue_type},
      {{"created", FieldKind::kTime, kSort}, &Q::created},
      {{"last_updated", FieldKind::kTime, kSort}, &Q::last_updated},
  };
  return fields;
}

template <>
const ResourceInfo& resource_of<Worker>() {
  static const ResourceInfo info{"extras.worker", "extras/workers", "Worker", "worker"};
  return info;
}

template <>
const std::vector<Field<Worker>>& fields_of<Worker>() {
  using W = Worker;
  static const std::vector<Field<W>> fields{
      {{"id", FieldKind::kId, kFilter}, &W::id},
      {{"name", FieldKind::kText, kFilter | kSort | kSearch}, &W::name},
      {{"hostname", FieldKind::kText, kFilter}, &W::hostname},
      {{"pid", FieldKind::kInteger}, &W::pid},
      {{"instance", FieldKind::kText, kHidden}, &W::instance},
      {{"queues", FieldKind::kJson}, &W::queues},
      {{"slots", FieldKind::kInteger, kNone, "", "Runs at a time."}, &W::slots},
      {{"state", FieldKind::kText, kFilter, "", "ready, draining, stopped or lost."}, &W::state},
      {{"started", FieldKind::kTime, kSort}, &W::started},
      {{"last_seen", FieldKind::kTime, kSort}, &W::last_seen},
  };
  return fields;
}

template <>
const ResourceInfo& resource_of<User>() {
  static const ResourceInfo info{"users.user", "users/users", "User", "user"};
  return info;
}

template <>
const std::vector<Field<User>>& fields_of<User>() {
  using U = User;
  static const std::vector<Field<User>> fields{
      {{"id", FieldKind::kId, kFilter}, &U::id},
      {{"username", FieldKind::kText, kFilter | kSort | kSearch}, &U::username},
      {{"first_name", FieldKind::kText, kSearch}, &U::first_name},
      {{"last_name", FieldKind::kText, kSearch}, &U::last_name},
      {{"email", FieldKind::kText, kSearch}, &U::email},
      {{"password", FieldKind::kText, kHidden}, &U::password},
      {{"is_superuser", FieldKind::kBool, kFilter}, &U::is_superuser},
      {{"is_staff", FieldKind::kBool, kFilter}, &U::is_staff},
      {{"is_active", FieldKind::kBool, kFilter}, &U::is_active},
      {{"date_joined", FieldKind::kTime, kSort}, &U::date_joined},
      {{"last_login", FieldKind::kTime}, &U::last_login},
  };
  return fields;
}

template <>
const ResourceInfo& resource_of<Token>() {
  static const ResourceInfo info{"users.token", "users/tokens", "Token", "token"};
  return info;
}

template <>
const std::vector<Field<Token>>& fields_of<Token>() {
  using T = Token;
  static const std::vector<Field<T>> fields{
      {{"id", FieldKind::kId, kFilter}, &T::id},
      {{"user", FieldKind::kReference, kFilter, "users.user"}, &T::user},
      {{"key_hash", FieldKind::kText, kHidden}, &T::key_hash},
      {{"key_tail", FieldKind::kText, kHidden}, &T::key_tail},
      {{"description", FieldKind::kText, kSearch}, &T::description},
      {{"write_enabled", FieldKind::kBool, kFilter}, &T::write_enabled},
      {{"expires", FieldKind::kTime}, &T::expires},
      {{"created", FieldKind::kTime, kSort}, &T::created},
  };
  return fields;
}

template <>
const ResourceInfo& resource_of<Session>() {
  static const ResourceInfo info{"users.session", "", "Session", "session"};
  return info;
}

template <>
const std::vector<Field<Session>>& fields_of<Session>() {
  using S = Session;
  static const std::vector<Field<S>> fields{
      {{"key_hash", FieldKind::kText, kHidden}, &S::key_hash},
      {{"user", FieldKind::kReference, kHidden, "users.user"}, &S::user},
      {{"created", FieldKind::kTime, kHidden}, &S::created},
      {{"expires", FieldKind::kTime, kHidden}, &S::expires},
  };
  return fields;
}

template <>
const ResourceInfo& resource_of<FileProxy>() {
  static const ResourceInfo info{"extras.fileproxy", "extras/file-proxies", "File Proxy",
                                 "file_proxy"};
  return info;
}

template <>
const std::vector<Field<FileProxy>>& fields_of<FileProxy>() {
  using F = FileProxy;
  static const std::vector<Field<F>> fields{
      {{"id", FieldKind::kId, kFilter}, &F::id},
      {{"name", FieldKind::kText, kFilter | kSort | kSearch}, &F::name},
      {{"size", FieldKind::kInteger, kNone, "", "Bytes."}, &F::size},
      {{"job_result", FieldKind::kReference, kFilter, "extras.jobresult"}, &F::job_result},
      {{"uploaded_at", FieldKind::kTime, kSort}, &F::uploaded_at},
  };
  return fields;
}

bool serves(const Worker& worker, std::string_view queue) {
  const json::array* names = worker.queues.if_array();
  return names != nullptr &&
         std::any_of(names->begin(), names->end(), [&](const json::value& name) {
           return name.is_string() &&
                  (to_view(name.get_string()) == queue || to_view(name.get_string()) == "*");
         });
}

}  // namespace windlass
