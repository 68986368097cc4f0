#include "sources/git/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>

#include <cerrno>
#include <vector>

#include "sources/git/test_server.h"

namespace windlass::sources {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// An address that swallows packets: a listener whose queue is full.
class SilentAddress {
 public:
  SilentAddress() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(listener_.get(), generic(), sizeof address_), 0);
    EXPECT_EQ(::listen(listener_.get(), 0), 0);
    socklen_t size = sizeof address_;
    ::getsockname(listener_.get(), generic(), &size);
    for (bool full = false; !full && waiting_.size() < 100;) {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      EXPECT_TRUE(::connect(waiting_.back().get(), generic(), sizeof address_) == 0 ||
                  errno == EINPROGRESS);
      pollfd connected{waiting_.back().get(), POLLOUT, 0};
      full = ::poll(&connected, 1, 50) == 0;
    }
  }
  sockaddr_in* address() { return &address_; }

 private:
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  UniqueFd listener_;
  std::vector<UniqueFd> waiting_;
};

addrinfo listed(sockaddr_in* address, addrinfo* next) {
  addrinfo info{};
  info.ai_family = AF_INET;
  info.ai_socktype = SOCK_STREAM;
  info.ai_addr = reinterpret_cast<sockaddr*>(address);
  info.ai_addrlen = sizeof *address;
  info.ai_next = next;
  return info;
}

TEST(Connection, AnAddressThatSwallowsPacketsLeavesTimeForTheNext) {
  SilentAddress silent;
  const TestServer server([](int) {});
  sockaddr_in good = *silent.address();
  good.sin_port = htons(static_cast<std::uint16_t>(server.port()));
  addrinfo second = listed(&good, nullptr);
  const addrinfo first = listed(silent.address(), &second);
  const FetchWatch::Proceed proceed;
  FetchWatch watch(proceed, 600ms);
  EXPECT_TRUE(connect_to_any(&first, "example.com", "443", &watch));
  EXPECT_FALSE(watch.failure());
}

TEST(Connection, FailsAfterTheLastAddress) {
  SilentAddress silent;
  addrinfo second = listed(silent.address(), nullptr);
  const addrinfo first = listed(silent.address(), &second);
  const FetchWatch::Proceed proceed;
  FetchWatch watch(proceed, 200ms);
  EXPECT_FALSE(connect_to_any(&first, "example.com", "443", &watch));
  ASSERT_TRUE(watch.failure());
  EXPECT_EQ(watch.failure()->code, "git.unreachable");
  EXPECT_THAT(watch.failure()->message, HasSubstr("timed out"));
}

}  // namespace
}  // namespace windlass::sources
