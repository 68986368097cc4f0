#include "engine/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/crypto.h"
#include "base/pattern.h"
#include "base/text.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kTokenDigits = 40;
constexpr std::size_t kTailDigits = 6;
constexpr std::size_t kLongestName = 150;
/// More keys than this in use at once are read from storage each time.
constexpr std::size_t kKnownLimit = 1000;

bool is_token(std::string_view key) {
  return key.size() == kTokenDigits &&
         key.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

Error invalid_token(std::string_view why) {
  return {"auth.invalid_token", std::string(why)};
}

Result<void> check_may_act(const Caller& caller, TimePoint now) {
  if (caller.token.expires && *caller.token.expires <= now) return invalid_token("Token expired");
  if (!caller.user.is_active) return invalid_token("User inactive");
  return ok();
}

/// A token with this key, nobody's yet.
Token token_of(const std::string& key, TimePoint now) {
  Token token;
  token.id = new_id(now);
  token.key_hash = content_hash(key);
  token.key_tail = key.substr(kTokenDigits - kTailDigits);
  token.created = now;
  return token;
}

Result<User> superuser_of(const std::string& username, const std::string& password, TimePoint now) {
  User user;
  user.id = new_id(now);
  user.username = username;
  user.is_superuser = user.is_staff = true;
  user.date_joined = now;
  if (!password.empty()) {
    WL_TRY(user.password, hash_password(password));
  }
  return user;
}

}  // namespace

Result<void> check_username(std::string_view name) {
  static const Pattern allowed = Pattern::compile("\\A[\\w.@+-]+\\z").value();
  const bool good = is_valid_utf8(name) && utf8_length(name) <= kLongestName &&
                    allowed.matches(name).value_or(false);
  if (good) return ok();
  return Error{
      "user.invalid_name",
      fmt::format("A username has 1 to {} letters, digits and @/./+/-/_ only.", kLongestName)};
}

Result<CreatedSuperuser> Accounts::create_superuser(const NewSuperuser& wanted) {
  WL_TRY_VOID(check_username(wanted.username));
  if (!wanted.api_token.empty() && !is_token(wanted.api_token)) {
    return Error{"token.invalid", "An API token is 40 hexadecimal digits."};
  }
  CreatedSuperuser created;
  created.api_token = wanted.api_token.empty() ? random_hex(kTokenDigits / 2) : wanted.api_token;
  created.token = token_of(created.api_token, clock_.now());
  WL_TRY(const User user, superuser_of(wanted.username, wanted.password, clock_.now()));
  WL_TRY(std::tie(created.token, created.user),
         storage_.accounts().add_user_with_token(user, created.token));
  return created;
}

Result<User> Accounts::create_first_superuser(const std::string& username,
                                              const std::string& password) {
  WL_TRY_VOID(check_username(username));
  WL_TRY(const User user, superuser_of(username, password, clock_.now()));
  return storage_.accounts().add_first_user(user);
}

Result<CreatedToken> Accounts::create_token(const User& user, const NewToken& wanted) {
  CreatedToken created;
  created.key = random_hex(kTokenDigits / 2);
  created.token = token_of(created.key, clock_.now());
  created.token.user = user.id;
  created.token.description = wanted.description;
  created.token.write_enabled = wanted.write_enabled;
  created.token.expires = wanted.expires;
  WL_TRY(created.token, storage_.accounts().add_token(created.token));
  return created;
}

Result<void> Accounts::delete_token(const User& user, const Uuid& id) {
  WL_TRY(const Token token, storage_.accounts().remove_token(user.id, id));
  const std::lock_guard lock(mutex_);
  known_.erase(token.key_hash);
  return ok();
}

Result<Caller> Accounts::authenticate_token(std::string_view key) {
  if (!is_token(key)) return invalid_token("Invalid token");
  const std::string key_hash = content_hash(key);
  if (const auto caller = recall(key_hash)) {
    WL_TRY_VOID(check_may_act(*caller, clock_.now()));
    return *caller;
  }
  auto found = storage_.accounts().find_token(key_hash);
  if (!found.ok() && found.error().code == "token.not_found") return invalid_token("Invalid token");
  if (!found.ok()) return found.error();
  const Caller caller{std::move(found->second), std::move(found->first)};
  if (!constant_time_equal(caller.token.key_hash, key_hash)) return invalid_token("Invalid token");
  WL_TRY_VOID(check_may_act(caller, clock_.now()));
  remember(key_hash, caller);
  return caller;
}

std::optional<Caller> Accounts::recall(const std::string& key_hash) {
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(key_hash);
  if (known == known_.end() || clock_.steady() - known->second.since > kBelieve)
    return std::nullopt;
  return known->second.caller;
}

void Accounts::remember(const std::string& key_hash, const Caller& caller) {
  const Micros now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kKnownLimit) {
    std::erase_if(known_, [&](const auto& entry) { return now - entry.second.since > kBelieve; });
  }
  if (known_.size() < kKnownLimit) known_[key_hash] = {caller, now};
}

}  // namespace windlass::engine
