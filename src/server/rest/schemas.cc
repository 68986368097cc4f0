#include "server/rest/schemas.h"

#include <fmt/format.h>

#include "server/rest/entries.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

json::value parsed(std::string_view text) {
  auto value = parse_json(text);
  WL_CHECK(value.ok(), "a schema is not JSON: " + std::string(text));
  return *std::move(value);
}

json::value named(std::string_view name) {
  return json::object{{"$ref", "#/components/schemas/" + std::string(name)}};
}

/// The names of a schema's properties, all required: our answers always have them all.
void require_all(json::object& schema) {
  json::array names;
  for (const auto& property : schema["properties"].as_object()) names.emplace_back(property.key());
  schema["required"] = std::move(names);
}

json::object object_with(json::object properties) {
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  require_all(schema);
  return schema;
}

/// What every object begins with.
json::object common_properties() {
  return json::object{{"id", parsed(R"({"type":"string","format":"uuid"})")},
                      {"object_type", parsed(R"({"type":"string"})")},
                      {"display", parsed(R"({"type":"string"})")},
                      {"url", parsed(R"({"type":"string","format":"uri"})")},
                      {"natural_slug", parsed(R"({"type":"string"})")}};
}

template <class T>
bool is_nullable(const Field<T>& field) {
  return std::visit(
      [](const auto member) {
        using V = std::remove_cvref_t<decltype(std::declval<T>().*member)>;
        return requires(V value) {
          value.has_value();
        };
      },
      field.member);
}

template <class T>
json::object object_schema() {
  json::object properties = common_properties();
  for (const ShownMember<T>& member : shown_members<T>()) {
    if (member.computed != nullptr) {
      properties[member.name] = parsed(member.computed->schema);
    } else if (member.field != nullptr) {
      // In lists, values that are large stand as null.
      const bool nullable = is_nullable(*member.field) || member.field->has(kDetail);
      properties[member.name] = field_schema(*member.field, nullable);
    } else {
      properties[member.name] = parsed(R"({"type":"boolean"})");
    }
  }
  json::object schema = object_with(std::move(properties));
  for (const Computed<T>& member : shape_of<T>().rendered)  // of no request but ?render=html
    schema["properties"].as_object()[to_json_view(member.name)] = parsed(member.schema);
  return schema;
}

constexpr std::pair<std::string_view, std::string_view> kQueuePatch[] = {
    {"task_queues", R"({"type":"array","items":{"type":"string"},
      "description":"Names; the first is the default unless that is overridden by itself. New ones are made."})"},
    {"job_queues", R"({"type":"array","items":{"$ref":"#/components/schemas/QueueChoice"},
      "description":"The same list, of queues that there are."})"},
    {"default_job_queue", R"({"$ref":"#/components/schemas/QueueChoice"})"},
};

template <class T>
json::object patch_schema() {
  json::object properties;
  for (const Field<T>& field : fields_of<T>()) {
    if (!field.has(kWritable)) continue;
    properties[to_json_view(field.name)] = field_schema(field, false);
    if (field.has(kOverridable)) {
      properties[std::string(field.name) + "_override"] = parsed(R"({"type":"boolean"})");
    }
  }
  return json::object{{"type", "object"}, {"properties", std::move(properties)}};
}

/// The queues have no field of their own kind: a PATCH names them, or refers to them.
json::object job_patch_schema() {
  json::object schema = patch_schema<Job>();
  json::object& properties = schema["properties"].as_object();
  for (const auto& [name, text] : kQueuePatch) {
    properties[to_json_view(name)] = parsed(text);
    properties[std::string(name) + "_override"] = parsed(R"({"type":"boolean"})");
  }
  return schema;
}

constexpr std::pair<std::string_view, std::string_view> kRepositorySecrets[] = {
    {"token",
     R"({"type":"string","nullable":true,"description":"Password or token for http and https; null removes it."})"},
    {"ssh_key",
     R"({"type":"string","nullable":true,"description":"Private key without passphrase, for ssh; null removes it."})"},
    {"webhook_secret",
     R"({"type":"string","nullable":true,"description":"What signs deliveries; null removes it."})"},
};

