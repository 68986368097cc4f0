#include "server/rest/run_body.h"

#include <fmt/format.h>

#include "base/text.h"
#include "engine/submit.h"
#include "server/http/form.h"
#include "server/http/multipart.h"
#include "server/rest/body.h"
#include "server/rest/errors.h"

namespace windlass::rest {

namespace {

bool is_true(std::string_view text) {
  const std::string lower = to_lower(text);
  return lower == "true" || lower == "1" || lower == "on" || lower == "yes";
}

/// A queue as clients name it: its name or id, or an object with one of them.
Result<std::string> read_queue(const json::object& body) {
  for (const char* member : {"job_queue", "task_queue"}) {
    const json::value* queue = body.if_contains(member);
    if (queue == nullptr || queue->is_null()) continue;
    if (queue->is_string()) return std::string(to_view(queue->get_string()));
    for (const std::string_view inner : {"id", "name"}) {
      if (std::string text = get_string(*queue, inner); !text.empty()) return text;
    }
    return invalid_field(member, "Give the queue's name or id.");
  }
  return std::string();
}

Result<std::string> read_interval(const json::object& body) {
  const json::value* schedule = body.if_contains("schedule");
  if (schedule == nullptr || schedule->is_null()) return std::string();
  if (!schedule->is_object()) {
    return invalid_field("schedule", fmt::format("Invalid data. Expected a dictionary, but got {}.",
                                                 type_name(*schedule)));
  }
  const json::value* interval = schedule->get_object().if_contains("interval");
  if (interval != nullptr && interval->is_string() && !interval->get_string().empty()) {
    return std::string(to_view(interval->get_string()));
  }
  return Error{"rest.schedule_interval", "This field is required."};
}

Result<RunBody> read_json_body(const http::Request& request) {
  WL_TRY(const json::object body, read_json_object(request));
  RunBody run;
  if (const json::value* data = body.if_contains("data")) run.data = *data;
  WL_TRY(run.queue, read_queue(body));
  WL_TRY(run.interval, read_interval(body));
  if (const json::value* ignore = body.if_contains("ignore_singleton_lock")) {
    if (!ignore->is_bool())
      return invalid_field("ignore_singleton_lock", "Must be a valid boolean.");
    run.ignore_singleton_lock = ignore->get_bool();
  }
  return run;
}

/// Gathers the fields of a form.
class FormBody {
 public:
  void add(const std::string& name, const std::string& value) {
    if (name == "_job_queue" || name == "_task_queue") {
      run_.queue = value;
    } else if (name == "_schedule_interval") {
      run_.interval = value;
    } else if (name == "_ignore_singleton_lock") {
      run_.ignore_singleton_lock = is_true(value);
    } else if (!is_about_the_run(name)) {
      add_input(name, value);
    }
  }
  void add_file(const http::Part& part) {
    if (part.filename->empty() && part.content.empty()) return;
    UploadedFile file{safe_file_name(*part.filename), std::string(part.content)};
    const bool first = run_.files.emplace(part.name, std::move(file)).second;
    if (!first) errors_[part.name] = {"Send one file."};
  }
  Result<RunBody> take() {
    if (run_.files.size() > kMostInputFiles) {
      return Error{"file.too_many",
                   fmt::format("Send at most {} files with a run.", kMostInputFiles)};
    }
    for (const auto& [name, file] : run_.files) {
      if (data_.contains(name)) errors_[name] = {"Send a file or a text, not both."};
    }
    if (!errors_.empty()) return Error{"job.inputs", "The inputs were refused.", "", errors_};
    run_.data = std::move(data_);
    return std::move(run_);
  }

 private:
  static bool is_about_the_run(std::string_view name) {
    return name.starts_with("_schedule_") || name == "_profile";
  }
  void add_input(const std::string& name, const std::string& value) {
    json::value text = json::string(value);
    json::value* before = data_.if_contains(name);
    if (before == nullptr) {
      data_.emplace(name, std::move(text));
    } else if (before->is_array()) {
      before->get_array().push_back(std::move(text));
    } else {
      *before = json::array{std::move(*before), std::move(text)};
    }
  }

  RunBody run_;
  json::object data_;
  FieldErrors errors_;
};

Result<RunBody> read_multipart_body(const http::Request& request) {
  WL_TRY(const std::vector<http::Part> parts,
         http::parse_multipart(request.header("Content-Type"), request.body));
  FormBody form;
  for (const http::Part& part : parts) {
    if (part.filename) {
      form.add_file(part);
    } else {
      form.add(part.name, to_valid_utf8(part.content));
    }
  }
  return form.take();
}

Result<RunBody> read_urlencoded_body(const http::Request& request) {
  WL_TRY(const http::NamedValues fields, http::parse_form(request.body));
  FormBody form;
  for (const auto& [name, value] : fields) form.add(name, value);
  return form.take();
}

}  // namespace

Result<RunBody> read_run_body(const http::Request& request) {
  const std::string type = media_type_of(request);
  if (type == "multipart/form-data") return read_multipart_body(request);
  if (type == "application/x-www-form-urlencoded") return read_urlencoded_body(request);
  return read_json_body(request);
}

}  // namespace windlass::rest
