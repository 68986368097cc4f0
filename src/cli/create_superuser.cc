#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/commands.h"
#include "cli/home.h"
#include "engine/accounts.h"

namespace windlass::cli {

namespace {

std::string environment_text(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Turns the terminal's echo off while it lives.
class SilentInput {
 public:
  SilentInput() {
    silent_ = ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!silent_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
  }
  ~SilentInput() {
    if (silent_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }

 private:
  termios before_{};
  bool silent_ = false;
};

std::string ask(const char* question) {
  std::cerr << question << std::flush;
  std::string answer;
  {
    const SilentInput silent;
    std::getline(std::cin, answer);
  }
  std::cerr << "\n";
  return answer;
}

Result<std::string> choose_password(const SuperuserOptions& options) {
  std::string password = environment_text("WINDLASS_SUPERUSER_PASSWORD");
  if (!password.empty() || options.noinput) return password;
  password = ask("Password: ");
  if (password.empty()) return Error{"cli.password", "The password is empty; nothing was made."};
  if (ask("Password (again): ") != password) {
    return Error{"cli.password", "The two passwords differ; nothing was made."};
  }
  return password;
}

}  // namespace

int create_superuser(const LoadedSettings& loaded, const SuperuserOptions& options) {
  auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  const auto password = choose_password(options);
  if (!password.ok()) return refuse(password.error());
  engine::NewSuperuser wanted;
  wanted.username = options.username;
  wanted.password = *password;
  wanted.api_token = options.api_token.empty() ? environment_text("WINDLASS_SUPERUSER_API_TOKEN")
                                               : options.api_token;
  engine::Accounts accounts(*(*home)->storage, (*home)->clock);
  const auto created = accounts.create_superuser(wanted);
  if (!created.ok()) return refuse(created.error());
  fmt::print("Superuser \"{}\" was made.\n", created->user.username);
  if (wanted.api_token.empty()) {
    fmt::print("Its API token, shown only now: {}\n", created->api_token);
  }
  return kOk;
}

}  // namespace windlass::cli
