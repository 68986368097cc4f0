#include "server/http/io_thread.h"

#include <pthread.h>

#include <boost/asio/post.hpp>

#include "server/http/connection.h"
#include "server/http/response_head.h"

namespace windlass::http {

IoThread::IoThread(Shared& shared)
    : shared_(shared), work_(context_.get_executor()), timer_(context_) {}

IoThread::~IoThread() = default;

void IoThread::start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "http-io");
    context_.run();
  });
}

void IoThread::request_stop() {
  asio::post(context_, [this] { begin_stop(); });
}

void IoThread::join() {
  if (thread_.joinable()) thread_.join();
}

void IoThread::adopt(asio::ip::tcp::socket socket) {
  auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connections_.emplace(connection.get(), connection);
  if (stopping_) {
    connection->abort();
    return;
  }
  if (!ticking_) schedule_tick();
  connection->start();
}

void IoThread::remove(Connection& connection) {
  if (connections_.erase(&connection) == 0) return;
  shared_.open_connections.fetch_sub(1, std::memory_order_relaxed);
  end_if_empty();
}

void IoThread::end_if_empty() {
  if (!stopping_ || !connections_.empty()) return;
  work_.reset();
  timer_.cancel();
}

std::string_view IoThread::date() {
  const TimePoint now = shared_.clock.now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (date_.empty() || second != date_second_) {
    date_second_ = second;
    date_ = http_date(now);
  }
  return date_;
}

void IoThread::schedule_tick() {
  ticking_ = true;
  timer_.expires_after(shared_.config.tick);
  timer_.async_wait([this](boost::system::error_code error) {
    ticking_ = false;
    if (!error) tick();
  });
}

void IoThread::tick() {
  const Micros now = this->now();
  const bool cut_off = stopping_ && now >= stop_deadline_;
  for (auto next = connections_.begin(); next != connections_.end();) {
    // The connection may take itself, and nothing else, out of the map.
    const std::shared_ptr<Connection> connection = (next++)->second;
    if (cut_off) {
      connection->abort();
    } else {
      connection->tick(now);
    }
  }
  if (!connections_.empty()) schedule_tick();
}

void IoThread::begin_stop() {
  stopping_ = true;
  stop_deadline_ = now() + shared_.config.stop_grace;
  for (auto next = connections_.begin(); next != connections_.end();) {
    const std::shared_ptr<Connection> connection = (next++)->second;
    connection->begin_stop();
  }
  end_if_empty();
}

}  // namespace windlass::http
