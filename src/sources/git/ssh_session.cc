#include "sources/git/ssh_session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sources/git/connection.h"
#include "sources/git/known_hosts.h"

namespace windlass::sources {

namespace {

/// What a server says, for a message: one line of printable characters.
std::string shown(std::string_view text) {
  std::string line = to_valid_utf8(utf8_prefix(text, 500));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return std::string(strip(line));
}

std::string last_error_of(LIBSSH2_SESSION* session) {
  char* text = nullptr;
  libssh2_session_last_error(session, &text, nullptr, 0);
  return text != nullptr ? shown(text) : "";
}

bool is_refusal(int answer) {
  return answer == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
         answer == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED || answer == LIBSSH2_ERROR_PASSWORD_EXPIRED;
}

bool is_loss(int answer) {
  return answer == LIBSSH2_ERROR_EAGAIN || answer == LIBSSH2_ERROR_SOCKET_DISCONNECT ||
         answer == LIBSSH2_ERROR_SOCKET_SEND || answer == LIBSSH2_ERROR_SOCKET_RECV ||
         answer == LIBSSH2_ERROR_TIMEOUT;
}

/// The key as libssh2 reads it, whatever a form or an editor did to its line ends: short lines.
std::string in_short_lines(std::string_view key) {
  constexpr std::size_t kLine = 64;
  std::string text;
  for (std::string_view line : split(key, '\n')) {
    line = strip(line);
    while (!line.starts_with('-') && line.size() > kLine) {
      text.append(line.substr(0, kLine)).append("\n");
      line.remove_prefix(kLine);
    }
    if (!line.empty()) text.append(line).append("\n");
  }
  return text;
}

/// Repeats what frees an object while it answers that it has more to do on a closed connection.
template <class Free>
void free_at_last(Free&& free) {
  constexpr int kMostSteps = 100;
  int answer = LIBSSH2_ERROR_EAGAIN;
  for (int i = 0; i < kMostSteps && answer == LIBSSH2_ERROR_EAGAIN; ++i) answer = free();
}

}  // namespace

/// Repeats a call of libssh2 that could not go on at once. The last answer is EAGAIN only when the
/// fetch was ended.
template <class Call>
auto SshSession::call(Call&& function) {
  for (;;) {
    const auto answer = function();
    if (answer != LIBSSH2_ERROR_EAGAIN) {
      watch_->heard();
      return answer;
    }
    const int directions = libssh2_session_block_directions(session_);
    const int events = ((directions & LIBSSH2_SESSION_BLOCK_INBOUND) != 0 ? POLLIN : 0) |
                       ((directions & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0 ? POLLOUT : 0);
    if (!watch_->wait(socket_.get(), static_cast<short>(events != 0 ? events : POLLIN)))
      return answer;
    watch_->heard();
  }
}

SshSession::~SshSession() {
  // A server may be silent: libssh2 shall not try to say good-bye, for which it would have to wait,
  // and until then keep all that it has allocated.
  if (socket_) ::shutdown(socket_.get(), SHUT_RDWR);
  if (channel_ != nullptr) free_at_last([&] { return libssh2_channel_free(channel_); });
  if (session_ != nullptr) free_at_last([&] { return libssh2_session_free(session_); });
}

bool SshSession::lost(const char* doing) {
  watch_->fail({"git.unreachable",
                fmt::format("The ssh connection to {} failed while {}.", access_.host, doing),
                session_ != nullptr ? last_error_of(session_) : ""});
  return false;
}

bool SshSession::open() {
  socket_ = connect_to(access_.host, std::to_string(access_.port), watch_);
  return socket_ && shake_hands() && check_key() && sign_in() && start_command();
}

bool SshSession::shake_hands() {
  session_ = libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr);
  if (session_ == nullptr) return lost("it was begun");
  libssh2_session_set_blocking(session_, 0);
  // A server has keys of several types: ask for one that is known.
  const auto types = known_key_types(access_.known_hosts, access_.host, access_.port);
  if (!types.empty()) {
    libssh2_session_method_pref(session_, LIBSSH2_METHOD_HOSTKEY,
                                fmt::format("{}", fmt::join(types, ",")).c_str());
  }
  const int shaken = call([&] { return libssh2_session_handshake(session_, socket_.get()); });
  return shaken == 0 || lost("it was agreed on");
}

bool SshSession::check_key() {
  std::size_t size = 0;
  int type = 0;
  const char* blob = libssh2_session_hostkey(session_, &size, &type);
  const char* hash = libssh2_hostkey_hash(session_, LIBSSH2_HOSTKEY_HASH_SHA256);
  if (blob == nullptr || hash == nullptr) return lost("the server's key was read");
  std::string fingerprint = base64_encode(std::string_view(hash, 32));
  while (fingerprint.ends_with('=')) fingerprint.pop_back();
  auto checked = check_host_key(access_.known_hosts, access_.host, access_.port,
                                {std::string(blob, size), "SHA256:" + fingerprint});
  if (!checked.ok()) watch_->fail(checked.error());
  return checked.ok();
}

bool SshSession::sign_in() {
  const std::string& user = access_.username;
  const auto user_size = static_cast<unsigned>(user.size());
  int answer = LIBSSH2_ERROR_AUTHENTICATION_FAILED;
  if (!access_.private_key.empty()) {
    const std::string key = in_short_lines(access_.private_key);
    answer = call([&] {
      return libssh2_userauth_publickey_frommemory(session_, user.c_str(), user.size(), nullptr, 0,
                                                   key.c_str(), key.size(), nullptr);
    });
  } else if (!access_.password.empty()) {
    answer = call([&] {
      return libssh2_userauth_password_ex(session_, user.c_str(), user_size,
                                          access_.password.c_str(),
                                          static_cast<unsigned>(access_.password.size()), nullptr);
    });
  } else {
    watch_->fail({"git.credentials",
                  "An ssh server asks for a key: give the repository the private key of a deploy "
                  "key."});
    return false;
  }
  if (answer == 0) return true;
  if (is_refusal(answer)) {
    watch_->fail({"git.credentials",
                  fmt::format("{} does not let \"{}\" in with this {}. See that the server has the "
                              "public key; many servers take ed25519 and ECDSA keys, and RSA keys "
                              "no longer in the form that is sent here.",
                              access_.host, user, access_.private_key.empty() ? "password" : "key"),
                  last_error_of(session_)});
  } else if (!is_loss(answer)) {
    watch_->fail(
        {"git.credentials",
         "The private key of the repository cannot be read: it has to be in PEM or OpenSSH "
         "form, and without a passphrase.",
         last_error_of(session_)});
  }
  return lost("signing in");
}

bool SshSession::start_command() {
  call([&] {
    channel_ = libssh2_channel_open_session(session_);
    return channel_ != nullptr ? 0 : libssh2_session_last_errno(session_);
  });
  if (channel_ == nullptr) return lost("the command was begun");
  // parse_remote_url lets no quote into a path.
  const std::string path = access_.path.starts_with("/~") ? access_.path.substr(1) : access_.path;
  const std::string command = "git-upload-pack '" + path + "'";
  const int started = call([&] { return libssh2_channel_exec(channel_, command.c_str()); });
  return started == 0 || lost("the command was begun");
}

ssize_t SshSession::read(char* data, std::size_t size) {
  const auto got = call([&] { return libssh2_channel_read(channel_, data, size); });
  if (got > 0) return got;
  if (got < 0) {
    lost("reading");
    return -1;
  }
  char reason[1024];
  const auto said =
      call([&] { return libssh2_channel_read_stderr(channel_, reason, sizeof reason); });
  if (said <= 0) return 0;
  watch_->fail(
      {"git.unreachable", access_.host + " does not give the repository out: " +
                              shown({reason, static_cast<std::size_t>(said)}) +
                              " Check the path in the URL, and that the key may read it."});
  return -1;
}

bool SshSession::write(const char* data, std::size_t size) {
  while (size > 0) {
    const auto sent = call([&] { return libssh2_channel_write(channel_, data, size); });
    if (sent < 0) return lost("writing");
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace windlass::sources