/// Secrets are no fields: they are written and never read.
json::object repository_patch_schema(bool is_new) {
  json::object schema = patch_schema<GitRepository>();
  json::object& properties = schema["properties"].as_object();
  properties["provided_contents"] = parsed(R"({"type":"array","items":{"type":"string"}})");
  for (const auto& [name, text] : kRepositorySecrets) properties[to_json_view(name)] = parsed(text);
  if (is_new) {
    properties["slug"] = field_schema(*find_field<GitRepository>("slug"), false);
    schema["required"] = json::array{"name", "remote_url"};
  }
  return schema;
}

json::object list_schema(std::string_view item) {
  return object_with({{"count", parsed(R"({"type":"integer"})")},
                      {"next", parsed(R"({"type":"string","format":"uri","nullable":true})")},
                      {"previous", parsed(R"({"type":"string","format":"uri","nullable":true})")},
                      {"results", json::object{{"type", "array"}, {"items", named(item)}}}});
}

json::object entry_schema(const EntryKind& kind) {
  json::object properties = common_properties();
  for (const auto& [column, cell] : kind.columns) {
    if (properties.contains(column)) continue;
    properties[column] = cell == CellKind::kReference ? named("Reference")
                         : column == "sequence" || column == "attempt"
                             ? parsed(R"({"type":"integer"})")
                         : column == "created" ? parsed(R"({"type":"string","format":"date-time"})")
                                               : parsed(R"({"type":"string"})");
  }
  json::object schema = object_with(std::move(properties));
  if (kind.kind == EventKind::kLog)
    schema["properties"].as_object()["message_html"] = parsed(R"({"type":"string"})");
  return schema;
}

json::object assignment_schema() {
  json::object properties = common_properties();
  properties["job"] = named("Reference");
  properties["job_queue"] = named("Reference");
  return object_with(std::move(properties));
}

