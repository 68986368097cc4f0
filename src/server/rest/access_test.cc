#include <gmock/gmock.h>

#include "base/crypto.h"
#include "server/rest/call.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AccessTest : public ::testing::Test {
 protected:
  http::NamedValues with(std::string authorization) {
    return {{"Authorization", std::move(authorization)}};
  }
  /// A token of a new user, as the database keeps it.
  std::string add_token(const std::string& name, bool superuser, bool write_enabled = true) {
    User user = api_.home.add_user(name, superuser);
    Token token;
    token.id = new_id(api_.clock.now());
    token.user = user.id;
    std::string key = random_hex(20);
    token.key_hash = content_hash(key);
    token.key_tail = key.substr(34);
    token.write_enabled = write_enabled;
    token.created = api_.clock.now();
    EXPECT_TRUE(api_.home.storage().accounts().add_token(token).ok());
    return key;
  }
  TestApi api_;
};

TEST_F(AccessTest, EveryOperationButThePublicOnesNeedsAToken) {
  for (const Operation& operation : all_operations()) {
    std::string path(operation.pattern);
    for (const char* place : {"{job}", "{id}", "{repository}"}) {
      if (const auto at = path.find(place); at != std::string::npos) {
        path.replace(at, std::string(place).size(), "018f0000-0000-7000-8000-000000000000");
      }
    }
    const TestAnswer answer = api_.send_with({}, operation.method, path);
    if (operation.access == Access::kAnyone) {
      // A webhook is open to signatures in place of tokens.
      EXPECT_NE(answer.text("code"), "rest.not_authenticated") << path;
    } else {
      EXPECT_EQ(answer.status(), 403) << path;
      EXPECT_EQ(answer.text("code"), "rest.not_authenticated");
    }
  }
}

TEST_F(AccessTest, PublicOperationsAreFew) {
  std::vector<std::string> open;
  for (const Operation& operation : all_operations()) {
    if (operation.access == Access::kAnyone) open.emplace_back(operation.pattern);
  }
  EXPECT_THAT(open, ::testing::UnorderedElementsAre(
                        "/", "/health/", "/metrics", "/api/docs/", "/api/swagger.json",
                        "/api/extras/git-repositories/{repository}/webhook/", "/api/session/",
                        "/api/session/", "/api/session/", "/api/session/first-account/"));
}

TEST_F(AccessTest, HeadersAreReadAsClientsWriteThem) {
  const std::string key(TestApi::kToken);
  EXPECT_EQ(api_.send_with(with("Token " + key), "GET", "/api/").status(), 200);
  EXPECT_EQ(api_.send_with(with("token   " + key + " "), "GET", "/api/").status(), 200);
  EXPECT_EQ(api_.send_with(with("Basic abc"), "GET", "/api/").text("code"),
            "rest.not_authenticated");
  EXPECT_EQ(api_.send_with(with("Token"), "GET", "/api/").text("detail"),
            "Invalid token header. No credentials provided.");
  EXPECT_EQ(api_.send_with(with("Token " + key + "0"), "GET", "/api/").text("detail"),
            "Invalid token");
}

TEST_F(AccessTest, OrdinaryUsersAreRefused) {
  const auto headers = with("Token " + add_token("bob", false));
  const TestAnswer answer = api_.send_with(headers, "GET", "/api/extras/jobs/");
  EXPECT_EQ(answer.status(), 403);
  EXPECT_EQ(answer.text("code"), "rest.forbidden");
}

TEST_F(AccessTest, ReadOnlyTokensChangeNothing) {
  api_.add_job("J");
  const auto headers = with("Token " + add_token("eve", true, false));
  EXPECT_EQ(api_.send_with(headers, "GET", "/api/extras/jobs/J/").status(), 200);
  const TestAnswer answer = api_.send_with(headers, "DELETE", "/api/extras/jobs/J/");
  EXPECT_EQ(answer.status(), 403);
  EXPECT_EQ(answer.text("code"), "rest.read_only_token");
}

TEST_F(AccessTest, TokensShowTheirOwnersOnlyAndNoKeys) {
  add_token("eve", true);
  const TestAnswer tokens = api_.get("/api/users/tokens/");
  EXPECT_EQ(tokens.text("count"), "1");
  EXPECT_EQ(tokens.text("results.0.key"), std::string(34, '*') + "234567");
  EXPECT_EQ(tokens.text("results.0.display"), "234567 (admin)");
  EXPECT_THAT(tokens.response.body, Not(HasSubstr(std::string(TestApi::kToken))));
  EXPECT_EQ(api_.get("/api/users/tokens/" + tokens.text("results.0.id") + "/").status(), 200);
  EXPECT_EQ(api_.get("/api/users/users/").text("count"), "2");
  EXPECT_THAT(api_.get("/api/users/users/").response.body, Not(HasSubstr("password")));
}

TEST_F(AccessTest, LinksBeginWithTheBaseUrlThatIsSet) {
  ApiContext context{api_.home.storage(), api_.submitter,    api_.accounts,
                     api_.sessions,       api_.repositories, api_.clock};
  context.info.base_url = "https://jobs.example.org/tools";
  api_.router = http::Router();
  add_routes(api_.router, context);
  for (const char* name : {"A", "B"}) api_.add_job(name);
  const TestAnswer jobs = api_.get("/api/extras/jobs/?limit=1");
  EXPECT_EQ(jobs.text("next"), "https://jobs.example.org/tools/api/extras/jobs/?limit=1&offset=1");
  EXPECT_THAT(jobs.text("results.0.url"),
              ::testing::StartsWith("https://jobs.example.org/tools/api/extras/jobs/"));
  EXPECT_THAT(jobs.response.body, Not(HasSubstr("http://host")));
  EXPECT_EQ(api_.get("/api/").text("extras"), "https://jobs.example.org/tools/api/extras/");
}

TEST(BaseUrl, TakesOnlyHostsThatCanStandInAUrl) {
  EXPECT_EQ(base_url_of("host:8001", "127.0.0.1:1"), "http://host:8001");
  EXPECT_EQ(base_url_of("[::1]:8001", "x"), "http://[::1]:8001");
  EXPECT_EQ(base_url_of("10.0.0.1", "x"), "http://10.0.0.1");
  for (const char* bad :
       {"", "a b", "a/b", "a@b", "host:80a", "[::1", "[x]:1", ":80", "a:1:2", "<script>", "a\"b"}) {
    EXPECT_EQ(base_url_of(bad, "127.0.0.1:1"), "http://127.0.0.1:1") << bad;
  }
}

}  // namespace
}  // namespace windlass::rest
