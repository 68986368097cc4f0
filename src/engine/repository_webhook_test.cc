#include "engine/repository_webhook.h"

#include <gtest/gtest.h>

#include "base/crypto.h"

namespace windlass::engine {
namespace {

constexpr std::string_view kBody = R"({"ref": "refs/heads/main"})";

TEST(RepositoryWebhook, EachServerSignsInItsWay) {
  const std::string mac = hmac_sha256("s3cret", kBody);
  const std::string hub = "sha256=" + mac;
  EXPECT_TRUE(is_genuine({.body = kBody, .hub_signature = hub}, "s3cret"));
  EXPECT_TRUE(is_genuine({.body = kBody, .gitea_signature = mac}, "s3cret"));
  EXPECT_TRUE(is_genuine({.body = kBody, .gitlab_token = "s3cret"}, "s3cret"));
}

TEST(RepositoryWebhook, NothingElseIsGenuine) {
  const std::string mac = hmac_sha256("s3cret", kBody);
  const std::string hub = "sha256=" + mac;
  const std::string of_nothing = hmac_sha256("", kBody);
  EXPECT_FALSE(is_genuine({.body = kBody}, "s3cret"));
  EXPECT_FALSE(is_genuine({.body = kBody, .hub_signature = mac}, "s3cret")) << "no scheme";
  EXPECT_FALSE(is_genuine({.body = kBody, .hub_signature = hub}, "other"));
  EXPECT_FALSE(is_genuine({.body = R"({"ref": "x"})", .hub_signature = hub}, "s3cret"));
  EXPECT_FALSE(is_genuine({.body = kBody, .gitlab_token = "s3cre"}, "s3cret"));
  EXPECT_FALSE(is_genuine({.body = kBody, .gitea_signature = of_nothing}, ""))
      << "no secret is no secret that all know";
  EXPECT_FALSE(is_genuine({.body = kBody}, ""));
}

TEST(RepositoryWebhook, APushTellsItsBranchOrTag) {
  EXPECT_EQ(read_push(kBody)->reference, "main");
  EXPECT_EQ(read_push(R"({"ref": "refs/heads/feature/x"})")->reference, "feature/x");
  EXPECT_EQ(read_push(R"({"ref": "refs/tags/v1"})")->reference, "v1");
  EXPECT_EQ(read_push(R"({"zen": "Keep it simple."})")->reference, "");
  EXPECT_EQ(read_push("[]")->reference, "");
  EXPECT_FALSE(read_push(R"({"ref": "refs/heads/x", "after": "9049f"})")->deleted);
  EXPECT_TRUE(read_push(R"({"ref": "refs/heads/x", "deleted": true})")->deleted);
  EXPECT_TRUE(read_push(R"({"ref": "refs/heads/x", "after": "0000"})")->deleted);
  EXPECT_EQ(read_push("{").error().code, "json.invalid");
}

}  // namespace
}  // namespace windlass::engine
