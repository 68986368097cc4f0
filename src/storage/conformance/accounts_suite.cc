#include "storage/conformance/conformance.h"

namespace windlass::conformance {

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
