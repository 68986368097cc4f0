#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "base/log.h"
#include "server/http/connection.h"

namespace windlass::http {

using boost::system::error_code;

namespace {

constexpr std::size_t kWatchSize = 4 << 10;

}  // namespace

bool Connection::streaming() const {
  return phase_ == Phase::kStreamBusy || phase_ == Phase::kStreamIdle ||
         phase_ == Phase::kStreamWriting;
}

void Connection::open_stream() {
  signal_ = std::make_shared<StreamSignal>();
  signal_->tell = [weak = weak_from_this(), &context = io_.context()] {
    asio::post(context, [weak] {
      if (const auto self = weak.lock()) self->woken();
    });
  };
  stream_opened_ = false;
  stream_failed_ = false;
  io_.shared().open_streams.fetch_add(1, std::memory_order_relaxed);
  run_next();
  watch();
}

void Connection::run_next() {
  phase_ = Phase::kStreamBusy;
  deadline_ = Micros{0};
  // Taken back before next() looks, so that a wake() from here on is not lost.
  signal_->pending.exchange(false);
  busy_ = true;
  io_.shared().pool.submit(HandlerPool::Lane::kStream,
                           [self = shared_from_this()] { self->produce(); });
}

void Connection::produce() {
  std::string failure;
  try {
    if (!stream_opened_) {
      stream_opened_ = true;
      response_.events->open(Waker(signal_));
    }
    next_ = response_.events->next(&chunk_);
  } catch (const std::exception& error) {
    failure = error.what();
  } catch (...) {
    failure = "unknown exception";
  }
  if (!failure.empty()) {
    stream_failed_ = true;
    log::error("an event stream failed",
               {{"route", std::string(request_.route)}, {"cause", failure}});
  }
  asio::post(io_.context(), [self = shared_from_this()] {
    self->busy_ = false;
    self->produced();
  });
}

void Connection::produced() {
  if (phase_ == Phase::kClosed) return io_.remove(*this);
  // Cut without the last chunk, the client can tell that events are missing.
  if (stream_failed_) return close();
  const bool last = next_ == EventSource::Next::kEnd || io_.stopping();
  if (!chunk_.empty() || last) return send_chunk(last);
  if (next_ == EventSource::Next::kMore) return run_next();
  stream_idle();
}

void Connection::send_chunk(bool last) {
  phase_ = Phase::kStreamWriting;
  last_chunk_ = last;
  head_.clear();
  if (framing_.chunked) {
    if (!chunk_.empty()) {
      fmt::format_to(std::back_inserter(head_), "{:x}\r\n", chunk_.size());
      chunk_ += "\r\n";
    }
    if (last) chunk_ += "0\r\n\r\n";
  }
  out_[0] = head_;
  out_[1] = chunk_;
  if (chunk_.empty()) return stream_written();
  write();
}

void Connection::stream_written() {
  chunk_.clear();
  if (last_chunk_) {
    detach_stream();
    return response_done();
  }
  if (io_.stopping()) return send_chunk(true);
  if (next_ == EventSource::Next::kMore) return run_next();
  stream_idle();
}

void Connection::stream_idle() {
  if (signal_->pending) return run_next();
  phase_ = Phase::kStreamIdle;
  set_deadline(config().heartbeat);
}

void Connection::woken() {
  if (phase_ == Phase::kStreamIdle) run_next();
}

/// The wakers find nobody from here on. The source itself may still be running.
void Connection::detach_stream() {
  if (!signal_) return;
  {
    const std::lock_guard lock(signal_->mutex);
    if (!signal_->tell) return;
    signal_->tell = nullptr;
  }
  io_.shared().open_streams.fetch_sub(1, std::memory_order_relaxed);
  if (!busy_) response_.events.reset();
}

/// While a stream is open nothing is read, so the socket is watched for the client's end.
void Connection::watch() {
  if (watching_) return;
  watching_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](error_code error) { self->on_readable(error); });
}

void Connection::on_readable(const error_code& error) {
  watching_ = false;
  if (!streaming()) return;
  if (error) return close();
  error_code failure;
  const std::size_t size = socket_.read_some(input_.prepare(kWatchSize), failure);
  if (failure && failure != asio::error::would_block) return close();
  input_.commit(size);
  // A client that sends that much ahead of the answers is not watched any more; what it sends stays
  // in the socket.
  if (input_.size() < config().header_limit) watch();
}

}  // namespace windlass::http
