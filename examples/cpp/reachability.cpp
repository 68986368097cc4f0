/// Which hosts of a network take TCP connections: many attempts at once, with progress and a clean
/// stop.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMostTargets = 1'000'000;
constexpr std::size_t kMostListed = 1000;
constexpr auto kStep = std::chrono::milliseconds(100);

/// The ports of "22,80,8000-8080", in order and once each.
std::vector<std::uint16_t> ports_in(std::string_view text) {
  std::set<std::uint16_t> found;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find(','));
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    const std::string_view end = piece.substr(piece.find('-') + 1);
    int first = 0, last = 0;
    std::from_chars(piece.data(), piece.data() + piece.size(), first);
    std::from_chars(end.data(), end.data() + end.size(), last);
    if (first < 1 || last < first || last > 65535)
      throw std::invalid_argument(
          "ports are numbers from 1 to 65535, the lower one of a range first");
    for (int port = first; port <= last; ++port) found.insert(static_cast<std::uint16_t>(port));
  }
  return {found.begin(), found.end()};
}

std::string outcome_of(int status) {
  if (status == 0) return "open";
  if (status == ECONNREFUSED || status == ECONNRESET) return "refused";
  return status == ETIMEDOUT ? "silent" : "unreachable";
}

/// A descriptor that is closed with it.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) throw std::system_error(errno, std::system_category(), "no more descriptors");
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

int connect_to(int connection, const IPAddress& address, std::uint16_t port) {
  if (address.version() == 4) {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(port);
    std::memcpy(&peer.sin_addr, address.bytes().data(), sizeof(peer.sin_addr));
    return ::connect(connection, reinterpret_cast<sockaddr*>(&peer), sizeof(peer));
  }
  sockaddr_in6 peer{};
  peer.sin6_family = AF_INET6;
  peer.sin6_port = htons(port);
  std::memcpy(&peer.sin6_addr, address.bytes().data(), sizeof(peer.sin6_addr));
  return ::connect(connection, reinterpret_cast<sockaddr*>(&peer), sizeof(peer));
}

/// Connections under way; none of them is waited for alone.
class Attempts {
 public:
  struct Ended {
    std::uint64_t number;
    std::string outcome;
  };

  explicit Attempts(std::chrono::milliseconds timeout)
      : timeout_(timeout), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

  void start(std::uint64_t number, const IPAddress& address, std::uint16_t port) {
    const int family = address.version() == 4 ? AF_INET : AF_INET6;
    Descriptor connection(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int status = connect_to(connection.number(), address, port) == 0 ? 0 : errno;
    if (status != EINPROGRESS) {
      ended_.push_back({number, outcome_of(status)});
      return;
    }
    epoll_event wanted{};
    wanted.events = EPOLLOUT;
    wanted.data.u64 = number;
    if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, connection.number(), &wanted) != 0)
      throw std::system_error(errno, std::system_category(), "cannot watch a connection");
    deadlines_.emplace_back(Clock::now() + timeout_, number);
    connections_.emplace(number, std::move(connection));
  }

  /// Those that have ended by now, each with its outcome; waits at most a tenth of a second.
  std::vector<Ended> wait() {
    std::array<epoll_event, 256> events{};
    const int patience = ended_.empty() ? static_cast<int>(kStep.count()) : 0;
    const int many = ::epoll_wait(epoll_.number(), events.data(), events.size(), patience);
    for (int i = 0; i < many; ++i) {
      const std::uint64_t number = events[static_cast<std::size_t>(i)].data.u64;
      int status = 0;
      socklen_t size = sizeof(status);
      ::getsockopt(connections_.at(number).number(), SOL_SOCKET, SO_ERROR, &status, &size);
      end(number, outcome_of(status));
    }
    const Clock::time_point now = Clock::now();
    while (!deadlines_.empty() &&
           (!connections_.contains(deadlines_[0].second) || deadlines_[0].first <= now)) {
      const std::uint64_t number = deadlines_[0].second;
      deadlines_.pop_front();
      if (connections_.contains(number)) end(number, "silent");
    }
    return std::exchange(ended_, {});
  }

 private:
  void end(std::uint64_t number, std::string outcome) {
    ended_.push_back({number, std::move(outcome)});
    connections_.erase(number);
  }

  std::chrono::milliseconds timeout_;
  Descriptor epoll_;
  std::unordered_map<std::uint64_t, Descriptor> connections_;
  std::deque<std::pair<Clock::time_point, std::uint64_t>> deadlines_;
  std::vector<Ended> ended_;
};

}  // namespace

class Sweep : public Job {
 public:
  static inline const Meta meta{
      .name = "Sweep Network",
      .description = "Tries to connect to each port of each host and tells which ones answer.",
      .has_sensitive_variables = false,
      .soft_time_limit = 3600,
      .time_limit = 3660};

  IPNetworkVar network{
      this, "network", {.description = "Whose hosts are tried", .default_value = "127.0.0.1/32"}};
  StringVar ports{this,
                  "ports",
                  {.description = "Such as 22,8000-8080",
                   .regex = R"(^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$)",
                   .default_value = "22,80,443"}};
  IntegerVar timeout{
      this,
      "timeout",
      {.description = "Milliseconds", .min_value = 10, .max_value = 60'000, .default_value = 1000}};
  IntegerVar at_once{this,
                     "at_once",
                     {.description = "Attempts under way",
                      .min_value = 1,
                      .max_value = 512,
                      .default_value = 256}};

  Json run() override {
    numbers_ = ports_in(*ports);
    // Of an IPv4 network without the first and the last address.
    skipped_ = network->version() == 4 && network->prefix_length() <= 30 ? 1 : 0;
    const std::uint64_t hosts = network->size() - 2 * skipped_;
    if (hosts > kMostTargets / numbers_.size()) {
      throw std::invalid_argument(
          format("{} has more than {} hosts and ports to try", network->to_string(), kMostTargets));
    }

    const std::uint64_t total = hosts * numbers_.size();
    std::map<std::string, int> counts{
        {"open", 0}, {"refused", 0}, {"silent", 0}, {"unreachable", 0}};
    std::map<std::uint64_t, std::string> found;
    std::uint64_t started = 0, done = 0;
    Attempts attempts{std::chrono::milliseconds(*timeout)};
    Clock::time_point shown = Clock::now();
    while (done < total) {
      for (; started < total && started - done < static_cast<std::uint64_t>(*at_once); ++started)
        attempts.start(started, host(started), port(started));
      for (const auto& [number, outcome] : attempts.wait()) {
        ++done;
        ++counts[outcome];
        if (outcome != "open") continue;
        const std::string place = format("{} port {}", host(number).to_string(), port(number));
        logger.grouping("open").about(place).success("Open");
        found.emplace(number, place);
      }
      check_stop();
      if (Clock::now() - shown < kStep && done != total) continue;
      shown = Clock::now();
      progress(static_cast<double>(done), static_cast<double>(total), "Connecting");
    }

    logger.info("{} of {} are open", counts["open"], total);
    Json listed = Json::array();
    for (const auto& [number, place] : found)
      if (listed.size() < kMostListed) listed.push_back(place);
    return {{"tried", total}, {"outcomes", counts}, {"open", listed}};
  }

 private:
  IPAddress host(std::uint64_t number) const {
    return (*network)[skipped_ + number / numbers_.size()];
  }
  std::uint16_t port(std::uint64_t number) const { return numbers_[number % numbers_.size()]; }

  std::vector<std::uint16_t> numbers_;
  std::uint64_t skipped_ = 0;
};

static const auto registered = register_jobs<Sweep>({.grouping = "Examples"});
