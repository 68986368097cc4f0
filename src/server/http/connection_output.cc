#include <sys/sendfile.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "server/http/connection.h"

namespace windlass::http {

using boost::system::error_code;

namespace {

/// Up to this size a body is sent from one buffer with the head.
constexpr std::size_t kJoinedBody = 16 << 10;
/// How much of a file is sent before other connections have their turn.
constexpr std::size_t kFileTurn = 512 << 10;
/// A buffer that grew larger than this is not kept for the next response.
constexpr std::size_t kKeptHead = 64 << 10;

bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

void Connection::respond() {
  if (phase_ == Phase::kClosed) return io_.remove(*this);
  phase_ = Phase::kWriting;
  request_.body = {};  // it may be large, and the response take long
  const int digit = response_.status / 100;
  WL_CHECK(digit >= 1 && digit <= 5, "a response's status");
  io_.shared().responses[digit].fetch_add(1, std::memory_order_relaxed);

  if (io_.stopping()) framing_.keep_alive = false;
  if (has_no_body(response_.status)) {
    response_.file.reset();
    response_.events.reset();
    response_.body.clear();
  } else if (response_.file) {
    framing_.content_length = response_.file->size;
  } else if (response_.events) {
    framing_.chunked = framing_.http11;
    // Without chunks the end of the connection is the end of the stream.
    if (!framing_.http11) framing_.keep_alive = false;
  } else {
    framing_.content_length = response_.body.size();
  }
  head_.clear();
  append_head(response_, framing_, io_.date(), &head_);
  out_[1] = {};
  if (request_.method == "HEAD") {
    response_.file.reset();
    response_.events.reset();
  } else if (!response_.file && !response_.events) {
    if (response_.body.size() <= kJoinedBody) {
      head_ += response_.body;
    } else {
      out_[1] = response_.body;
    }
  }
  out_[0] = head_;
  write();
}

void Connection::write() {
  set_deadline(config().stall_timeout);
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_[0].data(), out_[0].size()),
                                                     asio::buffer(out_[1].data(), out_[1].size())};
  socket_.async_write_some(buffers,
                           [self = shared_from_this()](error_code error, std::size_t size) {
                             self->on_written(error, size);
                           });
}

void Connection::on_written(const error_code& error, std::size_t size) {
  if (phase_ == Phase::kClosed) return;
  if (error) return close();
  for (std::string_view& part : out_) {
    const std::size_t taken = std::min(size, part.size());
    part.remove_prefix(taken);
    size -= taken;
  }
  if (!out_[0].empty() || !out_[1].empty()) return write();
  if (phase_ == Phase::kStreamWriting) return stream_written();
  if (response_.file) {
    file_sent_ = 0;
    return send_file();
  }
  if (response_.events) return open_stream();
  response_done();
}

void Connection::send_file() {
  if (phase_ == Phase::kClosed) return;
  const FileBody& file = *response_.file;
  const std::uint64_t left = file.size - file_sent_;
  if (left == 0) return response_done();
  off_t offset = static_cast<off_t>(file_sent_);
  const ssize_t sent =
      ::sendfile(socket_.native_handle(), file.fd.get(), &offset,
                 static_cast<std::size_t>(std::min<std::uint64_t>(left, kFileTurn)));
  if (sent > 0) {
    file_sent_ += static_cast<std::uint64_t>(sent);
    set_deadline(config().stall_timeout);
  } else if (sent == 0 || (errno != EAGAIN && errno != EINTR)) {
    return close();  // the file has become shorter, or the peer is gone: less than was promised
  }
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this()](error_code error) {
                       if (error) {
                         if (self->phase_ != Phase::kClosed) self->close();
                         return;
                       }
                       self->send_file();
                     });
}

void Connection::response_done() {
  response_ = {};
  if (head_.capacity() > kKeptHead) head_ = {};
  if (linger_after_) return linger();
  if (!framing_.keep_alive || io_.stopping()) return close();
  await_request();
}

}  // namespace windlass::http
