#include "server/http/test_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "base/text.h"

namespace windlass::http {

namespace {

constexpr int kDeadlineMs = 20'000;

Config config_for_tests(const std::function<void(Config&)>& change) {
  Config config;
  config.tick = std::chrono::milliseconds(2);
  if (change) change(config);
  return config;
}

}  // namespace

TestClient::TestClient(std::uint16_t port, int receive_buffer)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fd_.reset();
}

void TestClient::send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed; what it said can still be read
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void TestClient::shut_down_sending() {
  ::shutdown(fd_.get(), SHUT_WR);
}

bool TestClient::readable(int milliseconds) {
  pollfd watched{fd_.get(), POLLIN, 0};
  return ::poll(&watched, 1, milliseconds) > 0;
}

bool TestClient::fill() {
  if (!fd_) return false;
  if (!readable(kDeadlineMs)) {
    ADD_FAILURE() << "nothing came from the server; so far: " << input_.substr(0, 400);
    fd_.reset();
    return false;
  }
  char buffer[16 << 10];
  const ssize_t size = ::recv(fd_.get(), buffer, sizeof buffer, 0);
  if (size <= 0) return false;
  input_.append(buffer, static_cast<std::size_t>(size));
  return true;
}

std::string TestClient::take(std::size_t size) {
  while (input_.size() < size && fill()) {
  }
  std::string out = input_.substr(0, size);
  input_.erase(0, size);
  return out;
}

std::string TestClient::take_line() {
  std::size_t end;
  while ((end = input_.find("\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  std::string line = input_.substr(0, end);
  input_.erase(0, end + 2);
  return line;
}

Answer TestClient::read_head() {
  Answer answer;
  const std::string line = take_line();
  if (line.starts_with("HTTP/1.1 ")) answer.status = std::atoi(line.c_str() + 9);
  for (std::string header = take_line(); !header.empty(); header = take_line()) {
    const std::size_t colon = header.find(": ");
    answer.headers[to_lower(header.substr(0, colon))] = header.substr(colon + 2);
  }
  return answer;
}

Answer TestClient::read(bool to_head) {
  Answer answer = read_head();
  if (to_head) return answer;
  if (answer.headers.contains("transfer-encoding")) {
    for (std::string chunk = read_chunk(); !chunk.empty(); chunk = read_chunk()) {
      answer.body += chunk;
    }
  } else if (answer.headers.contains("content-length")) {
    answer.body = take(std::stoul(answer.headers["content-length"]));
  }
  return answer;
}

std::string TestClient::read_chunk() {
  const std::size_t size = std::strtoul(take_line().c_str(), nullptr, 16);
  std::string chunk = take(size);
  EXPECT_EQ(take(2), "\r\n");
  return chunk;
}

std::string TestClient::read_to_end() {
  while (fill()) {
  }
  return std::move(input_);
}

void TestClient::advance_until_readable(FakeClock& clock, Micros step, std::string_view trickle) {
  for (int i = 0; i < kDeadlineMs / 2; ++i) {
    send(trickle);
    clock.advance(step);
    if (readable(2)) return;
  }
  ADD_FAILURE() << "the time limit did nothing";
}

Answer TestClient::get(std::string_view path, std::string_view headers) {
  send("GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers) + "\r\n");
  return read();
}

void wait_until(const std::function<bool()>& condition) {
  const SystemClock clock;
  const Micros deadline = clock.steady() + std::chrono::milliseconds(kDeadlineMs);
  while (!condition()) {
    ASSERT_LT(clock.steady(), deadline) << "the condition did not come to hold";
    std::this_thread::yield();
  }
}

TestServer::TestServer(Router router, const std::function<void(Config&)>& change)
    : server(config_for_tests(change), std::move(router), clock) {
  const Result<void> started = server.start();
  EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().message);
}

Route route(std::string method, std::string pattern, Handler handler) {
  return {{std::move(method)}, std::move(pattern), std::move(handler)};
}

Router small_router() {
  Router router;
  router.add(
      route("GET", "/", [](Request&) { return Response::text(200, "text/plain", "hello"); }));
  router.add(route("POST", "/echo/", [](Request& request) {
    return Response::text(200, "text/plain", std::move(request.body));
  }));
  return router;
}

}  // namespace windlass::http
