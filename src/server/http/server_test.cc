#include "server/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <thread>

#include "server/http/test_client.h"

namespace windlass::http {
namespace {

using testing::HasSubstr;

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client.get("/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello");
    EXPECT_EQ(answer.headers.at("server"), "windlass");
    EXPECT_EQ(answer.headers.at("date"), "Tue, 14 Nov 2023 22:13:20 GMT");
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.at("referrer-policy"), "same-origin");
  }
  EXPECT_EQ(test.server.stats().accepted, 1u);
  EXPECT_EQ(test.server.stats().responses[2], 3u);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    const std::string body = "number " + std::to_string(i);
    requests +=
        "POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    if (i % 3 == 0) requests += "\r\n";
  }
  client.send(requests);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(client.read().body, "number " + std::to_string(i));
}

TEST(HttpServer, ReadsRequestsThatComeByteByByte) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  const std::string_view request =
      "POST /echo/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char c : request) client.send({&c, 1});
  EXPECT_EQ(client.read().body, "abcdefg");
}

TEST(HttpServer, HonoursConnectionCloseAndOldVersions) {
  TestServer test(small_router());
  TestClient asked(test.server.port());
  EXPECT_EQ(asked.get("/", "Connection: close\r\n").headers.at("connection"), "close");
  EXPECT_TRUE(asked.closed());
  TestClient old(test.server.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().body, "hello");
  EXPECT_TRUE(old.closed());
  TestClient kept(test.server.port());
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.read().headers.at("connection"), "keep-alive");
  EXPECT_EQ(kept.get("/").body, "hello");
}

TEST(HttpServer, AnswersAClientThatShutsDownItsSending) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.shut_down_sending();
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, AnswersHeadOptionsAndOtherMethods) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read(true).headers.at("content-length"), "5");
  client.send("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer options = client.read();
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.at("allow"), "GET, HEAD, OPTIONS");
  EXPECT_FALSE(options.headers.contains("content-length"));
  client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\nBREW / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read().status, 404);
  EXPECT_EQ(client.read().status, 405);
}

