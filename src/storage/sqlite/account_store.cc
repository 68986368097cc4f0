#include "storage/sqlite/account_store.h"

#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace {

Error no_user(std::string_view which) {
  return {"user.not_found", "There is no user " + std::string(which) + "."};
}

Result<void> check_user_is_new(Connection& db, const User& user) {
  if (!find_by<User>(db, "username", user.username)) return ok();
  return Error{"user.exists", "There is a user " + user.username + " already."};
}

Result<void> check_token_is_new(Connection& db, const Token& token) {
  if (!find_by<Token>(db, "key_hash", token.key_hash)) return ok();
  return Error{"token.exists", "This API token is somebody's already; choose another."};
}

}  // namespace

Result<User> SqliteAccountStore::add_user(const User& user) {
  return writer_.run([&](Write& write) -> Result<User> {
    WL_TRY_VOID(check_user_is_new(write.db, user));
    insert(write.db, user);
    return user;
  });
}

Result<std::pair<Token, User>> SqliteAccountStore::add_user_with_token(const User& user,
                                                                       const Token& token) {
  return writer_.run([&](Write& write) -> Result<std::pair<Token, User>> {
    WL_TRY_VOID(check_user_is_new(write.db, user));
    WL_TRY_VOID(check_token_is_new(write.db, token));
    insert(write.db, user);
    Token own = token;
    own.user = user.id;
    insert(write.db, own);
    return std::pair{std::move(own), user};
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
    WL_TRY_VOID(check_token_is_new(write.db, token));
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
