#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/accounts.h"
#include "engine/password_checks.h"

namespace windlass::engine {

/// A session that has just begun.
struct SignedIn {
  User user;
  std::string key;  ///< whole here and in the browser's cookie, nowhere else
};

struct FirstAccount {
  std::string code;
  std::string username;
  std::string password;
};

/// How people come in by a browser: sessions that begin with a password or, while there is no
/// account, with the one-time code that this process made, and end by themselves after the
/// lifetime. Every look is at the database, so a session that was ended is ended at once, in every
/// process. Thread-safe; blocks on storage and on passwords. What it is given outlives it.
class Sessions {
 public:
  Sessions(Storage& storage, Accounts& accounts, const Clock& clock,
           Micros lifetime = std::chrono::days(14));

  /// Errors: `auth.wrong_credentials` (which of the two is not told), `auth.too_many_attempts`.
  Result<SignedIn> sign_in(std::string_view username, std::string_view password);
  /// How long `auth.too_many_attempts` lasts for this name.
  Micros retry_after(std::string_view username) const { return checks_.retry_after(username); }

  /// Whether no account exists yet, so that make_first_account() may be called.
  Result<bool> is_first_account_missing() const;
  /// 128 random bits, made with this object and kept nowhere else.
  const std::string& first_account_code() const { return code_; }
  /// A superuser, signed in. Error `account.invalid` with every field that is wrong (the code too);
  /// `user.not_first` when somebody was faster.
  Result<SignedIn> make_first_account(const FirstAccount& wanted);

  /// The user of a session. Error `auth.session_ended`: unknown, ended, expired, or its user is not
  /// active.
  Result<User> user_of(std::string_view key) const;
  /// No error where the session had ended.
  Result<void> sign_out(std::string_view key);
  /// Ends the user's other sessions; `key` is that of the one to go on, "" for none. Errors:
  /// `account.invalid`, `auth.too_many_attempts`.
  Result<void> change_password(const User& user, std::string_view old_password,
                               const std::string& new_password, std::string_view key);

  Micros lifetime() const { return lifetime_; }

 private:
  Result<SignedIn> begin(User user);

  Storage& storage_;
  Accounts& accounts_;
  const Clock& clock_;
  const Micros lifetime_;
  const std::string code_;
  PasswordChecks checks_;
};

/// What a page has to send along with the session's cookie to change something: made of the key, so
/// that another site, which cannot read the cookie, cannot know it.
std::string csrf_token_of(std::string_view session_key);

}  // namespace windlass::engine