/// Answers and bodies without a field list.
constexpr std::pair<std::string_view, std::string_view> kWritten[] = {
    {"Reference", R"({"type":"object","required":["id","object_type","url"],
      "description":"A related object; whole with ?depth=1.",
      "properties":{"id":{"type":"string","format":"uuid"},"object_type":{"type":"string"},"url":{"type":"string","format":"uri"}}})"},
    {"QueueChoice", R"({"oneOf":[{"type":"string","description":"Id or name."},
      {"type":"object","description":"A queue as answers show it; its id counts, else its name.",
       "properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}}]})"},
    {"Status", R"({"type":"object","required":["value","label"],"properties":{
      "value":{"type":"string","enum":["PENDING","STARTED","RETRY","SUCCESS","FAILURE","REVOKED"]},"label":{"type":"string"}}})"},
    {"Detail",
     R"({"type":"object","required":["detail"],"properties":{"detail":{"type":"string"},"code":{"type":"string"}}})"},
    {"FieldErrors",
     R"({"type":"object","description":"Messages a field; of a run's inputs beneath \"errors\"."})"},
    {"Links", R"({"type":"object","additionalProperties":{"type":"string","format":"uri"}})"},
    {"ServerStatus",
     R"({"type":"object","required":["nautobot-version","python-version","celery-workers-running","windlass-version"],
      "properties":{"django-version":{"type":"string"},"installed-apps":{"type":"object"},"nautobot-version":{"type":"string"},
      "nautobot-apps":{"type":"object"},"plugins":{"type":"object"},"python-version":{"type":"string"},
      "celery-workers-running":{"type":"integer"},"windlass-version":{"type":"string"}}})"},
    {"Health",
     R"({"type":"object","required":["status","database"],"properties":{"status":{"type":"string"},"database":{"type":"string"}}})"},
    {"Variables",
     R"({"type":"array","items":{"type":"object","required":["name","type","required"],"properties":{
      "name":{"type":"string"},"type":{"type":"string"},"label":{"type":"string"},"help_text":{"type":"string"},
      "required":{"type":"boolean"},"default":{},"sensitive":{"type":"boolean"},
      "schema":{"type":"object","description":"JSON Schema of the value, draft 2020-12."}}}})"},
    {"FormState", R"({"type":"object","required":["valid","variables","errors"],"properties":{
      "valid":{"type":"boolean","description":"Whether a run would take these inputs."},
      "variables":{"type":"array","items":{"type":"object","required":["name","type","required","visible","errors"],
        "description":"A variable as the list tells it, and its state.","properties":{
        "name":{"type":"string"},"type":{"type":"string"},"required":{"type":"boolean"},
        "visible":{"type":"boolean"},
        "value":{"description":"As run() would get it; not told of a sensitive variable."},
        "choices":{"type":"array","items":{},"description":"Declared or computed: [value, label], or [group, [[value, label]]]."},
        "errors":{"type":"array","items":{"type":"string"}}}}},
      "errors":{"type":"object","description":"Messages a name that no variable has."}}})"},
    {"RunRequest", R"({"type":"object","properties":{
      "data":{"type":"object","description":"Variable name to value."},
      "schedule":{"type":"object","nullable":true,"required":["interval"],"properties":{"name":{"type":"string"},
        "interval":{"type":"string","enum":["immediately","future","hourly","daily","weekly","custom"]},
        "start_time":{"type":"string","format":"date-time"},"crontab":{"type":"string"}}},
      "job_queue":{"type":"string","description":"Name or id."},
      "task_queue":{"type":"string","description":"The same, by its older name."},
      "ignore_singleton_lock":{"type":"boolean"}}})"},
    {"RunForm", R"({"type":"object","description":"A variable a field; repeat a field for a list.",
      "properties":{"_job_queue":{"type":"string","description":"Name or id."},"_task_queue":{"type":"string"},
      "_schedule_interval":{"type":"string"},"_schedule_name":{"type":"string"},"_schedule_start_time":{"type":"string"},
      "_schedule_crontab":{"type":"string"},"_ignore_singleton_lock":{"type":"string","enum":["true","false"]}},
      "additionalProperties":{"type":"string"}})"},
    {"RunFormWithFiles", R"({"type":"object",
      "description":"A variable a field, a file a part with a file name (16 at most); repeat a field for a list.",
      "properties":{"_job_queue":{"type":"string","description":"Name or id."},"_task_queue":{"type":"string"},
      "_schedule_interval":{"type":"string"},"_schedule_name":{"type":"string"},"_schedule_start_time":{"type":"string"},
      "_schedule_crontab":{"type":"string"},"_ignore_singleton_lock":{"type":"string","enum":["true","false"]}},
      "additionalProperties":{"oneOf":[{"type":"string"},{"type":"string","format":"binary"}]}})"},
    {"RunAnswer", R"({"type":"object","required":["scheduled_job","job_result"],"properties":{
      "scheduled_job":{"type":"object","nullable":true},"job_result":{"$ref":"#/components/schemas/JobResult"}}})"},
    {"LogPage", R"({"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/JobLogEntry"}},
      {"type":"object","required":["results","next"],"properties":{
        "results":{"type":"array","items":{"$ref":"#/components/schemas/JobLogEntry"}},
        "next":{"type":"integer","nullable":true,"description":"The sequence to go on after."}}}]})"},
    {"Session",
     R"({"type":"object","required":["user","csrf_token","first_account","version","default_queue"],"properties":{
      "user":{"type":"object","nullable":true,"required":["id","username","display"],"description":"Null when nobody is signed in.",
        "properties":{"id":{"type":"string","format":"uuid"},"username":{"type":"string"},"display":{"type":"string"}}},
      "csrf_token":{"type":"string","description":"For the header X-CSRF-Token; empty without a session."},
      "first_account":{"type":"boolean","description":"No account exists yet."},
      "version":{"type":"string"},"default_queue":{"type":"string"}}})"},
    {"SignIn", R"({"type":"object","required":["username","password"],"properties":{
      "username":{"type":"string"},"password":{"type":"string","format":"password"}}})"},
    {"FirstAccount", R"({"type":"object","required":["code","username","password"],"properties":{
      "code":{"type":"string"},"username":{"type":"string"},"password":{"type":"string","format":"password"}}})"},
    {"PasswordChange", R"({"type":"object","required":["old_password","new_password"],"properties":{
      "old_password":{"type":"string","format":"password"},
      "new_password":{"type":"string","format":"password","minLength":8}}})"},
    {"NewToken", R"({"type":"object","properties":{"description":{"type":"string","maxLength":200},
      "write_enabled":{"type":"boolean","default":true},"expires":{"type":"string","format":"date-time","nullable":true}}})"},
    {"RunSummary",
     R"({"type":"object","required":["id","name","job_model","user","status","queue","worker","date_created","date_started","date_done","progress","reason_code","reason","attempt"],"properties":{
      "id":{"type":"string","format":"uuid"},"name":{"type":"string"},
      "job_model":{"type":"object","nullable":true,"required":["id","class_path"],"properties":{"id":{"type":"string","format":"uuid"},"class_path":{"type":"string"}}},
      "user":{"type":"string","nullable":true,"description":"Username."},
      "status":{"$ref":"#/components/schemas/Status/properties/value"},
      "queue":{"type":"string"},"worker":{"type":"string","nullable":true},
      "date_created":{"type":"string","format":"date-time"},
      "date_started":{"type":"string","format":"date-time","nullable":true},
      "date_done":{"type":"string","format":"date-time","nullable":true},
      "progress":{"type":"object","nullable":true,"required":["done","total","message"],"properties":{"done":{"type":"number"},
        "total":{"type":"number","nullable":true},"message":{"type":"string"}}},
      "reason_code":{"type":"string"},"reason":{"type":"string"},"attempt":{"type":"integer"}}})"},
    {"WaitingRun",
     R"({"type":"object","required":["id","name","job_model","user","status","queue","worker","date_created","date_started","date_done","progress","reason_code","reason","attempt","waiting_reason"],"properties":{
      "id":{"type":"string","format":"uuid"},"name":{"type":"string"},
      "job_model":{"type":"object","nullable":true,"required":["id","class_path"],"properties":{"id":{"type":"string","format":"uuid"},"class_path":{"type":"string"}}},
      "user":{"type":"string","nullable":true,"description":"Username."},
      "status":{"$ref":"#/components/schemas/Status/properties/value"},
      "queue":{"type":"string"},"worker":{"type":"string","nullable":true},
      "date_created":{"type":"string","format":"date-time"},
      "date_started":{"type":"string","format":"date-time","nullable":true},
      "date_done":{"type":"string","format":"date-time","nullable":true},
      "progress":{"type":"object","nullable":true,"required":["done","total","message"],"properties":{"done":{"type":"number"},
        "total":{"type":"number","nullable":true},"message":{"type":"string"}}},
      "reason_code":{"type":"string"},"reason":{"type":"string"},"attempt":{"type":"integer"},
      "waiting_reason":{"type":"string","description":"One sentence."}}})"},
    {"Summary",
     R"({"type":"object","required":["running","waiting","failures","running_count","waiting_count","failure_count",
        "days","busiest_jobs","queues","workers"],"properties":{
      "running":{"type":"array","items":{"$ref":"#/components/schemas/RunSummary"},"description":"The newest 50."},
      "waiting":{"type":"array","items":{"$ref":"#/components/schemas/WaitingRun"},"description":"The oldest 50."},
      "failures":{"type":"array","items":{"$ref":"#/components/schemas/RunSummary"},"description":"Of the last 24 hours, the newest 20."},
      "running_count":{"type":"integer"},"waiting_count":{"type":"integer"},"failure_count":{"type":"integer"},
      "days":{"type":"array","description":"Runs that ended, by local day; oldest first, today last.","items":{"type":"object",
        "required":["date","SUCCESS","FAILURE","REVOKED"],"properties":{"date":{"type":"string","format":"date"},
        "SUCCESS":{"type":"integer"},"FAILURE":{"type":"integer"},"REVOKED":{"type":"integer"}}}},
      "busiest_jobs":{"type":"array","description":"Of today and the six days before (UTC), eight at most.","items":{"type":"object",
        "required":["id","name","class_path","runs","failures","median_duration"],"properties":{
        "id":{"type":"string","format":"uuid"},"name":{"type":"string"},"class_path":{"type":"string"},"runs":{"type":"integer"},
        "failures":{"type":"integer"},"median_duration":{"type":"number","nullable":true,"description":"Seconds, of the newest 50 successes."}}}},
      "queues":{"type":"array","items":{"type":"object","required":["id","name","waiting","running","workers"],"properties":{
        "id":{"type":"string","format":"uuid"},"name":{"type":"string"},"waiting":{"type":"integer"},
        "running":{"type":"integer"},"workers":{"type":"integer"}}}},
      "workers":{"type":"array","description":"Alive ones.","items":{"type":"object",
        "required":["id","name","state","queues","slots","running","last_seen"],"properties":{
        "id":{"type":"string","format":"uuid"},"name":{"type":"string"},"state":{"type":"string","enum":["ready","draining"]},
        "queues":{"type":"array","items":{"type":"string"}},"slots":{"type":"integer"},"running":{"type":"integer"},
        "last_seen":{"type":"string","format":"date-time"}}}}}})"},
    {"RecentResults",
     R"({"type":"object","description":"By the id of the job.","additionalProperties":{"type":"array","items":{"type":"object",
      "required":["id","status","date_created","date_started","date_done","duration"],"properties":{
      "id":{"type":"string","format":"uuid"},"status":{"$ref":"#/components/schemas/Status/properties/value"},
      "date_created":{"type":"string","format":"date-time"},"date_started":{"type":"string","format":"date-time","nullable":true},
      "date_done":{"type":"string","format":"date-time","nullable":true},
      "duration":{"type":"number","nullable":true,"description":"Seconds."}}}}})"},
    {"JobSources",
     R"({"type":"array","items":{"type":"object","required":["name","path","version","version_url","git_repository","errors","warnings","jobs"],"properties":{
      "name":{"type":"string","description":"jobs_root, git:<slug> or app:<package>."},"path":{"type":"string"},"version":{"type":"string"},
      "version_url":{"type":"string","format":"uri","nullable":true,"description":"Where people see the commit."},
      "git_repository":{"allOf":[{"$ref":"#/components/schemas/Reference"}],"nullable":true},"jobs":{"type":"integer"},
      "warnings":{"type":"array","items":{"type":"string"}},
      "errors":{"type":"array","items":{"type":"object","required":["module","file","line","message","traceback"],"properties":{
        "module":{"type":"string"},"file":{"type":"string"},"line":{"type":"integer","nullable":true},
        "message":{"type":"string"},"traceback":{"type":"string"}}}}}}})"},
    {"Traceback", R"({"type":"object","required":["text","exception","frames"],"properties":{
      "text":{"type":"string"},"exception":{"type":"string"},
      "frames":{"type":"array","items":{"type":"object","required":["file","line","function","source"],"properties":{
        "file":{"type":"string"},"line":{"type":"integer"},"function":{"type":"string"},
        "source":{"type":"array","description":"Lines around it, of the code that ran; empty when that is gone.",
          "items":{"type":"object","required":["line","text"],"properties":{"line":{"type":"integer"},"text":{"type":"string"}}}}}}}}})"},
    {"Attempts", R"({"type":"array","items":{"type":"object",
      "required":["attempt","date_started","date_done","status","reason_code","reason","worker"],"properties":{
      "attempt":{"type":"integer"},"date_started":{"type":"string","format":"date-time","nullable":true},
      "date_done":{"type":"string","format":"date-time","nullable":true},
      "status":{"$ref":"#/components/schemas/Status/properties/value"},
      "reason_code":{"type":"string","description":"Kept of the newest attempt only, else empty."},"reason":{"type":"string"},
      "worker":{"type":"string","nullable":true,"description":"Kept of the newest attempt only."}}}})"},
    {"Timeline",
     R"({"type":"object","required":["workers","truncated"],"properties":{"truncated":{"type":"boolean"},
      "workers":{"type":"array","items":{"type":"object","required":["worker","runs"],"properties":{"worker":{"type":"string"},
        "runs":{"type":"array","items":{"type":"object","required":["id","name","status","date_started","date_done"],"properties":{
          "id":{"type":"string","format":"uuid"},"name":{"type":"string"},
          "status":{"$ref":"#/components/schemas/Status/properties/value"},
          "date_started":{"type":"string","format":"date-time"},
          "date_done":{"type":"string","format":"date-time","nullable":true}}}}}}}}})"},
    {"Settings",
     R"({"type":"array","items":{"type":"object","required":["name","value","default","origin","type","help"],"properties":{
      "name":{"type":"string"},"value":{"type":"string","description":"Passwords are masked."},"default":{"type":"string"},
      "origin":{"type":"string","enum":["default","windlass.toml","environment","command line"]},
      "type":{"type":"string","enum":["text","url","integer","bytes","seconds","list","lines"]},"help":{"type":"string"}}}})"},
    {"Preferences",
     R"({"type":"object","required":["favourite_jobs","saved_views","result_columns"],"properties":{
      "favourite_jobs":{"type":"array","items":{"type":"string"},"description":"Class paths."},
      "saved_views":{"type":"array","items":{"type":"object","required":["name","page","query"],"properties":{
        "name":{"type":"string"},"page":{"type":"string","enum":["results","jobs"]},"query":{"type":"string"}}}},
      "result_columns":{"type":"array","items":{"type":"string"}}}})"},
    {"Ids", R"({"type":"object","required":["ids"],"properties":{
      "ids":{"type":"array","maxItems":1000,"items":{"type":"string","format":"uuid"}}}})"},
    {"IdObjects",
     R"({"type":"array","maxItems":1000,"items":{"type":"object","required":["id"],"properties":{
      "id":{"type":"string","format":"uuid"}}}})"},
    {"CancelAnswer", R"({"type":"object","required":["cancelled","unchanged"],"properties":{
      "cancelled":{"type":"array","items":{"type":"string","format":"uuid"}},
      "unchanged":{"type":"array","items":{"type":"string","format":"uuid"},"description":"Had ended."}}})"},
    {"ConsolePage",
     R"({"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/JobConsoleEntry"}},
      {"type":"object","required":["results","next"],"properties":{
        "results":{"type":"array","items":{"$ref":"#/components/schemas/JobConsoleEntry"}},
        "next":{"type":"integer","nullable":true,"description":"The sequence to go on after."}}}]})"},
    {"SyncAnswer", R"({"type":"object","required":["message","job_result"],"properties":{
      "message":{"type":"string"},"job_result":{"$ref":"#/components/schemas/JobResult"}}})"},
    {"Delivery",
     R"({"type":"object","description":"What the server of the repository sends; its signature stands in X-Hub-Signature-256, X-Gitea-Signature or X-Gitlab-Token.",
      "properties":{"ref":{"type":"string","description":"refs/heads/… or refs/tags/…"}}})"},
    {"DeliveryForm", R"({"type":"object","required":["payload"],"properties":{
      "payload":{"type":"string","description":"The delivery as JSON."}}})"},
    {"DeliveryAnswer",
     R"({"type":"object","required":["message"],"properties":{"message":{"type":"string"},
      "job_result":{"type":"object","required":["id"],"properties":{"id":{"type":"string","format":"uuid"}}}}})"},
    {"ScheduledJob", R"({"type":"object"})"},
    {"OpenApi", R"({"type":"object","required":["openapi","info","paths"]})"},
};

}  // namespace

