#include "server/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

/// A handler that answers its route's name and the places.
Handler named(const std::string& name) {
  return [name](Request& request) {
    std::string text = name;
    for (const auto& [place, value] : request.params) {
      text += " " + std::string(place) + "=" + value;
    }
    return Response::text(200, "text/plain", text);
  };
}

Router jobs_router() {
  Router router;
  router.add({{"GET"}, "/api/jobs/", named("list")});
  router.add({{"POST"}, "/api/jobs/", named("create")});
  router.add({{"GET", "DELETE"}, "/api/jobs/{job}/", named("job")});
  router.add({{"POST"}, "/api/jobs/{id}/run/", named("run")});
  router.add({{"GET"}, "/api/jobs/queue/", named("queue")});
  router.add({{"GET"}, "/metrics", named("metrics")});
  router.add({{"GET"}, "/", named("root")});
  return router;
}

Response ask(const Router& router, std::string method, std::string path, std::string query = "") {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.query_text = std::move(query);
  return router.dispatch(request);
}

TEST(Router, FindsRoutesByMethodAndPath) {
  const Router router = jobs_router();
  EXPECT_EQ(ask(router, "GET", "/api/jobs/").body, "list");
  EXPECT_EQ(ask(router, "POST", "/api/jobs/").body, "create");
  EXPECT_EQ(ask(router, "DELETE", "/api/jobs/7/").body, "job job=7");
  EXPECT_EQ(ask(router, "POST", "/api/jobs/7/run/").body, "run id=7");
  EXPECT_EQ(ask(router, "GET", "/metrics").body, "metrics");
  EXPECT_EQ(ask(router, "GET", "/").body, "root");
}

TEST(Router, TellsTheHandlerTheRoute) {
  Router router;
  std::string seen;
  router.add({{"GET"}, "/a/{x}/b/{y}/", [&](Request& request) {
                seen = request.route;
                EXPECT_EQ(request.param("x"), "1");
                EXPECT_EQ(request.param("y"), "2");
                return Response();
              }});
  ask(router, "GET", "/a/1/b/2/");
  EXPECT_EQ(seen, "/a/{x}/b/{y}/");
}

TEST(Router, PrefersWrittenSegmentsAndFallsBackToPlaces) {
  const Router router = jobs_router();
  EXPECT_EQ(ask(router, "GET", "/api/jobs/queue/").body, "queue");
  EXPECT_EQ(ask(router, "POST", "/api/jobs/queue/run/").body, "run id=queue");
}

TEST(Router, DecodesPlacesAfterMatching) {
  const Router router = jobs_router();
  EXPECT_EQ(ask(router, "GET", "/api/jobs/a%2Fb%20c+d/").body, "job job=a/b c+d");
  EXPECT_EQ(ask(router, "GET", "/%61pi/jobs/%71ueue/").body, "queue");
  EXPECT_EQ(ask(router, "GET", "/api/jobs/%FF%00/").body, "job job=\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ask(router, "GET", "/api%2Fjobs/").status, 404);
  EXPECT_EQ(ask(router, "GET", "/api/jobs/%2E%2E/").body, "job job=..");
}

TEST(Router, AnswersUnknownPathsWith404) {
  const Router router = jobs_router();
  for (const std::string path : {"/api/", "/api/jobs/7/walk/", "/api/jobs/7/run/x/", "/api//jobs/",
                                 "//", "/api/jobs//", "/metrics/", "*", "", "/API/jobs/"}) {
    const Response response = ask(router, "GET", path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body, R"({"detail":"Not found."})");
  }
}

TEST(Router, AsksTheGivenHandlerAboutUnknownPaths) {
  Router router = jobs_router();
  router.set_not_found([](Request& request) { return Response::error(404, "No " + request.path); });
  EXPECT_EQ(ask(router, "GET", "/x").body, R"({"detail":"No /x"})");
}

TEST(Router, NamesTheMethodsOfAPath) {
  const Router router = jobs_router();
  const Response refused = ask(router, "PUT", "/api/jobs/");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("allow"), "GET, POST, HEAD, OPTIONS");
  EXPECT_THAT(refused.body, testing::HasSubstr("\"detail\""));
  const Response options = ask(router, "OPTIONS", "/api/jobs/7/run/");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(ask(router, "HEAD", "/api/jobs/").body, "list");
  EXPECT_EQ(ask(router, "HEAD", "/api/jobs/7/run/").status, 405);
}

TEST(Router, AddsATrailingSlash) {
  const Router router = jobs_router();
  const Response moved = ask(router, "GET", "/api/jobs/a%2Fb", "x=1&y=%20");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(moved.header("Location"), "/api/jobs/a%2Fb/?x=1&y=%20");
  EXPECT_EQ(ask(router, "HEAD", "/api/jobs").header("Location"), "/api/jobs/");
  EXPECT_EQ(ask(router, "POST", "/api/jobs/7/run").body, "run id=7");
  EXPECT_EQ(ask(router, "GET", "/api/jobs/7/run").status, 405);
  EXPECT_EQ(ask(router, "OPTIONS", "/api/jobs/7/run").status, 204);
}

TEST(Router, PutsItsHeadersOnItsOwnAnswers) {
  Router router = jobs_router();
  router.set_header("API-Version", "2.4");
  EXPECT_EQ(ask(router, "PUT", "/api/jobs/").header("API-Version"), "2.4");
  EXPECT_EQ(ask(router, "OPTIONS", "/api/jobs/").header("API-Version"), "2.4");
  EXPECT_EQ(ask(router, "GET", "/api/jobs").header("API-Version"), "2.4");
  EXPECT_EQ(ask(router, "GET", "/api/jobs/").header("API-Version"), "");
}

TEST(Router, SetsNoLimitToDepthOfUnknownPaths) {
  std::string path;
  for (int i = 0; i < 100'000; ++i) path += "/a";
  EXPECT_EQ(ask(jobs_router(), "GET", path).status, 404);
}

TEST(RouterDeathTest, RefusesBrokenRoutes) {
  Router router = jobs_router();
  EXPECT_DEATH(router.add({{"GET"}, "/api/jobs/", named("again")}), "two handlers");
  EXPECT_DEATH(router.add({{"GET"}, "api/", named("x")}), "begins with");
  EXPECT_DEATH(router.add({{}, "/x/", named("x")}), "without handler");
}

}  // namespace
}  // namespace windlass::http
