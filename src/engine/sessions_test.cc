#include "engine/sessions.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "engine/test_home.h"

namespace windlass::engine {
namespace {

class SessionsTest : public testing::Test {
 protected:
  User add_admin() { return accounts_.create_superuser({"admin", "correct horse", ""})->user; }
  static std::string code_of(const auto& result) { return result.ok() ? "" : result.error().code; }
  FakeClock clock_;
  TestHome home_{clock_};
  Accounts accounts_{home_.storage(), clock_};
  Sessions sessions_{home_.storage(), accounts_, clock_, std::chrono::hours(1)};
};

TEST_F(SessionsTest, APasswordBeginsASessionThatEndsByItself) {
  add_admin();
  const auto begun = sessions_.sign_in("admin", "correct horse");
  ASSERT_TRUE(begun.ok()) << begun.error().message;
  EXPECT_EQ(begun->user.username, "admin");
  EXPECT_EQ(sessions_.user_of(begun->key)->username, "admin");
  EXPECT_EQ(home_.storage().accounts().get_user(begun->user.id)->last_login, clock_.now());
  clock_.advance(std::chrono::hours(1) - Micros(1));
  EXPECT_TRUE(sessions_.user_of(begun->key).ok());
  clock_.advance(Micros(1));
  EXPECT_EQ(code_of(sessions_.user_of(begun->key)), "auth.session_ended");
}

TEST_F(SessionsTest, TheKeyIsNotStored) {
  add_admin();
  const auto begun = sessions_.sign_in("admin", "correct horse");
  EXPECT_FALSE(home_.storage().accounts().find_session(begun->key).ok());
  EXPECT_TRUE(home_.storage().accounts().find_session(content_hash(begun->key)).ok());
  EXPECT_EQ(code_of(sessions_.user_of(content_hash(begun->key))), "auth.session_ended");
}

TEST_F(SessionsTest, RefusesWithoutSayingWhy) {
  add_admin();
  accounts_.create_superuser({"tokens-only", "", ""}).value();
  User gone = home_.add_user("gone", true);
  const auto wrong = sessions_.sign_in("admin", "wrong horse");
  EXPECT_EQ(code_of(wrong), "auth.wrong_credentials");
  for (const auto& [name, password] : std::vector<std::pair<std::string, std::string>>{
           {"nobody", "correct horse"}, {"tokens-only", ""}, {"gone", ""}, {"\xff", "x"}}) {
    const auto refused = sessions_.sign_in(name, password);
    EXPECT_EQ(code_of(refused), "auth.wrong_credentials") << name;
    EXPECT_EQ(refused.error().message, wrong.error().message);
  }
}

TEST_F(SessionsTest, InactiveUsersDoNotComeIn) {
  User user;
  user.id = new_id(clock_.now());
  user.username = "gone";
  user.password = hash_password("correct horse").value();
  user.is_active = false;
  ASSERT_TRUE(home_.storage().accounts().add_user(user).ok());
  EXPECT_EQ(code_of(sessions_.sign_in("gone", "correct horse")), "auth.wrong_credentials");
  Session session{content_hash("key"), user.id, clock_.now(), clock_.now() + Micros(1)};
  ASSERT_TRUE(home_.storage().accounts().add_session(session).ok());
  EXPECT_EQ(code_of(sessions_.user_of("key")), "auth.session_ended");
}

TEST_F(SessionsTest, SigningOutEndsTheSession) {
  add_admin();
  const auto begun = sessions_.sign_in("admin", "correct horse");
  const auto other = sessions_.sign_in("admin", "correct horse");
  EXPECT_NE(begun->key, other->key);
  ASSERT_TRUE(sessions_.sign_out(begun->key).ok());
  EXPECT_EQ(code_of(sessions_.user_of(begun->key)), "auth.session_ended");
  EXPECT_TRUE(sessions_.user_of(other->key).ok());
}

TEST_F(SessionsTest, ThePasswordChangesWithTheOldOneOnly) {
  const User admin = add_admin();
  const auto here = sessions_.sign_in("admin", "correct horse");
  const auto there = sessions_.sign_in("admin", "correct horse");
  const auto refused = sessions_.change_password(admin, "wrong", "short", here->key);
  ASSERT_EQ(code_of(refused), "account.invalid");
  EXPECT_TRUE(refused.error().fields.contains("old_password"));
  EXPECT_TRUE(refused.error().fields.contains("new_password"));
  ASSERT_TRUE(sessions_.change_password(admin, "correct horse", "battery staple", here->key).ok());
  EXPECT_TRUE(sessions_.user_of(here->key).ok());
  EXPECT_EQ(code_of(sessions_.user_of(there->key)), "auth.session_ended");
  EXPECT_EQ(code_of(sessions_.sign_in("admin", "correct horse")), "auth.wrong_credentials");
  EXPECT_TRUE(sessions_.sign_in("admin", "battery staple").ok());
}

TEST_F(SessionsTest, TheCodeMakesTheFirstAccountOnce) {
  EXPECT_TRUE(sessions_.is_first_account_missing().value());
  EXPECT_EQ(sessions_.first_account_code().size(), 32u);
  const auto made =
      sessions_.make_first_account({sessions_.first_account_code(), "ada", "correct horse"});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_TRUE(made->user.is_superuser);
  EXPECT_EQ(sessions_.user_of(made->key)->username, "ada");
  EXPECT_FALSE(sessions_.is_first_account_missing().value());
  const auto again =
      sessions_.make_first_account({sessions_.first_account_code(), "eve", "correct horse"});
  ASSERT_EQ(code_of(again), "account.invalid");
  EXPECT_TRUE(again.error().fields.contains("code"));
  EXPECT_EQ(code_of(accounts_.create_first_superuser("eve", "correct horse")), "user.not_first");
}

TEST_F(SessionsTest, AWrongFirstAccountIsToldAtOnce) {
  const auto wrong = sessions_.make_first_account({std::string(32, '0'), "a b", "short"});
  ASSERT_EQ(code_of(wrong), "account.invalid");
  EXPECT_EQ(wrong.error().fields.size(), 3u);
  EXPECT_EQ(code_of(sessions_.make_first_account({"", "ada", "correct horse"})), "account.invalid");
  EXPECT_TRUE(sessions_.is_first_account_missing().value());
}

TEST_F(SessionsTest, ACsrfTokenTellsNothingOfTheKey) {
  EXPECT_EQ(csrf_token_of("a"), csrf_token_of("a"));
  EXPECT_NE(csrf_token_of("a"), csrf_token_of("b"));
  EXPECT_NE(csrf_token_of("a"), content_hash("a"));
}

}  // namespace
}  // namespace windlass::engine
