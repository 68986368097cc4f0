#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "server/http/server.h"

namespace windlass::http {

/// A response as a test sees it. Header names are in lower case.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

/// A plain socket to a server on this machine. Each wait has a deadline, past which the test fails.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer = 0);

  void send(std::string_view text);
  /// Tells the server that nothing more comes.
  void shut_down_sending();
  void close() { fd_.reset(); }

  /// The next response, its body whole. `to_head`: it has no body in spite of its Content-Length.
  Answer read(bool to_head = false);
  /// Status and headers alone.
  Answer read_head();
  /// The next chunk of a chunked body; "" for the last.
  std::string read_chunk();
  /// Everything until the server closes.
  std::string read_to_end();
  /// Whether the server closes without sending anything more.
  bool closed() { return read_to_end().empty(); }
  /// Moves the clock until something can be read, sending `trickle` at each step.
  void advance_until_readable(FakeClock& clock, Micros step, std::string_view trickle = "");

  Answer get(std::string_view path, std::string_view headers = "");

 private:
  bool readable(int milliseconds);
  /// false at the server's end of the connection.
  bool fill();
  std::string take_line();
  std::string take(std::size_t size);

  UniqueFd fd_;
  std::string input_;
};

/// Waits, without sleeping, until the condition holds; a test failure after some seconds.
void wait_until(const std::function<bool()>& condition);

/// A server on a port of its own, with quick ticks.
struct TestServer {
  explicit TestServer(Router router, const std::function<void(Config&)>& change = {});
  FakeClock clock;
  Server server;
};

Route route(std::string method, std::string pattern, Handler handler);
/// GET / says "hello"; POST /echo/ sends the body back.
Router small_router();

}  // namespace windlass::http
