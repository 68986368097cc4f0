#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "server/http/test_client.h"

namespace windlass::http {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using Next = EventSource::Next;

/// What a stream reads: lines that are added while it is open.
class Feed {
 public:
  void add(std::string line) {
    std::vector<Waker> wakers;
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
      wakers = wakers_;
    }
    for (const Waker& waker : wakers) waker.wake();
  }
  void listen(Waker waker) {
    const std::lock_guard lock(mutex_);
    wakers_.push_back(std::move(waker));
  }
  std::optional<std::string> line(std::size_t index) {
    const std::lock_guard lock(mutex_);
    if (index >= lines_.size()) return std::nullopt;
    return lines_[index];
  }

  std::atomic<int> open_sources{0};

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<Waker> wakers_;
};

/// Sends a feed's lines from a position on; the line "end" ends the stream, "throw" breaks it.
class FeedSource final : public EventSource {
 public:
  FeedSource(Feed& feed, std::size_t from) : feed_(feed), next_(from) { ++feed_.open_sources; }
  ~FeedSource() override { --feed_.open_sources; }
  void open(Waker waker) override { feed_.listen(std::move(waker)); }
  Next next(std::string* out) override {
    const auto line = feed_.line(next_);
    if (!line) return Next::kIdle;
    if (*line == "throw") throw std::runtime_error("broken feed");
    append_event(out, std::to_string(++next_), "log", *line);
    return *line == "end" ? Next::kEnd : Next::kMore;
  }

 private:
  Feed& feed_;
  std::size_t next_;
};

Router feed_router(Feed& feed) {
  Router router = small_router();
  router.add(route("GET", "/events/", [&feed](Request& request) {
    const std::string last(request.header("Last-Event-ID"));
    return Response::stream(
        std::make_unique<FeedSource>(feed, last.empty() ? 0 : std::stoul(last)));
  }));
  return router;
}

const std::string kOpen = "GET /events/ HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(HttpStream, SendsEventsAsTheyCome) {
  Feed feed;
  feed.add("one");
  TestServer test(feed_router(feed));
  TestClient client(test.server.port());
  client.send(kOpen);
  const Answer head = client.read_head();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(head.headers.at("cache-control"), "no-store");
  EXPECT_EQ(client.read_chunk(), "id: 1\nevent: log\ndata: one\n\n");
  EXPECT_EQ(test.server.stats().open_streams, 1u);
  feed.add("two");
  EXPECT_EQ(client.read_chunk(), "id: 2\nevent: log\ndata: two\n\n");
  feed.add("end");
  EXPECT_EQ(client.read_chunk(), "id: 3\nevent: log\ndata: end\n\n");
  EXPECT_EQ(client.read_chunk(), "");
  EXPECT_EQ(client.get("/").body, "hello") << "the connection is kept";
  EXPECT_EQ(test.server.stats().open_streams, 0u);
  EXPECT_EQ(feed.open_sources, 0);
  feed.add("nobody listens");
}

TEST(HttpStream, ResumesWhereTheClientWas) {
  Feed feed;
  TestServer test(feed_router(feed));
  for (const char* line : {"one", "two", "three"}) feed.add(line);
  TestClient first(test.server.port());
  first.send(kOpen);
  first.read_head();
  first.read_chunk();
  first.close();
  feed.add("end");
  TestClient again(test.server.port());
  const Answer answer = again.get("/events/", "Last-Event-ID: 2\r\n");
  EXPECT_EQ(answer.body, "id: 3\nevent: log\ndata: three\n\nid: 4\nevent: log\ndata: end\n\n");
}

TEST(HttpStream, LosesNoWakeUp) {
  Feed feed;
  TestServer test(feed_router(feed));
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      TestClient client(test.server.port());
      const std::string body = client.get("/events/").body;
      EXPECT_THAT(body, HasSubstr("id: 3001\nevent: log\ndata: end\n\n"));
      EXPECT_EQ(std::count(body.begin(), body.end(), ':'), 3 * 3001);
    });
  }
  for (int i = 0; i < 3000; ++i) feed.add(std::to_string(i));
  feed.add("end");
  for (std::thread& reader : readers) reader.join();
}

TEST(HttpStream, HoldsHundredsOpenOnTwoThreads) {
  Feed feed;
  TestServer test(feed_router(feed), [](Config& config) { config.handler_threads = 2; });
  std::vector<TestClient> clients;
  for (int i = 0; i < 400; ++i) {
    clients.emplace_back(test.server.port());
    clients.back().send(kOpen);
    clients.back().read_head();
  }
  wait_until([&] { return test.server.stats().open_streams == 400; });
  EXPECT_EQ(TestClient(test.server.port()).get("/").body, "hello");
  feed.add("end");
  for (TestClient& client : clients) EXPECT_THAT(client.read_chunk(), HasSubstr("data: end"));
}

/// Sends pieces without end as fast as it may.
class FloodSource final : public EventSource {
 public:
  FloodSource(std::atomic<int>& sent, int pieces) : sent_(sent), pieces_(pieces) {}
  void open(Waker) override {}
  Next next(std::string* out) override {
    out->assign(64 << 10, 'x');
    return ++sent_ == pieces_ ? Next::kEnd : Next::kMore;
  }

 private:
  std::atomic<int>& sent_;
  const int pieces_;
};

