#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace windlass::sources {

/// Listens on a free port of this machine and hands each connection to a function, one after
/// another. For tests.
class TestServer {
 public:
  using Handler = std::function<void(int connection)>;

  explicit TestServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 16), 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    stopped_ = UniqueFd(ends[0]);
    stop_ = UniqueFd(ends[1]);
    thread_ = std::thread([this] { serve(); });
  }
  ~TestServer() {
    stop_.reset();
    thread_.join();
  }

  int port() const { return port_; }
  /// Waits until the descriptor can be read or the server is to stop; false for the latter.
  bool wait(int fd) const {
    pollfd both[2] = {{fd, POLLIN, 0}, {stopped_.get(), POLLIN, 0}};
    return ::poll(both, 2, -1) > 0 && both[1].revents == 0;
  }
  void wait_for_stop() const {
    pollfd end{stopped_.get(), POLLIN, 0};
    ::poll(&end, 1, -1);
  }

 private:
  void serve() {
    while (wait(listener_.get())) {
      const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection) handler_(connection.get());
    }
  }

  Handler handler_;
  UniqueFd listener_;
  UniqueFd stopped_;
  UniqueFd stop_;
  int port_ = 0;
  std::thread thread_;
};

/// A repository behind http, through git's own program: `git upload-pack`. For tests.
class TestGitServer {
 public:
  explicit TestGitServer(std::filesystem::path repository) : repository_(std::move(repository)) {}

  std::string url(const std::string& host = "127.0.0.1") const {
    return "http://" + host + ":" + std::to_string(server_.port()) + "/jobs.git";
  }

  std::string demanded;  ///< "user:token"; "" asks for none
  std::string redirect;  ///< where the first request is sent on to
  std::atomic<bool> stalls_at_pack = false;

  /// The Authorization headers that came.
  std::vector<std::string> shown_credentials() const {
    const std::lock_guard lock(mutex_);
    return shown_;
  }

 private:
  struct Request {
    std::string line;
    std::string authorization;
    std::string body;
  };

  void answer(int connection) {
    Request request;
    if (!read(connection, &request)) return;
    const bool pack = request.line.starts_with("POST");
    if (pack && stalls_at_pack) return server_.wait_for_stop();
    if (!redirect.empty() && request.line.find("/moved.git") == std::string::npos)
      return send(connection, "302 Found", "Location: " + redirect + "\r\n", "");
    if (!demanded.empty() && request.authorization != "Basic " + base64_encode(demanded))
      return send(connection, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"git\"\r\n", "");
    if (request.line.find(".git/") == std::string::npos)
      return send(connection, "404 Not Found", "", "");
    if (!pack) {
      return send(connection, "200 OK",
                  "Content-Type: application/x-git-upload-pack-advertisement\r\n",
                  "001e# service=git-upload-pack\n0000" + upload_pack("--advertise-refs", ""));
    }
    send(connection, "200 OK", "Content-Type: application/x-git-upload-pack-result\r\n",
         upload_pack("", request.body));
  }

  bool read(int connection, Request* out) {
    std::string text;
    std::size_t head = std::string::npos;
    std::size_t wanted = 0;
    while (head == std::string::npos || text.size() < head + 4 + wanted) {
      char piece[4096];
      if (!server_.wait(connection)) return false;
      const ssize_t got = ::recv(connection, piece, sizeof piece, 0);
      if (got <= 0) return false;
      text.append(piece, static_cast<std::size_t>(got));
      if (head == std::string::npos && (head = text.find("\r\n\r\n")) != std::string::npos)
        wanted = std::strtoul(header(text, "content-length").c_str(), nullptr, 10);
    }
    out->line = text.substr(0, text.find("\r\n"));
    out->authorization = header(text.substr(0, head), "authorization");
    out->body = text.substr(head + 4);
    const std::lock_guard lock(mutex_);
    if (!out->authorization.empty()) shown_.push_back(out->authorization);
    return true;
  }

  static std::string header(const std::string& text, const std::string& name) {
    const auto at = to_lower(text).find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 4;
    return text.substr(begin, text.find("\r\n", begin) - begin);
  }

  std::string upload_pack(const std::string& option, const std::string& input) {
    const auto file = folder_.path() / "request";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << input;
    const std::string command = "git upload-pack --stateless-rpc " + option + " '" +
                                repository_.string() + "' < '" + file.string() + "'";
    std::FILE* pipe = ::popen(command.c_str(), "re");
    std::string output;
    char piece[4096];
    while (const std::size_t got = std::fread(piece, 1, sizeof piece, pipe))
      output.append(piece, got);
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return output;
  }

  static void send(int connection, const std::string& status, const std::string& headers,
                   const std::string& body) {
    const std::string text = "HTTP/1.1 " + status + "\r\n" + headers + "Connection: close\r\n" +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t sent = ::send(connection, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return;
      at += static_cast<std::size_t>(sent);
    }
  }

  std::filesystem::path repository_;
  TemporaryFolder folder_ = TemporaryFolder::make().value();
  mutable std::mutex mutex_;
  std::vector<std::string> shown_;
  TestServer server_{[this](int connection) { answer(connection); }};
};

}  // namespace windlass::sources
