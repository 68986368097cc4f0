#include <gmock/gmock.h>

#include "base/crypto.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kPassword = "correct horse";

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    EXPECT_TRUE(api_.home.storage()
                    .accounts()
                    .change_password(api_.user.id, hash_password(kPassword).value(), "")
                    .ok());
  }

  static http::NamedValues json_headers(http::NamedValues more = {}) {
    more.emplace_back("Host", "host:8001");
    more.emplace_back("Content-Type", "application/json");
    return more;
  }
  TestAnswer post_session(std::string_view name, std::string_view password,
                          http::NamedValues more = {}) {
    const json::object body{{"username", to_json_view(name)}, {"password", to_json_view(password)}};
    return api_.send_with(json_headers(std::move(more)), "POST", "/api/session/", to_text(body));
  }
  /// "windlass_session=<key>" of an answer that set it.
  static std::string cookie_of(const TestAnswer& answer) {
    const std::string_view header = answer.response.header("Set-Cookie");
    return std::string(header.substr(0, header.find(';')));
  }
  /// A request as the page sends it, with cookie and CSRF token.
  TestAnswer as_page(std::string_view method, std::string_view path, std::string_view body = "") {
    return api_.send_with(
        json_headers(
            {{"Cookie", cookie_}, {"X-CSRF-Token", csrf_}, {"Origin", "http://host:8001"}}),
        method, path, body);
  }
  void sign_in() {
    const TestAnswer answer = post_session("admin", kPassword);
    ASSERT_EQ(answer.status(), 200) << answer.response.body;
    cookie_ = cookie_of(answer);
    csrf_ = answer.text("csrf_token");
  }
  /// A change by session, with these headers beside the cookie; its code, "" when it was made.
  std::string change_with(http::NamedValues headers) {
    headers.emplace_back("Cookie", cookie_);
    const TestAnswer answer = api_.send_with(json_headers(std::move(headers)), "POST",
                                             "/api/users/tokens/", R"({"description": "x"})");
    return answer.status() == 201 ? "" : answer.text("code");
  }

  TestApi api_;
  std::string cookie_;
  std::string csrf_;
};

TEST_F(SessionTest, TellsThatNobodyIsSignedIn) {
  const TestAnswer session = api_.send_with({}, "GET", "/api/session/");
  EXPECT_EQ(session.status(), 200);
  EXPECT_TRUE(session.at("user").is_null());
  EXPECT_EQ(session.text("csrf_token"), "");
  EXPECT_EQ(session.text("first_account"), "false");
  EXPECT_EQ(session.text("version"), "0.1.0");
  EXPECT_EQ(session.text("default_queue"), "default");
}

TEST_F(SessionTest, APasswordOpensEverythingThatATokenDoes) {
  sign_in();
  const TestAnswer session = as_page("GET", "/api/session/");
  EXPECT_EQ(session.text("user.username"), "admin");
  EXPECT_EQ(session.text("user.id"), api_.user.id.to_string());
  EXPECT_EQ(session.text("csrf_token"), csrf_);
  EXPECT_EQ(as_page("GET", "/api/extras/jobs/").status(), 200);
  EXPECT_EQ(as_page("POST", "/api/users/tokens/", "{}").status(), 201);
}

