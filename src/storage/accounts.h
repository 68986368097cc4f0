#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"
#include "model/records.h"
#include "storage/query.h"

namespace windlass {

/// Users, their tokens, sessions and preferences. All calls block; all are thread-safe.
class AccountStore {
 public:
  virtual ~AccountStore() = default;
  /// Errors: `user.exists`.
  virtual Result<User> add_user(const User& user) = 0;
  /// The same while there is no user at all. Errors: `user.not_first`.
  virtual Result<User> add_first_user(const User& user) = 0;
  /// Errors: `user.not_found`.
  virtual Result<User> get_user(const Uuid& id) = 0;
  virtual Result<User> find_user(std::string_view username) = 0;
  virtual Result<Page<User>> list_users(const Query& query) = 0;
  /// A user and the first token, both or neither. Errors: `user.exists`, `token.exists`.
  virtual Result<std::pair<Token, User>> add_user_with_token(const User& user,
                                                             const Token& token) = 0;
  /// Sets the password, and ends the user's sessions but the one with this hash ("" ends all).
  /// Errors: `user.not_found`.
  virtual Result<void> change_password(const Uuid& user, const std::string& password,
                                       std::string_view kept_session) = 0;
  /// Errors: `user.not_found`, `token.exists`.
  virtual Result<Token> add_token(const Token& token) = 0;
  /// The token with this hash and its user. Errors: `token.not_found`.
  virtual Result<std::pair<Token, User>> find_token(std::string_view key_hash) = 0;
  virtual Result<Page<Token>> list_tokens(const Query& query) = 0;
  /// Deletes a token of this user. Returns it. Errors: `token.not_found`.
  virtual Result<Token> remove_token(const Uuid& user, const Uuid& id) = 0;
  /// Stores it, notes the user's last_login, and deletes what expired before it began. Errors:
  /// `user.not_found`.
  virtual Result<void> add_session(const Session& session) = 0;
  /// The session with this hash, expired or not, and its user. Errors: `session.not_found`.
  virtual Result<std::pair<Session, User>> find_session(std::string_view key_hash) = 0;
  /// No error where there is none.
  virtual Result<void> remove_session(std::string_view key_hash) = 0;
  /// What was last set; null when nothing was.
  virtual Result<json::value> preferences(const Uuid& user) = 0;
  /// Errors: `user.not_found`.
  virtual Result<void> set_preferences(const Uuid& user, const json::value& value) = 0;
};

}  // namespace windlass
