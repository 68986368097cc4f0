#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "base/clock.h"
#include "server/http/handler_pool.h"
#include "server/http/router.h"
#include "server/http/server.h"

namespace windlass::http {

namespace asio = boost::asio;

class Connection;

/// What all threads of one server share.
struct Shared {
  const Config config;
  const Router router;
  const Clock& clock;
  HandlerPool pool;

  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> accept_failures{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> responses[6] = {};
  std::atomic<std::size_t> open_connections{0};
  std::atomic<std::size_t> open_streams{0};
};

/// One transport thread with the connections that live on it. Internal to the server: it includes
/// Asio. start(), request_stop(), join() and context() may be called from any thread, the rest on
/// the thread itself.
class IoThread {
 public:
  explicit IoThread(Shared& shared);
  ~IoThread();

  void start();
  /// Ends the thread when its connections have ended, or have been cut off after
  /// Config::stop_grace.
  void request_stop();
  void join();
  asio::io_context& context() { return context_; }

  void adopt(asio::ip::tcp::socket socket);
  void remove(Connection& connection);
  bool stopping() const { return stopping_; }
  /// The text for the Date header, made once a second.
  std::string_view date();
  Micros now() const { return shared_.clock.steady(); }
  Shared& shared() { return shared_; }

 private:
  void schedule_tick();
  void tick();
  void begin_stop();
  void end_if_empty();

  Shared& shared_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer timer_;
  bool ticking_ = false;
  bool stopping_ = false;
  Micros stop_deadline_{0};
  std::string date_;
  std::chrono::sys_seconds date_second_{};
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::thread thread_;
};

}  // namespace windlass::http
