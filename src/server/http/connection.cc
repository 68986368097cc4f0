#include "server/http/connection.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>

#include "base/log.h"

namespace windlass::http {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadSize = 4 << 10;
constexpr std::size_t kBodyReadSize = 64 << 10;
/// An idle connection keeps no larger buffer than this.
constexpr std::size_t kIdleBuffer = 16 << 10;
/// Bytes a second that a body has to come with, on average.
constexpr std::size_t kLeastRate = 1 << 10;
constexpr Micros kLinger = std::chrono::seconds(2);

}  // namespace

Connection::Connection(IoThread& io, asio::ip::tcp::socket socket)
    : io_(io), socket_(std::move(socket)) {}

Connection::~Connection() = default;

void Connection::start() {
  error_code error;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  socket_.non_blocking(true, error);
  const auto peer = socket_.remote_endpoint(error);
  if (error) return close();  // gone already
  request_.remote = peer.address().to_string();
  await_request();
}

void Connection::await_request() {
  phase_ = Phase::kIdle;
  if (input_.size() == 0 && input_.capacity() > kIdleBuffer) input_.shrink_to_fit();
  set_deadline(config().idle_timeout);
  parse();
}

void Connection::read_more() {
  if (reading_) return;
  reading_ = true;
  const auto space = input_.prepare(phase_ == Phase::kBody ? kBodyReadSize : kReadSize);
  socket_.async_read_some(space, [self = shared_from_this()](error_code error, std::size_t size) {
    self->on_read(error, size);
  });
}

void Connection::on_read(const error_code& error, std::size_t size) {
  reading_ = false;
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kHeader:
    case Phase::kBody:
      if (error) return close();
      input_.commit(size);
      return parse();
    case Phase::kLingering:
      if (error) return close();
      return read_more();  // what comes is dropped
    default:
      return;  // the read was pending when the request was refused
  }
}

void Connection::parse() {
  if (!parser_) {
    // Some clients send a line break after a body; it belongs to no request.
    while (input_.size() >= 2 && std::memcmp(input_.data().data(), "\r\n", 2) == 0) {
      input_.consume(2);
    }
    if (input_.size() == 0) return read_more();
    parser_.emplace(&request_, config().header_limit, config().body_limit);
    continue_sent_ = false;
    phase_ = Phase::kHeader;
    set_deadline(config().header_timeout);
  }
  error_code error;
  input_.consume(parser_->put(input_.data(), error));
  if (error && error != beast_http::error::need_more) {
    const Refusal refusal = refusal_of(error, config().body_limit, config().header_limit);
    return refuse(refusal.status, refusal.detail);
  }
  if (parser_->is_done()) return handle();
  if (input_.size() > config().header_limit) {
    return refuse(parser_->is_header_done() ? 400 : 431,
                  "The request's line, headers or chunk headers are too large.");
  }
  if (parser_->is_header_done()) {
    refresh_read_deadline();
    if (parser_->expects_continue() && !continue_sent_) send_continue();
  }
  read_more();
}

/// A body may be as large as the limit and its client slow, but not stall, nor trickle.
void Connection::refresh_read_deadline() {
  const Micros now = io_.now();
  if (phase_ != Phase::kBody) {
    phase_ = Phase::kBody;
    body_began_ = now;
  }
  const auto earned = std::chrono::seconds(request_.body.size() / kLeastRate);
  const Micros stall = config().stall_timeout;
  deadline_ = std::min(now + stall, body_began_ + stall + earned);
}

void Connection::send_continue() {
  continue_sent_ = true;
  // Nothing else is being written, so these few bytes fit into the socket's buffer. A client that
  // does not get them sends its body after a while anyway.
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ignored;
  socket_.write_some(asio::buffer(kContinue), ignored);
}

/// Answers what the transport itself does not take, and closes: where the next request would begin
/// is not known.
void Connection::refuse(int status, std::string_view detail) {
  parser_.reset();
  framing_ = {.keep_alive = false};
  linger_after_ = true;
  response_ = Response::error(status, detail);
  respond();
}

void Connection::handle() {
  framing_ = {.keep_alive = parser_->keep_alive(), .http11 = parser_->http11()};
  parser_.reset();
  if (const auto split = split_target(&request_); !split) return refuse(400, split.error().message);
  io_.shared().requests.fetch_add(1, std::memory_order_relaxed);
  phase_ = Phase::kHandling;
  deadline_ = Micros{0};
  busy_ = true;
  const bool taken = io_.shared().pool.submit(HandlerPool::Lane::kRequest,
                                              [self = shared_from_this()] { self->run_handler(); });
  if (taken) return;
  busy_ = false;
  response_ = Response::error(503, "The server has too much to do. Try again in a moment.");
  response_.set("Retry-After", "1");
  respond();
}

void Connection::run_handler() {
  std::string failure;
  try {
    response_ = io_.shared().router.dispatch(request_);
  } catch (const std::exception& error) {
    failure = error.what();
  } catch (...) {
    failure = "unknown exception";
  }
  if (!failure.empty()) {
    log::error(
        "a request's handler failed",
        {{"method", request_.method}, {"route", std::string(request_.route)}, {"cause", failure}});
    response_ = Response::error(500, "The server failed on this request; its log tells why.");
  }
  asio::post(io_.context(), [self = shared_from_this()] {
    self->busy_ = false;
    self->respond();
  });
}

void Connection::tick(Micros now) {
  if (deadline_ == Micros{0} || now < deadline_) return;
  switch (phase_) {
    case Phase::kHeader:
    case Phase::kBody:
      return refuse(408, "The request took too long to arrive.");
    case Phase::kStreamIdle:
      chunk_ = ":\n\n";  // a comment, so that proxies and clients see that the stream lives
      return send_chunk(false);
    default:
      return close();
  }
}

void Connection::begin_stop() {
  if (phase_ == Phase::kIdle) return close();
  if (phase_ == Phase::kStreamIdle) return send_chunk(true);
}

void Connection::linger() {
  phase_ = Phase::kLingering;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  set_deadline(kLinger);
  read_more();
}

void Connection::close() {
  phase_ = Phase::kClosed;
  error_code ignored;
  socket_.close(ignored);
  detach_stream();
  if (!busy_) io_.remove(*this);  // else when the handler returns
}

}  // namespace windlass::http
