#pragma once

#include <gtest/gtest.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "sources/git/test_server.h"

namespace windlass::sources {

/// A key pair of ssh. For tests.
class TestKey {
 public:
  explicit TestKey(ssh_keytypes_e type) {
    ssh_key made = nullptr;
    EXPECT_EQ(ssh_pki_generate(type, 256, &made), SSH_OK);
    key_.reset(made);
  }
  ssh_key get() const { return key_.get(); }
  /// In OpenSSH's form.
  std::string private_text() const {
    return text_of([&](char** out) {
      return ssh_pki_export_privkey_base64(get(), nullptr, nullptr, nullptr, out);
    });
  }
  std::string public_base64() const {
    return text_of([&](char** out) { return ssh_pki_export_pubkey_base64(get(), out); });
  }
  std::string type() const { return ssh_key_type_to_char(ssh_key_type(get())); }

 private:
  template <class Export>
  static std::string text_of(Export write) {
    char* text = nullptr;
    EXPECT_EQ(write(&text), SSH_OK);
    std::string copy = text != nullptr ? text : "";
    ssh_string_free_char(text);
    return copy;
  }
  std::unique_ptr<ssh_key_struct, void (*)(ssh_key)> key_{nullptr, ssh_key_free};
};

/// A repository behind ssh as "/jobs.git", through git's own program: `git upload-pack`. Lets in
/// the user "git" with one key. For tests.
class TestSshServer {
 public:
  explicit TestSshServer(std::filesystem::path repository) : repository_(std::move(repository)) {}

  int port() const { return server_.port(); }
  std::string url() const { return "ssh://git@127.0.0.1:" + std::to_string(port()) + "/jobs.git"; }
  /// The line of known_hosts for one of the server's keys.
  std::string known_hosts(const TestKey& key) const {
    return "[127.0.0.1]:" + std::to_string(port()) + " " + key.type() + " " + key.public_base64();
  }

  const TestKey ed25519{SSH_KEYTYPE_ED25519};
  const TestKey ecdsa{SSH_KEYTYPE_ECDSA_P256};
  const TestKey user{SSH_KEYTYPE_ED25519};  ///< whom it lets in

 private:
  /// One connection.
  struct Visit {
    TestSshServer* server;
    ssh_session session;
    ssh_event event;
    ssh_channel channel = nullptr;
    UniqueFd program;  ///< standard input and output of git
    pid_t child = -1;
    bool ended = false;
    ssh_server_callbacks_struct callbacks{};
    ssh_channel_callbacks_struct channel_callbacks{};
  };
  static Visit& of(void* data) { return *static_cast<Visit*>(data); }

  static int let_in(ssh_session /*session*/, const char* user, ssh_key key, char state,
                    void* data) {
    const bool known = std::string_view(user) == "git" &&
                       ssh_key_cmp(key, of(data).server->user.get(), SSH_KEY_CMP_PUBLIC) == 0;
    const bool proven = state == SSH_PUBLICKEY_STATE_NONE || state == SSH_PUBLICKEY_STATE_VALID;
    return known && proven ? SSH_AUTH_SUCCESS : SSH_AUTH_DENIED;
  }

  static ssh_channel open_channel(ssh_session session, void* data) {
    Visit& visit = of(data);
    visit.channel = ssh_channel_new(session);
    visit.channel_callbacks.userdata = data;
    visit.channel_callbacks.channel_exec_request_function = start;
    visit.channel_callbacks.channel_data_function = take_input;
    ssh_callbacks_init(&visit.channel_callbacks);
    ssh_set_channel_callbacks(visit.channel, &visit.channel_callbacks);
    return visit.channel;
  }

  static int start(ssh_session /*session*/, ssh_channel channel, const char* command, void* data) {
    Visit& visit = of(data);
    if (std::string_view(command) != "git-upload-pack '/jobs.git'") {
      const std::string said = "fatal: no such repository\n";
      ssh_channel_write_stderr(channel, said.data(), static_cast<std::uint32_t>(said.size()));
      visit.ended = true;
      return SSH_OK;
    }
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    visit.program = UniqueFd(ends[0]);
    const UniqueFd other(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, other.get(), 0);
    posix_spawn_file_actions_adddup2(&actions, other.get(), 1);
    std::string place = visit.server->repository_.string();
    std::string git = "git";
    std::string pack = "upload-pack";
    char* arguments[] = {git.data(), pack.data(), place.data(), nullptr};
    EXPECT_EQ(::posix_spawnp(&visit.child, "git", &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ssh_event_add_fd(visit.event, visit.program.get(), POLLIN, give_output, data);
    return SSH_OK;
  }

  static int take_input(ssh_session /*session*/, ssh_channel /*channel*/, void* bytes,
                        std::uint32_t size, int /*is_stderr*/, void* data) {
    return static_cast<int>(::send(of(data).program.get(), bytes, size, MSG_NOSIGNAL));
  }

  static int give_output(socket_t fd, int /*events*/, void* data) {
    char piece[8192];
    const ssize_t got = ::recv(fd, piece, sizeof piece, 0);
    if (got > 0) {
      ssh_channel_write(of(data).channel, piece, static_cast<std::uint32_t>(got));
      return SSH_OK;
    }
    of(data).ended = true;
    return SSH_OK;
  }

  void serve(int connection) {
    const std::unique_ptr<ssh_bind_struct, void (*)(ssh_bind)> bind(ssh_bind_new(), ssh_bind_free);
    const std::unique_ptr<ssh_session_struct, void (*)(ssh_session)> session(ssh_new(), ssh_free);
    const bool no = false;
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_IMPORT_KEY, ssh_key_dup(ed25519.get()));
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_IMPORT_KEY, ssh_key_dup(ecdsa.get()));
    Visit visit{this, session.get(), ssh_event_new(), nullptr, {}, -1, false, {}, {}};
    visit.callbacks.userdata = &visit;
    visit.callbacks.auth_pubkey_function = let_in;
    visit.callbacks.channel_open_request_session_function = open_channel;
    ssh_callbacks_init(&visit.callbacks);
    if (ssh_bind_accept_fd(bind.get(), session.get(), ::dup(connection)) == SSH_OK) {
      ssh_set_server_callbacks(session.get(), &visit.callbacks);
      ssh_set_auth_methods(session.get(), SSH_AUTH_METHOD_PUBLICKEY);
      if (ssh_handle_key_exchange(session.get()) == SSH_OK) talk(&visit);
    }
    // The client may be gone before git has ended.
    if (visit.program) ssh_event_remove_fd(visit.event, visit.program.get());
    ssh_event_free(visit.event);
    ssh_disconnect(session.get());
    visit.program.reset();
    if (visit.child > 0) ::waitpid(visit.child, nullptr, 0);
  }

  static void talk(Visit* visit) {
    ssh_event_add_session(visit->event, visit->session);
    bool closed = false;
    while (ssh_is_connected(visit->session) != 0) {
      if (ssh_event_dopoll(visit->event, 1000) == SSH_ERROR) break;
      if (!visit->ended || closed) continue;
      closed = true;
      if (visit->program) ssh_event_remove_fd(visit->event, visit->program.get());
      visit->program.reset();
      ssh_channel_send_eof(visit->channel);
      ssh_channel_close(visit->channel);
    }
  }

  std::filesystem::path repository_;
  TestServer server_{[this](int connection) { serve(connection); }};
};

}  // namespace windlass::sources
