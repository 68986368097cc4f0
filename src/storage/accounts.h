#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"
#include "model/records.h"
#include "storage/query.h"

namespace windlass {

/// Users and their tokens. All calls block; all are thread-safe.
class AccountStore {
 public:
  virtual ~AccountStore() = default;
  /// Errors: `user.exists`.
  virtual Result<User> add_user(const User& user) = 0;
  /// Errors: `user.not_found`.
  virtual Result<User> get_user(const Uuid& id) = 0;
  virtual Result<User> find_user(std::string_view username) = 0;
  virtual Result<Page<User>> list_users(const Query& query) = 0;
  /// A user and the first token, both or neither. Errors: `user.exists`, `token.exists`.
  virtual Result<std::pair<Token, User>> add_user_with_token(const User& user,
                                                             const Token& token) = 0;
  /// Errors: `user.not_found`, `token.exists`.
  virtual Result<Token> add_token(const Token& token) = 0;
  /// The token with this hash and its user. Errors: `token.not_found`.
  virtual Result<std::pair<Token, User>> find_token(std::string_view key_hash) = 0;
  virtual Result<Page<Token>> list_tokens(const Query& query) = 0;
};

}  // namespace windlass
