#include "storage/sqlite/account_store.h"

#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace {

Error no_user(std::string_view which) {
  return {"user.not_found", "There is no user " + std::string(which) + "."};
}

}  // namespace

Result<User> SqliteAccountStore::add_user(const User& user) {
  return writer_.run([&](Write& write) -> Result<User> {
    if (find_by<User>(write.db, "username", user.username)) {
      return Error{"user.exists", "There is a user " + user.username + " already."};
    }
    insert(write.db, user);
    return user;
  });
}

Result<User> SqliteAccountStore::get_user(const Uuid& id) {
  return readers_.read([&](Connection& db) -> Result<User> {
    std::optional<User> user = find_by<User>(db, "id", id);
    if (!user) return no_user(id.to_string());
    return *std::move(user);
  });
}

Result<User> SqliteAccountStore::find_user(std::string_view username) {
  return readers_.read([&](Connection& db) -> Result<User> {
    std::optional<User> user = find_by<User>(db, "username", std::string(username));
    if (!user) return no_user(username);
    return *std::move(user);
  });
}

Result<Page<User>> SqliteAccountStore::list_users(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<User>(db, query); });
}

Result<Token> SqliteAccountStore::add_token(const Token& token) {
  return writer_.run([&](Write& write) -> Result<Token> {
    if (!find_by<User>(write.db, "id", token.user)) return no_user(token.user.to_string());
    insert(write.db, token);
    return token;
  });
}

Result<std::pair<Token, User>> SqliteAccountStore::find_token(std::string_view key_hash) {
  return readers_.read([&](Connection& db) -> Result<std::pair<Token, User>> {
    std::optional<Token> token = find_by<Token>(db, "key_hash", std::string(key_hash));
    if (!token) return Error{"token.not_found", "There is no such token."};
    std::optional<User> user = find_by<User>(db, "id", token->user);
    if (!user) return no_user(token->user.to_string());
    return std::pair{*std::move(token), *std::move(user)};
  });
}

Result<Page<Token>> SqliteAccountStore::list_tokens(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<Token>(db, query); });
}

}  // namespace windlass::sqlite