TEST_F(SessionTest, TheCookieIsNoScriptsAndNoOtherSites) {
  const TestAnswer plain = post_session("admin", kPassword);
  const std::string cookie(plain.response.header("Set-Cookie"));
  EXPECT_THAT(cookie, HasSubstr("; Path=/; Max-Age=1209600; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(cookie, Not(HasSubstr("Secure")));
  const TestAnswer tls = post_session("admin", kPassword, {{"X-Forwarded-Proto", "https"}});
  EXPECT_THAT(std::string(tls.response.header("Set-Cookie")), HasSubstr("; Secure"));
  const TestAnswer chain = post_session("admin", kPassword, {{"X-Forwarded-Proto", "https,http"}});
  EXPECT_THAT(std::string(chain.response.header("Set-Cookie")), HasSubstr("; Secure"));
  EXPECT_THAT(plain.response.body, Not(HasSubstr(cookie_of(plain).substr(17))))
      << "scripts see the CSRF token, not the key";
}

TEST_F(SessionTest, WrongCredentialsAreNotTold) {
  const TestAnswer name = post_session("nobody", kPassword);
  const TestAnswer password = post_session("admin", "wrong");
  EXPECT_EQ(name.status(), 400);
  EXPECT_EQ(name.text("code"), "auth.wrong_credentials");
  EXPECT_EQ(name.response.body, password.response.body);
  EXPECT_EQ(name.response.header("Set-Cookie"), "");
  const TestAnswer empty = api_.send_with(json_headers(), "POST", "/api/session/", R"({"a": 1})");
  EXPECT_EQ(empty.status(), 400);
  EXPECT_EQ(empty.text("errors.username.0"), "This field is required.");
  EXPECT_EQ(empty.text("errors.password.0"), "This field is required.");
  EXPECT_EQ(empty.text("errors.a.0"), "There is no such field.");
}

TEST_F(SessionTest, TooManyFailuresHaveToWait) {
  for (std::size_t i = 0; i < engine::PasswordChecks::kMostPerName; ++i) {
    EXPECT_EQ(post_session("admin", "wrong").status(), 400);
  }
  const TestAnswer refused = post_session("admin", kPassword);
  EXPECT_EQ(refused.status(), 429);
  EXPECT_EQ(refused.text("code"), "auth.too_many_attempts");
  EXPECT_EQ(refused.response.header("Retry-After"), "300");
  api_.clock.advance(std::chrono::seconds(300));
  EXPECT_EQ(post_session("admin", kPassword).status(), 200);
}

TEST_F(SessionTest, AChangeNeedsTheCsrfToken) {
  sign_in();
  EXPECT_EQ(change_with({}), "rest.csrf");
  EXPECT_EQ(change_with({{"X-CSRF-Token", ""}}), "rest.csrf");
  EXPECT_EQ(change_with({{"X-CSRF-Token", std::string(csrf_.size(), '0')}}), "rest.csrf");
  EXPECT_EQ(change_with({{"X-CSRF-Token", csrf_}}), "");
}

TEST_F(SessionTest, AChangeComesFromOurOwnPage) {
  sign_in();
  const std::pair<std::string, std::string> csrf{"X-CSRF-Token", csrf_};
  EXPECT_EQ(change_with({csrf, {"Origin", "http://host:8001"}}), "");
  EXPECT_EQ(change_with({csrf, {"Origin", "https://HOST:8001"}}), "") << "TLS ends at a proxy";
  EXPECT_EQ(change_with({csrf, {"Sec-Fetch-Site", "same-origin"}}), "");
  for (const char* origin : {"http://evil.example", "http://host:8002", "null", "http://host"}) {
    EXPECT_EQ(change_with({csrf, {"Origin", origin}}), "rest.other_origin") << origin;
  }
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_EQ(change_with({csrf, {"Sec-Fetch-Site", site}}), "rest.other_origin") << site;
  }
  EXPECT_EQ(post_session("admin", kPassword, {{"Origin", "http://evil.example"}}).status(), 403)
      << "nor does another site sign somebody in";
}

TEST_F(SessionTest, ATokenNeverLooksAtTheCookie) {
  sign_in();
  const auto with = [&](std::string authorization) {
    return api_.send_with(json_headers({{"Cookie", cookie_}, {"Authorization", authorization}}),
                          "POST", "/api/users/tokens/", "{}");
  };
  EXPECT_EQ(with("Token " + std::string(TestApi::kToken)).status(), 201) << "no CSRF token";
  EXPECT_EQ(with("Token " + random_hex(20)).text("code"), "auth.invalid_token");
  EXPECT_EQ(with("Basic abc").text("code"), "rest.not_authenticated");
}

TEST_F(SessionTest, ExpiresByItself) {
  sign_in();
  api_.clock.advance(std::chrono::days(14));
  EXPECT_EQ(as_page("GET", "/api/extras/jobs/").text("code"), "auth.session_ended");
  const TestAnswer session = as_page("GET", "/api/session/");
  EXPECT_TRUE(session.at("user").is_null());
  EXPECT_THAT(std::string(session.response.header("Set-Cookie")), HasSubstr("Max-Age=0"));
}

TEST_F(SessionTest, SigningOutEndsItOnTheServer) {
  sign_in();
  EXPECT_EQ(
      api_.send_with(json_headers({{"Cookie", cookie_}}), "DELETE", "/api/session/").text("code"),
      "rest.csrf");
  const TestAnswer out = as_page("DELETE", "/api/session/");
  EXPECT_EQ(out.status(), 204);
  EXPECT_THAT(std::string(out.response.header("Set-Cookie")),
              HasSubstr("windlass_session=; Path=/; Max-Age=0"));
  EXPECT_EQ(as_page("GET", "/api/extras/jobs/").text("code"), "auth.session_ended");
  EXPECT_EQ(as_page("DELETE", "/api/session/").status(), 204) << "again changes nothing";
}

TEST_F(SessionTest, SigningInAnewEndsTheFormerSession) {
  sign_in();
  const std::string former = cookie_;
  const TestAnswer again = post_session("admin", kPassword, {{"Cookie", former}});
  EXPECT_EQ(again.status(), 200);
  EXPECT_NE(cookie_of(again), former);
  EXPECT_EQ(as_page("GET", "/api/extras/jobs/").text("code"), "auth.session_ended");
}

TEST_F(SessionTest, OtherCookiesDoNotMatter) {
  sign_in();
  const auto with = [&](const std::string& cookie) {
    return api_.send_with({{"Cookie", cookie}}, "GET", "/api/extras/jobs/").status();
  };
  EXPECT_EQ(with("theme=dark; " + cookie_ + "; x"), 200);
  EXPECT_EQ(with("not_" + cookie_), 403);
  EXPECT_EQ(with("windlass_session="), 403);
}

TEST_F(SessionTest, ThePasswordIsChangedByItsOwner) {
  sign_in();
  const TestAnswer wrong = as_page("POST", "/api/users/password/",
                                   R"({"old_password": "wrong", "new_password": "short"})");
  EXPECT_EQ(wrong.status(), 400);
  EXPECT_EQ(wrong.text("errors.old_password.0"), "This is not your password.");
  EXPECT_THAT(wrong.text("errors.new_password.0"), HasSubstr("8 to 1024 characters"));
  const std::string elsewhere = cookie_of(post_session("admin", kPassword));
  const TestAnswer changed =
      as_page("POST", "/api/users/password/",
              R"({"old_password": "correct horse", "new_password": "battery staple"})");
  EXPECT_EQ(changed.status(), 204) << changed.response.body;
  EXPECT_EQ(as_page("GET", "/api/extras/jobs/").status(), 200);
  EXPECT_EQ(api_.send_with({{"Cookie", elsewhere}}, "GET", "/api/extras/jobs/").status(), 403);
  EXPECT_EQ(post_session("admin", "battery staple").status(), 200);
}

TEST_F(SessionTest, TokensOfOnesOwnAreMadeAndDeleted) {
  sign_in();
  const TestAnswer made = as_page(
      "POST", "/api/users/tokens/",
      R"({"description": "backup", "write_enabled": false, "expires": "2100-01-01T00:00:00Z"})");
  ASSERT_EQ(made.status(), 201) << made.response.body;
  const std::string key = made.text("key");
  EXPECT_EQ(key.size(), 40u);
  EXPECT_EQ(made.text("description"), "backup");
  const http::NamedValues token{{"Authorization", "Token " + key}};
  EXPECT_EQ(api_.send_with(token, "GET", "/api/extras/jobs/").status(), 200);
  const std::string path = "/api/users/tokens/" + made.text("id") + "/";
  EXPECT_EQ(as_page("GET", path).text("key"), std::string(34, '*') + key.substr(34));
  EXPECT_EQ(as_page("DELETE", path).status(), 204);
  EXPECT_EQ(as_page("DELETE", path).status(), 404);
  EXPECT_EQ(api_.send_with(token, "GET", "/api/extras/jobs/").text("code"), "auth.invalid_token");
}

TEST_F(SessionTest, AWrongTokenIsToldAtOnce) {
  sign_in();
  const TestAnswer wrong =
      as_page("POST", "/api/users/tokens/",
              R"({"description": 1, "write_enabled": "x", "expires": "soon", "more": 1})");
  EXPECT_EQ(wrong.status(), 400);
  for (const char* field : {"description", "write_enabled", "expires", "more"}) {
    EXPECT_NE(wrong.text(std::string("errors.") + field + ".0"), "(missing)") << field;
  }
  const TestAnswer past =
      as_page("POST", "/api/users/tokens/", R"({"expires": "2001-01-01T00:00:00Z"})");
  EXPECT_EQ(past.text("errors.expires.0"), "This time has passed.");
}

TEST(FirstAccount, IsMadeWithTheCodeOfTheLink) {
  TestApi api(TestApi::kNoAccount);
  EXPECT_EQ(api.send_with({}, "GET", "/api/session/").text("first_account"), "true");
  const http::NamedValues headers{{"Content-Type", "application/json"}};
  const std::string path = "/api/session/first-account/";
  const TestAnswer wrong = api.send_with(
      headers, "POST", path, R"({"code": "0", "username": "a b", "password": "short"})");
  EXPECT_EQ(wrong.status(), 400);
  for (const char* field : {"code", "username", "password"}) {
    EXPECT_NE(wrong.text(std::string("errors.") + field + ".0"), "(missing)") << field;
  }
  const std::string body = to_text(json::object{{"code", api.sessions.first_account_code()},
                                                {"username", "ada"},
                                                {"password", "correct horse"}});
  const TestAnswer made = api.send_with(headers, "POST", path, body);
  EXPECT_EQ(made.status(), 201) << made.response.body;
  EXPECT_EQ(made.text("user.username"), "ada");
  EXPECT_EQ(made.text("first_account"), "false");
  const std::string_view cookie = made.response.header("Set-Cookie");
  const http::NamedValues browser{{"Cookie", std::string(cookie.substr(0, cookie.find(';')))}};
  EXPECT_EQ(api.send_with(browser, "GET", "/api/extras/jobs/").status(), 200);
  EXPECT_NE(api.send_with(headers, "POST", path, body).text("errors.code.0"), "(missing)")
      << "the link opens once";
}

}  // namespace
}  // namespace windlass::rest
