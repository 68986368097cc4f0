#include "server/rest/test_api.h"

#include "base/text.h"
#include "model/job_source.h"
#include "server/http/form.h"

namespace windlass::rest {

const json::value& TestAnswer::at(std::string_view path) const {
  static const json::value missing = "(missing)";
  const json::value* here = &body;
  for (const std::string_view step : split(path, '.')) {
    if (const json::array* list = here->if_array()) {
      const std::size_t index = std::stoul(std::string(step));
      if (index >= list->size()) return missing;
      here = &(*list)[index];
    } else {
      here = find(*here, step);
      if (here == nullptr) return missing;
    }
  }
  return *here;
}

std::string TestAnswer::text(std::string_view path) const {
  const json::value& value = at(path);
  return value.is_string() ? std::string(to_view(value.get_string())) : to_text(value);
}

TestApi::TestApi(Accounts begin_with) {
  if (begin_with == kSuperuser) {
    auto created = accounts.create_superuser({"admin", "", std::string(kToken)});
    WL_CHECK(created.ok(), "the superuser is made");
    user = created->user;
  }
  ApiContext context{home.storage(), submitter, accounts, sessions, repositories, clock};
  context.info.version = "0.1.0";
  context.info.python_version = "3.11.7";
  context.stream_poll = std::chrono::milliseconds(20);
  context.delete_wait = Micros{0};
  context.home = home.path();
  context.jobs_root = home.path() / "jobs";
  context.apps = {"my_app"};
  context.commit_link = [](std::string_view url, std::string_view commit) {
    if (!url.starts_with("https://github.com/")) return std::string();
    return std::string(url.substr(0, url.size() - 4)) + "/commit/" + std::string(commit);
  };
  context.settings = {{"listen", "host:8001", "127.0.0.1:8001", "environment", "text", "Where."}};
  context.job_edited = [this] { ++edited; };
  add_routes(router, context);
}

TestAnswer TestApi::send(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view content_type) {
  http::NamedValues headers{{"Host", "host"}, {"Authorization", "Token " + std::string(kToken)}};
  if (!body.empty()) headers.emplace_back("Content-Type", content_type);
  return send_with(std::move(headers), method, target, body);
}

TestAnswer TestApi::send_with(http::NamedValues headers, std::string_view method,
                              std::string_view target, std::string_view body) {
  http::Request request;
  request.method = method;
  const auto question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query_text = target.substr(std::min(question + 1, target.size()));
  request.query = http::parse_form(request.query_text).value();
  request.headers = std::move(headers);
  request.body = body;
  request.remote = "127.0.0.1";
  TestAnswer answer{router.dispatch(request), nullptr};
  auto parsed = parse_json(answer.response.body);
  if (parsed.ok()) answer.body = *std::move(parsed);
  return answer;
}

Job TestApi::add_job(std::string name, bool sensitive) {
  Job job;
  job.name = std::move(name);
  job.module_name = "my_group";
  job.job_class_name = slugify(job.name);
  job.class_path = "my_group." + job.job_class_name;
  job.grouping = "My Group Of Jobs";
  job.enabled = true;
  job.has_sensitive_variables = sensitive;
  job.variables = parse_json(R"([
    {"name": "some_text_input", "type": "StringVar", "label": "", "description": "some text", "required": true,
     "has_default": false, "default": null, "widget": null, "min_length": 2, "max_length": null, "regex": null},
    {"name": "some_number", "type": "IntegerVar", "label": "", "description": "", "required": true,
     "has_default": true, "default": 3, "widget": null, "min_value": null, "max_value": null}])")
                      .value();
  job.created = job.last_updated = clock.now();
  return home.add_job(job);
}

Result<void> TestApi::check_url(std::string_view url) {
  if (url.starts_with("https://")) return ok();
  return Error{"git.url", "It is to begin with https://."};
}

void TestApi::add_sync_jobs() {
  for (const auto& [class_path, name] : {std::pair{kSyncJob, "Git Repository: Sync"},
                                         std::pair{kDryRunJob, "Git Repository: Dry Run"}}) {
    Job job;
    job.name = name;
    job.class_path = class_path;
    job.module_name = "nautobot.core.jobs";
    job.job_class_name = job.class_path.substr(job.module_name.size() + 1);
    job.grouping = "System Jobs";
    job.source = kSystemSource;
    job.enabled = true;
    job.has_sensitive_variables = false;
    job.variables = parse_json(R"([{"name": "repository", "type": "ObjectVar", "required": true,
                                    "model": "extras.gitrepository"}])")
                        .value();
    home.add_job(job);
  }
}

GitRepository TestApi::add_repository(const std::string& name, json::object more) {
  more["name"] = name;
  more["remote_url"] = "https://github.com/ada/" + name + ".git";
  return repositories.add(more).value();
}

JobResult TestApi::submit(const Job& job, std::string_view text) {
  engine::RunRequest request;
  request.job = job.class_path;
  request.data = json::object{{"some_text_input", to_json_view(text)}, {"some_number", 4}};
  request.user = user;
  return submitter.submit(request).value();
}

ClaimedRun TestApi::claim() {
  WorkRequest request;
  request.worker = worker.id;
  request.worker_name = worker.name;
  request.claim_limit = 1;
  request.queues = {"default"};
  WorkReply reply = home.storage().results().exchange(request).value();
  WL_CHECK(reply.claimed.size() == 1, "a run waits");
  return std::move(reply.claimed.front());
}

void TestApi::write(const ClaimedRun& run, std::vector<Event> events,
                    std::optional<RunOutcome> outcome) {
  WorkRequest request;
  request.worker = worker.id;
  request.worker_name = worker.name;
  RunWrite write;
  write.number = run.result.number;
  write.lease_token = run.lease_token;
  write.events = std::move(events);
  write.outcome = std::move(outcome);
  request.writes.push_back(std::move(write));
  const WorkReply reply = home.storage().results().exchange(request).value();
  WL_CHECK(reply.lost.empty(), "the lease holds");
}

Event TestApi::log_event(std::string level, std::string message, std::string grouping) {
  Event event;
  event.created = from_micros(1'700'000'000'123'456);
  event.level = std::move(level);
  event.message = std::move(message);
  event.grouping = std::move(grouping);
  return event;
}

JobResult TestApi::finish_run() {
  const ClaimedRun run = claim();
  RunOutcome outcome;
  outcome.status = JobResultStatus::kSuccess;
  outcome.result = json::object{{"n", 4}, {"text", "hello"}};
  Event line = log_event("stdout", "printed", "");
  line.kind = EventKind::kConsole;
  write(run,
        {log_event("info", "Running job", "initialization"),
         log_event("info", "some_text_input: hello"), line,
         log_event("success", "Job completed", "post_run")},
        outcome);
  return home.storage().results().get(run.result.id).value();
}

StreamReading read_stream(http::EventSource& source) {
  StreamReading reading;
  while (true) {
    const auto next = source.next(&reading.text);
    reading.ended = next == http::EventSource::Next::kEnd;
    if (next != http::EventSource::Next::kMore) return reading;
  }
}

}  // namespace windlass::rest
