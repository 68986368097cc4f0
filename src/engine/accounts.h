#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "model/records.h"
#include "storage/storage.h"

namespace windlass::engine {

struct NewSuperuser {
  std::string username;
  std::string password;   ///< "": nobody can sign in with a password
  std::string api_token;  ///< 40 hexadecimal digits; "": one is made
};

struct CreatedSuperuser {
  User user;
  Token token;
  std::string api_token;  ///< whole here and nowhere else
};

struct NewToken {
  std::string description;
  bool write_enabled = true;
  std::optional<TimePoint> expires;
};

struct CreatedToken {
  Token token;
  std::string key;  ///< whole here and nowhere else
};

/// Who calls, and with which token.
struct Caller {
  User user;
  Token token;
};

/// Makes accounts and recognises callers by their tokens. Storage and clock outlive it.
/// Thread-safe; blocks on storage.
class Accounts {
 public:
  Accounts(Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

  /// Errors: `user.invalid_name`, `user.exists`, `token.invalid`, `token.exists`. On an error no
  /// user was made.
  Result<CreatedSuperuser> create_superuser(const NewSuperuser& wanted);

  /// The account that the first visitor makes: one without a token. Errors: `user.invalid_name`,
  /// `user.not_first`.
  Result<User> create_first_superuser(const std::string& username, const std::string& password);

  Result<CreatedToken> create_token(const User& user, const NewToken& wanted);
  /// In force at once in this process, within kBelieve in others. Errors: `token.not_found`.
  Result<void> delete_token(const User& user, const Uuid& id);

  /// The caller with this key. Error `auth.invalid_token`: unknown, expired, or its user is not
  /// active. What was found is believed for kBelieve, so that a busy client costs one read in that
  /// time.
  Result<Caller> authenticate_token(std::string_view key);

  static constexpr Micros kBelieve = std::chrono::seconds(5);

 private:
  struct Known {
    Caller caller;
    Micros since{0};
  };
  std::optional<Caller> recall(const std::string& key_hash);
  void remember(const std::string& key_hash, const Caller& caller);

  Storage& storage_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;  ///< by key hash
};

/// Whether an account may be called so. Error `user.invalid_name`.
Result<void> check_username(std::string_view name);

}  // namespace windlass::engine
