#include <gmock/gmock.h>

#include <atomic>

#include "server/http/test_client.h"
#include "server/rest/result_watch.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;

/// The interface behind a real socket.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : server_(std::move(api_.router)) {}
  std::string token() { return "Authorization: Token " + std::string(TestApi::kToken) + "\r\n"; }
  /// Reads chunks until the stream's text holds `what`.
  void read_until(http::TestClient& client, std::string_view what) {
    while (stream_.find(what) == std::string::npos) {
      const std::string chunk = client.read_chunk();
      ASSERT_FALSE(chunk.empty()) << "the stream ended before " << what << ":\n" << stream_;
      stream_ += chunk;
    }
  }

  TestApi api_;
  http::TestServer server_;
  std::string stream_;
};

TEST_F(ServerTest, AnswersAndRefusesInJson) {
  http::TestClient client(server_.server.port());
  const http::Answer list = client.get("/api/extras/jobs/", token());
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.headers.at("api-version"), "2.4");
  EXPECT_EQ(list.headers.at("content-type"), "application/json");
  for (const char* path : {"/api/extras/jobs/", "/nowhere/", "/api/extras/nothing/"}) {
    const http::Answer refused = client.get(path);
    EXPECT_GE(refused.status, 403);
    EXPECT_TRUE(parse_json(refused.body).ok()) << refused.body;
  }
}

TEST_F(ServerTest, StreamsARunWhileItHappens) {
  const Job job = api_.add_job("J");
  const JobResult result = api_.submit(job);
  http::TestClient client(server_.server.port());
  client.send("GET /api/extras/job-results/" + result.id.to_string() +
              "/events/ HTTP/1.1\r\nHost: host\r\n" + token() + "\r\n");
  EXPECT_EQ(client.read_head().headers.at("content-type"), "text/event-stream");

  const ClaimedRun run = api_.claim();
  read_until(client, "\"status\":\"STARTED\"");
  api_.write(run, {TestApi::log_event("info", "first")});
  read_until(client, "\"message\":\"first\"");
  RunOutcome outcome;
  outcome.status = JobResultStatus::kSuccess;
  api_.write(run, {TestApi::log_event("info", "second")}, outcome);
  read_until(client, "\"status\":\"SUCCESS\"");
  EXPECT_EQ(client.read_chunk(), "");
  EXPECT_THAT(stream_, HasSubstr("\"message\":\"second\""));
}

TEST_F(ServerTest, StreamsChangesOfAllRuns) {
  const Job job = api_.add_job("J");
  http::TestClient client(server_.server.port());
  client.send("GET /api/extras/events/ HTTP/1.1\r\nHost: host\r\n" + token() + "\r\n");
  EXPECT_EQ(client.read_head().status, 200);
  read_until(client, "event: reset\ndata: {}\n\n");
  const JobResult result = api_.submit(job);
  api_.finish_run();
  read_until(client, "\"status\":\"SUCCESS\"");
  EXPECT_THAT(stream_, HasSubstr(result.id.to_string()));
}

TEST_F(ServerTest, DownloadsLogsAndFiles) {
  api_.submit(api_.add_job("J"));
  const ClaimedRun run = api_.claim();
  const auto file =
      api_.home.storage().files().add(run.result.number, run.lease_token, "a.txt", "content");
  api_.write(run, {TestApi::log_event("info", "first")});
  http::TestClient client(server_.server.port());
  const http::Answer content =
      client.get("/api/extras/file-proxies/" + file->id.to_string() + "/download/", token());
  EXPECT_EQ(content.body, "content");
  EXPECT_EQ(content.headers.at("x-content-type-options"), "nosniff");
  const http::Answer log = client.get(
      "/api/extras/job-results/" + run.result.id.to_string() + "/logs/download/", token());
  EXPECT_THAT(log.body, HasSubstr("[run] first\n"));
}

/// A notifier that tells nobody: every notice is lost.
class DeafNotifier final : public Notifier {
 public:
  void notify(const Notice&) override {}
  std::unique_ptr<Subscription> subscribe(std::function<void(const Notice&)>) override {
    return nullptr;
  }
};

TEST(ResultWatch, TicksWhenNoticesAreLost) {
  DeafNotifier notifier;
  ResultWatch watch(notifier, std::chrono::milliseconds(5));
  std::atomic<int> ticks = 0;
  const auto watched = watch.watch(7, [&](std::int64_t number) {
    EXPECT_EQ(number, ResultWatch::kTick);
    ++ticks;
  });
  http::wait_until([&] { return ticks > 2; });
}

/// A notifier that the test speaks for.
class SpokenNotifier final : public Notifier {
 public:
  void notify(const Notice& notice) override { callback(notice); }
  std::unique_ptr<Subscription> subscribe(std::function<void(const Notice&)> told) override {
    callback = std::move(told);
    return nullptr;
  }
  std::function<void(const Notice&)> callback;
};

TEST(ResultWatch, TellsWhoIsConcerned) {
  SpokenNotifier notifier;
  ResultWatch watch(notifier, std::chrono::hours(1));
  std::vector<std::int64_t> one, all;
  auto watched_one = watch.watch(7, [&](std::int64_t number) { one.push_back(number); });
  const auto watched_all = watch.watch_all([&](std::int64_t number) { all.push_back(number); });
  notifier.notify({Notice::Kind::kResult, 7});
  notifier.notify({Notice::Kind::kResult, 8});
  notifier.notify({Notice::Kind::kQueued, 0});
  watched_one.reset();
  notifier.notify({Notice::Kind::kResult, 7});
  EXPECT_THAT(one, ::testing::ElementsAre(7));
  EXPECT_THAT(all, ::testing::ElementsAre(7, 8, 7));
}

}  // namespace
}  // namespace windlass::rest
