#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/service.h"
#include "server/http/router.h"

namespace windlass::http {

struct Config {
  /// IP address or host name; "0.0.0.0" and "::" mean all addresses.
  std::string host = "127.0.0.1";
  /// 0 lets the system pick one; Server::port() tells.
  std::uint16_t port = 0;
  int io_threads = 2;
  /// Many, since handlers wait for database commits that are made in groups.
  int handler_threads = 32;
  /// Requests that wait for a handler thread; more are answered 503.
  std::size_t queue_limit = 1024;
  /// Bytes of a request's body; more are answered 413.
  std::size_t body_limit = 16 << 20;
  /// Bytes of a request's line and headers; more are answered 431.
  std::size_t header_limit = 16 << 10;
  /// Connections open at a time; more are answered 503 and closed.
  std::size_t max_connections = 8192;

  /// How long a connection may wait for a request's first byte.
  Micros idle_timeout = std::chrono::seconds(75);
  /// How long line and headers may take, from the first byte.
  Micros header_timeout = std::chrono::seconds(15);
  /// How long the peer may send nothing of a body or take nothing of a response. A body also has to
  /// come with 1 KiB/s on average.
  Micros stall_timeout = std::chrono::seconds(30);
  /// Silence after which an event stream sends a comment line.
  Micros heartbeat = std::chrono::seconds(15);
  /// How long requests in flight and open streams have after request_stop() before they are cut
  /// off.
  Micros stop_grace = std::chrono::seconds(5);
  /// How often the limits above are looked at.
  Micros tick = std::chrono::milliseconds(250);
};

/// Counts since the start, but for the `open_` ones.
struct ServerStats {
  std::uint64_t accepted = 0;
  /// Times that the system had no descriptor or memory for a connection that waited.
  std::uint64_t accept_failures = 0;
  std::uint64_t requests = 0;
  /// Answers by their status' first digit, 1 to 5.
  std::uint64_t responses[6] = {};
  std::size_t open_connections = 0;
  std::size_t open_streams = 0;
};

/// Serves a Router over HTTP/1.1: few threads that do transport only, and a bounded pool of threads
/// that run handlers. Owns both. Keeps connections alive, answers pipelined requests in order.
///
/// Thread-safe. start() errors: `http.address_invalid`, `http.listen_failed`, `http.stopped` (a
/// server that was stopped or started already does not start again). request_stop() closes the
/// listening socket and idle connections, ends streams and lets requests in flight finish within
/// Config::stop_grace; wait() returns when every handler has returned, so no handler may call it.
class Server final : public Service {
 public:
  /// `clock` outlives the server; its steady() measures the time limits.
  Server(Config config, Router router, const Clock& clock);
  ~Server() override;

  Result<void> start() override;
  void request_stop() override;
  void wait() override;

  /// The port that is listened on; 0 before start().
  std::uint16_t port() const;
  ServerStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::http