TEST(HttpServer, TellsHandlersWhatWasAsked) {
  Router router;
  router.add(route("GET", "/a/{name}/", [](Request& request) {
    EXPECT_EQ(request.remote, "127.0.0.1");
    EXPECT_EQ(request.path, "/a/x%2Fy%20z/");
    EXPECT_EQ(request.header("AUTHORIZATION"), "Token 1");
    EXPECT_EQ(request.header("X-Odd"), "a\xEF\xBF\xBD");
    EXPECT_EQ(request.query_text, "q=1+2&q=%C3%A4");
    EXPECT_EQ(request.query, (NamedValues{{"q", "1 2"}, {"q", "\xC3\xA4"}}));
    return Response::text(200, "text/plain", request.param("name"));
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port());
  const std::string headers = "authorization: Token 1\r\nX-Odd: a\xFF\r\n";
  EXPECT_EQ(client.get("/a/x%2Fy%20z/?q=1+2&q=%C3%A4", headers).body, "x/y z");
  EXPECT_EQ(client.get("http://proxy:1/a/x%2Fy%20z/?q=1+2&q=%C3%A4", headers).body, "x/y z");
}

TEST(HttpServer, RedirectsToTheTrailingSlash) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(client.read().body, "hi");
  EXPECT_EQ(client.get("/\\evil.example").status, 400);
}

TEST(HttpServer, GoesOnWhenAHandlerThrows) {
  Router router = small_router();
  router.add(
      route("GET", "/throw/", [](Request&) -> Response { throw std::runtime_error("secret"); }));
  router.add(route("GET", "/throw-odd/", [](Request&) -> Response { throw 7; }));
  TestServer test(std::move(router));
  TestClient client(test.server.port());
  const Answer answer = client.get("/throw/");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  EXPECT_THAT(answer.body, HasSubstr("\"detail\""));
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_EQ(client.get("/throw-odd/").status, 500);
  EXPECT_EQ(client.get("/").status, 200);
}

TEST(HttpServer, SendsLargeBodiesAndFiles) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  std::string large(9 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>('a' + i % 23);
  ASSERT_TRUE(write_new_file(folder.path() / "f", large, 0600).ok());
  ASSERT_TRUE(write_new_file(folder.path() / "empty", "", 0600).ok());
  Router router = small_router();
  router.add(
      route("GET", "/text/", [&](Request&) { return Response::text(200, "text/plain", large); }));
  router.add(route("GET", "/file/{name}/", [&](Request& request) {
    return Response::download(*FileBody::open(folder.path() / request.param("name")), "text/plain",
                              "f");
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port());
  EXPECT_EQ(client.get("/text/").body, large);
  const Answer file = client.get("/file/f/");
  EXPECT_EQ(file.body, large);
  EXPECT_EQ(file.headers.at("content-disposition"), "attachment; filename*=UTF-8''f");
  EXPECT_EQ(client.get("/file/empty/").body, "");
  client.send("HEAD /file/f/ HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read(true).headers.at("content-length"), std::to_string(large.size()));
  EXPECT_EQ(client.get("/").body, "hello");
}

TEST(HttpServer, ClosesWhenAFileHasBecomeShorter) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  ASSERT_TRUE(write_new_file(folder.path() / "f", "12345", 0600).ok());
  Router router;
  router.add(route("GET", "/", [&](Request&) {
    FileBody file = *FileBody::open(folder.path() / "f");
    file.size = 10;
    return Response::download(std::move(file), "text/plain", "f");
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port());
  EXPECT_THAT(client.get("/").body, "12345");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, SurvivesClientsThatLeaveDuringADownload) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  ASSERT_TRUE(write_new_file(folder.path() / "f", std::string(32 << 20, 'x'), 0600).ok());
  Router router = small_router();
  router.add(route("GET", "/file/", [&](Request&) {
    return Response::download(*FileBody::open(folder.path() / "f"), "text/plain", "f");
  }));
  TestServer test(std::move(router));
  for (int i = 0; i < 8; ++i) {
    TestClient client(test.server.port());
    client.send("GET /file/ HTTP/1.1\r\nHost: x\r\n\r\n");
    client.read_head();
  }
  wait_until([&] { return test.server.stats().open_connections == 0; });
  EXPECT_EQ(TestClient(test.server.port()).get("/").body, "hello");
}

TEST(HttpServer, AsksForABodyThatIsHeldBack) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  client.send(
      "POST /echo/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read_head().status, 100);
  client.send("abc");
  EXPECT_EQ(client.read().body, "abc");
}

TEST(HttpServer, SaysWhyItCannotStart) {
  const FakeClock clock;
  Config config;
  config.host = "192.0.2.1";  // documentation range: nobody's address
  EXPECT_EQ(Server(config, small_router(), clock).start().error().code, "http.listen_failed");
  config.host = "";
  EXPECT_EQ(Server(config, small_router(), clock).start().error().code, "http.address_invalid");
  config.host = "not an address";
  EXPECT_EQ(Server(config, small_router(), clock).start().error().code, "http.address_invalid");
  TestServer first(small_router());
  config.host = "localhost";
  config.port = first.server.port();
  const auto taken = Server(config, small_router(), clock).start();
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, "http.listen_failed");
  EXPECT_THAT(taken.error().message, HasSubstr(std::to_string(first.server.port())));
}

TEST(HttpServer, FinishesRequestsInFlightWhenItStops) {
  std::latch begun(1), release(1);
  Router router = small_router();
  router.add(route("GET", "/slow/", [&](Request&) {
    begun.count_down();
    release.wait();
    return Response::text(200, "text/plain", "done");
  }));
  TestServer test(std::move(router));
  TestClient idle(test.server.port());
  EXPECT_EQ(idle.get("/").status, 200);
  TestClient busy(test.server.port());
  busy.send("GET /slow/ HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
  begun.wait();
  test.server.request_stop();
  EXPECT_TRUE(idle.closed());
  release.count_down();
  const Answer answer = busy.read();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(busy.closed());
  test.server.wait();
  EXPECT_EQ(test.server.stats().open_connections, 0u);
}

TEST(HttpServer, CutsOffWhatOutlivesTheGraceButWaitsForHandlers) {
  std::latch begun(1), release(1);
  Router router;
  router.add(route("GET", "/slow/", [&](Request&) {
    begun.count_down();
    release.wait();
    return Response();
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port());
  client.send("GET /slow/ HTTP/1.1\r\nHost: x\r\n\r\n");
  begun.wait();
  test.server.request_stop();
  client.advance_until_readable(test.clock, std::chrono::seconds(1));
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(test.server.stats().open_connections, 1u);
  release.count_down();
  test.server.wait();
  EXPECT_EQ(test.server.stats().open_connections, 0u);
}

TEST(HttpServer, MayBeStoppedAtAnyTimeAndTwice) {
  const FakeClock clock;
  Server never({}, small_router(), clock);
  never.wait();
  never.stop();
  never.stop();
  EXPECT_EQ(never.start().error().code, "http.stopped");
  TestServer test(small_router());
  EXPECT_EQ(test.server.start().error().code, "http.stopped");
  test.server.stop();
  test.server.stop();
  test.server.wait();
  EXPECT_EQ(test.server.start().error().code, "http.stopped");
}

TEST(HttpServer, StopsUnderLoad) {
  for (int round = 0; round < 30; ++round) {
    TestServer test(small_router(), [](Config& config) { config.handler_threads = 4; });
    const std::uint16_t port = test.server.port();
    std::latch answered(4);
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] {
        TestClient client(port);
        EXPECT_EQ(client.get("/").status, 200);
        answered.count_down();
        while (client.get("/").status == 200) {
        }
      });
    }
    answered.wait();
    std::thread other([&] { test.server.stop(); });
    test.server.request_stop();
    test.server.wait();
    other.join();
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(test.server.stats().open_connections, 0u);
  }
}

}  // namespace
}  // namespace windlass::http
