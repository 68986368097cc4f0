#include "storage/conformance/conformance.h"

namespace windlass::conformance {

Session AccountsConformance::begin_session(const User& user, const std::string& key_hash) {
  Session session{key_hash, user.id, clock().now(), clock().now() + std::chrono::hours(1)};
  EXPECT_TRUE(storage().accounts().add_session(session).ok());
  return session;
}

TEST_P(AccountsConformance, KeepsEveryFieldOfAUser) {
  User user;
  user.id = new_id(clock().now());
  user.username = "ada";
  user.first_name = "Ada";
  user.last_name = "L\u00f8velace";
  user.email = "ada@example.org";
  user.password = "argon2id text";
  user.is_superuser = user.is_staff = true;
  user.is_active = false;
  user.date_joined = clock().now();
  user.last_login = clock().now() + std::chrono::seconds(1);
  storage().accounts().add_user(user).value();
  const User kept = storage().accounts().get_user(user.id).value();
  for (const Field<User>& field : fields_of<User>()) {
    std::visit([&](auto member) { EXPECT_EQ(kept.*member, user.*member) << field.name; },
               field.member);
  }
  EXPECT_EQ(storage().accounts().find_user("ada")->id, user.id);
}

TEST_P(AccountsConformance, UsernamesAreUnique) {
  User user = add_user("ada");
  user.id = new_id(clock().now());
  EXPECT_EQ(storage().accounts().add_user(user).error().code, "user.exists");
  EXPECT_EQ(storage().accounts().list_users({})->count, 1);
}

TEST_P(AccountsConformance, UnknownUsersAreNotFound) {
  EXPECT_EQ(storage().accounts().find_user("bob").error().code, "user.not_found");
  EXPECT_EQ(storage().accounts().get_user(new_id(clock().now())).error().code, "user.not_found");
}

TEST_P(AccountsConformance, ATokenBringsItsUser) {
  const User user = add_user("ada");
  Token token;
  token.id = new_id(clock().now());
  token.user = user.id;
  token.key_hash = "hash";
  token.key_tail = "abcdef";
  token.description = "scripts";
  token.write_enabled = false;
  token.expires = clock().now() + std::chrono::hours(1);
  token.created = clock().now();
  storage().accounts().add_token(token).value();
  const auto found = storage().accounts().find_token("hash").value();
  EXPECT_EQ(found.second.username, "ada");
  for (const Field<Token>& field : fields_of<Token>()) {
    std::visit([&](auto member) { EXPECT_EQ(found.first.*member, token.*member) << field.name; },
               field.member);
  }
  EXPECT_EQ(storage().accounts().find_token("other").error().code, "token.not_found");
  Query query;
  query.filters.push_back({"user", Filter::Is::kOneOf, {user.id.to_string()}});
  EXPECT_EQ(storage().accounts().list_tokens(query)->count, 1);
  query.filters[0].is = Filter::Is::kNoneOf;
  EXPECT_EQ(storage().accounts().list_tokens(query)->count, 0);
}

TEST_P(AccountsConformance, ATokenNeedsAUser) {
  Token token;
  token.id = new_id(clock().now());
  token.user = new_id(clock().now());
  token.key_hash = "hash";
  EXPECT_EQ(storage().accounts().add_token(token).error().code, "user.not_found");
  EXPECT_EQ(storage().accounts().list_tokens({})->count, 0);
}

TEST_P(AccountsConformance, AUserAndTheFirstTokenComeTogether) {
  const auto token_of = [&](const std::string& hash) {
    Token token;
    token.id = new_id(clock().now());
    token.key_hash = hash;
    return token;
  };
  const auto user_called = [&](const std::string& name) {
    User user;
    user.id = new_id(clock().now());
    user.username = name;
    return user;
  };
  AccountStore& accounts = storage().accounts();
  const User ada = user_called("ada");
  const auto added = accounts.add_user_with_token(ada, token_of("hash")).value();
  EXPECT_EQ(added.first.user, ada.id);
  EXPECT_EQ(accounts.find_token("hash")->second.username, "ada");
  EXPECT_EQ(accounts.add_user_with_token(user_called("bob"), token_of("hash")).error().code,
            "token.exists");
  EXPECT_EQ(accounts.add_user_with_token(user_called("ada"), token_of("new")).error().code,
            "user.exists");
  EXPECT_EQ(accounts.find_user("bob").error().code, "user.not_found");
  EXPECT_EQ(accounts.find_token("new").error().code, "token.not_found");
  Token second = token_of("hash");
  second.user = ada.id;
  EXPECT_EQ(accounts.add_token(second).error().code, "token.exists");
}

TEST_P(AccountsConformance, TheFirstUserIsFirstOnce) {
  User user;
  user.id = new_id(clock().now());
  user.username = "ada";
  ASSERT_TRUE(storage().accounts().add_first_user(user).ok());
  user.id = new_id(clock().now());
  user.username = "grace";
  EXPECT_EQ(storage().accounts().add_first_user(user).error().code, "user.not_first");
  EXPECT_EQ(storage().accounts().list_users({})->count, 1);
}

TEST_P(AccountsConformance, ATokenIsDeletedByItsOwnerOnly) {
  const User ada = add_user("ada");
  const User grace = add_user("grace");
  Token token;
  token.id = new_id(clock().now());
  token.user = ada.id;
  token.key_hash = "hash";
  storage().accounts().add_token(token).value();
  EXPECT_EQ(storage().accounts().remove_token(grace.id, token.id).error().code, "token.not_found");
  EXPECT_EQ(storage().accounts().remove_token(ada.id, token.id)->key_hash, "hash");
  EXPECT_EQ(storage().accounts().remove_token(ada.id, token.id).error().code, "token.not_found");
  EXPECT_EQ(storage().accounts().find_token("hash").error().code, "token.not_found");
}

TEST_P(AccountsConformance, ASessionBringsItsUserAndNotesTheLogin) {
  const User user = add_user("ada");
  const Session session = begin_session(user, "hash");
  const auto found = storage().accounts().find_session("hash").value();
  EXPECT_EQ(found.first.user, user.id);
  EXPECT_EQ(found.first.created, session.created);
  EXPECT_EQ(found.first.expires, session.expires);
  EXPECT_EQ(found.second.username, "ada");
  EXPECT_EQ(found.second.last_login, session.created);
  EXPECT_EQ(storage().accounts().find_session("other").error().code, "session.not_found");
  Session orphan = session;
  orphan.key_hash = "orphan";
  orphan.user = new_id(clock().now());
  EXPECT_EQ(storage().accounts().add_session(orphan).error().code, "user.not_found");
}

TEST_P(AccountsConformance, ASessionEndsByItself) {
  const User user = add_user("ada");
  begin_session(user, "one");
  begin_session(user, "two");
  EXPECT_TRUE(storage().accounts().remove_session("one").ok());
  EXPECT_TRUE(storage().accounts().remove_session("one").ok()) << "an ended one may be ended again";
  EXPECT_EQ(storage().accounts().find_session("one").error().code, "session.not_found");
  EXPECT_TRUE(storage().accounts().find_session("two").ok());
}

TEST_P(AccountsConformance, ExpiredSessionsAreDeletedWhenAnotherBegins) {
  const User user = add_user("ada");
  begin_session(user, "old");
  clock().advance(std::chrono::hours(1));
  begin_session(user, "new");
  EXPECT_EQ(storage().accounts().find_session("old").error().code, "session.not_found");
  EXPECT_TRUE(storage().accounts().find_session("new").ok());
}

TEST_P(AccountsConformance, ANewPasswordEndsTheOtherSessionsOfItsUser) {
  const User ada = add_user("ada");
  const User grace = add_user("grace");
  begin_session(ada, "kept");
  begin_session(ada, "other");
  begin_session(grace, "hers");
  ASSERT_TRUE(storage().accounts().change_password(ada.id, "argon", "kept").ok());
  EXPECT_EQ(storage().accounts().get_user(ada.id)->password, "argon");
  EXPECT_EQ(storage().accounts().get_user(grace.id)->password, grace.password);
  EXPECT_TRUE(storage().accounts().find_session("kept").ok());
  EXPECT_FALSE(storage().accounts().find_session("other").ok());
  EXPECT_TRUE(storage().accounts().find_session("hers").ok());
  const Uuid nobody = new_id(clock().now());
  EXPECT_EQ(storage().accounts().change_password(nobody, "x", "").error().code, "user.not_found");
}

TEST_P(AccountsConformance, PreferencesAreKeptAUser) {
  const User ada = add_user("ada");
  const User grace = add_user("grace");
  EXPECT_TRUE(storage().accounts().preferences(ada.id)->is_null());
  ASSERT_TRUE(storage().accounts().set_preferences(ada.id, json::object{{"a", 1}}).ok());
  ASSERT_TRUE(storage().accounts().set_preferences(ada.id, json::object{{"a", 2}}).ok());
  EXPECT_EQ(storage().accounts().preferences(ada.id).value(), (json::object{{"a", 2}}));
  EXPECT_TRUE(storage().accounts().preferences(grace.id)->is_null());
  const Uuid nobody = new_id(clock().now());
  EXPECT_EQ(storage().accounts().set_preferences(nobody, 1).error().code, "user.not_found");
}

TEST_P(AccountsConformance, ListsAreSearchedAndSorted) {
  for (const char* name : {"grace", "ada", "alan"}) add_user(name);
  Query query;
  query.search = "A";
  query.sort = "username";
  const Page<User> page = storage().accounts().list_users(query).value();
  ASSERT_EQ(page.count, 3);
  EXPECT_EQ(page.items[0].username, "ada");
  EXPECT_EQ(page.items[2].username, "grace");
  query.search = "ad";
  EXPECT_EQ(storage().accounts().list_users(query)->count, 1);
}

}  // namespace windlass::conformance