json::value field_schema(const FieldInfo& field, bool nullable) {
  json::object schema;
  switch (field.kind) {
    case FieldKind::kId:
      schema = {{"type", "string"}, {"format", "uuid"}};
      break;
    case FieldKind::kText:
      schema = {{"type", "string"}};
      break;
    case FieldKind::kInteger:
      schema = {{"type", "integer"}};
      break;
    case FieldKind::kNumber:
      schema = {{"type", "number"}};
      break;
    case FieldKind::kBool:
      schema = {{"type", "boolean"}};
      break;
    case FieldKind::kTime:
      schema = {{"type", "string"}, {"format", "date-time"}};
      break;
    case FieldKind::kJson:
      break;
    case FieldKind::kStatus:
      return named("Status");
    case FieldKind::kReference:
      if (!nullable) return named("Reference");
      schema = {{"allOf", json::array{named("Reference")}}};
  }
  if (nullable && field.kind != FieldKind::kJson) schema["nullable"] = true;
  if (!field.help.empty()) schema["description"] = to_json_view(field.help);
  return schema;
}

json::object component_schemas() {
  json::object schemas;
  for (const auto& [name, text] : kWritten) schemas[to_json_view(name)] = parsed(text);
  schemas["Job"] = object_schema<Job>();
  schemas["JobPatch"] = job_patch_schema();
  schemas["JobResult"] = object_schema<JobResult>();
  schemas["JobQueue"] = object_schema<JobQueue>();
  schemas["Worker"] = object_schema<Worker>();
  schemas["User"] = object_schema<User>();
  schemas["Token"] = object_schema<Token>();
  schemas["FileProxy"] = object_schema<FileProxy>();
  schemas["GitRepository"] = object_schema<GitRepository>();
  schemas["NewGitRepository"] = repository_patch_schema(true);
  schemas["GitRepositoryPatch"] = repository_patch_schema(false);
  schemas["JobLogEntry"] = entry_schema(log_entries());
  schemas["JobConsoleEntry"] = entry_schema(console_entries());
  schemas["JobQueueAssignment"] = assignment_schema();
  for (const std::string_view item :
       {"Job", "JobResult", "JobQueue", "Worker", "User", "Token", "FileProxy", "GitRepository",
        "JobLogEntry", "JobConsoleEntry", "JobQueueAssignment", "ScheduledJob"}) {
    schemas[std::string(item) + "List"] = list_schema(item);
  }
  return schemas;
}

}  // namespace windlass::rest
