#include <gmock/gmock.h>

#include "base/text.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class LogsTest : public ::testing::Test {
 protected:
  /// A running run with `number` entries "entry 1" … whose sequences follow the STARTED event's.
  ClaimedRun run_with_entries(int number) {
    api_.submit(job_);
    ClaimedRun run = api_.claim();
    std::vector<Event> events;
    for (int i = 1; i <= number; ++i) {
      events.push_back(TestApi::log_event(i % 2 == 0 ? "warning" : "info",
                                          "entry " + std::to_string(i),
                                          i % 3 == 0 ? "third" : "run"));
    }
    api_.write(run, std::move(events));
    return run;
  }
  std::string logs(const ClaimedRun& run) {
    return "/api/extras/job-results/" + run.result.id.to_string() + "/logs/";
  }

  TestApi api_;
  Job job_ = api_.add_job("J");
};

TEST_F(LogsTest, AreABareListUnlessAPageIsAskedFor) {
  const ClaimedRun run = run_with_entries(5);
  const TestAnswer bare = api_.get(logs(run));
  ASSERT_TRUE(bare.body.is_array());
  EXPECT_EQ(bare.body.get_array().size(), 5u);
  EXPECT_EQ(bare.text("0.message"), "entry 1");
  EXPECT_EQ(bare.response.header("Link"), "");
}

TEST_F(LogsTest, GoOnAfterASequence) {
  const ClaimedRun run = run_with_entries(5);
  std::vector<std::string> messages;
  std::string after = "0";
  while (after != "null") {
    const TestAnswer page = api_.get(logs(run) + "?limit=2&after=" + after);
    ASSERT_EQ(page.status(), 200);
    for (const json::value& entry : page.at("results").as_array())
      messages.push_back(get_string(entry, "message"));
    after = page.text("next");
  }
  EXPECT_THAT(messages,
              ::testing::ElementsAre("entry 1", "entry 2", "entry 3", "entry 4", "entry 5"));
  EXPECT_EQ(api_.get(logs(run) + "?offset=3&limit=1").text("results.0.message"), "entry 4");
}

