#include "engine/accounts.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "engine/test_home.h"

namespace windlass::engine {
namespace {

class AccountsTest : public testing::Test {
 protected:
  FakeClock clock_;
  TestHome home_{clock_};
  Accounts accounts_{home_.storage(), clock_};
  const std::string key_ = "0123456789abcdef0123456789abcdef01234567";

  std::string code_of(const Result<CreatedSuperuser>& result) {
    return result.ok() ? "" : result.error().code;
  }
  std::string refusal(std::string_view key) {
    const auto caller = accounts_.authenticate_token(key);
    if (caller.ok()) return "";
    EXPECT_EQ(caller.error().code, "auth.invalid_token");
    return caller.error().message;
  }
  /// A token of bob's that ends at `expires`.
  std::string add_token(bool active, std::optional<TimePoint> expires) {
    User user;
    user.id = new_id(clock_.now());
    user.username = "bob" + user.id.to_string();
    user.is_active = active;
    EXPECT_TRUE(home_.storage().accounts().add_user(user).ok());
    std::string key = random_hex(20);
    Token token;
    token.id = new_id(clock_.now());
    token.user = user.id;
    token.key_hash = content_hash(key);
    token.expires = expires;
    EXPECT_TRUE(home_.storage().accounts().add_token(token).ok());
    return key;
  }
};

TEST_F(AccountsTest, MakesASuperuserWithPasswordAndToken) {
  const auto created = accounts_.create_superuser({"admin", "hunter2", key_});
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(created->api_token, key_);
  const auto stored = home_.storage().accounts().find_user("admin");
  ASSERT_TRUE(stored.ok());
  EXPECT_TRUE(stored->is_superuser);
  EXPECT_TRUE(stored->is_staff);
  EXPECT_TRUE(stored->is_active);
  EXPECT_TRUE(verify_password(stored->password, "hunter2"));
  EXPECT_EQ(created->token.key_tail, "234567");
  EXPECT_EQ(created->token.key_hash.find(key_), std::string::npos);
}

TEST_F(AccountsTest, MakesATokenWhenNoneIsGiven) {
  const auto created = accounts_.create_superuser({"admin", "", ""});
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(created->api_token.size(), 40u);
  EXPECT_EQ(created->user.password, "");
  EXPECT_FALSE(verify_password(created->user.password, ""));
  EXPECT_EQ(accounts_.authenticate_token(created->api_token)->user.username, "admin");
}

TEST_F(AccountsTest, RefusesWhatCannotBe) {
  ASSERT_TRUE(accounts_.create_superuser({"admin", "", key_}).ok());
  EXPECT_EQ(code_of(accounts_.create_superuser({"admin", "", ""})), "user.exists");
  EXPECT_EQ(code_of(accounts_.create_superuser({"other", "", key_})), "token.exists");
  EXPECT_EQ(code_of(accounts_.create_superuser({"other", "", "123"})), "token.invalid");
  EXPECT_EQ(code_of(accounts_.create_superuser({"", "", ""})), "user.invalid_name");
  EXPECT_EQ(code_of(accounts_.create_superuser({"a b", "", ""})), "user.invalid_name");
  EXPECT_EQ(code_of(accounts_.create_superuser({std::string(151, 'a'), "", ""})),
            "user.invalid_name");
  EXPECT_EQ(home_.storage().accounts().list_users({})->count, 1)
      << "no user was made by what was refused";
}

TEST_F(AccountsTest, RecognisesATokenAndNothingElse) {
  ASSERT_TRUE(accounts_.create_superuser({"admin", "", key_}).ok());
  const auto caller = accounts_.authenticate_token(key_);
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->user.username, "admin");
  EXPECT_EQ(caller->token.key_tail, "234567");
  EXPECT_EQ(refusal(random_hex(20)), "Invalid token");
  EXPECT_EQ(refusal(""), "Invalid token");
  EXPECT_EQ(refusal(key_ + "0"), "Invalid token");
  EXPECT_EQ(refusal(caller->token.key_hash), "Invalid token");
}

TEST_F(AccountsTest, RefusesExpiredTokensAlsoWhenTheyAreRemembered) {
  EXPECT_EQ(refusal(add_token(true, clock_.now() - Micros(1))), "Token expired");
  const std::string soon = add_token(true, clock_.now() + std::chrono::seconds(1));
  EXPECT_EQ(refusal(soon), "");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(refusal(soon), "Token expired");
}

TEST_F(AccountsTest, RefusesTokensOfInactiveUsers) {
  EXPECT_EQ(refusal(add_token(false, std::nullopt)), "User inactive");
}

TEST_F(AccountsTest, ATokenOfOnesOwnWorksUntilItIsDeleted) {
  const User admin = accounts_.create_superuser({"admin", "", key_})->user;
  const TimePoint soon = clock_.now() + std::chrono::hours(1);
  const auto created = accounts_.create_token(admin, {"scripts", false, soon});
  ASSERT_TRUE(created.ok());
  const auto caller = accounts_.authenticate_token(created->key);
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->user.username, "admin");
  EXPECT_EQ(caller->token.description, "scripts");
  EXPECT_FALSE(caller->token.write_enabled);
  EXPECT_EQ(caller->token.expires, soon);
  EXPECT_TRUE(accounts_.delete_token(admin, created->token.id).ok());
  EXPECT_EQ(refusal(created->key), "Invalid token") << "at once, though it was remembered";
  EXPECT_EQ(accounts_.delete_token(admin, created->token.id).error().code, "token.not_found");
}

TEST_F(AccountsTest, NobodyDeletesTheTokensOfAnother) {
  const User admin = accounts_.create_superuser({"admin", "", key_})->user;
  const User other = home_.add_user("other", true);
  const auto created = accounts_.create_token(admin, {});
  EXPECT_EQ(accounts_.delete_token(other, created->token.id).error().code, "token.not_found");
  EXPECT_EQ(refusal(created->key), "") << "another's token is not one's own to delete";
}

}  // namespace
}  // namespace windlass::engine
