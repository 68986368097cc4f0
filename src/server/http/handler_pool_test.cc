#include "server/http/handler_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>

namespace windlass::http {
namespace {

using Lane = HandlerPool::Lane;

TEST(HandlerPool, RunsWhatIsQueuedBeforeItStops) {
  std::atomic<int> ran{0};
  HandlerPool pool(4, 10'000);
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(pool.submit(Lane::kRequest, [&] { ++ran; }));
    ASSERT_TRUE(pool.submit(Lane::kStream, [&] { ++ran; }));
  }
  pool.stop();
  pool.stop();
  EXPECT_EQ(ran, 10'000);
}

TEST(HandlerPool, RunsAsManyAtOnceAsItHasThreads) {
  HandlerPool pool(16, 100);
  std::latch all_in(16);
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(pool.submit(Lane::kRequest, [&] { all_in.arrive_and_wait(); }));
  }
  all_in.wait();
  // Once more with threads that have been idle.
  std::latch again(16);
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(pool.submit(Lane::kStream, [&] { again.arrive_and_wait(); }));
  }
  again.wait();
}

TEST(HandlerPool, RefusesRequestsWhenFullButNoStreams) {
  HandlerPool pool(1, 2);
  std::latch begun(1), release(1);
  ASSERT_TRUE(pool.submit(Lane::kRequest, [&] {
    begun.count_down();
    release.wait();
  }));
  begun.wait();
  EXPECT_TRUE(pool.submit(Lane::kRequest, [] {}));
  EXPECT_TRUE(pool.submit(Lane::kRequest, [] {}));
  EXPECT_FALSE(pool.submit(Lane::kRequest, [] {}));
  EXPECT_TRUE(pool.submit(Lane::kStream, [] {}));
  release.count_down();
}

TEST(HandlerPool, LetsTheLanesTakeTurns) {
  std::string order;
  HandlerPool pool(1, 100);
  std::latch begun(1), release(1);
  ASSERT_TRUE(pool.submit(Lane::kRequest, [&] {
    begun.count_down();
    release.wait();
  }));
  begun.wait();
  for (int i = 0; i < 3; ++i) pool.submit(Lane::kRequest, [&] { order += 'r'; });
  for (int i = 0; i < 5; ++i) pool.submit(Lane::kStream, [&] { order += 's'; });
  release.count_down();
  pool.stop();
  EXPECT_EQ(order, "srsrsrss");
}

}  // namespace
}  // namespace windlass::http