TEST(HttpStream, ASlowReaderHoldsBackOnlyItself) {
  constexpr int kPieces = 800;  // 50 MiB: more than the sockets' buffers hold
  std::atomic<int> slow_sent{0}, fast_sent{0};
  Router router;
  router.add(route("GET", "/slow/", [&](Request&) {
    return Response::stream(std::make_unique<FloodSource>(slow_sent, kPieces));
  }));
  router.add(route("GET", "/fast/", [&](Request&) {
    return Response::stream(std::make_unique<FloodSource>(fast_sent, kPieces));
  }));
  TestServer test(std::move(router));
  TestClient slow(test.server.port(), 4096), fast(test.server.port());
  slow.send("GET /slow/ HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(slow.read_head().status, 200);
  EXPECT_EQ(fast.get("/fast/").body.size(), std::size_t{kPieces} << 16);
  EXPECT_LT(slow_sent, kPieces / 2);
  std::size_t rest = 0;
  for (std::string chunk = slow.read_chunk(); !chunk.empty(); chunk = slow.read_chunk()) {
    rest += chunk.size();
  }
  EXPECT_EQ(rest, std::size_t{kPieces} << 16);
}

TEST(HttpStream, DropsAReaderThatTakesNothing) {
  std::atomic<int> sent{0};
  Router router;
  router.add(route("GET", "/", [&](Request&) {
    return Response::stream(std::make_unique<FloodSource>(sent, 1'000'000));
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port(), 4096);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_head();
  wait_until([&] {
    test.clock.advance(seconds(1));
    return test.server.stats().open_streams == 0;
  });
}

TEST(HttpStream, SendsACommentInSilence) {
  Feed feed;
  TestServer test(feed_router(feed));
  TestClient client(test.server.port());
  client.send(kOpen);
  client.read_head();
  for (int i = 0; i < 3; ++i) {
    client.advance_until_readable(test.clock, seconds(5));
    EXPECT_EQ(client.read_chunk(), ":\n\n");
  }
  feed.add("end");
  std::string chunk = client.read_chunk();
  while (chunk == ":\n\n") chunk = client.read_chunk();
  EXPECT_THAT(chunk, HasSubstr("data: end"));
}

TEST(HttpStream, NoticesThatTheClientHasGone) {
  Feed feed;
  TestServer test(feed_router(feed));
  TestClient client(test.server.port());
  client.send(kOpen);
  client.read_head();
  EXPECT_EQ(feed.open_sources, 1);
  client.close();
  wait_until([&] { return feed.open_sources == 0; });
  wait_until([&] { return test.server.stats().open_connections == 0; });
  feed.add("late");
}

/// Stays inside next() until it is let go.
class StuckSource final : public EventSource {
 public:
  StuckSource(std::promise<void>& inside, std::shared_future<void> leave, std::promise<void>& gone)
      : inside_(inside), leave_(std::move(leave)), gone_(gone) {}
  ~StuckSource() override { gone_.set_value(); }
  void open(Waker) override {}
  Next next(std::string* out) override {
    inside_.set_value();
    leave_.wait();
    append_event(out, "", "", "late");
    return Next::kIdle;
  }

 private:
  std::promise<void>& inside_;
  std::shared_future<void> leave_;
  std::promise<void>& gone_;
};

TEST(HttpStream, KeepsASourceThatRunsWhileItsClientLeaves) {
  std::promise<void> inside, leave, gone;
  Router router;
  router.add(route("GET", "/", [&, released = leave.get_future().share()](Request&) {
    return Response::stream(std::make_unique<StuckSource>(inside, released, gone));
  }));
  TestServer test(std::move(router));
  TestClient client(test.server.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  inside.get_future().wait();
  client.close();
  wait_until([&] { return test.server.stats().open_streams == 0; });
  std::future<void> destroyed = gone.get_future();
  EXPECT_EQ(destroyed.wait_for(seconds(0)), std::future_status::timeout);
  leave.set_value();
  EXPECT_EQ(destroyed.wait_for(seconds(20)), std::future_status::ready);
}

TEST(HttpStream, AnswersRequestsSentBehindAStream) {
  Feed feed;
  TestServer test(feed_router(feed));
  TestClient client(test.server.port());
  client.send(kOpen + "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_head();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  feed.add("end");
  EXPECT_THAT(client.read_chunk(), HasSubstr("data: end"));
  EXPECT_EQ(client.read_chunk(), "");
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_EQ(client.read().body, "hello");
}

TEST(HttpStream, CutsABrokenStreamOff) {
  Feed feed;
  feed.add("one");
  feed.add("throw");
  TestServer test(feed_router(feed));
  TestClient client(test.server.port());
  client.send(kOpen);
  client.read_head();
  EXPECT_THAT(client.read_chunk(), HasSubstr("one"));
  EXPECT_TRUE(client.closed()) << "without the last chunk";
  EXPECT_EQ(TestClient(test.server.port()).get("/").body, "hello");
}

TEST(HttpStream, ServesOldClientsAndHeadRequests) {
  Feed feed;
  feed.add("end");
  TestServer test(feed_router(feed));
  TestClient old(test.server.port());
  old.send("GET /events/ HTTP/1.0\r\n\r\n");
  EXPECT_FALSE(old.read_head().headers.contains("transfer-encoding"));
  EXPECT_EQ(old.read_to_end(), "id: 1\nevent: log\ndata: end\n\n");
  TestClient client(test.server.port());
  client.send("HEAD /events/ HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read(true).headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(client.get("/").body, "hello");
}

TEST(HttpStream, EndsWhenTheServerStops) {
  Feed feed;
  auto test = std::make_unique<TestServer>(feed_router(feed));
  TestClient client(test->server.port());
  client.send(kOpen);
  client.read_head();
  feed.add("one");
  client.read_chunk();
  test->server.stop();
  EXPECT_EQ(client.read_chunk(), "");
  EXPECT_TRUE(client.closed());
  test.reset();
  feed.add("wakes nobody, and touches nothing that is gone");
}

}  // namespace
}  // namespace windlass::http
