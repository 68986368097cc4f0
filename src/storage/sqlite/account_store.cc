#include "storage/sqlite/account_store.h"

#include "embedded_queries.h"
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

Result<User> SqliteAccountStore::add_first_user(const User& user) {
  return writer_.run([&](Write& write) -> Result<User> {
    if (write.db.prepare(sql::kAnyUser)->executeStep()) {
      return Error{"user.not_first", "There is an account already."};
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

Result<void> SqliteAccountStore::change_password(const Uuid& user, const std::string& password,
                                                 std::string_view kept_session) {
  return writer_.run([&](Write& write) -> Result<void> {
    Prepared change = write.db.prepare(sql::kSetPassword);
    put(*change, 1, user);
    put(*change, 2, password);
    if (change.run() == 0) return no_user(user.to_string());
    const std::string kept(kept_session);
    Prepared end = write.db.prepare(sql::kDeleteOtherSessions);
    put(*end, 1, user);
    put(*end, 2, kept);
    end.run();
    return ok();
  });
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

Result<Token> SqliteAccountStore::remove_token(const Uuid& user, const Uuid& id) {
  return writer_.run([&](Write& write) -> Result<Token> {
    std::optional<Token> token = find_by<Token>(write.db, "id", id);
    if (!token || token->user != user) return Error{"token.not_found", "There is no such token."};
    Prepared remove = write.db.prepare(sql::kDeleteToken);
    put(*remove, 1, id);
    remove.run();
    return *std::move(token);
  });
}

Result<void> SqliteAccountStore::add_session(const Session& session) {
  return writer_.run([&](Write& write) -> Result<void> {
    Prepared login = write.db.prepare(sql::kNoteLogin);
    put(*login, 1, session.user);
    put(*login, 2, session.created);
    if (login.run() == 0) return no_user(session.user.to_string());
    Prepared sweep = write.db.prepare(sql::kDeleteExpiredSessions);
    put(*sweep, 1, session.created);
    sweep.run();
    insert(write.db, session);
    return ok();
  });
}

Result<std::pair<Session, User>> SqliteAccountStore::find_session(std::string_view key_hash) {
  return readers_.read([&](Connection& db) -> Result<std::pair<Session, User>> {
    std::optional<Session> session = find_by<Session>(db, "key_hash", std::string(key_hash));
    if (!session) return Error{"session.not_found", "There is no such session."};
    std::optional<User> user = find_by<User>(db, "id", session->user);
    if (!user) return no_user(session->user.to_string());
    return std::pair{*std::move(session), *std::move(user)};
  });
}

Result<void> SqliteAccountStore::remove_session(std::string_view key_hash) {
  return writer_.run([&](Write& write) -> Result<void> {
    const std::string hash(key_hash);
    Prepared remove = write.db.prepare(sql::kDeleteSession);
    put(*remove, 1, hash);
    remove.run();
    return ok();
  });
}

Result<json::value> SqliteAccountStore::preferences(const Uuid& user) {
  return readers_.read([&](Connection& db) -> Result<json::value> {
    Prepared look = db.prepare(sql::kFindPreferences);
    put(*look, 1, user);
    if (!look->executeStep()) return json::value();
    return value_at<json::value>(*look, 0);
  });
}

Result<void> SqliteAccountStore::set_preferences(const Uuid& user, const json::value& value) {
  return writer_.run([&](Write& write) -> Result<void> {
    if (!find_by<User>(write.db, "id", user)) return no_user(user.to_string());
    Prepared set = write.db.prepare(sql::kSetPreferences);
    put(*set, 1, user);
    put(*set, 2, value);
    set.run();
    return ok();
  });
}

}  // namespace windlass::sqlite
