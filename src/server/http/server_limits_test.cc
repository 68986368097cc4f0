#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <latch>
#include <random>

#include "server/http/test_client.h"

namespace windlass::http {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

void expect_refusal(TestClient& client, int status) {
  Answer answer = client.read();
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(answer.headers["content-type"], "application/json");
  EXPECT_EQ(answer.headers["connection"], "close");
  EXPECT_THAT(answer.body, HasSubstr("{\"detail\":\""));
  client.shut_down_sending();
  EXPECT_TRUE(client.closed());
}

TEST(HttpLimits, RefusesMalformedRequests) {
  TestServer test(small_router());
  const std::string host = "Host: x\r\n";
  for (const std::string& request : {
           std::string("nonsense\r\n\r\n"),
           std::string("GET /\r\n\r\n"),
           "GET / HTTP/2.0\r\n" + host + "\r\n",
           "GET / HTTP/1.1\r\n" + host + "No Colon\r\n\r\n",
           "GET / HTTP/1.1\r\n" + host + "Bad : name\r\n\r\n",
           std::string("GET / HTTP/1.1\r\n\r\n"),        // no Host
           "GET / HTTP/1.1\r\n" + host + host + "\r\n",  // two
           "GET x HTTP/1.1\r\n" + host + "\r\n",         // no path
           "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
           // What could smuggle a second request past a proxy.
           "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, identity\r\n\r\n",
           "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n",
           "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n",
       }) {
    SCOPED_TRACE(request);
    TestClient client(test.server.port());
    client.send(request);
    expect_refusal(client, 400);
  }
  EXPECT_EQ(TestClient(test.server.port()).get("/").status, 200);
}

TEST(HttpLimits, RefusesBodiesAboveTheLimit) {
  TestServer test(small_router(), [](Config& config) { config.body_limit = 1000; });
  const std::string head = "POST /echo/ HTTP/1.1\r\nHost: x\r\n";
  TestClient fits(test.server.port());
  fits.send(head + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_EQ(fits.read().body.size(), 1000u);
  TestClient announced(test.server.port());
  announced.send(head + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  expect_refusal(announced, 413);
  TestClient sent(test.server.port());
  sent.send(head + "Content-Length: 4000000\r\n\r\n" + std::string(4'000'000, 'x'));
  expect_refusal(sent, 413);
  TestClient chunked(test.server.port());
  chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n200\r\n" + std::string(0x200, 'x') +
               "\r\n200\r\n");
  expect_refusal(chunked, 413);
}

TEST(HttpLimits, RefusesHeadsAboveTheLimit) {
  TestServer test(small_router(), [](Config& config) { config.header_limit = 2000; });
  TestClient line(test.server.port());
  line.send("GET /" + std::string(3000, 'x'));
  expect_refusal(line, 431);
  TestClient many(test.server.port());
  many.send("GET / HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 300; ++i) many.send("X-Header: 12345\r\n");
  expect_refusal(many, 431);
  TestClient extension(test.server.port());
  extension.send("POST /echo/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                 std::string(5000, 'x'));
  expect_refusal(extension, 400);
  TestClient trailers(test.server.port());
  trailers.send("POST /echo/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
  for (int i = 0; i < 300; ++i) trailers.send("X-Header: 12345\r\n");
  expect_refusal(trailers, 400);
}

TEST(HttpLimits, RefusesTooManyQueryValues) {
  TestServer test(small_router());
  TestClient client(test.server.port());
  std::string query;
  for (int i = 0; i < 1001; ++i) query += "a&";
  client.send("GET /?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refusal(client, 400);
}

TEST(HttpLimits, ClosesIdleConnections) {
  TestServer test(small_router());
  TestClient fresh(test.server.port());
  fresh.advance_until_readable(test.clock, seconds(10));
  EXPECT_TRUE(fresh.closed());
  TestClient used(test.server.port());
  EXPECT_EQ(used.get("/").status, 200);
  used.advance_until_readable(test.clock, seconds(10));
  EXPECT_TRUE(used.closed());
}

TEST(HttpLimits, EndsRequestsThatComeTooSlowly) {
  TestServer test(small_router());
  TestClient head(test.server.port());
  head.send("GET / HTTP/1.1\r\nHost");
  // Each byte comes within the limits for silence: these are limits for the whole.
  head.advance_until_readable(test.clock, seconds(1), "x");
  expect_refusal(head, 408);
  TestClient trickle(test.server.port());
  trickle.send("POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  trickle.advance_until_readable(test.clock, seconds(1), "x");
  expect_refusal(trickle, 408);
  TestClient body(test.server.port());
  body.send("POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  body.advance_until_readable(test.clock, seconds(1));
  expect_refusal(body, 408);
}

TEST(HttpLimits, DropsClientsThatTakeNothing) {
  Router router;
  router.add(route("GET", "/", [](Request&) {
    return Response::text(200, "text/plain", std::string(64 << 20, 'x'));
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port(), 4096);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_head();
  wait_until([&] {
    test.clock.advance(seconds(1));
    return test.server.stats().open_connections == 0;
  });
}

TEST(HttpLimits, AnswersBusyWhenTheQueueIsFull) {
  std::latch begun(1), release(1);
  std::atomic<bool> first{true};
  Router router;
  router.add(route("GET", "/", [&](Request&) {
    if (first.exchange(false)) {
      begun.count_down();
      release.wait();
    }
    return Response::text(200, "text/plain", "done");
  }));
  TestServer test(std::move(router), [](Config& config) {
    config.io_threads = 1;
    config.handler_threads = 1;
    config.queue_limit = 1;
  });
  TestClient running(test.server.port()), queued(test.server.port()), refused(test.server.port());
  running.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  begun.wait();
  queued.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_until([&] { return test.server.stats().requests == 2; });
  const Answer busy = refused.get("/");
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.headers.at("retry-after"), "1");
  EXPECT_THAT(busy.body, HasSubstr("\"detail\""));
  release.count_down();
  EXPECT_EQ(running.read().status, 200);
  EXPECT_EQ(queued.read().status, 200);
  EXPECT_EQ(refused.get("/").status, 200);
}

TEST(HttpLimits, RefusesConnectionsAboveTheLimit) {
  TestServer test(small_router(), [](Config& config) { config.max_connections = 2; });
  TestClient first(test.server.port()), second(test.server.port());
  EXPECT_EQ(first.get("/").status, 200);
  EXPECT_EQ(second.get("/").status, 200);
  TestClient third(test.server.port());
  EXPECT_EQ(third.read().status, 503);
  EXPECT_TRUE(third.closed());
  first.close();
  wait_until([&] { return test.server.stats().open_connections == 1; });
  EXPECT_EQ(TestClient(test.server.port()).get("/").status, 200);
}

TEST(HttpLimits, GoesOnAfterDescriptorsRanOut) {
  TestServer test(small_router());
  EXPECT_EQ(TestClient(test.server.port()).get("/").status, 200);
  wait_until([&] { return test.server.stats().open_connections == 0; });
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(0);
  ::close(next);
  // Room for the client's socket, not for the server's end of it.
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next) + 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  TestClient client(test.server.port());
  wait_until([&] { return test.server.stats().accept_failures > 0; });
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(client.get("/").body, "hello");
}

TEST(HttpLimits, SurvivesMutatedRequests) {
  TestServer test(small_router());
  std::mt19937 random(3);
  const std::string valid =
      "POST /echo/?a=%20b&c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
      "Content-Type: text/plain\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: y\r\n\r\n";
  for (int round = 0; round < 2000; ++round) {
    std::string request = valid;
    for (auto count = 1 + random() % 4; count > 0 && !request.empty(); --count) {
      const std::size_t at = random() % request.size();
      switch (random() % 4) {
        case 0:
          request.erase(at, 1 + random() % 4);
          break;
        case 1:
          request.insert(at, 1, static_cast<char>(random()));
          break;
        case 2:
          request[at] = static_cast<char>(random());
          break;
        default:
          request.insert(at, valid.substr(random() % valid.size(), random() % 30));
          break;
      }
    }
    TestClient client(test.server.port());
    client.send(request);
    client.shut_down_sending();
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 ")) << answer;
  }
  EXPECT_EQ(TestClient(test.server.port()).get("/").body, "hello");
}

}  // namespace
}  // namespace windlass::http
