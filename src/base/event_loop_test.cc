#include "base/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "base/files.h"

namespace windlass {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A promise that a callback keeps, with a deadline for whoever waits.
class Signal {
 public:
  void set() { promise_.set_value(); }
  bool wait() { return future_.wait_for(seconds(10)) == std::future_status::ready; }

 private:
  std::promise<void> promise_;
  std::future<void> future_ = promise_.get_future();
};

class EventLoopTest : public ::testing::Test {
 protected:
  EventLoopTest() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
    ours_.reset(fds[0]);
    theirs_.reset(fds[1]);
  }
  ~EventLoopTest() override {
    loop_.call([this] {
      watch_.reset();
      timer_.reset();
    });
  }
  UniqueFd ours_;
  UniqueFd theirs_;
  EventLoop loop_{"test"};
  std::unique_ptr<EventLoop::Watch> watch_;
  std::unique_ptr<EventLoop::Timer> timer_;
};

TEST_F(EventLoopTest, CallsPostedFunctionsInOrder) {
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) loop_.post([&order, i] { order.push_back(i); });
  loop_.call([] {});
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(EventLoopTest, CallRunsOnTheLoopsThreadAndNests) {
  bool inner = false;
  EXPECT_FALSE(loop_.in_loop_thread());
  loop_.call([&] {
    EXPECT_TRUE(loop_.in_loop_thread());
    loop_.call([&] { inner = true; });
  });
  EXPECT_TRUE(inner);
}

TEST_F(EventLoopTest, CallsBackAsLongAsThereIsSomethingToRead) {
  std::string got;
  Signal done;
  loop_.call([&] {
    watch_ = loop_.watch_readable(ours_.get(), [&] {
      char byte = 0;
      ASSERT_EQ(::read(ours_.get(), &byte, 1), 1);
      got.push_back(byte);
      if (got.size() == 3) done.set();
    });
  });
  ASSERT_EQ(::write(theirs_.get(), "abc", 3), 3);
  ASSERT_TRUE(done.wait());
  EXPECT_EQ(got, "abc");
}

TEST_F(EventLoopTest, AHangUpReadsAsEndOfFile) {
  Signal done;
  loop_.call([&] {
    watch_ = loop_.watch_readable(ours_.get(), [&] {
      char byte = 0;
      EXPECT_EQ(::read(ours_.get(), &byte, 1), 0);
      watch_.reset();
      done.set();
    });
  });
  theirs_.reset();
  EXPECT_TRUE(done.wait());
}

TEST_F(EventLoopTest, AWatchMayEndInItsOwnCallbackAndBeMadeAgain) {
  std::atomic<int> calls = 0;
  Signal again;
  loop_.call([&] {
    watch_ = loop_.watch_readable(ours_.get(), [&] {
      ++calls;
      watch_ = nullptr;
    });
  });
  ASSERT_EQ(::write(theirs_.get(), "x", 1), 1);
  while (calls == 0) loop_.call([] {});
  loop_.call([&] {
    watch_ = loop_.watch_readable(ours_.get(), [&] {
      watch_.reset();
      again.set();
    });
  });
  EXPECT_TRUE(again.wait()) << "the unread byte is still there";
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, TellsWhenThereIsRoomToWrite) {
  const std::string chunk(65536, 'x');
  while (::write(ours_.get(), chunk.data(), chunk.size()) > 0) {
  }
  std::atomic<bool> writable = false;
  Signal done;
  loop_.call([&] {
    watch_ = loop_.watch_writable(ours_.get(), [&] {
      writable = true;
      watch_.reset();
      done.set();
    });
  });
  loop_.call([] {});
  EXPECT_FALSE(writable);
  std::string sink(1 << 20, '\0');
  while (::read(theirs_.get(), sink.data(), sink.size()) > 0) {
  }
  EXPECT_TRUE(done.wait());
}

TEST_F(EventLoopTest, TimersFireInOrderAndOnce) {
  std::vector<int> order;
  Signal done;
  std::unique_ptr<EventLoop::Timer> later;
  loop_.call([&] {
    later = loop_.after(milliseconds(20), [&] {
      order.push_back(2);
      done.set();
    });
    timer_ = loop_.after(milliseconds(1), [&] {
      order.push_back(1);
      timer_.reset();
    });
  });
  EXPECT_TRUE(done.wait());
  loop_.call([&] { later.reset(); });
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST_F(EventLoopTest, ACancelledTimerNeverFires) {
  bool fired = false;
  Signal done;
  loop_.call([&] {
    auto cancelled = loop_.after(milliseconds(0), [&] { fired = true; });
    timer_ = loop_.after(milliseconds(10), [&] { done.set(); });
  });
  EXPECT_TRUE(done.wait());
  EXPECT_FALSE(fired);
}

TEST_F(EventLoopTest, StopsTwiceAndCallsStillReturn) {
  loop_.stop();
  loop_.stop();
  bool called = false;
  loop_.call([&] { loop_.call([&] { called = true; }); });
  EXPECT_TRUE(called);
}

TEST(EventLoop, StoppingWhileOthersCallLeavesNobodyWaiting) {
  for (int round = 0; round < 50; ++round) {
    EventLoop loop("stress");
    std::atomic<int> returned = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        for (int n = 0; n < 20; ++n) loop.call([] {});
        ++returned;
      });
    }
    loop.stop();
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(returned, 4);
  }
}

}  // namespace
}  // namespace windlass
