#include "sources/git/connection.h"

#include <git2.h>
#include <git2/sys/stream.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace windlass::sources {

namespace {

Error unreachable(const std::string& host, const std::string& port, const char* reason) {
  return {"git.unreachable", "The server " + host + " cannot be reached on port " + port + ": " +
                                 reason + ". Check the URL, the network and the firewall."};
}

/// 0, or why the address could not be connected to. A fetch that was ended gives ECANCELED.
int try_address(const addrinfo& address, Micros limit, FetchWatch* watch, UniqueFd* out) {
  UniqueFd fd(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                       address.ai_protocol));
  if (!fd) return errno;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return errno;
    const auto waited = watch->wait_for(fd.get(), POLLOUT, limit);
    if (waited == FetchWatch::Waited::kLate) return ETIMEDOUT;
    if (waited == FetchWatch::Waited::kEnded) return ECANCELED;
    int failure = 0;
    socklen_t size = sizeof failure;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failure, &size) != 0) return errno;
    if (failure != 0) return failure;
  }
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  *out = std::move(fd);
  return 0;
}

/// What libgit2 sees of a connection. Its base comes first: libgit2 hands that back.
struct WatchedStream {
  git_stream base;
  std::string host;
  std::string port;
  UniqueFd fd;
};

WatchedStream* of(git_stream* base) {
  return reinterpret_cast<WatchedStream*>(base);
}

int failed(const char* text) {
  git_error_set_str(GIT_ERROR_NET, text);
  return -1;
}

int stream_connect(git_stream* base) {
  WatchedStream* stream = of(base);
  stream->fd = connect_to(stream->host, stream->port, FetchWatch::current());
  return stream->fd ? 0 : failed("no connection");
}

/// Whether to try again after a call that could not go on at once.
bool may_retry(int fd, short events) {
  if (errno == EINTR) return true;
  return (errno == EAGAIN || errno == EWOULDBLOCK) && FetchWatch::current()->wait(fd, events);
}

ssize_t stream_read(git_stream* base, void* data, std::size_t size) {
  const int fd = of(base)->fd.get();
  if (!FetchWatch::current()->go_on()) return failed("the fetch was ended");
  for (;;) {
    const ssize_t got = ::recv(fd, data, size, 0);
    if (got >= 0) {
      return FetchWatch::current()->received(static_cast<std::size_t>(got))
                 ? got
                 : failed("the fetch was ended");
    }
    if (!may_retry(fd, POLLIN)) return failed("the connection was lost");
  }
}

ssize_t stream_write(git_stream* base, const char* data, std::size_t size, int /*flags*/) {
  const int fd = of(base)->fd.get();
  for (;;) {
    const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL);
    if (sent >= 0) {
      FetchWatch::current()->heard();
      return sent;
    }
    if (!may_retry(fd, POLLOUT)) return failed("the connection was lost");
  }
}

int stream_close(git_stream* base) {
  of(base)->fd.reset();
  return 0;
}

void stream_free(git_stream* base) {
  delete of(base);
}

int make_stream(git_stream** out, const char* host, const char* port) {
  if (FetchWatch::current() == nullptr) return failed("a connection outside of a fetch");
  auto stream = std::make_unique<WatchedStream>();
  stream->base = {};
  stream->base.version = GIT_STREAM_VERSION;
  stream->base.connect = stream_connect;
  stream->base.read = stream_read;
  stream->base.write = stream_write;
  stream->base.close = stream_close;
  stream->base.free = stream_free;
  stream->host = host;
  stream->port = port;
  *out = &stream.release()->base;
  return 0;
}

}  // namespace

UniqueFd connect_to(const std::string& host, const std::string& port, FetchWatch* watch) {
  if (!watch->go_on()) return UniqueFd();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int looked_up = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  if (looked_up != 0) {
    watch->fail(unreachable(host, port, ::gai_strerror(looked_up)));
    return UniqueFd();
  }
  return connect_to_any(found, host, port, watch);
}

UniqueFd connect_to_any(const addrinfo* addresses, const std::string& host, const std::string& port,
                        FetchWatch* watch) {
  int count = 0;
  for (const addrinfo* at = addresses; at != nullptr; at = at->ai_next) ++count;
  UniqueFd fd;
  int failure = EHOSTUNREACH;
  for (const addrinfo* address = addresses; address != nullptr; address = address->ai_next) {
    failure = try_address(*address, watch->timeout() / count, watch, &fd);
    if (failure == 0) {
      watch->heard();
      return fd;
    }
    if (watch->failure()) return UniqueFd();
  }
  watch->fail(unreachable(host, port, std::strerror(failure)));
  return UniqueFd();
}

void use_watched_connections() {
  git_stream_registration registration{};
  registration.version = GIT_STREAM_VERSION;
  registration.init = make_stream;
  git_stream_register(GIT_STREAM_STANDARD, &registration);
}

}  // namespace windlass::sources