TEST_F(LogsTest, BeyondTenThousandALinkGoesOn) {
  const ClaimedRun run = run_with_entries(10'001);
  const TestAnswer bare = api_.get(logs(run) + "?log_level=info&log_level=warning");
  EXPECT_EQ(bare.body.as_array().size(), 10'000u);
  const std::string link(bare.response.header("Link"));
  ASSERT_THAT(link, StartsWith("<http://host" + logs(run) + "?after="));
  ASSERT_THAT(link, ::testing::EndsWith(">; rel=\"next\""));
  const std::string target = link.substr(12, link.find('>') - 12);
  const TestAnswer rest = api_.get(target);
  ASSERT_TRUE(rest.body.is_array()) << "of the same shape";
  EXPECT_EQ(rest.body.as_array().size(), 1u);
  EXPECT_EQ(rest.text("0.message"), "entry 10001");
  EXPECT_EQ(rest.response.header("Link"), "");
}

TEST_F(LogsTest, BareListsOfAnyLengthLeadThroughTheWholeLog) {
  const ClaimedRun run = run_with_entries(5);
  std::string target = logs(run) + "?bare=true&limit=2&offset=1";
  std::vector<std::string> messages;
  while (!target.empty()) {
    const TestAnswer part = api_.get(target);
    ASSERT_TRUE(part.body.is_array()) << target;
    for (const json::value& entry : part.body.as_array())
      messages.push_back(get_string(entry, "message"));
    const std::string link(part.response.header("Link"));
    target = link.empty() ? "" : link.substr(12, link.find('>') - 12);
  }
  EXPECT_THAT(messages, ::testing::ElementsAre("entry 2", "entry 3", "entry 4", "entry 5"));
  EXPECT_EQ(api_.get(logs(run) + "?bare=perhaps").text("bare.0"),
            "\"perhaps\" is not a valid boolean; use true or false.");
}

TEST_F(LogsTest, HaveOneOrder) {
  const ClaimedRun run = run_with_entries(1);
  for (const std::string& path : {logs(run), std::string("/api/extras/job-logs/"),
                                  std::string("/api/extras/job-console-entries/")}) {
    EXPECT_EQ(api_.get(path + "?sort=created").text("sort.0"),
              "Entries come in the order in which they were written; leave this out.")
        << path;
  }
}

TEST_F(LogsTest, FilterByLevelGroupingAndText) {
  const ClaimedRun run = run_with_entries(6);
  EXPECT_EQ(api_.get(logs(run) + "?log_level=warning").body.as_array().size(), 3u);
  EXPECT_EQ(api_.get(logs(run) + "?log_level=warning&log_level=info").body.as_array().size(), 6u);
  EXPECT_EQ(api_.get(logs(run) + "?grouping=third").body.as_array().size(), 2u);
  EXPECT_EQ(api_.get(logs(run) + "?q=ENTRY+4").text("0.message"), "entry 4");
  EXPECT_EQ(api_.get(logs(run) + "?log_level=loud").status(), 400);
  EXPECT_EQ(api_.get(logs(run) + "?colour=red").text("colour.0"), "Unknown filter field");
  EXPECT_EQ(api_.get(logs(run) + "?after=x").status(), 400);
}

TEST_F(LogsTest, CarryTheirMarkdownAsHtmlOnRequest) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  Event line = TestApi::log_event("stdout", "*printed*", "");
  line.kind = EventKind::kConsole;
  api_.write(run, {TestApi::log_event("info", "**done** <script>"), line});
  const std::string html = "<p><strong>done</strong> &lt;script&gt;</p>\n";
  const std::string id = run.result.id.to_string();
  EXPECT_EQ(api_.get(logs(run)).text("0.message_html"), "(missing)");
  EXPECT_EQ(api_.get(logs(run) + "?render=html").text("0.message_html"), html);
  EXPECT_EQ(api_.get(logs(run) + "?render=html&limit=1").text("results.0.message_html"), html);
  const TestAnswer list = api_.get("/api/extras/job-logs/?render=html&job_result=" + id);
  EXPECT_EQ(list.text("results.0.message_html"), html);
  EXPECT_EQ(list.text("results.0.message"), "**done** <script>");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?render=html").text("results.0.message_html"), html);
  EXPECT_EQ(api_.get("/api/extras/job-logs/" + list.text("results.0.id") + "/?render=html")
                .text("message_html"),
            html);
  EXPECT_EQ(api_.get("/api/extras/job-console-entries/?render=html&job_result=" + id)
                .text("results.0.message_html"),
            "(missing)");
  EXPECT_EQ(api_.get(logs(run) + "?render=pdf").text("render.0"),
            "\"pdf\" cannot be rendered; use html, or leave it out.");
}

TEST_F(LogsTest, AsHtmlABareListIsShorter) {
  const ClaimedRun run = run_with_entries(1'001);
  const TestAnswer bare = api_.get(logs(run) + "?render=html");
  EXPECT_EQ(bare.body.as_array().size(), 1'000u);
  EXPECT_THAT(std::string(bare.response.header("Link")), HasSubstr("&bare=true&render=html>"));
}

TEST_F(LogsTest, CanBeAskedForByAttempt) {
  const ClaimedRun run = run_with_entries(1);
  const std::string id = run.result.id.to_string();
  EXPECT_EQ(api_.get(logs(run) + "?attempt=1").text("0.attempt"), "1");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?attempt=1&job_result=" + id).text("count"), "1");
  EXPECT_EQ(api_.get("/api/extras/job-console-entries/?attempt=1&job_result=" + id).text("count"),
            "0");
  EXPECT_EQ(api_.get(logs(run) + "?attempt=first").text("attempt.0"),
            "\"first\" is not a whole number of at least 0.");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?attempt=1").text("attempt.0"),
            "This needs ?job_result=<id> beside it.");
}

TEST_F(LogsTest, DownloadAsTextInChunks) {
  const ClaimedRun run = run_with_entries(1'200);
  api_.write(run, {TestApi::log_event("error", "two\nlines")});
  TestAnswer answer = api_.get(logs(run) + "download/");
  EXPECT_EQ(answer.response.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_THAT(std::string(answer.response.header("Content-Disposition")),
              StartsWith("attachment; filename*=UTF-8''J%20"));
  ASSERT_NE(answer.response.events, nullptr);
  std::string first;
  EXPECT_EQ(answer.response.events->next(&first), http::EventSource::Next::kMore);
  EXPECT_EQ(split(first, '\n').size(), 501u);
  EXPECT_THAT(first, StartsWith("2023-11-14T22:13:20.123456Z info     [run] entry 1\n"));
  const StreamReading rest = read_stream(*answer.response.events);
  EXPECT_TRUE(rest.ended);
  EXPECT_THAT(rest.text, HasSubstr("entry 1200\n"));
  EXPECT_THAT(rest.text, ::testing::EndsWith("error    [run] two\n    lines\n"));
}

TEST_F(LogsTest, OutputIsDownloadedAsItWasWritten) {
  const ClaimedRun run = run_with_entries(1);
  std::vector<Event> lines;
  for (const char* stream : {"stdout", "stderr"}) {
    Event line = TestApi::log_event(stream, std::string("\x1b[31mof ") + stream, "");
    line.kind = EventKind::kConsole;
    lines.push_back(std::move(line));
  }
  api_.write(run, std::move(lines));
  const std::string path =
      "/api/extras/job-results/" + run.result.id.to_string() + "/console/download/";
  const auto text = [&](const std::string& query) {
    TestAnswer answer = api_.get(path + query);
    EXPECT_THAT(std::string(answer.response.header("Content-Disposition")),
                ::testing::EndsWith(query == "?format=csv" ? ".csv" : ".txt"));
    return read_stream(*answer.response.events).text;
  };
  EXPECT_EQ(text(""), "\x1b[31mof stdout\n\x1b[31mof stderr\n");
  EXPECT_EQ(text("?output_type=stderr"), "\x1b[31mof stderr\n");
  EXPECT_EQ(text("?q=STDOUT"), "\x1b[31mof stdout\n");
  EXPECT_THAT(text("?format=csv"), HasSubstr("of stdout"));
}

TEST_F(LogsTest, AreCsvOnRequest) {
  const ClaimedRun run = run_with_entries(2);
  TestAnswer answer = api_.get(logs(run) + "?format=csv&log_level=info");
  ASSERT_NE(answer.response.events, nullptr);
  EXPECT_EQ(answer.response.header("Content-Type"), "text/csv; charset=utf-8");
  const StreamReading csv = read_stream(*answer.response.events);
  EXPECT_TRUE(csv.ended);
  const auto lines = split(csv.text, '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(std::string(lines[0]),
              ::testing::EndsWith("log_level,grouping,message,log_object,absolute_url,job_result,"
                                  "created,sequence,attempt\r"));
  EXPECT_THAT(std::string(lines[1]),
              HasSubstr(",info,run,entry 1,,," + run.result.id.to_string() + ","));
}

TEST_F(LogsTest, EntriesAreFoundByTheirComputedId) {
  const ClaimedRun run = run_with_entries(2);
  const TestAnswer list = api_.get("/api/extras/job-logs/?job_result=" + run.result.id.to_string());
  EXPECT_EQ(list.text("count"), "2");
  const std::string id = list.text("results.1.id");
  const TestAnswer entry = api_.get("/api/extras/job-logs/" + id + "/");
  EXPECT_EQ(entry.text("message"), "entry 2");
  EXPECT_EQ(entry.text("url"), "http://host/api/extras/job-logs/" + id + "/");

  std::string forged = id;
  forged[35] = '9';
  EXPECT_EQ(api_.get("/api/extras/job-logs/" + forged + "/").status(), 404);
  EXPECT_EQ(api_.get("/api/extras/job-logs/" + run.result.id.to_string() + "/").text("detail"),
            "No JobLogEntry matches the given query.");
  EXPECT_EQ(api_.get("/api/extras/job-console-entries/" + id + "/").status(), 404);
}

TEST_F(LogsTest, CountsOfEntriesAreExact) {
  const ClaimedRun run = run_with_entries(7);
  const std::string base = "/api/extras/job-logs/?job_result=" + run.result.id.to_string();
  const TestAnswer page = api_.get(base + "&limit=2&offset=2");
  EXPECT_EQ(page.text("count"), "7");
  EXPECT_EQ(page.text("results.0.message"), "entry 3");
  EXPECT_EQ(page.text("next"), "http://host/api/extras/job-logs/?job_result=" +
                                   run.result.id.to_string() + "&limit=2&offset=4");
  EXPECT_EQ(api_.get(base + "&log_level=warning").text("count"), "3");
  EXPECT_EQ(api_.get(base + "&q=entry+7").text("count"), "1");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?job_result=x").status(), 400);
}

TEST_F(LogsTest, EntriesEmbedTheResultAndNothingWithinIt) {
  const ClaimedRun run = run_with_entries(1);
  const std::string id = run.result.id.to_string();
  const std::string list = "/api/extras/job-logs/?job_result=" + id;
  const std::string entry = api_.get(list).text("results.0.id");
  const auto expect_shallow = [](const json::value& result) {
    EXPECT_EQ(get_string(result, "name"), "J");
    EXPECT_EQ(find(result, "job_model")->as_object().size(), 3u) << "a reference";
  };
  expect_shallow(api_.get(list + "&depth=9").at("results.0.job_result"));
  expect_shallow(api_.get("/api/extras/job-logs/?depth=9").at("results.0.job_result"));
  expect_shallow(api_.get("/api/extras/job-logs/" + entry + "/?depth=9").at("job_result"));
  expect_shallow(api_.get(logs(run) + "?depth=9").at("0.job_result"));
}

TEST_F(LogsTest, EntriesOfAllResultsAreListedToo) {
  const ClaimedRun first = run_with_entries(2);
  const ClaimedRun second = run_with_entries(2);
  const TestAnswer all = api_.get("/api/extras/job-logs/?limit=3");
  EXPECT_EQ(all.text("count"), "4");
  EXPECT_EQ(all.text("results.1.job_result.id"), first.result.id.to_string());
  EXPECT_EQ(all.text("results.2.job_result.id"), second.result.id.to_string());
  EXPECT_EQ(all.text("next"), "http://host/api/extras/job-logs/?limit=3&offset=3");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?log_level=warning").text("count"), "2");
  EXPECT_EQ(api_.get("/api/extras/job-console-entries/").text("count"), "0");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?q=x").text("q.0"),
            "This needs ?job_result=<id> beside it.");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?grouping=run").status(), 400);
}

TEST_F(LogsTest, ConsoleLinesStandApart) {
  api_.submit(job_);
  const JobResult result = api_.finish_run();
  const TestAnswer console =
      api_.get("/api/extras/job-console-entries/?job_result=" + result.id.to_string());
  EXPECT_EQ(console.text("count"), "1");
  EXPECT_EQ(console.text("results.0.text"), "printed");
  EXPECT_EQ(console.text("results.0.output_type"), "stdout");
  EXPECT_EQ(
      api_.get("/api/extras/job-console-entries/" + console.text("results.0.id") + "/").status(),
      200);
  EXPECT_EQ(api_.get("/api/extras/job-console-entries/?output_type=stderr&job_result=" +
                     result.id.to_string())
                .text("count"),
            "0");
  EXPECT_EQ(api_.get("/api/extras/job-logs/?job_result=" + result.id.to_string()).text("count"),
            "3");
}

}  // namespace
}  // namespace windlass::rest
