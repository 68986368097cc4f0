#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/io_thread.h"
#include "server/http/request_parser.h"
#include "server/http/response_head.h"
#include "server/http/stream_signal.h"

namespace windlass::http {

/// One client's connection: read a request → run its handler on the pool → write its response → the
/// next request. Internal to the server: it includes Asio and Beast. Everything runs on its
/// IoThread, but for run_handler() and produce(), which run on a handler thread; meanwhile (busy_)
/// the I/O thread leaves request_, response_ and chunk_ alone.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(IoThread& io, asio::ip::tcp::socket socket);
  ~Connection();

  void start();
  /// Acts on the deadline, if it has passed.
  void tick(Micros now);
  /// Closes if idle, ends an event stream; a request in flight becomes the last one.
  void begin_stop();
  /// Closes at once.
  void abort() { close(); }

 private:
  enum class Phase {
    kIdle,           ///< waits for a request's first byte
    kHeader,         ///< has some of a request's head
    kBody,           ///< has the head and some of the body
    kHandling,       ///< a handler runs
    kWriting,        ///< a response is being written
    kStreamBusy,     ///< the event source's open() or next() runs
    kStreamIdle,     ///< the event source has no more until it is woken
    kStreamWriting,  ///< events are being written
    kLingering,      ///< has refused a request and reads on, so that the client gets to read the
                     ///< refusal
    kClosed,
  };

  // Reading: connection.cc
  void await_request();
  void read_more();
  void on_read(const boost::system::error_code& error, std::size_t size);
  void parse();
  void refresh_read_deadline();
  void send_continue();
  void refuse(int status, std::string_view detail);
  void handle();
  void run_handler();
  void close();
  void linger();

  // Writing: connection_output.cc
  void respond();
  void write();
  void on_written(const boost::system::error_code& error, std::size_t size);
  void send_file();
  void response_done();

  // Event streams: connection_stream.cc
  bool streaming() const;
  void open_stream();
  void run_next();
  void produce();
  void produced();
  void send_chunk(bool last);
  void stream_written();
  void stream_idle();
  void woken();
  void detach_stream();
  void watch();
  void on_readable(const boost::system::error_code& error);

  void set_deadline(Micros from_now) { deadline_ = io_.now() + from_now; }
  const Config& config() const { return io_.shared().config; }

  IoThread& io_;
  asio::ip::tcp::socket socket_;
  Phase phase_ = Phase::kIdle;
  Micros deadline_{0};  ///< 0: none
  bool reading_ = false;
  bool watching_ = false;
  bool busy_ = false;

  boost::beast::flat_buffer input_;
  Request request_;
  std::optional<RequestParser> parser_;
  bool continue_sent_ = false;
  Micros body_began_{0};

  Response response_;
  Framing framing_;
  bool linger_after_ = false;
  std::string head_;
  std::string_view out_[2];
  std::uint64_t file_sent_ = 0;

  std::shared_ptr<StreamSignal> signal_;
  std::string chunk_;
  EventSource::Next next_ = EventSource::Next::kIdle;
  bool stream_opened_ = false;
  bool stream_failed_ = false;
  bool last_chunk_ = false;
};

}  // namespace windlass::http
