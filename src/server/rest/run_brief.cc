#include "server/rest/run_brief.h"

namespace windlass::rest {

namespace {

void write_optional_text(JsonWriter& out, std::string_view text) {
  text.empty() ? out.null() : out.text(text);
}

}  // namespace

void write_optional_time(JsonWriter& out, std::optional<TimePoint> time) {
  time ? out.time(*time) : out.null();
}

const std::string& RunBriefs::username(const Uuid& id) {
  const auto [known, is_new] = usernames_.try_emplace(id);
  if (is_new) {
    const auto user = storage_.accounts().get_user(id);
    if (user.ok()) known->second = user->username;
  }
  return known->second;
}

void RunBriefs::write_members(JsonWriter& out, const JobResult& run) {
  out.key("id");
  out.id(run.id);
  out.key("name");
  out.text(run.name);
  out.key("job_model");
  if (run.job_model) {
    out.begin_object();
    out.key("id");
    out.id(*run.job_model);
    out.key("class_path");
    out.text(run.task_name);
    out.end_object();
  } else {
    out.null();
  }
  out.key("user");
  write_optional_text(out, run.user ? username(*run.user) : "");
  out.key("status");
  out.text(to_string(run.status));
  out.key("queue");
  out.text(run.queue);
  out.key("worker");
  write_optional_text(out, run.worker);
  out.key("date_created");
  out.time(run.date_created);
  out.key("date_started");
  write_optional_time(out, run.date_started);
  out.key("date_done");
  write_optional_time(out, run.date_done);
  out.key("progress");
  out.value(run.progress);
  out.key("reason_code");
  out.text(run.reason_code);
  out.key("reason");
  out.text(run.reason);
  out.key("attempt");
  out.integer(run.attempt);
}

void RunBriefs::write(JsonWriter& out, const JobResult& run) {
  out.begin_object();
  write_members(out, run);
  out.end_object();
}

}  // namespace windlass::rest
