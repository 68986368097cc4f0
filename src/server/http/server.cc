#include "server/http/server.h"

#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <mutex>
#include <optional>
#include <vector>

#include "base/log.h"
#include "server/http/io_thread.h"
#include "server/http/response_head.h"

namespace windlass::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr Micros kAcceptPause = std::chrono::milliseconds(100);

/// Threads made meanwhile take no signals: those are main's. That covers SIGPIPE, which sendfile()
/// raises.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &former_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t former_;
};

std::string too_many_connections(TimePoint now) {
  Response response = Response::error(503, "The server has too many connections. Try again later.");
  response.set("Retry-After", "1");
  std::string out;
  append_head(response, {.keep_alive = false, .content_length = response.body.size()},
              http_date(now), &out);
  return out + response.body;
}

bool is_out_of_resources(const error_code& error) {
  return error.value() == EMFILE || error.value() == ENFILE || error.value() == ENOBUFS ||
         error.value() == ENOMEM;
}

}  // namespace

struct Server::Impl {
  Impl(Config config, Router router, const Clock& clock)
      : shared{.config = config,
               .router = std::move(router),
               .clock = clock,
               .pool{config.handler_threads, config.queue_limit}} {
    WL_CHECK(config.io_threads > 0, "a server has I/O threads");
    for (int i = 0; i < config.io_threads; ++i) {
      threads.push_back(std::make_unique<IoThread>(shared));
    }
  }

  Result<void> listen();
  void accept();
  void on_accept(IoThread& target, const error_code& error, tcp::socket socket);

  Shared shared;
  std::vector<std::unique_ptr<IoThread>> threads;
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> pause;
  std::size_t next_thread = 0;
  bool accept_failing = false;
  std::atomic<std::uint16_t> port{0};

  enum class State { kNew, kRunning, kStopping, kStopped };
  std::mutex state_mutex;
  State state = State::kNew;
  std::mutex join_mutex;
};

Result<void> Server::Impl::listen() {
  const Config& config = shared.config;
  std::string host = config.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  asio::io_context& context = threads[0]->context();
  error_code error;
  tcp::resolver resolver(context);
  const auto found =
      resolver.resolve(host, std::to_string(config.port),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (host.empty() || error || found.empty()) {
    return Error{"http.address_invalid",
                 "\"" + config.host + "\" is no address of this machine. Listen on an IP address.",
                 error.message()};
  }
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.emplace(context);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    acceptor.reset();
    return Error{"http.listen_failed",
                 fmt::format("Cannot listen on {} port {}: {}. Choose another address or end the "
                             "program that uses it.",
                             config.host, config.port, error.message())};
  }
  port = acceptor->local_endpoint().port();
  pause.emplace(context);
  return ok();
}

void Server::Impl::accept() {
  IoThread& target = *threads[next_thread++ % threads.size()];
  acceptor->async_accept(target.context(), [this, &target](error_code error, tcp::socket socket) {
    on_accept(target, error, std::move(socket));
  });
}

void Server::Impl::on_accept(IoThread& target, const error_code& error, tcp::socket socket) {
  if (!acceptor->is_open()) return;
  if (error) {
    shared.accept_failures.fetch_add(1, std::memory_order_relaxed);
    if (!std::exchange(accept_failing, true)) {
      log::error("cannot accept connections", {{"cause", error.message()}});
    }
    if (!is_out_of_resources(error)) return accept();
    pause->expires_after(kAcceptPause);
    pause->async_wait([this](error_code cancelled) {
      if (!cancelled && acceptor->is_open()) accept();
    });
    return;
  }
  accept_failing = false;
  shared.accepted.fetch_add(1, std::memory_order_relaxed);
  if (shared.open_connections.fetch_add(1) >= shared.config.max_connections) {
    shared.open_connections.fetch_sub(1);
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(too_many_connections(shared.clock.now())), ignored);
  } else {
    asio::post(target.context(), [&target, socket = std::move(socket)]() mutable {
      target.adopt(std::move(socket));
    });
  }
  accept();
}

Server::Server(Config config, Router router, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(router), clock)) {}

Server::~Server() {
  stop();
}

Result<void> Server::start() {
  const std::lock_guard lock(impl_->state_mutex);
  if (impl_->state != Impl::State::kNew) {
    return Error{"http.stopped", "This server has been started or stopped before. Make a new one."};
  }
  WL_TRY_VOID(impl_->listen());
  const SignalsBlocked blocked;
  impl_->accept();
  for (auto& thread : impl_->threads) thread->start();
  impl_->state = Impl::State::kRunning;
  return ok();
}

void Server::request_stop() {
  const std::lock_guard lock(impl_->state_mutex);
  if (impl_->state == Impl::State::kNew) impl_->state = Impl::State::kStopped;
  if (impl_->state != Impl::State::kRunning) return;
  impl_->state = Impl::State::kStopping;
  asio::post(impl_->threads[0]->context(), [impl = impl_.get()] {
    error_code ignored;
    impl->acceptor->close(ignored);
    impl->pause->cancel();
  });
  for (auto& thread : impl_->threads) thread->request_stop();
}

void Server::wait() {
  {
    const std::lock_guard lock(impl_->state_mutex);
    if (impl_->state == Impl::State::kNew || impl_->state == Impl::State::kStopped) return;
  }
  const std::lock_guard joining(impl_->join_mutex);
  for (auto& thread : impl_->threads) thread->join();
  impl_->shared.pool.stop();
  const std::lock_guard lock(impl_->state_mutex);
  impl_->state = Impl::State::kStopped;
}

std::uint16_t Server::port() const {
  return impl_->port;
}

ServerStats Server::stats() const {
  const Shared& shared = impl_->shared;
  ServerStats stats;
  stats.accepted = shared.accepted;
  stats.accept_failures = shared.accept_failures;
  stats.requests = shared.requests;
  for (std::size_t i = 0; i < std::size(stats.responses); ++i)
    stats.responses[i] = shared.responses[i];
  stats.open_connections = shared.open_connections;
  stats.open_streams = shared.open_streams;
  return stats;
}

}  // namespace windlass::http
