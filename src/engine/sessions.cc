#include "engine/sessions.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "base/text.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kCodeBytes = 16;
constexpr std::size_t kShortestPassword = 8;
constexpr std::size_t kLongestPassword = 1024;

Error session_ended() {
  return {"auth.session_ended", "Your session has ended; sign in again."};
}

/// What is wrong with a new password; "" when nothing is.
std::string problem_of(std::string_view password) {
  if (!is_valid_utf8(password)) return "A password is text in UTF-8.";
  const std::size_t length = utf8_length(password);
  if (length >= kShortestPassword && length <= kLongestPassword) return "";
  return fmt::format("A password has {} to {} characters.", kShortestPassword, kLongestPassword);
}

Error invalid_account(FieldErrors fields) {
  return {"account.invalid", "The account's data is not valid.", "", std::move(fields)};
}

}  // namespace

std::string csrf_token_of(std::string_view session_key) {
  return content_hash("csrf " + std::string(session_key));
}

Sessions::Sessions(Storage& storage, Accounts& accounts, const Clock& clock, Micros lifetime)
    : storage_(storage),
      accounts_(accounts),
      clock_(clock),
      lifetime_(lifetime),
      code_(random_hex(kCodeBytes)),
      checks_(clock) {}

Result<SignedIn> Sessions::sign_in(std::string_view username, std::string_view password) {
  User user;
  if (is_valid_utf8(username)) {
    auto found = storage_.accounts().find_user(username);
    if (!found.ok() && found.error().code != "user.not_found") return found.error();
    if (found.ok() && found->is_active) user = *std::move(found);
  }
  WL_TRY(const bool right, checks_.check(username, user.password, password));
  if (!right) {
    return Error{"auth.wrong_credentials",
                 "The username and the password do not belong to an active account."};
  }
  return begin(std::move(user));
}

Result<bool> Sessions::is_first_account_missing() const {
  Query any;
  any.limit = 0;
  WL_TRY(const Page<User> users, storage_.accounts().list_users(any));
  return users.count == 0;
}

Result<SignedIn> Sessions::make_first_account(const FirstAccount& wanted) {
  FieldErrors wrong;
  WL_TRY(const bool missing, is_first_account_missing());
  if (!missing) {
    wrong["code"] = {"The link was used already: there is an account. Sign in with it."};
  } else if (!constant_time_equal(wanted.code, code_)) {
    wrong["code"] = {
        "This is not the code of the link that the server wrote when it started; use its newest."};
  }
  if (const auto named = check_username(wanted.username); !named.ok()) {
    wrong["username"] = {named.error().message};
  }
  if (std::string problem = problem_of(wanted.password); !problem.empty()) {
    wrong["password"] = {std::move(problem)};
  }
  if (!wrong.empty()) return invalid_account(std::move(wrong));
  WL_TRY(User user, accounts_.create_first_superuser(wanted.username, wanted.password));
  return begin(std::move(user));
}

Result<SignedIn> Sessions::begin(User user) {
  SignedIn signed_in{std::move(user), random_hex(kKeyBytes)};
  Session session;
  session.key_hash = content_hash(signed_in.key);
  session.user = signed_in.user.id;
  session.created = clock_.now();
  session.expires = session.created + lifetime_;
  WL_TRY_VOID(storage_.accounts().add_session(session));
  return signed_in;
}

Result<User> Sessions::user_of(std::string_view key) const {
  const std::string key_hash = content_hash(key);
  auto found = storage_.accounts().find_session(key_hash);
  if (!found.ok() && found.error().code == "session.not_found") return session_ended();
  if (!found.ok()) return found.error();
  const auto& [session, user] = *found;
  if (!constant_time_equal(session.key_hash, key_hash)) return session_ended();
  if (session.expires <= clock_.now() || !user.is_active) return session_ended();
  return std::move(found->second);
}

Result<void> Sessions::sign_out(std::string_view key) {
  return storage_.accounts().remove_session(content_hash(key));
}

Result<void> Sessions::change_password(const User& user, std::string_view old_password,
                                       const std::string& new_password, std::string_view key) {
  FieldErrors wrong;
  WL_TRY(const bool right, checks_.check(user.username, user.password, old_password));
  if (!right) wrong["old_password"] = {"This is not your password."};
  if (std::string problem = problem_of(new_password); !problem.empty()) {
    wrong["new_password"] = {std::move(problem)};
  }
  if (!wrong.empty()) return invalid_account(std::move(wrong));
  WL_TRY(const std::string stored, hash_password(new_password));
  return storage_.accounts().change_password(user.id, stored, key.empty() ? "" : content_hash(key));
}

}  // namespace windlass::engine
