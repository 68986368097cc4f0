#pragma once

#include <map>
#include <string>

#include "model/job_result.h"
#include "server/rest/json_writer.h"
#include "storage/storage.h"

namespace windlass::rest {

/// Writes runs in the short form of the page's overviews (schema RunSummary). One a request: users
/// are looked up once each; a user that is gone is null.
class RunBriefs {
 public:
  explicit RunBriefs(Storage& storage) : storage_(storage) {}
  /// The members alone: the caller begins and ends the object, and may add to it.
  void write_members(JsonWriter& out, const JobResult& run);
  void write(JsonWriter& out, const JobResult& run);

 private:
  const std::string& username(const Uuid& id);

  Storage& storage_;
  std::map<Uuid, std::string> usernames_;
};

/// Null for nothing.
void write_optional_time(JsonWriter& out, std::optional<TimePoint> time);

}  // namespace windlass::rest
