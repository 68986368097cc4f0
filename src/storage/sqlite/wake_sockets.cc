#include "storage/sqlite/wake_sockets.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "base/crypto.h"

namespace windlass::sqlite {

namespace {

constexpr std::size_t kNoticeBytes = 1 + sizeof(std::int64_t);
constexpr std::size_t kMostNotices = 400;  // a datagram of one page

/// A socket's address may have 107 characters: too few for a home's path, enough for the way
/// through an open folder.
sockaddr_un address_of(int folder, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/" + name;
  WL_CHECK(path.size() < sizeof address.sun_path, "a wake-up socket's name is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

bool is_socket(int folder, const std::string& name) {
  struct stat facts {};
  return ::fstatat(folder, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISSOCK(facts.st_mode);
}

std::string encode(const Notice& notice) {
  std::string bytes(kNoticeBytes, '\0');
  bytes[0] = static_cast<char>(notice.kind);
  std::memcpy(bytes.data() + 1, &notice.number, sizeof notice.number);
  return bytes;
}

std::vector<Notice> decode(std::string_view datagram) {
  std::vector<Notice> notices;
  for (; datagram.size() >= kNoticeBytes; datagram.remove_prefix(kNoticeBytes)) {
    const auto kind = static_cast<Notice::Kind>(datagram[0]);
    if (kind < Notice::Kind::kQueued || kind > Notice::Kind::kJobs) continue;
    Notice notice{kind, 0};
    std::memcpy(&notice.number, datagram.data() + 1, sizeof notice.number);
    notices.push_back(notice);
  }
  return notices;
}

/// Each notice once, in order of first appearance.
std::vector<Notice> distinct(const std::vector<Notice>& notices) {
  std::vector<Notice> out;
  std::set<std::pair<Notice::Kind, std::int64_t>> seen;
  for (const Notice& notice : notices) {
    if (seen.emplace(notice.kind, notice.number).second) out.push_back(notice);
  }
  return out;
}

}  // namespace

struct WakeSockets::Subscriber {
  explicit Subscriber(std::function<void(const Notice&)> with) : callback(std::move(with)) {}
  // Held during a call, so that no call runs once the subscription is gone; recursive, because a
  // callback may end its own.
  std::recursive_mutex mutex;
  std::function<void(const Notice&)> callback;
  bool ended = false;
};

class WakeSockets::Handle final : public Subscription {
 public:
  Handle(WakeSockets& owner, std::shared_ptr<Subscriber> subscriber)
      : owner_(owner), subscriber_(std::move(subscriber)) {}
  ~Handle() override {
    {
      const std::lock_guard lock(owner_.subscribers_mutex_);
      std::erase(owner_.subscribers_, subscriber_);
    }
    const std::lock_guard lock(subscriber_->mutex);
    subscriber_->ended = true;
  }

 private:
  WakeSockets& owner_;
  std::shared_ptr<Subscriber> subscriber_;
};

Result<std::unique_ptr<WakeSockets>> WakeSockets::open(const std::filesystem::path& path) {
  WL_TRY_VOID(make_folder(path));
  UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return file_error("Cannot open the folder", path);
  UniqueFd changes(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!changes || ::inotify_add_watch(changes.get(), path.c_str(),
                                      IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
    return file_error("Cannot watch", path);
  }
  UniqueFd stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!stop || !socket) return file_error("Cannot make a socket in", path);
  const std::string name = std::to_string(::getpid()) + "-" + random_hex(8);
  // A socket's mode at bind() is that of the descriptor, masked: nobody else can ever connect.
  ::fchmod(socket.get(), 0600);
  const sockaddr_un address = address_of(folder.get(), name);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return file_error("Cannot make a socket in", path);
  }
  return std::unique_ptr<WakeSockets>(new WakeSockets(std::move(folder), std::move(socket),
                                                      std::move(changes), std::move(stop), name));
}

WakeSockets::WakeSockets(UniqueFd folder, UniqueFd socket, UniqueFd changes, UniqueFd stop,
                         std::string name)
    : folder_(std::move(folder)),
      socket_(std::move(socket)),
      changes_(std::move(changes)),
      stop_(std::move(stop)),
      name_(std::move(name)) {
  find_peers();
  thread_ = std::thread([this] { loop(); });
  pthread_setname_np(thread_.native_handle(), "wl-db-wake");
}

WakeSockets::~WakeSockets() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
  ::unlinkat(folder_.get(), name_.c_str(), 0);
}

std::unique_ptr<Notifier::Subscription> WakeSockets::subscribe(
    std::function<void(const Notice&)> callback) {
  auto subscriber = std::make_shared<Subscriber>(std::move(callback));
  const std::lock_guard lock(subscribers_mutex_);
  subscribers_.push_back(subscriber);
  return std::make_unique<Handle>(*this, std::move(subscriber));
}

void WakeSockets::publish(const std::vector<Notice>& notices) {
  const std::vector<Notice> once = distinct(notices);
  tell_subscribers(once);
  std::string datagram;
  for (std::size_t i = 0; i < once.size(); ++i) {
    datagram += encode(once[i]);
    if (i + 1 == once.size() || datagram.size() == kMostNotices * kNoticeBytes) {
      send(datagram);
      datagram.clear();
    }
  }
}

void WakeSockets::tell_subscribers(const std::vector<Notice>& notices) {
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  {
    const std::lock_guard lock(subscribers_mutex_);
    subscribers = subscribers_;
  }
  for (const auto& subscriber : subscribers) {
    const std::lock_guard lock(subscriber->mutex);
    for (const Notice& notice : notices) {
      if (!subscriber->ended) subscriber->callback(notice);
    }
  }
}

void WakeSockets::send(const std::string& datagram) {
  const std::lock_guard lock(peers_mutex_);
  std::erase_if(peers_, [&](const std::string& peer) {
    const sockaddr_un address = address_of(folder_.get(), peer);
    const ssize_t sent = ::sendto(socket_.get(), datagram.data(), datagram.size(), MSG_DONTWAIT,
                                  reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (sent >= 0 || (errno != ECONNREFUSED && errno != ENOENT)) return false;
    // Its process ended without tidying up. Names are never used twice.
    if (errno == ECONNREFUSED) ::unlinkat(folder_.get(), peer.c_str(), 0);
    return true;
  });
}

void WakeSockets::loop() {
  while (true) {
    std::array<pollfd, 3> fds{
        {{stop_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}, {changes_.get(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;  // only EINTR is possible
    if (fds[0].revents != 0) return;
    if (fds[1].revents != 0) receive();
    if (fds[2].revents != 0) {
      std::array<char, 4096> ignored;
      while (::read(changes_.get(), ignored.data(), ignored.size()) > 0) {
      }
      find_peers();
    }
  }
}

void WakeSockets::receive() {
  std::array<char, kMostNotices * kNoticeBytes> buffer;
  std::vector<Notice> notices;
  ssize_t got = 0;
  while ((got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0)) >= 0) {
    const auto more = decode({buffer.data(), static_cast<std::size_t>(got)});
    notices.insert(notices.end(), more.begin(), more.end());
    if (notices.size() > kMostNotices) break;  // poll() comes back at once
  }
  tell_subscribers(distinct(notices));
}

void WakeSockets::find_peers() {
  std::vector<std::string> peers;
  const UniqueFd listing(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (DIR* entries = ::fdopendir(::dup(listing.get()))) {
    while (const dirent* entry = ::readdir(entries)) {
      const std::string name = entry->d_name;
      if (name != name_ && name.size() < 64 && is_socket(folder_.get(), name)) {
        peers.push_back(name);
      }
    }
    ::closedir(entries);
  }
  const std::lock_guard lock(peers_mutex_);
  peers_ = std::move(peers);
}

}  // namespace windlass::sqlite
