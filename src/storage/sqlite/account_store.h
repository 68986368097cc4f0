#pragma once

#include "storage/accounts.h"
#include "storage/sqlite/readers.h"
#include "storage/sqlite/writer.h"

namespace windlass::sqlite {

class SqliteAccountStore final : public AccountStore {
 public:
  SqliteAccountStore(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  Result<User> add_user(const User& user) override;
  Result<User> add_first_user(const User& user) override;
  Result<User> get_user(const Uuid& id) override;
  Result<User> find_user(std::string_view username) override;
  Result<Page<User>> list_users(const Query& query) override;
  Result<std::pair<Token, User>> add_user_with_token(const User& user, const Token& token) override;
  Result<void> change_password(const Uuid& user, const std::string& password,
                               std::string_view kept_session) override;
  Result<Token> add_token(const Token& token) override;
  Result<std::pair<Token, User>> find_token(std::string_view key_hash) override;
  Result<Page<Token>> list_tokens(const Query& query) override;
  Result<Token> remove_token(const Uuid& user, const Uuid& id) override;
  Result<void> add_session(const Session& session) override;
  Result<std::pair<Session, User>> find_session(std::string_view key_hash) override;
  Result<void> remove_session(std::string_view key_hash) override;
  Result<json::value> preferences(const Uuid& user) override;
  Result<void> set_preferences(const Uuid& user, const json::value& value) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace windlass::sqlite
