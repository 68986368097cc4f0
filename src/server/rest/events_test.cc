#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>

#include "base/text.h"
#include "server/http/server.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// One event of a stream's text.
struct StreamEvent {
  std::string id;
  std::string name;
  json::value data;
};

std::vector<StreamEvent> events_of(std::string_view text) {
  std::vector<StreamEvent> events;
  while (!text.empty()) {
    const auto end = text.find("\n\n");
    StreamEvent event;
    for (const std::string_view line : split(text.substr(0, end), '\n')) {
      if (line.starts_with("id: ")) event.id = line.substr(4);
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("data: ")) event.data = parse_json(line.substr(6)).value();
    }
    events.push_back(std::move(event));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return events;
}

std::vector<std::string> names_of(const std::vector<StreamEvent>& events) {
  std::vector<std::string> names;
  for (const StreamEvent& event : events) names.push_back(event.name);
  return names;
}

class EventsTest : public ::testing::Test {
 protected:
  std::unique_ptr<http::EventSource> open(const JobResult& result, std::string last_event_id = "",
                                          const std::string& query = "") {
    http::NamedValues headers{{"Authorization", "Token " + std::string(TestApi::kToken)}};
    if (!last_event_id.empty()) headers.emplace_back("Last-Event-ID", std::move(last_event_id));
    TestAnswer answer =
        api_.send_with(std::move(headers), "GET",
                       "/api/extras/job-results/" + result.id.to_string() + "/events/" + query);
    EXPECT_EQ(answer.response.header("Content-Type"), "text/event-stream");
    answer.response.events->open({});
    return std::move(answer.response.events);
  }
  TestApi api_;
  Job job_ = api_.add_job("J");
};

TEST_F(EventsTest, TellARunFromBeginToEnd) {
  api_.submit(job_);
  const JobResult result = api_.finish_run();
  const StreamReading reading = read_stream(*open(result));
  EXPECT_TRUE(reading.ended);
  const auto events = events_of(reading.text);
  EXPECT_THAT(names_of(events),
              ElementsAre("status", "status", "log", "log", "console", "log", "status"));
  EXPECT_EQ(events[0].id, "1");
  EXPECT_EQ(get_string(events[0].data, "status"), "PENDING");
  EXPECT_EQ(get_string(events[1].data, "status"), "STARTED");
  EXPECT_EQ(get_int(events[2].data, "attempt"), 1);
  EXPECT_EQ(get_string(events[3].data, "message"), "some_text_input: hello");
  EXPECT_EQ(get_string(events[4].data, "text"), "printed");
  EXPECT_EQ(get_string(events[6].data, "status"), "SUCCESS");
}

TEST_F(EventsTest, CarryMarkdownAsHtmlOnRequest) {
  api_.submit(job_);
  const JobResult result = api_.finish_run();
  const auto plain = events_of(read_stream(*open(result)).text);
  EXPECT_EQ(find(plain[2].data, "message_html"), nullptr);
  const auto rendered = events_of(read_stream(*open(result, "", "?render=html")).text);
  EXPECT_EQ(get_string(rendered[2].data, "message_html"), "<p>Running job</p>\n");
  EXPECT_EQ(get_string(rendered[2].data, "message"), "Running job");
  EXPECT_EQ(find(rendered[4].data, "message_html"), nullptr) << "console lines are no Markdown";
}

TEST_F(EventsTest, GoOnWhereAClientLeft) {
  api_.submit(job_);
  const JobResult result = api_.finish_run();
  const auto rest = events_of(read_stream(*open(result, "5")).text);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].id, "6");
  const StreamReading nothing = read_stream(*open(result, "7"));
  EXPECT_EQ(nothing.text, "");
  EXPECT_TRUE(nothing.ended);
  const TestAnswer bad = api_.send_with(
      {{"Authorization", "Token " + std::string(TestApi::kToken)}, {"Last-Event-ID", "x"}}, "GET",
      "/api/extras/job-results/" + result.id.to_string() + "/events/");
  EXPECT_EQ(bad.status(), 400);
}

TEST_F(EventsTest, FollowARunThatGoesOn) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  const auto stream = open(run.result);
  StreamReading reading = read_stream(*stream);
  EXPECT_FALSE(reading.ended);
  EXPECT_THAT(names_of(events_of(reading.text)), ElementsAre("status", "status"));

  Event progress;
  progress.kind = EventKind::kProgress;
  progress.created = api_.clock.now();
  progress.message = "half";
  progress.data = json::object{{"done", 5}, {"total", 10}};
  api_.write(run, {progress});
  reading = read_stream(*stream);
  const auto told = events_of(reading.text);
  ASSERT_THAT(names_of(told), ElementsAre("progress"));
  EXPECT_EQ(get_int(told[0].data, "total"), 10);
  EXPECT_EQ(get_string(told[0].data, "message"), "half");

  RunOutcome outcome;
  outcome.status = JobResultStatus::kFailure;
  outcome.reason = "It failed.";
  api_.write(run, {}, outcome);
  reading = read_stream(*stream);
  EXPECT_TRUE(reading.ended);
  EXPECT_EQ(get_string(events_of(reading.text).back().data, "reason"), "It failed.");
}

TEST_F(EventsTest, LongLogsComeInPieces) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  std::vector<Event> many;
  for (int i = 0; i < 1000; ++i) many.push_back(TestApi::log_event("info", std::string(400, 'x')));
  api_.write(run, many);
  const auto stream = open(run.result);
  std::string piece;
  EXPECT_EQ(stream->next(&piece), http::EventSource::Next::kMore);
  EXPECT_LT(piece.size(), 200u << 10);
  piece += read_stream(*stream).text;
  EXPECT_EQ(events_of(piece).size(), 1002u);
}

TEST_F(EventsTest, EndWhenTheResultIsDeleted) {
  const JobResult result = api_.submit(job_);
  const auto stream = open(result);
  EXPECT_FALSE(read_stream(*stream).ended);
  ASSERT_EQ(api_.send("DELETE", "/api/extras/job-results/" + result.id.to_string() + "/").status(),
            204);
  EXPECT_TRUE(read_stream(*stream).ended);
}

TEST_F(EventsTest, AllResultsBeginWithReset) {
  TestAnswer answer = api_.get("/api/extras/events/");
  http::EventSource& stream = *answer.response.events;
  stream.open({});
  EXPECT_THAT(names_of(events_of(read_stream(stream).text)), ElementsAre("reset"));
  const JobResult result = api_.submit(job_);
  const auto waiting = events_of(read_stream(stream).text);
  ASSERT_EQ(waiting.size(), 1u) << "a queued run is told before a worker takes it";
  EXPECT_EQ(get_string(waiting[0].data, "status"), "PENDING");
  api_.finish_run();
  // Notices may be told together: only the newest status is certain.
  std::vector<StreamEvent> told;
  while (told.empty() || get_string(told.back().data, "status") != "SUCCESS") {
    for (StreamEvent& event : events_of(read_stream(stream).text)) {
      EXPECT_EQ(event.name, "status");
      EXPECT_EQ(get_string(event.data, "job_result"), result.id.to_string());
      told.push_back(std::move(event));
    }
  }
}

}  // namespace
}  // namespace windlass::rest
