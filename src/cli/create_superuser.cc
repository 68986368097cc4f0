#include <fmt/format.h>

#include <cstdlib>

#include "cli/commands.h"
#include "cli/home.h"
#include "cli/password_prompt.h"
#include "engine/accounts.h"

namespace windlass::cli {

namespace {

std::string environment_text(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<std::string> choose_password(const SuperuserOptions& options) {
  std::string password = environment_text("WINDLASS_SUPERUSER_PASSWORD");
  if (!password.empty() || options.noinput) return password;
  password = ask_password("Password: ");
  if (password.empty()) return Error{"cli.password", "The password is empty; nothing was made."};
  if (ask_password("Password (again): ") != password) {
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
