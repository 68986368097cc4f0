#include <gmock/gmock.h>

#include "server/http/form.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;

TEST(ServerPages, FrontPageAndDocsFetchNothing) {
  TestApi api;
  for (const char* path : {"/", "/api/docs/"}) {
    const TestAnswer page = api.send_with({}, "GET", path);
    EXPECT_EQ(page.status(), 200);
    EXPECT_THAT(std::string(page.response.header("Content-Type")), HasSubstr("text/html"));
    EXPECT_THAT(std::string(page.response.header("Content-Security-Policy")),
                HasSubstr("default-src 'none'"));
    EXPECT_THAT(page.response.body, ::testing::Not(HasSubstr("://")));
  }
  EXPECT_THAT(api.send_with({}, "GET", "/api/docs/").response.body,
              HasSubstr("/api/extras/jobs/{job}/run/"));
}

TEST(ServerPages, TheWebPageTakesWhatIsNotTheInterface) {
  TestApi api;
  const http::StaticFiles page({{"index.html", "the page"}, {"docs.html", "the docs"}});
  ApiContext context{api.home.storage(), api.submitter,    api.accounts,
                     api.sessions,       api.repositories, api.clock};
  context.page = &page;
  http::Router router;
  add_routes(router, context);
  const auto get = [&](const std::string& path) {
    http::Request request;
    request.method = "GET";
    const auto question = std::min(path.find('?'), path.size());
    request.query = http::parse_form(path.substr(std::min(question + 1, path.size()))).value();
    request.path = path.substr(0, question);
    return router.dispatch(request);
  };
  for (const char* path : {"/", "/jobs/my_group.J", "/sign-in", "/apiary", "/healthy"}) {
    EXPECT_EQ(get(path).body, "the page") << path;
    EXPECT_THAT(std::string(get(path).header("Content-Security-Policy")), HasSubstr("'self'"));
  }
  EXPECT_EQ(get("/api/docs/").body, "the docs");
  EXPECT_THAT(get("/api/docs/?format=openapi").body, HasSubstr("\"openapi\""));
  for (const char* path : {"/api/nothing/", "/health/nothing", "/metrics/nothing/"}) {
    EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(get(path).header("Content-Type"), "application/json") << path;
  }
}

TEST(ServerPages, StatusTellsVersionsAndWorkers) {
  TestApi api;
  const TestAnswer status = api.get("/api/status/");
  EXPECT_EQ(status.text("windlass-version"), "0.1.0");
  EXPECT_EQ(status.text("python-version"), "3.11.7");
  EXPECT_EQ(status.text("celery-workers-running"), "1");
}

TEST(ServerPages, HealthNeedsNoToken) {
  TestApi api;
  const TestAnswer health = api.send_with({}, "GET", "/health/");
  EXPECT_EQ(health.status(), 200);
  EXPECT_EQ(health.text("database"), "ok");
}

TEST(ServerPages, MetricsCountRunsQueuesWorkersAndRequests) {
  TestApi api;
  const Job job = api.add_job("J");
  api.submit(job);
  api.submit(job);
  api.finish_run();
  api.get("/api/extras/jobs/");
  api.get("/api/extras/jobs/nobody/");
  const TestAnswer metrics = api.send_with({}, "GET", "/metrics");
  EXPECT_EQ(metrics.status(), 200);
  for (const char* line :
       {R"(windlass_runs{status="SUCCESS"} 1)", R"(windlass_runs{status="PENDING"} 1)",
        R"(windlass_queue_depth{queue="default"} 1)", "windlass_workers 1",
        "process_resident_memory_bytes "}) {
    EXPECT_THAT(metrics.response.body, HasSubstr(line));
  }
  const std::string get = R"(windlass_http_requests_total{method="GET",route="/api/extras/jobs/)";
  EXPECT_THAT(metrics.response.body, HasSubstr(get + R"(",status="2xx"} 1)"));
  EXPECT_THAT(metrics.response.body, HasSubstr(get + R"({job}/",status="4xx"} 1)"));
}

TEST(ServerPages, AssignmentsFollowFromJobs) {
  TestApi api;
  const Job job = api.add_job("J");
  api.add_job("K");
  const TestAnswer all = api.get("/api/extras/job-queue-assignments/?sort=");
  EXPECT_EQ(all.status(), 400);
  EXPECT_EQ(api.get("/api/extras/job-queue-assignments/").text("count"), "2");
  const TestAnswer one = api.get("/api/extras/job-queue-assignments/?job=J&depth=1");
  EXPECT_EQ(one.text("count"), "1");
  EXPECT_EQ(one.text("results.0.job.name"), "J");
  EXPECT_EQ(one.text("results.0.display"), "J: celery: default");
  EXPECT_EQ(api.get("/api/extras/job-queue-assignments/?job_queue=default").text("count"), "2");
  EXPECT_EQ(api.get("/api/extras/job-queue-assignments/?offset=1&limit=5")
                .at("results")
                .as_array()
                .size(),
            1u);
}

}  // namespace
}  // namespace windlass::rest
