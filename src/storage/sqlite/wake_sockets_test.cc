#include "storage/sqlite/wake_sockets.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <condition_variable>
#include <mutex>

namespace windlass::sqlite {
namespace {

namespace fs = std::filesystem;

/// Binds a socket in the folder and closes it, as a killed process does.
fs::path leave_socket(const fs::path& folder) {
  fs::path path = folder / "1-dead";
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  WL_CHECK(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
           "bind");
  return path;
}

/// Waits for notices.
class Counter {
 public:
  explicit Counter(Notifier& notifier)
      : subscription_(notifier.subscribe([this](const Notice& notice) {
          const std::lock_guard lock(mutex_);
          seen_.push_back(notice.number);
          changed_.notify_all();
        })) {}
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return seen_.size() >= count; });
  }
  std::vector<std::int64_t> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int64_t> seen_;
  std::unique_ptr<Notifier::Subscription> subscription_;
};

TEST(WakeSockets, ASocketOfADeadProcessIsRemoved) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  const fs::path dead = leave_socket(folder.path());
  const auto wake = WakeSockets::open(folder.path()).value();
  wake->notify({Notice::Kind::kQueued, 0});
  EXPECT_FALSE(fs::exists(dead));
}

TEST(WakeSockets, ItsOwnSocketGoesWithIt) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  WakeSockets::open(folder.path()).value().reset();
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(WakeSockets, ALongPathIsFine) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  const fs::path deep = folder.path() / std::string(100, 'a') / std::string(100, 'b');
  const auto one = WakeSockets::open(deep).value();
  const auto two = WakeSockets::open(deep).value();
  Counter counter(*one);
  two->notify({Notice::Kind::kResult, 7});
  EXPECT_TRUE(counter.wait_for(1));
}

TEST(WakeSockets, ManyNoticesArriveOnceEach) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  const auto one = WakeSockets::open(folder.path()).value();
  const auto two = WakeSockets::open(folder.path()).value();
  Counter counter(*one);
  std::vector<Notice> notices;
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 1; i <= 1000; ++i) {
    notices.push_back({Notice::Kind::kResult, i});
    notices.push_back({Notice::Kind::kResult, i});
    numbers.push_back(i);
  }
  two->publish(notices);
  ASSERT_TRUE(counter.wait_for(1000));
  EXPECT_EQ(counter.seen(), numbers);
}

TEST(WakeSockets, GarbageIsIgnored) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  const auto one = WakeSockets::open(folder.path()).value();
  Counter counter(*one);
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    entry.path().string().copy(address.sun_path, sizeof address.sun_path - 1);
    for (const std::string& datagram :
         {std::string("abc"), std::string(9, '\xff'), std::string()}) {
      ::sendto(fd.get(), datagram.data(), datagram.size(), 0,
               reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
  }
  const auto two = WakeSockets::open(folder.path()).value();
  two->notify({Notice::Kind::kResult, 5});
  ASSERT_TRUE(counter.wait_for(1));
  EXPECT_EQ(counter.seen(), std::vector<std::int64_t>{5});
}

}  // namespace
}  // namespace windlass::sqlite
