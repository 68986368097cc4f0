#include "base/log.h"
#include "markdown/safe_html.h"
#include "server/rest/event_stream.h"
#include "server/rest/json_writer.h"

namespace windlass::rest {

namespace {

constexpr std::int64_t kReadAtATime = 200;
constexpr std::size_t kEnoughBytes = 64 << 10;

std::string_view name_of(EventKind kind) {
  switch (kind) {
    case EventKind::kLog:
      return "log";
    case EventKind::kConsole:
      return "console";
    case EventKind::kProgress:
      return "progress";
    case EventKind::kStatus:
      return "status";
  }
  return "";
}

void write_text(JsonWriter& out, std::string_view name, std::string_view text) {
  out.key(name);
  out.text(text);
}

void write_progress(JsonWriter& out, const Event& event) {
  for (const char* member : {"done", "total"}) {
    out.key(member);
    const json::value* value = find(event.data, member);
    value == nullptr ? out.null() : out.value(*value);
  }
  write_text(out, "message", event.message);
}

std::string data_of(const Event& event, bool html) {
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  out.key("sequence");
  out.integer(event.sequence);
  out.key("attempt");
  out.integer(event.attempt);
  out.key("created");
  out.time(event.created);
  switch (event.kind) {
    case EventKind::kLog:
      write_text(out, "log_level", event.level);
      write_text(out, "grouping", event.grouping);
      write_text(out, "message", event.message);
      write_text(out, "log_object", event.log_object);
      write_text(out, "absolute_url", event.absolute_url);
      if (html) write_text(out, "message_html", safe_html(event.message));
      break;
    case EventKind::kConsole:
      write_text(out, "output_type", event.level);
      write_text(out, "text", event.message);
      break;
    case EventKind::kProgress:
      write_progress(out, event);
      break;
    case EventKind::kStatus:
      write_text(out, "status", event.level);
      write_text(out, "reason", event.message);
      break;
  }
  out.end_object();
  return text;
}

bool ends_the_run(const Event& event) {
  if (event.kind != EventKind::kStatus) return false;
  const auto status = parse_status(event.level);
  return status && is_final(*status);
}

class ResultEvents final : public http::EventSource {
 public:
  ResultEvents(std::shared_ptr<Api> api, std::int64_t number, std::int64_t after, bool html)
      : api_(std::move(api)), number_(number), html_(html) {
    query_.number = number;
    query_.after = after;
    query_.limit = kReadAtATime;
  }

  void open(http::Waker waker) override {
    watch_ = api_->watch.watch(number_, [waker](std::int64_t) { waker.wake(); });
  }

  Next next(std::string* out) override {
    auto events = api_->context.storage.events().list(query_);
    if (!events.ok()) return give_up(events.error());
    for (const Event& event : *events) {
      http::append_event(out, std::to_string(event.sequence), name_of(event.kind),
                         data_of(event, html_));
      query_.after = event.sequence;
      if (ends_the_run(event)) return Next::kEnd;
      if (out->size() >= kEnoughBytes) return Next::kMore;
    }
    if (static_cast<std::int64_t>(events->size()) == query_.limit) return Next::kMore;
    return events->empty() ? idle_or_end() : Next::kIdle;
  }

 private:
  /// Nothing new: a client that comes back after the end must not wait for ever.
  Next idle_or_end() {
    auto result = api_->context.storage.results().get_by_number(number_);
    if (!result.ok()) {
      return result.error().code == "job_result.not_found" ? Next::kEnd : give_up(result.error());
    }
    if (!is_final(result->status)) return Next::kIdle;
    return result->last_sequence > query_.after ? Next::kMore : Next::kEnd;
  }
  /// The client comes back with the last id that it got.
  Next give_up(const Error& error) {
    log::error("An event stream ended early", error);
    return Next::kEnd;
  }

  const std::shared_ptr<Api> api_;
  const std::int64_t number_;
  const bool html_;
  EventQuery query_;
  std::unique_ptr<ResultWatch::Watch> watch_;  // last: its end waits for the callback
};

}  // namespace

std::unique_ptr<http::EventSource> result_events(std::shared_ptr<Api> api, std::int64_t number,
                                                 std::int64_t after, bool html) {
  return std::make_unique<ResultEvents>(std::move(api), number, after, html);
}

}  // namespace windlass::rest
